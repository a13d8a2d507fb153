// Encodings that the header hides or that two programs may take differently, and encoded messages
// and multiparts, which RFC 2045 §6.4 forbids and most programs decode.

extension StructureReader {
  /// Reads a part's content again in each encoding that it declares or looks like.
  mutating func settleEncoding(_ bytes: Span<UInt8>, _ part: Int) {
    guard !parts[part].contentType.isContainer, parts[part].children.isEmpty else { return }
    let body = bytes.extracting(parts[part].body)
    let current = parts[part].encoding
    let declared = declaredEncodings(part)
    for encoding in [TransferEncoding.base64, .quotedPrintable, .uuencode, .sevenBit]
    where encoding != current && !(encoding.isIdentity && current.isIdentity) {
      guard
        declared.contains(encoding) || EncodingSigns.isLike(encoding, body, declared: current)
      else { continue }
      reread(bytes, part, as: parts[part].contentType, encoding: encoding)
    }
  }

  // MARK: Encoded containers

  /// Decodes an encoded message or multipart, and reads the parts in what comes out.
  mutating func settleNested(_ bytes: Span<UInt8>, _ part: Int) {
    let type = parts[part].contentType
    let isDecoded = !parts[part].encoding.isIdentity
    if isDecoded, type.isMessage, beginsWithField(bytes, parts[part].body) {
      reread(bytes, part, as: type, encoding: .sevenBit)
    }
    // RFC 6532 §3.7 allows it: nothing is hidden then.
    rereading.isExpected =
      type.isMessage && type.subtype == "global" && declaredEncodings(part).count == 1
    for encoding in nestedEncodings(bytes, part) { settleNested(bytes, part, in: encoding) }
    rereading.isExpected = false
  }

  /// The encodings that a container may be in: what it declares and, where that is unknown, what it
  /// looks like.
  private func nestedEncodings(_ bytes: Span<UInt8>, _ part: Int) -> [TransferEncoding] {
    let own = parts[part].encoding
    let declared = declaredEncodings(part)
    let body = bytes.extracting(parts[part].body)
    var encodings: [TransferEncoding] = []
    for encoding in [TransferEncoding.base64, .quotedPrintable, .uuencode] {
      let isLike = own == .unknown && EncodingSigns.isLike(encoding, body, declared: own)
      if isLike || encoding == own || declared.contains(encoding) { encodings.append(encoding) }
    }
    return encodings
  }

  /// The encodings that all fields of the part name.
  private func declaredEncodings(_ part: Int) -> [TransferEncoding] {
    let held = parts[part].bytes
    let bytes = held.span
    var encodings: [TransferEncoding] = []
    for field in parts[part].fields(.contentEncoding) {
      let name = TransferEncodingReader.name(bytes, field.value)
      encodings.append(TransferEncodingReader.encoding(name))
    }
    return encodings
  }

  private mutating func settleNested(
    _ bytes: Span<UInt8>, _ part: Int, in encoding: TransferEncoding
  ) {
    guard let decoded = decode(bytes, part, encoding) else { return }
    let span = decoded.span
    guard parts[part].contentType.isMultipart else {
      if holdsHeader(span) { rereadDecoded(span, decoded, part, boundary: nil) }
      return
    }
    let declared = parts[part].givenBoundary ?? boundary(bytes, of: part)
    if let declared { rereadDecoded(span, decoded, part, boundary: declared) }
    for boundary in observedBoundaries(span, 0..<span.count) where boundary != declared {
      rereadDecoded(span, decoded, part, boundary: boundary)
    }
  }

  /// Reads the message in an encoded message/global, which RFC 6532 §3.7 allows: it is no other
  /// reading.
  mutating func readEncoded(_ part: Int) {
    let held = parts[part].bytes
    let encoding = parts[part].encoding
    guard mayNest(under: part), let decoded = decode(held.span, part, encoding) else { return }
    parts[part].doubts.remove(.nested)
    readEntity(decoded, in: part, isMessage: true)
  }

  /// Reads what a part holds once it is decoded, as a part inside of it; its bytes are the last
  /// buffer that was counted.
  mutating func readEntity(_ decoded: [UInt8], in part: Int, isMessage: Bool) {
    rereading.number = parts[part].reading
    rereading.target = parts[part].target
    rereading.readsReturns = false
    buffer = decoded
    bufferNumber = rereading.bufferCount
    limit = decoded.count
    isStopped = false
    let outerLineEnd = setLineEnd(of: decoded.span)
    let block = readHeader(decoded.span, from: 0, isMessage: isMessage)
    let inner = append(decoded.span, block, Place(parent: part), isDigest: false)
    readBody(decoded.span, from: descend(decoded.span, from: inner))
    lineEnd = outerLineEnd
    rereading.number = 0
    rereading.target = nil
  }

  /// Whether a header stands there, if blank lines before it do not count.
  func beginsWithField(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = ASCII.trimmed(bytes, range).lowerBound
    let end = ByteScan.firstIndex(of: lineEnd, in: bytes, from: start, to: range.upperBound)
    if case .field = fieldLine(bytes, start..<(end ?? range.upperBound)) { return true }
    return MIMEField.begins(bytes, start..<range.upperBound)
  }

  /// Whether a header stands at the beginning: a few lines of junk before it do not count.
  private func holdsHeader(_ bytes: Span<UInt8>) -> Bool {
    var start = 0
    for _ in 0..<Self.junkLinesMax where start < bytes.count {
      if beginsWithField(bytes, start..<bytes.count) { return true }
      let end = ByteScan.firstIndex(of: lineEnd, in: bytes, from: start, to: bytes.count)
      start = end.map { $0 + 1 } ?? bytes.count
    }
    return false
  }

  /// Lines before a header that may be none; each is looked at.
  static var junkLinesMax: Int { 8 }

  /// The content of a part without its encoding, as a buffer of its own.
  private mutating func decode(
    _ bytes: Span<UInt8>, _ part: Int, _ encoding: TransferEncoding
  ) -> [UInt8]? {
    let left = limits.embeddedBytesMax - rereading.bufferBytes
    guard left > 0, charge(parts[part].body.count) else {
      hit(.embeddedBytes)
      return nil
    }
    var decoded: [UInt8] = []
    let body = bytes.extracting(parts[part].body)
    let result = encoding.append(body, to: &decoded, bound: left)
    if !result.isComplete { hit(.embeddedBytes) }
    rereading.bufferBytes += decoded.count
    rereading.bufferCount += 1
    if hasOnlyBareCR(decoded.span, decoded.indices) {
      parts[part].structuralAnomalies.insert(.bareCR)
      decoded = decoded.map { $0 == ASCII.carriageReturn ? ASCII.lineFeed : $0 }
    }
    return decoded.isEmpty ? nil : decoded
  }

  /// Reads what was decoded of `part` as the inside of it.
  private mutating func rereadDecoded(
    _ bytes: Span<UInt8>, _ decoded: [UInt8], _ part: Int, boundary: [UInt8]?
  ) {
    guard mayNest(under: part), begin(part, scanning: bytes.count) else { return }
    let old = parts[part]
    let root = parts.count
    parts.append(
      old.redeclared(
        as: old.contentType, encoding: old.encoding, reading: rereading.number, from: 0..<0))
    openParts.append(root)
    rereading.readsReturns = false
    buffer = decoded
    bufferNumber = rereading.bufferCount
    limit = bytes.count
    let outerLineEnd = setLineEnd(of: bytes)
    if let boundary {
      openFrame(bytes, of: root, given: boundary)
      readBody(bytes, from: 0)
    } else {
      let block = readHeader(bytes, from: 0, isMessage: true)
      let inner = append(bytes, block, Place(parent: root), isDigest: false)
      readBody(bytes, from: descend(bytes, from: inner))
    }
    lineEnd = outerLineEnd
    parts[root].body = old.body
    parts[root].outer = old.outer
    finish()
  }
}

/// What content looks like, from its beginning.
enum EncodingSigns {
  private static let sampleBytes = 4_096

  /// Whether the content may be in the encoding; identity, where it does not look like `declared`.
  static func isLike(
    _ encoding: TransferEncoding, _ content: Span<UInt8>, declared: TransferEncoding
  ) -> Bool {
    let sample = content.extracting(0..<min(content.count, sampleBytes))
    switch encoding {
    case .base64: return isBase64(sample)
    case .quotedPrintable: return hasEscape(sample)
    case .uuencode: return isUUencode(sample)
    default: return !isLike(declared, content, declared: .sevenBit)
    }
  }

  /// Seven of eight characters are of the alphabet; blanks count but at the ends of lines, since
  /// words of a text would be of it too.
  private static func isBase64(_ sample: Span<UInt8>) -> Bool {
    var ours = 0
    var others = 0
    var blanks = 0
    for index in sample.indices {
      let byte = sample[index]
      if ASCII.isFolding(byte) {
        blanks = ASCII.isBlank(byte) ? blanks + 1 : 0
        continue
      }
      let isOurs = ASCII.isAlphanumeric(byte) || byte == 43 || byte == ASCII.slash
      if isOurs || byte == ASCII.equals { ours += 1 } else { others += 1 }
      others += blanks
      blanks = 0
    }
    return ours >= 8 && others <= ours / 7
  }

  private static func isUUencode(_ sample: Span<UInt8>) -> Bool {
    let start = ASCII.trimmed(sample, sample.indices).lowerBound
    let begin = Array("begin ".utf8)
    guard start + begin.count <= sample.count else { return false }
    return ASCII.isEqual(sample.extracting(start..<start + begin.count), begin.span)
  }

  /// An equals sign before two hexadecimal digits.
  private static func hasEscape(_ sample: Span<UInt8>) -> Bool {
    var position = 0
    while let sign = ByteScan.firstIndex(
      of: ASCII.equals, in: sample, from: position, to: sample.count)
    {
      if sign + 2 < sample.count, ASCII.hex(sample[sign + 1]) != nil,
        ASCII.hex(sample[sign + 2]) != nil
      {
        return true
      }
      position = sign + 1
    }
    return false
  }
}
