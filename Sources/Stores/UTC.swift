// Moments as text and back, always UTC; the Gregorian calendar in rounds of 400 years.

/// Moments as text, always UTC.
package enum UTC {
  private static let daySeconds: Int64 = 86_400

  package static var nowSeconds: Int64 { StoreDoor.nowSeconds }

  /// `2026-03-01T12:00:00Z`.
  package static func text(_ seconds: Int64) -> String {
    let (date, time) = fields(seconds)
    return date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
  }

  /// `20260301T120000Z`: sorts as the moments do.
  static func compact(_ seconds: Int64) -> String {
    let (date, time) = fields(seconds)
    return date.joined() + "T" + time.joined() + "Z"
  }

  /// Year, month and day, for folders.
  static func day(_ seconds: Int64) -> [String] { fields(seconds).date }

  private static func fields(_ seconds: Int64) -> (date: [String], time: [String]) {
    // The years 0 to 9999: nobody reads others.
    let bounded = min(max(seconds, -62_167_219_200), 253_402_300_799)
    let day = bounded >= 0 ? bounded / daySeconds : (bounded - daySeconds + 1) / daySeconds
    let second = bounded - day * daySeconds
    let date = civil(day)
    let year = String(repeating: "0", count: 4 - String(date.year).count) + String(date.year)
    return (
      [year, padded(date.month), padded(date.day)],
      [padded(second / 3_600), padded(second / 60 % 60), padded(second % 60)]
    )
  }

  private static func padded(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : String(number)
  }

  // MARK: The calendar

  /// Days of 400 years, and from March of year 0 to 1970.
  private static let roundDays: Int64 = 146_097
  private static let epochDays: Int64 = 719_468

  /// A day since 1970 as a date. Years are counted from March, so that the odd day is the last.
  private static func civil(_ day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + epochDays
    let round = (shifted >= 0 ? shifted : shifted - roundDays + 1) / roundDays
    let dayOfRound = shifted - round * roundDays
    let yearOfRound =
      (dayOfRound - dayOfRound / 1_460 + dayOfRound / 36_524 - dayOfRound / 146_096) / 365
    let dayOfYear = dayOfRound - (365 * yearOfRound + yearOfRound / 4 - yearOfRound / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfRound + round * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  /// Seconds since 1970 of a moment; nil when the calendar has no such day or the day no such time.
  package static func seconds(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) -> Int64? {
    guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    let fromMarch = Int64(month > 2 ? year : year - 1)
    let round = fromMarch / 400
    let yearOfRound = fromMarch - round * 400
    let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
    let dayOfRound = yearOfRound * 365 + yearOfRound / 4 - yearOfRound / 100 + dayOfYear
    let number = round * roundDays + dayOfRound - epochDays
    // 31 April would be 1 May.
    let back = civil(number)
    guard back.month == month, back.day == day else { return nil }
    return number * daySeconds + Int64(hour * 3_600 + minute * 60 + second)
  }
}
