// `body` (RFC 5173): the content raw, by type, or as readable text; and what `extracttext` takes of
// a part (RFC 5703 §7). Content is decoded once a message and kept.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// The texts that `body` compares; nil when a limit keeps one from being had, or they are too
  /// long together.
  mutating func bodyValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord]? {
    guard let values = try everyBodyValue(query, program) else { return nil }
    let bytes = values.reduce(0) { $0 + $1.length }
    return bytes <= limits.bodyTextBytesMax ? values : nil
  }

  private mutating func everyBodyValue(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord]? {
    guard let message else { throw .misplaced("the body") }
    guard message.hasBody else { return [] }
    switch BodyTransform(rawValue: query.detail) {
    case .raw:
      return [word(ofRaw: message.headerEnd..<message.bytes.count)]
    case .content: return try contentValues(query, program)
    case .text, nil:
      var values: [TextWord] = []
      var part = 0
      // What is decoded can be decoded in other ways too: then there are more parts.
      while let own = self.message?.parts, part < own.count {
        if own[part].isText, !own[part].isContainer {
          guard let text = try readableText(of: part) else { return nil }
          values.append(text)
        }
        part += 1
      }
      return values
    }
  }

  private mutating func contentValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord]? {
    let patterns = names(of: query, program).map {
      ContentPattern(String(decoding: $0, as: UTF8.self))
    }
    var values: [TextWord] = []
    var next = 0
    // Here too there are more parts when what is decoded can be decoded in other ways.
    while let own = message?.parts, next < own.count {
      let part = next
      next += 1
      try charge(patterns.count * ByteCost.keyVisit)
      let type = own[part].comparedType
      guard patterns.contains(where: { $0.matches(type) }) else { continue }
      for piece in message?.bodyPieces(of: part) ?? [] {
        switch piece {
        case .raw(let range):
          guard let text = try rawText(range, of: own[part]) else { return nil }
          values.append(text)
        case .decoded(let part):
          guard let text = try decodedText(of: part) else { return nil }
          values.append(text)
        }
      }
    }
    return values
  }

  private func word(ofRaw range: Range<Int>) -> TextWord {
    TextWord(.raw, offset: range.lowerBound, length: range.count)
  }

  /// A range of a part's buffer; copied where that is not the message's own.
  private mutating func rawText(
    _ range: Range<Int>, of part: Part
  ) throws(Trap) -> TextWord? {
    if part.isInMessage { return word(ofRaw: range) }
    guard decodedSpace.count + range.count <= limits.decodedSpaceBytesMax else { return nil }
    return try keepDecoded(part.bytes[range])
  }

  /// A part's content in UTF-8; nil when a limit was hit.
  mutating func decodedText(of part: Int) throws(Trap) -> TextWord? {
    if let known = parts[part].text { return known }
    if let message, message.isUTF8(part: part) { return word(ofRaw: message.parts[part].body) }
    let word = try keepDecoded(part) { message, output, limitBytes in
      message.appendText(of: part, to: &output, limitBytes: limitBytes)
    }
    parts[part].text = word
    return word
  }

  /// A part's text for readers, without markup; nil when a limit was hit.
  mutating func readableText(of part: Int) throws(Trap) -> TextWord? {
    guard let message, message.parts[part].isHTML else { return try decodedText(of: part) }
    if let known = parts[part].readableText { return known }
    let word = try keepDecoded(part) { message, output, limitBytes in
      message.appendReadableText(of: part, to: &output, limitBytes: limitBytes)
    }
    parts[part].readableText = word
    return word
  }

  private mutating func keepDecoded(
    _ part: Int, _ decode: (MailMessage, inout [UInt8], Int) -> DecodeResult
  ) throws(Trap) -> TextWord? {
    guard let message else { throw .misplaced("a MIME part") }
    if parts[part].limitHit { return nil }
    // Decoding and charset conversion, each over all bytes.
    try charge(message.parts[part].body.count * 2 * ByteCost.decodeBodyPerByte)
    let room = limits.decodedSpaceBytesMax - decodedSpace.count
    let offset = decodedSpace.count
    let result = decode(message, &decodedSpace, room)
    guard result.isComplete, decodedSpace.count <= limits.decodedSpaceBytesMax else {
      decodedSpace.removeLast(decodedSpace.count - offset)
      parts[part].limitHit = true
      return nil
    }
    let word = TextWord(.decoded, offset: offset, length: decodedSpace.count - offset)
    try addReadings(of: part, result)
    return word
  }

  /// `extracttext`: the first characters of a part's readable text; "" of what is no text.
  mutating func extractedText(
    ofLoop loop: Int, characters: Int64, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord {
    let part = try part(ofLoop: loop)
    guard let message, message.parts[part].isText, !message.parts[part].isContainer else {
      return .empty
    }
    guard let text = try readableText(of: part) else {
      throw .spaceFull(name: "decoded message", bytesMax: limits.decodedSpaceBytesMax)
    }
    let bytes = bytes(of: text, program)
    try charge(min(bytes.count, Int(clamping: characters) &* 4))
    let count = UTF8Text.byteCount(ofFirst: Int(clamping: characters), in: bytes.span)
    return TextWord(
      TextSpace(rawValue: text.spaceCode) ?? .decoded, offset: text.offset, length: count)
  }
}
