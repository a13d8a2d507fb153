// Keys of `date` and `currentdate` that this part of a date never is: `"8"` for an hour, which has
// two digits, `"Monday"` for a day of the week, which is a number. RFC 5260 §4.2 has the forms.

import RuleBytecode

extension CheckContext {
  /// True when something was said.
  mutating func checkDateKey(
    _ key: String, _ plan: MatchPlan, of call: Call, at range: SourceRange
  ) -> Bool {
    guard ["date", "currentdate"].contains(call.name.text), plan.comparator != .asciiNumeric,
      plan.type == .is || plan.type == .value,
      let name = call.string(call.name.text == "date" ? 1 : 0)?.value.lowercasedASCII,
      let form = DateForm.all[name], !form.admits(key, whole: plan.type == .is)
    else { return false }
    let missed = MissedDate(key: key, part: name, form: form.words, meant: form.meant(by: key))
    report(.flow(.otherMeaning(.noDatePart(missed))), at: range)
    return true
  }
}

/// How one part of a date is written.
struct DateForm: Sendable {
  /// `0` stands for a digit.
  let shape: String
  let numbers: ClosedRange<Int>?
  let words: String

  static let all: [String: DateForm] = [
    "year": DateForm(shape: "0000", numbers: nil, words: "as in \"2026\""),
    "month": DateForm(shape: "00", numbers: 1...12, words: "\"01\" to \"12\""),
    "day": DateForm(shape: "00", numbers: 1...31, words: "\"01\" to \"31\""),
    "date": DateForm(shape: "0000-00-00", numbers: nil, words: "as in \"2026-03-01\""),
    "hour": DateForm(shape: "00", numbers: 0...23, words: "\"00\" to \"23\""),
    "minute": DateForm(shape: "00", numbers: 0...59, words: "\"00\" to \"59\""),
    "second": DateForm(shape: "00", numbers: 0...60, words: "\"00\" to \"60\""),
    "time": DateForm(shape: "00:00:00", numbers: nil, words: "as in \"08:05:00\""),
    "weekday": DateForm(shape: "0", numbers: 0...6, words: "\"0\", Sunday, to \"6\""),
  ]

  /// - Parameter whole: the key is to be the part; else only the order counts, for which its first
  ///   number is enough.
  func admits(_ key: String, whole: Bool) -> Bool {
    let (key, form) = (Array(key.utf8), Array(shape.utf8))
    let first = form.prefix { $0 == UInt8(ascii: "0") }.count
    guard whole ? key.count == form.count : key.count >= first else { return false }
    let fits = zip(key, form).allSatisfy { byte, wanted in
      wanted == UInt8(ascii: "0") ? byte.isDigit : byte == wanted
    }
    guard whole, fits, let numbers, let number = Int(String(decoding: key, as: UTF8.self)) else {
      return fits
    }
    return numbers.contains(number)
  }

  /// `08` for `8`, `1` for `Monday`.
  func meant(by key: String) -> String? {
    if shape == "00", key.utf8.count == 1, key.utf8.allSatisfy(\.isDigit) { return "0" + key }
    guard shape == "0", key.utf8.count >= 3 else { return nil }
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    return days.firstIndex(of: String(key.lowercasedASCII.prefix(3))).map(String.init)
  }
}

package struct MissedDate: Equatable, Sendable {
  package let key: String
  package let part: String
  /// How that part is written.
  package let form: String
  package let meant: String?
}
