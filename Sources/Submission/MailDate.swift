// Dates of mail (RFC 5322 §3.3), in UTC: a program's mail has no place to be at.

enum MailDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Mon, 03 Nov 2025 09:15:00 +0000`.
  static func text(_ seconds: Int64) -> String {
    let day = floorDivide(seconds, 86_400)
    let rest = Int(seconds - day * 86_400)
    let date = civil(day)
    let weekday = days[Int(day - floorDivide(day, 7) * 7)]
    return
      "\(weekday), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(clock(rest)) +0000"
  }

  /// `2025-11-03 09:15`, for lists.
  static func short(_ seconds: Int64) -> String {
    let day = floorDivide(seconds, 86_400)
    let rest = Int(seconds - day * 86_400)
    let date = civil(day)
    return "\(date.year)-\(two(date.month))-\(two(date.day)) \(clock(rest).dropLast(3))"
  }

  private static func clock(_ rest: Int) -> String {
    "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60))"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func floorDivide(_ value: Int64, _ by: Int64) -> Int64 {
    value >= 0 ? value / by : -((-value + by - 1) / by)
  }

  /// The Gregorian date of a day since 1970, by counting years from a March, so that a leap day is
  /// the last of its year.
  private static func civil(_ day: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let index = (5 * dayOfYear + 2) / 153
    let month = index < 10 ? index + 3 : index - 9
    return (
      Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), Int(month),
      Int(dayOfYear - (153 * index + 2) / 5) + 1
    )
  }
}
