// The content of parts, decoded for whoever asks. The caller keeps the sum over all decodings and
// passes what is left of its own limit as `limitBytes`.

/// How a decoding went.
package struct DecodeResult: Sendable, Equatable {
  /// False when the limit cut the content off.
  package var isComplete = true
  /// Whether the encoding was broken; what could be decoded is there.
  package var isMalformed = false
  /// Whether decoders may differ about content that is well formed.
  var mayDiffer = false
  /// Whether other decoders may show other content.
  package var isDoubtful: Bool { isMalformed || mayDiffer }
  /// False when the charset is not known: then ASCII and UTF-8 are kept, the rest is U+FFFD.
  package var isCharsetKnown = true

  package init() {}
}

extension MailMessage {
  /// Appends the content of `parts[part]` with its transfer encoding undone (RFC 2045 §6), at most
  /// `limitBytes` bytes.
  package func appendDecodedBody(
    of part: Int, to output: inout [UInt8], limitBytes: Int = .max
  ) -> DecodeResult {
    appendDecodedBody(of: part, as: parts[part].variant, to: &output, limitBytes: limitBytes)
  }

  func appendDecodedBody(
    of part: Int, as variant: ContentVariant, to output: inout [UInt8], limitBytes: Int
  ) -> DecodeResult {
    let own = parts[part]
    let bound = Self.bound(output.count, limitBytes)
    return own.encoding.append(
      own.bytes.span.extracting(own.body), as: variant, to: &output, bound: bound)
  }

  /// Appends the content of `parts[part]` as valid UTF-8: decoded, and converted from the declared
  /// charset; at most `limitBytes` bytes.
  package func appendText(
    of part: Int, to output: inout [UInt8], limitBytes: Int = .max
  ) -> DecodeResult {
    var decoded: [UInt8] = []
    var result = appendDecodedBody(of: part, to: &decoded, limitBytes: limitBytes)
    let bound = Self.bound(output.count, limitBytes)
    var charset = Array((parts[part].charset ?? "").utf8)
    var start = 0
    if let mark = CharsetName.mark(decoded.span) {
      charset = Array(mark.charset.utf8)
      start = mark.bytes
    }
    var converter = CharsetConverter()
    result.isCharsetKnown = converter.append(
      decoded.span.extracting(start..<decoded.count), charset: charset.span, to: &output,
      limitBytes: bound)
    if output.count > bound {
      result.isComplete = false
      Self.cutText(&output, bound)
    }
    return result
  }

  /// Appends text of a declared charset as valid UTF-8; false where the charset is not known.
  package static func appendText(
    _ bytes: Span<UInt8>, charset: String, to output: inout [UInt8]
  ) -> Bool {
    let name = Array(charset.utf8)
    var converter = CharsetConverter()
    return converter.append(bytes, charset: name.span, to: &output)
  }

  private static func bound(_ count: Int, _ limitBytes: Int) -> Int {
    limitBytes >= Int.max - count ? Int.max : count + max(0, limitBytes)
  }

  /// Cuts valid UTF-8 to the bound without leaving half a character.
  private static func cutText(_ output: inout [UInt8], _ bound: Int) {
    var end = bound
    while end > 0, output[end] & 0xC0 == 0x80 { end -= 1 }
    output.removeLast(output.count - end)
  }
}

extension TransferEncoding {
  /// Appends what `content` decodes to, until `output` holds `bound` bytes.
  func append(
    _ content: Span<UInt8>, as variant: ContentVariant = .standard, to output: inout [UInt8],
    bound: Int
  ) -> DecodeResult {
    var result = DecodeResult()
    switch self {
    case .sevenBit, .eightBit, .binary, .unknown:
      let length = min(content.count, bound - output.count)
      result.isComplete = length == content.count
      output.append(copying: content.extracting(0..<length))
    case .base64 where variant != .standard:
      result.isMalformed = true
      result.isComplete = Base64Variants.append(
        content, as: variant, to: &output, limitBytes: bound)
    case .base64:
      var decoder = Base64Decoder()
      result.isComplete = decoder.append(content, to: &output, limitBytes: bound)
      result.isMalformed = decoder.isMalformed
      result.mayDiffer = decoder.hasSplitGroup
    case .quotedPrintable:
      result.isMalformed = !QuotedPrintable.append(content, as: variant, to: &output)
      result.isComplete = Self.cut(&output, bound)
    case .uuencode:
      result.isMalformed = !UUDecoder.append(content, to: &output)
      result.isComplete = Self.cut(&output, bound)
    }
    return result
  }

  /// Cuts the output to the bound; returns whether nothing had to go.
  private static func cut(_ output: inout [UInt8], _ bound: Int) -> Bool {
    guard output.count > bound else { return true }
    output.removeLast(output.count - bound)
    return false
  }
}
