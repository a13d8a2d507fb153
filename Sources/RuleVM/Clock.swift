// Seconds since 1970 as RFC 3339 text, without Foundation.
internal import MailMessage

enum Clock {
  /// "2026-03-01T12:00:00Z".
  static func rfc3339(_ seconds: Int64) -> String {
    let date = MailDate(seconds: Int(seconds))
    return "\(date.text(of: .date))T\(date.text(of: .time))Z"
  }
}
