// Small questions about ranges of bytes, as tags and records need them.
internal import MailMessage

extension ASCII {
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    String(decoding: range.map { bytes[$0] }, as: UTF8.self)
  }

  /// The pieces between `separator`, each trimmed.
  static func pieces(
    _ bytes: Span<UInt8>, _ range: Range<Int>, separator: UInt8
  ) -> [Range<Int>] {
    var pieces: [Range<Int>] = []
    var start = range.lowerBound
    for index in range where bytes[index] == separator {
      pieces.append(trimmed(bytes, start..<index))
      start = index + 1
    }
    pieces.append(trimmed(bytes, start..<range.upperBound))
    return pieces
  }
}
