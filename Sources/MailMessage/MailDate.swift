// A moment as a header field states it, and the parts of it that rules compare (RFC 5260 §4.2).

/// A moment with the zone it was written in.
package struct MailDate: Sendable, Equatable {
  /// Since 1970-01-01 00:00:00 UTC; a leap second counts as the one before it.
  package let seconds: Int
  package let zone: ZoneOffset
  /// Whether second 60 was written.
  package let isLeapSecond: Bool

  package init(seconds: Int, zone: ZoneOffset = .utc, isLeapSecond: Bool = false) {
    self.seconds = seconds
    self.zone = zone
    self.isLeapSecond = isLeapSecond
  }

  /// The part as text, in the given zone, by default the one it was written in.
  package func text(of part: DateElement, in zone: ZoneOffset? = nil) -> String {
    DateText(self, zone ?? self.zone).text(of: part)
  }
}

/// What `date` and `currentdate` can ask for (RFC 5260 §4.2).
package enum DateElement: UInt8, CaseIterable, Sendable {
  case year, month, day, date, julian, hour, minute, second, time, iso8601, std11, zone, weekday

  /// The name in rules.
  package var name: String { "\(self)" }

  package init?(named name: String) {
    guard let part = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = part
  }
}

/// Writes one moment in one zone.
struct DateText {
  private let zone: ZoneOffset
  private let day: CivilDate
  private let dayNumber: Int
  private let hour: Int
  private let minute: Int
  private let second: Int

  init(_ date: MailDate, _ zone: ZoneOffset) {
    self.zone = zone
    let local = date.seconds + zone.minutes * 60
    dayNumber = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    day = CivilDate(daysSince1970: dayNumber)
    let rest = local - dayNumber * 86_400
    hour = rest / 3_600
    minute = rest / 60 % 60
    second = rest % 60 + (date.isLeapSecond ? 1 : 0)
  }

  func text(of part: DateElement) -> String {
    switch part {
    case .year: Self.padded(day.year, 4)
    case .month: Self.padded(day.month, 2)
    case .day: Self.padded(day.day, 2)
    case .date: "\(text(of: .year))-\(text(of: .month))-\(text(of: .day))"
    // 1970-01-01 is day 40,587 of the Modified Julian Day, which begins at midnight.
    case .julian: String(dayNumber + 40_587)
    case .hour: Self.padded(hour, 2)
    case .minute: Self.padded(minute, 2)
    case .second: Self.padded(second, 2)
    case .time: "\(text(of: .hour)):\(text(of: .minute)):\(text(of: .second))"
    case .iso8601: "\(text(of: .date))T\(text(of: .time))\(zone.extendedText)"
    case .std11: std11
    case .zone: zone.text
    case .weekday: String(day.weekday)
    }
  }

  /// RFC 5322 §3.3.
  private var std11: String {
    let weekday = DateNames.days[day.weekday]
    let month = DateNames.months[day.month - 1]
    return "\(weekday), \(text(of: .day)) \(month) \(text(of: .year)) \(text(of: .time)) "
      + zone.text
  }

  static func padded(_ value: Int, _ width: Int) -> String {
    let text = String(abs(value))
    let zeros = String(repeating: "0", count: max(0, width - text.utf8.count))
    return (value < 0 ? "-" : "") + zeros + text
  }
}

/// The names of RFC 5322 §3.3, which know no language but English.
enum DateNames {
  static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
