// Moments and spans of time as they are typed: `2026-03-01`, `2026-03-01T12:00:00Z`, `7d`.
internal import ArgumentParser
internal import Stores

/// A span: a number with s, m, h, d or w.
struct Age: ExpressibleByArgument, Equatable {
  private static let units: [Character: Int64] = [
    "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800,
  ]
  /// A hundred years: more is a slip of the finger.
  private static let secondsMax: Int64 = 3_153_600_000

  let seconds: Int64

  init?(argument text: String) {
    guard let last = text.last, let unit = Self.units[last],
      text.dropLast().allSatisfy({ "0"..."9" ~= $0 }), let count = Int64(text.dropLast())
    else { return nil }
    let (seconds, isOver) = count.multipliedReportingOverflow(by: unit)
    guard !isOver, seconds <= Self.secondsMax else { return nil }
    self.seconds = seconds
  }
}

/// A moment of UTC, or a span back from now.
enum Moment: ExpressibleByArgument, Equatable {
  case at(seconds: Int64)
  case ago(Age)

  init?(argument text: String) {
    if let age = Age(argument: text) {
      self = .ago(age)
    } else if let seconds = Self.seconds(text) {
      self = .at(seconds: seconds)
    } else {
      return nil
    }
  }

  func seconds(before now: Int64) -> Int64 {
    switch self {
    case .at(let seconds): seconds
    case .ago(let age): now - age.seconds
    }
  }

  /// RFC 3339 in UTC, the time left out or whole.
  private static func seconds(_ text: String) -> Int64? {
    let sample = text.utf8.count == 10 ? "0000-00-00" : "0000-00-00T00:00:00Z"
    guard text.utf8.count == sample.utf8.count else { return nil }
    for (byte, wanted) in zip(text.utf8, sample.utf8) {
      guard wanted == 48 ? (48...57).contains(byte) : byte == wanted else { return nil }
    }
    let numbers = text.split { !("0"..."9" ~= $0) }.compactMap { Int($0) }
    if numbers.count == 3 {
      return UTC.seconds(year: numbers[0], month: numbers[1], day: numbers[2])
    }
    guard numbers.count == 6 else { return nil }
    return UTC.seconds(
      year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4],
      second: numbers[5])
  }
}
