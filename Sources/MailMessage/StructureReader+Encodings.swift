// Encodings that the header hides or that two programs may take differently, and encoded messages
// and multiparts, which RFC 2045 §6.4 forbids and most programs decode.

extension StructureReader {
  /// Reads a part's content again in each encoding that it looks like.
  mutating func settleEncoding(_ bytes: Span<UInt8>, _ part: Int) {
    guard !parts[part].contentType.isContainer, parts[part].children.isEmpty else { return }
    let body = bytes.extracting(parts[part].body)
    let current = parts[part].encoding
    for encoding in [TransferEncoding.base64, .quotedPrintable, .uuencode, .sevenBit]
    where encoding != current && !(encoding.isIdentity && current.isIdentity) {
      guard EncodingSigns.isLike(encoding, body, declared: current) else { continue }
      reread(bytes, part, as: parts[part].contentType, encoding: encoding)
    }
  }

  // MARK: Encoded containers

  /// Decodes an encoded message or multipart, and reads the parts in what comes out.
  mutating func settleNested(_ bytes: Span<UInt8>, _ part: Int) {
    let type = parts[part].contentType
    if type.isMessage, beginsWithField(bytes, parts[part].body) {
      reread(bytes, part, as: type, encoding: .sevenBit)
    }
    guard let decoded = decode(bytes, part) else { return }
    let span = decoded.span
    guard type.isMultipart else {
      if beginsWithField(span, 0..<span.count) { rereadDecoded(span, decoded, part, boundary: nil) }
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
    guard mayNest(under: part), let decoded = decode(held.span, part) else { return }
    parts[part].doubts.remove(.nested)
    rereading.number = parts[part].reading
    rereading.target = parts[part].target
    rereading.readsReturns = false
    buffer = decoded
    bufferNumber = rereading.bufferCount
    limit = decoded.count
    isStopped = false
    let block = readHeader(decoded.span, from: 0, isMessage: true)
    let inner = append(decoded.span, block, Place(parent: part), isDigest: false)
    readBody(decoded.span, from: descend(decoded.span, from: inner))
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

  /// The content of a part without its encoding, as a buffer of its own.
  private mutating func decode(_ bytes: Span<UInt8>, _ part: Int) -> [UInt8]? {
    let left = limits.embeddedBytesMax - rereading.bufferBytes
    guard left > 0, charge(parts[part].body.count) else {
      hit(.embeddedBytes)
      return nil
    }
    var decoded: [UInt8] = []
    let body = bytes.extracting(parts[part].body)
    let result = parts[part].encoding.append(body, to: &decoded, bound: left)
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
    if let boundary {
      openFrame(bytes, of: root, given: boundary)
      readBody(bytes, from: 0)
    } else {
      let block = readHeader(bytes, from: 0, isMessage: true)
      let inner = append(bytes, block, Place(parent: root), isDigest: false)
      readBody(bytes, from: descend(bytes, from: inner))
    }
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
