// What macros stand for (RFC 7208 §7.2, §7.3). Values come from the client: they are never names or
// texts before what is made of them has been looked at.

import RuleBytecode

struct MacroValues: Sendable {
  let address: IPAddress
  let localPart: String
  let senderDomain: String
  let helo: String
  let receivingHost: String
  let timeSeconds: Int
  /// Of the policy that is being looked at.
  var domain: String
  /// Those of the address that lead back to it; nil while nobody knows.
  var validatedNames: [DomainName]?

  /// Of a macro string that was checked. Of more than `bytesMax` bytes the first are kept, or the
  /// last, so a string that multiplies costs no memory.
  func expand(
    _ bytes: ArraySlice<UInt8>, _ place: MacroReader.Place, bytesMax: Int, keepsEnd: Bool
  ) -> [UInt8] {
    var reader = MacroReader(bytes, place)
    var result: [UInt8] = []
    while let piece = try? reader.next() {
      switch piece {
      case .literal(let run), .escape(let run): result += run
      case .value(let value): result += expansion(of: value)
      }
      if keepsEnd, result.count > 2 * bytesMax {
        result.removeFirst(result.count - bytesMax)
      } else if !keepsEnd, result.count >= bytesMax {
        return Array(result.prefix(bytesMax))
      }
    }
    return result
  }

  private func expansion(of value: MacroValue) -> [UInt8] {
    var bytes = raw(value.letter)
    if value.delimiters != 0 || value.isReversed || value.labelsKept != nil {
      bytes = Self.transformed(bytes, value)
    }
    return value.isEscaped ? Self.escaped(bytes) : bytes
  }

  private func raw(_ letter: UInt8) -> [UInt8] {
    switch Unicode.Scalar(letter) {
    case "s": Array("\(localPart)@\(senderDomain)".utf8)
    case "l": Array(localPart.utf8)
    case "o": Array(senderDomain.utf8)
    case "d": Array(domain.utf8)
    case "i": address.dotted
    case "p": Array(validatedName.utf8)
    case "v": Array(address.reverseZone.utf8)
    case "h": Array(helo.utf8)
    case "c": Array(address.readable.utf8)
    case "r": Array(receivingHost.utf8)
    default: Array(String(timeSeconds).utf8)
    }
  }

  /// The domain itself, else one below it, else any (RFC 7208 §7.3).
  private var validatedName: String {
    let names = validatedNames ?? []
    let domain = DomainName(domain)
    let own = names.first { $0 == domain }
    let below = names.first { name in domain.map { name.isSubdomain(of: $0) } ?? false }
    return (own ?? below ?? names.first)?.text ?? "unknown"
  }

  private static func transformed(_ bytes: [UInt8], _ value: MacroValue) -> [UInt8] {
    let delimiters = value.delimiters == 0 ? 1 : value.delimiters
    var labels = bytes.split(omittingEmptySubsequences: false) { byte in
      MacroReader.delimiters.firstIndex(of: byte).map { delimiters & 1 << UInt8($0) != 0 } ?? false
    }
    if value.isReversed { labels.reverse() }
    if let kept = value.labelsKept { labels = labels.suffix(kept) }
    return Array(labels.joined(separator: [UInt8.dot]))
  }

  /// RFC 3986 §2.3: all but the unreserved characters.
  private static func escaped(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    let plain = Array("-._~".utf8)
    return bytes.flatMap { byte in
      byte.isLetterOrDigit || plain.contains(byte)
        ? [byte] : [.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }
}
