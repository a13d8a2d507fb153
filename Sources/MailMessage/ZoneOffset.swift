// Time zones as mail writes them: `+hhmm` (RFC 5322 §3.3) and the names of §4.3.

/// An offset from UTC.
package struct ZoneOffset: Sendable, Equatable {
  /// East of Greenwich is positive.
  package let minutes: Int
  /// `-0000`: UTC, with nothing said about the sender's zone (RFC 5322 §3.3).
  package let isUnknown: Bool

  package static let utc = ZoneOffset(minutes: 0)
  package static let unknown = ZoneOffset(minutes: 0, isUnknown: true)

  package init(minutes: Int, isUnknown: Bool = false) {
    self.minutes = minutes
    self.isUnknown = isUnknown
  }

  /// Reads `+hhmm` or `-hhmm`, and nothing else: what `:zone` takes (RFC 5260 §4.1).
  package init?(_ text: some Sequence<UInt8>) {
    let bytes = Array(text)
    guard bytes.count == 5, bytes[0] == 43 || bytes[0] == ASCII.dash else { return nil }
    var digits = 0
    for byte in bytes[1...] {
      guard let digit = ASCII.digit(byte) else { return nil }
      digits = digits * 10 + digit
    }
    guard digits % 100 < 60 else { return nil }
    let minutes = digits / 100 * 60 + digits % 100
    let isWest = bytes[0] == ASCII.dash
    self.init(minutes: isWest ? -minutes : minutes, isUnknown: isWest && minutes == 0)
  }

  /// The zone of a name, lower-case. Names that RFC 5322 §4.3 does not know, the military letters
  /// among them, say nothing.
  init(named name: [UInt8]) {
    let hours: Int? =
      switch String(decoding: name, as: UTF8.self) {
      case "ut", "gmt", "utc", "z": 0
      case "edt": -4
      case "est", "cdt": -5
      case "cst", "mdt": -6
      case "mst", "pdt": -7
      case "pst": -8
      default: nil
      }
    self = hours.map { ZoneOffset(minutes: $0 * 60) } ?? .unknown
  }

  /// `+hhmm`.
  package var text: String { written(separator: "") }

  /// `+hh:mm` (RFC 3339 §5.6).
  var extendedText: String { written(separator: ":") }

  private func written(separator: String) -> String {
    let sign = minutes < 0 || isUnknown ? "-" : "+"
    let size = abs(minutes)
    return sign + DateText.padded(size / 60, 2) + separator + DateText.padded(size % 60, 2)
  }
}
