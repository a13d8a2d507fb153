// Header fields in the form that is signed (RFC 6376 §3.4.1, §3.4.2).
internal import MailMessage

/// The two ways of making bytes alike before they are hashed.
package enum Canonicalization: String, Sendable, CaseIterable {
  case simple, relaxed
}

/// Appends canonical fields to the bytes that are signed.
struct HeaderCanonicalizer {
  let form: Canonicalization
  private(set) var bytes: [UInt8] = []

  init(_ form: Canonicalization) { self.form = form }

  /// - Parameter omitted: The value of `b=`, which is not signed itself.
  mutating func append(
    _ message: Span<UInt8>, _ field: RawField, omitting omitted: Range<Int>? = nil
  ) {
    switch form {
    case .simple: appendSimple(message, field, omitted)
    case .relaxed: appendRelaxed(message, field, omitted)
    }
  }

  mutating func appendLineEnd() {
    bytes.append(ASCII.carriageReturn)
    bytes.append(ASCII.lineFeed)
  }

  private mutating func appendSimple(
    _ message: Span<UInt8>, _ field: RawField, _ omitted: Range<Int>?
  ) {
    for index in field.whole {
      if let omitted, omitted.contains(index) { continue }
      // A fold of LF alone is one of CRLF.
      if message[index] == ASCII.lineFeed, message[index - 1] != ASCII.carriageReturn {
        bytes.append(ASCII.carriageReturn)
      }
      bytes.append(message[index])
    }
  }

  private mutating func appendRelaxed(
    _ message: Span<UInt8>, _ field: RawField, _ omitted: Range<Int>?
  ) {
    for index in field.name {
      let byte = message[index]
      bytes.append(byte &- 65 < 26 ? byte | 0x20 : byte)
    }
    bytes.append(ASCII.colon)
    var hasContent = false
    var isBlankPending = false
    for index in field.value {
      if let omitted, omitted.contains(index) { continue }
      let byte = message[index]
      if ASCII.isBlank(byte) {
        isBlankPending = true
        continue
      }
      if Self.isLineEnd(message, index, field.value.upperBound) { continue }
      if isBlankPending, hasContent { bytes.append(ASCII.space) }
      isBlankPending = false
      hasContent = true
      bytes.append(byte)
    }
  }

  /// Whether an LF, or the CR before one.
  private static func isLineEnd(_ message: Span<UInt8>, _ index: Int, _ end: Int) -> Bool {
    if message[index] == ASCII.lineFeed { return true }
    return message[index] == ASCII.carriageReturn && index + 1 < end
      && message[index + 1] == ASCII.lineFeed
  }
}
