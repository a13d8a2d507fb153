// Domains and selectors as a query may hold them: A-labels (RFC 6376 §3.5) of bounded length (RFC
// 1035 §2.3.4).
internal import MailMessage

enum DomainText {
  static let bytesMax = 253
  static let labelBytesMax = 63

  /// The name in lower case, or nil if no name in DNS could be it.
  static func canonical(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
    guard !range.isEmpty, range.count <= bytesMax else { return nil }
    var labelBytes = 0
    for index in range {
      if bytes[index] == ASCII.dot {
        guard labelBytes > 0 else { return nil }
        labelBytes = 0
        continue
      }
      // Underscores are used in selectors, whatever the grammar says.
      guard ASCII.isAlphanumeric(bytes[index]) || bytes[index] == 45 || bytes[index] == 95 else {
        return nil
      }
      labelBytes += 1
      guard labelBytes <= labelBytesMax else { return nil }
    }
    return labelBytes > 0 ? ASCII.text(bytes, range).lowercased() : nil
  }

  static func canonical(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    return canonical(bytes.span, 0..<bytes.count)
  }

  /// Whether `name` is `domain` or below it; both lower-case.
  static func isInside(_ name: String, _ domain: String) -> Bool {
    name == domain || name.hasSuffix("." + domain)
  }
}
