// The content of one part on its way through rewrites: decoded when first asked for, kept in the
// charset that it came in as long as that can say it, and encoded again in the way that it came.

internal import ContentEdits
internal import MailMessage

struct LeafContent {
  private enum State {
    case received
    /// In the part's charset, or no text at all.
    case bytes([UInt8])
    /// UTF-8, whatever the charset was.
    case utf8([UInt8])
  }

  private var state = State.received
  /// Where it is another one than the part declares.
  private(set) var newCharset: String?
  /// Where it is another one than the part declares.
  private(set) var newEncoding: String?
  /// The lines are as received but for some that became shorter, and for new ones that fit.
  private var fitsLines = true
  private let message: MailMessage
  private let index: Int
  private let part: Part
  private let limits: EditLimits

  init(_ message: MailMessage, _ index: Int, _ limits: EditLimits) {
    self.message = message
    self.index = index
    self.limits = limits
    part = message.parts[index]
  }

  /// The content by now.
  var bytes: [UInt8] {
    switch state {
    case .bytes(let bytes), .utf8(let bytes): return bytes
    case .received:
      var bytes: [UInt8] = []
      _ = message.appendDecodedBody(of: index, to: &bytes)
      return bytes
    }
  }

  /// As UTF-8; what is no text of the declared charset becomes U+FFFD.
  private var text: [UInt8] {
    var text: [UInt8] = []
    switch state {
    case .utf8(let bytes): return bytes
    case .received: _ = message.appendText(of: index, to: &text)
    case .bytes(let bytes):
      _ = MailMessage.appendText(bytes.span, charset: part.charset ?? "", to: &text)
    }
    return text
  }

  // MARK: Rewrites

  /// What is written then is UTF-8: no charset is left that somebody could read in two ways.
  mutating func rewriteText(_ edit: ([UInt8]) -> [UInt8]) {
    let text = text
    let new = edit(text)
    // What needs no change is left alone, if its bytes say what its text says.
    if new == text, new == bytes { return }
    become(utf8: new)
  }

  /// For edits that leave alone what they do not know: in any charset that has ASCII in it.
  mutating func rewriteBytes(_ edit: ([UInt8]) -> [UInt8]) {
    if case .utf8(let text) = state {
      state = .utf8(edit(text))
    } else if part.hidesASCII {
      let text = text
      let new = edit(text)
      if new != text { become(utf8: new) }
    } else {
      let old = bytes
      let new = edit(old)
      if new != old { state = .bytes(new) }
    }
  }

  mutating func replace(by new: [UInt8]) {
    if case .utf8 = state { newCharset = nil }
    state = .bytes(new)
    fitsLines = false
  }

  private mutating func become(utf8 new: [UInt8]) {
    state = .utf8(new)
    newCharset = "utf-8"
    fitsLines = false
  }

  // MARK: Insertions

  /// Puts texts at the end, in the part's own charset where that can say them; else the part
  /// becomes UTF-8. All at once: the content is copied once.
  mutating func insert(_ insertions: [Insertion], into type: String) {
    let isHTML = type == "text/html"
    guard isHTML || type == "text/plain" else { return }
    var lines: [UInt8] = []
    for insertion in insertions {
      guard let new = isHTML ? insertion.html : insertion.text else { continue }
      if let mark = insertion.mark, !mark.isEmpty, holds(mark, lines) { continue }
      lines += LineEnds.canonical(Array(new.prefix(limits.textBytesMax)))
    }
    guard !lines.isEmpty else { return }
    if !TextBody.isSafe(lines.span, allowing8Bit: true) { fitsLines = false }
    if case .utf8(let text) = state {
      state = .utf8(Self.with(lines, in: text, isHTML))
      return
    }
    if let encoded = encoded(lines, isHTML) {
      state = .bytes(Self.with(encoded, in: bytes, isHTML))
      return
    }
    let text = Self.with(lines, in: text, isHTML)
    state = .utf8(isHTML ? HTMLEdit.declaringUTF8(text) : text)
    newCharset = "utf-8"
    fitsLines = false
  }

  /// The content, or what is put into it, has the mark.
  private func holds(_ mark: [UInt8], _ new: [UInt8]) -> Bool {
    let text = text
    return text.span.firstIndex(of: mark.span) != nil || new.span.firstIndex(of: mark.span) != nil
  }

  private static func with(_ new: [UInt8], in content: [UInt8], _ isHTML: Bool) -> [UInt8] {
    if isHTML { return HTMLEdit.inserting(new, into: content, at: .end) }
    var longer = content
    if let last = longer.last, last != 0x0A { longer += [0x0D, 0x0A] }
    return longer + new
  }

  /// New text in the part's charset; nil where the part must become UTF-8.
  private mutating func encoded(_ new: [UInt8], _ isHTML: Bool) -> [UInt8]? {
    guard !part.hidesASCII else { return nil }
    let isASCII = new.span.isASCII
    guard let charset = part.charset else {
      if isASCII { return new }
      let content = bytes
      guard (try? UTF8Span(validating: content.span)) != nil else {
        // Bytes of no charset: whoever guesses takes them for Western ones.
        return encoded(new, "windows-1252") ?? Self.asASCII(new, isHTML)
      }
      return nil
    }
    if isASCII { return new }
    if let encoded = encoded(new, charset) { return encoded }
    return part.isCharsetKnown ? nil : Self.asASCII(new, isHTML)
  }

  private func encoded(_ new: [UInt8], _ charset: String) -> [UInt8]? {
    guard var encoder = CharsetEncoder(charset: charset) else { return nil }
    return encoder.encode(new)
  }

  /// What can be said in every charset.
  private static func asASCII(_ text: [UInt8], _ isHTML: Bool) -> [UInt8] {
    var ascii = ""
    for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
      if scalar.isASCII {
        ascii.unicodeScalars.append(scalar)
      } else {
        ascii += isHTML ? "&#\(scalar.value);" : "?"
      }
    }
    return Array(ascii.utf8)
  }

  // MARK: Encoding

  /// The body; nil where the content is as received.
  mutating func encoded(isText: Bool) -> [UInt8]? {
    if case .received = state { return nil }
    let content = bytes
    guard isText else { return written(TextBody.encode(data: content)) }
    let lines = fitsLines ? content : LineEnds.canonical(content)
    var encoded: [UInt8] = []
    switch part.encoding {
    case .base64: Base64.appendLines(lines.span, to: &encoded)
    case .quotedPrintable: QuotedPrintable.append(lines.span, to: &encoded)
    case .sevenBit, .eightBit, .binary:
      let has8Bit = part.encoding != .sevenBit || !isReceivedASCII
      if fitsLines, has8Bit || content.span.isASCII { return content }
      let lines = LineEnds.canonical(content)
      if TextBody.isSafe(lines.span, allowing8Bit: has8Bit) { return lines }
      return written(TextBody.encode(lines: lines))
    case .uuencode, .unknown: return written(TextBody.encode(lines: LineEnds.canonical(content)))
    }
    return encoded
  }

  private var isReceivedASCII: Bool { message.bytes.span.extracting(part.body).isASCII }

  private mutating func written(_ encoded: EncodedBody) -> [UInt8] {
    let isSame = part.encodingName == encoded.encoding
    let isDefault = part.encodingName == nil && encoded.encoding == "7bit"
    if !isSame, !isDefault { newEncoding = encoded.encoding }
    return encoded.bytes
  }
}

extension Span<UInt8> {
  /// Where the bytes first stand. Cost: their length for each place where the first one stands.
  func firstIndex(of needle: Span<UInt8>) -> Int? {
    guard !needle.isEmpty else { return 0 }
    var position = 0
    while let hit = ByteScan.firstIndex(of: needle[0], in: self, from: position, to: count) {
      guard count - hit >= needle.count else { return nil }
      if ByteScan.isEqual(extracting(hit..<hit + needle.count), needle) { return hit }
      position = hit + 1
    }
    return nil
  }
}
