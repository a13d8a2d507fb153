// Dates of mail (RFC 5322 §3.3), in UTC: a program's mail has no place to be at.
internal import MailMessage

enum MailDate {
  /// Of the days since 1970, which began on a Thursday.
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  private static let daySeconds: Int64 = 86_400
  /// The years 1970 to 9999: others are no time at which a mail is written.
  private static let range: ClosedRange<Int64> = 0...253_402_300_799

  /// `Mon, 03 Nov 2025 09:15:00 +0000`.
  static func text(_ seconds: Int64) -> String {
    let (date, weekday, time) = fields(seconds)
    return "\(weekday), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(time) +0000"
  }

  /// `2025-11-03 09:15 UTC`, for lists.
  static func short(_ seconds: Int64) -> String {
    let (date, _, time) = fields(seconds)
    return "\(date.year)-\(two(date.month))-\(two(date.day)) \(time.dropLast(3)) UTC"
  }

  private static func fields(_ seconds: Int64) -> (CivilDate, weekday: String, time: String) {
    let bounded = min(max(seconds, range.lowerBound), range.upperBound)
    let day = Int(bounded / daySeconds)
    let rest = Int(bounded % daySeconds)
    let time = [rest / 3_600, rest / 60 % 60, rest % 60].map(two).joined(separator: ":")
    return (CivilDate(daysSince1970: day), days[day % 7], time)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
