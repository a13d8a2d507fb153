// The body with some of what is odd about it taken out, and all else as it is.
// Cost: the bytes twice; base64 that is broken is decoded.

internal import MailMessage

struct MendWriter {
  private let message: MailMessage
  private let mends: Set<Mend>
  private let breaksSignature: Bool
  private var splice = Splice()
  /// Lines in these are none of ours: sealed parts, binary content, what is written anew.
  private var closed: [Range<Int>] = []
  /// A CR ends lines here: no LF stands in it.
  private var returns: [Range<Int>] = []

  init(_ message: MailMessage, _ mends: Set<Mend>, breaksSignature: Bool) {
    self.message = message
    self.mends = mends
    self.breaksSignature = breaksSignature
  }

  /// Nil where the whole is sealed.
  mutating func body() -> [UInt8]? {
    var seals = Seals(message)
    var isInside = [Bool](repeating: false, count: message.parts.count)
    for (index, part) in message.parts.enumerated() where part.target == index {
      if let parent = part.parent, isInside[parent] {
        isInside[index] = true
        continue
      }
      if !breaksSignature, seals.own(index) != nil {
        isInside[index] = true
        closed.append(part.extent)
        continue
      }
      mend(index)
    }
    guard !isInside[0] else { return nil }
    // Ends of inner parts come before those of the outer ones.
    if mends.contains(.missingEnd) {
      for index in message.parts.indices.reversed() where !isInside[index] { close(index) }
    }
    return written()
  }

  private mutating func mend(_ index: Int) {
    let part = message.parts[index]
    if index > 0 { mendHeader(part) }
    if part.isContainer {
      if hasOnlyReturns(part.body) { returns.append(part.body) }
    } else if mends.contains(.badBase64), part.hasBadBase64 {
      var content: [UInt8] = []
      _ = message.appendDecodedBody(of: index, to: &content)
      splice.replace(part.body, with: TextBody.encode(data: content).bytes)
    } else if part.encoding == .binary {
      closed.append(part.body)
    }
    if index == 0, hasOnlyReturns(0..<message.bytes.count) { returns.append(part.body) }
  }

  private func hasOnlyReturns(_ range: Range<Int>) -> Bool {
    let bytes = message.bytes.span
    func contains(_ byte: UInt8) -> Bool {
      ByteScan.firstIndex(of: byte, in: bytes, from: range.lowerBound, to: range.upperBound) != nil
    }
    return contains(0x0D) && !contains(0x0A)
  }

  /// Fields of a part that stand again.
  private mutating func mendHeader(_ part: Part) {
    var seen: Set<String> = []
    for field in part.fields {
      let name = String(decoding: message.bytes[field.name], as: UTF8.self).lowercased()
      let isWanted =
        (mends.contains(.duplicateHeaders) && Part.onceOnlyNames.contains(name))
        || (mends.contains(.duplicateContentType) && name == "content-type")
      if isWanted, !seen.insert(name).inserted { splice.replace(field.line, with: []) }
    }
  }

  private mutating func close(_ index: Int) {
    let part = message.parts[index]
    guard part.target == index, part.structuralAnomalies.contains(.missingEnd),
      let first = message.ownChildren(of: index).first,
      let last = message.ownChildren(of: index).last
    else { return }
    let start = message.parts[first].outer.lowerBound
    let line = message.bytes[start..<part.body.upperBound].prefix { $0 > 0x20 }
    // The header of an empty last part reaches behind the end of the multipart.
    let end = max(part.body.upperBound, message.parts[last].outer.upperBound)
    var closing: [UInt8] = [0x0D, 0x0A] + line + [0x2D, 0x2D]
    if end == message.bytes.count { closing += [0x0D, 0x0A] }
    splice.replace(end..<end, with: closing)
  }

  // MARK: Lines

  private mutating func written() -> [UInt8] {
    splice.finish()
    closed.sort { $0.lowerBound < $1.lowerBound }
    var output: [UInt8] = []
    output.reserveCapacity(message.bytes.count - message.headerEnd)
    var position = message.headerEnd
    var nextClosed = 0
    let end = RangeReplacement(message.bytes.count..<message.bytes.count, [])
    for one in splice.replacements + [end] {
      appendLines(position..<one.range.lowerBound, &nextClosed, to: &output)
      output += one.bytes
      position = one.range.upperBound
    }
    return output
  }

  /// The lines of a range; what is closed in it as it is.
  private func appendLines(
    _ range: Range<Int>, _ nextClosed: inout Int, to output: inout [UInt8]
  ) {
    var position = range.lowerBound
    while position < range.upperBound {
      while nextClosed < closed.count, closed[nextClosed].upperBound <= position { nextClosed += 1 }
      var end = range.upperBound
      if nextClosed < closed.count {
        let next = closed[nextClosed]
        if next.contains(position) {
          let stop = min(next.upperBound, end)
          output += message.bytes[position..<stop]
          position = stop
          continue
        }
        end = min(end, next.lowerBound)
      }
      appendMended(position..<end, to: &output)
      position = end
    }
  }

  private func appendMended(_ range: Range<Int>, to output: inout [UInt8]) {
    let bytes = message.bytes
    for index in range {
      let byte = bytes[index]
      switch byte {
      case 0 where mends.contains(.nul): continue
      case 0x0D where mends.contains(.bareCR):
        let isBare = index + 1 == bytes.count || bytes[index + 1] != 0x0A
        if !isBare {
          output.append(byte)
        } else if returns.contains(where: { $0.contains(index) }) {
          output += [0x0D, 0x0A]
        }
      case 0x0A where mends.contains(.bareLF):
        if index == 0 || bytes[index - 1] != 0x0D { output.append(0x0D) }
        output.append(byte)
      default: output.append(byte)
      }
    }
  }
}
