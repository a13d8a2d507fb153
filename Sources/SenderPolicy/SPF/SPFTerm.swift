// The syntax of one term (RFC 7208 §12), whose bytes are a stranger's.

import RuleBytecode

enum SPFTerm {
  case directive(SPFDirective)
  case redirect(ArraySlice<UInt8>)
  case explanation(ArraySlice<UInt8>)
  case unknown

  /// `0000:0000:0000:0000:0000:ffff:255.255.255.255` has this many.
  private static let addressBytesMax = 45

  init?(_ term: ArraySlice<UInt8>) {
    let marks: [UInt8] = [UInt8(ascii: ":"), .slash, UInt8(ascii: "=")]
    let end = term.firstIndex { marks.contains($0) } ?? term.endIndex
    if end < term.endIndex, term[end] == UInt8(ascii: "=") {
      self.init(modifier: term[..<end], value: term[(end + 1)...])
      return
    }
    var name = term[..<end]
    let result = name.first.flatMap(Self.qualifier)
    if result != nil { name.removeFirst() }
    guard let mechanism = Self.mechanism(name, term[end...]) else { return nil }
    self = .directive(SPFDirective(result: result ?? .pass, mechanism: mechanism, text: term))
  }

  /// A known name with a wrong value is a mistake, not an unknown modifier.
  private init?(modifier name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    let further = Array("-_.".utf8)
    guard let first = name.first, first.isLetter,
      name.allSatisfy({ $0.isLetterOrDigit || further.contains($0) })
    else { return nil }
    if name.isWord("redirect") {
      guard MacroReader.isDomain(value) else { return nil }
      self = .redirect(value)
    } else if name.isWord("exp") {
      guard MacroReader.isDomain(value) else { return nil }
      self = .explanation(value)
    } else {
      guard MacroReader.isText(value, .modifier) else { return nil }
      self = .unknown
    }
  }

  private static func qualifier(_ byte: UInt8) -> SPFWord? {
    switch byte {
    case UInt8(ascii: "+"): .pass
    case UInt8(ascii: "-"): .fail
    case UInt8(ascii: "?"): .neutral
    case UInt8(ascii: "~"): .softfail
    default: nil
    }
  }

  /// `rest` is empty or begins with `:` or `/`.
  private static func mechanism(
    _ name: ArraySlice<UInt8>, _ rest: ArraySlice<UInt8>
  ) -> SPFMechanism? {
    let value = rest.first == UInt8(ascii: ":") ? rest.dropFirst() : nil
    switch name.asciiLowercased {
    case "all": return rest.isEmpty ? .all : nil
    case "include": return domain(value).map { .include($0) }
    case "exists": return domain(value).map { .exists($0) }
    case "ptr":
      if rest.isEmpty { return .reverse(nil) }
      return domain(value).map { .reverse($0) }
    case "a": return target(rest).map { .address($0.name, $0.prefix) }
    case "mx": return target(rest).map { .mailHosts($0.name, $0.prefix) }
    case "ip4": return value.flatMap { network($0, isIPv4: true) }
    case "ip6": return value.flatMap { network($0, isIPv4: false) }
    default: return nil
    }
  }

  private static func domain(_ value: ArraySlice<UInt8>?) -> ArraySlice<UInt8>? {
    guard let value, MacroReader.isDomain(value) else { return nil }
    return value
  }

  /// `[":" domain-spec] [dual-cidr-length]`. A slash may be part of the name, so the lengths are
  /// what can be read as such from the end.
  private static func target(
    _ rest: ArraySlice<UInt8>
  ) -> (name: ArraySlice<UInt8>?, prefix: DualPrefix)? {
    var rest = rest
    var prefix = DualPrefix()
    if let (digits, slash) = trailingLength(rest), slash > rest.startIndex,
      rest[slash - 1] == .slash
    {
      guard let bits = length(digits, max: 128) else { return nil }
      prefix.ipv6Bits = bits
      rest = rest[..<(slash - 1)]
    }
    if let (digits, slash) = trailingLength(rest) {
      guard let bits = length(digits, max: 32) else { return nil }
      prefix.ipv4Bits = bits
      rest = rest[..<slash]
    }
    if rest.isEmpty { return (nil, prefix) }
    guard rest.first == UInt8(ascii: ":"), let name = domain(rest.dropFirst()) else { return nil }
    return (name, prefix)
  }

  /// The digits at the end and where the slash before them stands.
  private static func trailingLength(
    _ bytes: ArraySlice<UInt8>
  ) -> (digits: ArraySlice<UInt8>, slash: Int)? {
    guard let slash = bytes.lastIndex(where: { !$0.isDigit }), bytes[slash] == .slash,
      slash + 1 < bytes.endIndex
    else { return nil }
    return (bytes[(slash + 1)...], slash)
  }

  /// Without zeros before it, as the grammar wants it of addresses.
  private static func length(_ digits: ArraySlice<UInt8>, max: Int) -> Int? {
    guard (1...3).contains(digits.count), digits.allSatisfy(\.isDigit),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    return number <= max ? number : nil
  }

  private static func network(_ value: ArraySlice<UInt8>, isIPv4: Bool) -> SPFMechanism? {
    let slash = value.firstIndex(of: .slash) ?? value.endIndex
    let text = value[..<slash]
    let max = isIPv4 ? 32 : 128
    guard slash == value.endIndex || slash + 1 < value.endIndex,
      let bits = slash == value.endIndex ? max : length(value[(slash + 1)...], max: max),
      text.count <= addressBytesMax, text.contains(UInt8(ascii: ":")) != isIPv4,
      // `IPAddress` also takes what is written around addresses elsewhere.
      text.allSatisfy({
        $0.isDigit || (0x61...0x66).contains($0.lowercased) || ":.".utf8.contains($0)
      }
      ),
      let address = IPAddress(String(decoding: text, as: UTF8.self))
    else { return nil }
    return .network(address, bits: bits, isIPv4: isIPv4)
  }
}
