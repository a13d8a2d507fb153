// Date-times of header fields (RFC 5322 §3.3 and the obsolete forms of §4.3): comments and folds
// anywhere, years of two and three digits, zones by name or left out.
// Trusts nothing: what is no date gives none. Linear in the field; nesting is a counter.

/// Reads date-times.
package enum DateParser {
  /// The date-time in a field's value: all of it, or what follows the last semicolon, as in
  /// Received (RFC 5322 §3.6.7) and the like.
  package static func date(inField value: Span<UInt8>) -> MailDate? {
    let start = afterLastSemicolon(value)
    return date(value.extracting(start..<value.count))
  }

  /// A date-time with nothing else around it but comments.
  package static func date(_ text: Span<UInt8>) -> MailDate? {
    var reader = Reader(count: text.count)
    return reader.date(text)
  }

  /// The offset behind the last semicolon outside of comments and quoted strings, or 0.
  private static func afterLastSemicolon(_ bytes: Span<UInt8>) -> Int {
    var start = 0
    var depth = 0
    var isQuoted = false
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case ASCII.backslash where isQuoted || depth > 0: index += 1
      case ASCII.quote where depth == 0: isQuoted.toggle()
      case ASCII.open where !isQuoted: depth += 1
      case ASCII.close where !isQuoted && depth > 0: depth -= 1
      case ASCII.semicolon where !isQuoted && depth == 0: start = index + 1
      default: break
      }
      index += 1
    }
    return start
  }

  /// A position in the text, moved over what was understood.
  private struct Reader {
    private let end: Int
    private var index = 0

    init(count: Int) { end = count }

    mutating func date(_ bytes: Span<UInt8>) -> MailDate? {
      skipWeekday(bytes)
      guard let day = number(bytes, digits: 1...2), let month = month(bytes),
        let year = year(bytes), let civil = CivilDate(year: year, month: month, day: day),
        let time = time(bytes), let zone = zone(bytes)
      else { return nil }
      skipBlanks(bytes)
      guard index == end else { return nil }
      let isLeapSecond = time.second == 60
      let ofDay = time.hour * 3_600 + time.minute * 60 + min(time.second, 59)
      return MailDate(
        seconds: civil.daysSince1970 * 86_400 + ofDay - zone.minutes * 60, zone: zone,
        isLeapSecond: isLeapSecond)
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
      index = ContentTypeReader.skipComments(bytes, index, end)
    }

    /// `Mon,`. A wrong one is not worth the date.
    private mutating func skipWeekday(_ bytes: Span<UInt8>) {
      _ = word(bytes)
      skip(44, bytes)
    }

    /// Moves over one byte, blanks before it included, if it stands there.
    @discardableResult
    private mutating func skip(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
      skipBlanks(bytes)
      guard index < end, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    /// Letters, lower-cased.
    private mutating func word(_ bytes: Span<UInt8>) -> [UInt8] {
      skipBlanks(bytes)
      let start = index
      while index < end, ASCII.lower(bytes[index]) &- 97 < 26 { index += 1 }
      return ASCII.lowered(bytes, start..<index)
    }

    /// So many digits, no more behind them.
    private mutating func number(_ bytes: Span<UInt8>, digits: ClosedRange<Int>) -> Int? {
      digitRun(bytes, digits: digits).map(\.value)
    }

    private mutating func digitRun(
      _ bytes: Span<UInt8>, digits: ClosedRange<Int>
    ) -> (value: Int, count: Int)? {
      skipBlanks(bytes)
      let start = index
      var value = 0
      while index < end, index - start <= digits.upperBound, let digit = ASCII.digit(bytes[index]) {
        value = value * 10 + digit
        index += 1
      }
      return digits.contains(index - start) ? (value, index - start) : nil
    }

    /// By its first three letters, so that the full names count too.
    private mutating func month(_ bytes: Span<UInt8>) -> Int? {
      let name = word(bytes)
      guard name.count >= 3 else { return nil }
      return DateNames.months.firstIndex { month in
        month.utf8.map(ASCII.lower).elementsEqual(name[..<3])
      }.map { $0 + 1 }
    }

    /// RFC 5322 §4.3: of two digits, 00 to 49 are of this century; of three, years since 1900.
    private mutating func year(_ bytes: Span<UInt8>) -> Int? {
      guard let (value, count) = digitRun(bytes, digits: 2...4) else { return nil }
      switch count {
      case 2: return value < 50 ? value + 2_000 : value + 1_900
      case 3: return value + 1_900
      default: return value
      }
    }

    private mutating func time(
      _ bytes: Span<UInt8>
    ) -> (hour: Int, minute: Int, second: Int)? {
      guard let hour = number(bytes, digits: 1...2), hour < 24, skip(ASCII.colon, bytes),
        let minute = number(bytes, digits: 2...2), minute < 60
      else { return nil }
      guard skip(ASCII.colon, bytes) else { return (hour, minute, 0) }
      guard let second = number(bytes, digits: 2...2), second <= 60 else { return nil }
      return (hour, minute, second)
    }

    /// A zone that is missing is an unknown one: programs that leave it out are common.
    private mutating func zone(_ bytes: Span<UInt8>) -> ZoneOffset? {
      skipBlanks(bytes)
      guard index < end else { return .unknown }
      if bytes[index] == 43 || bytes[index] == ASCII.dash {
        let start = index
        index = min(index + 5, end)
        return ZoneOffset(ASCII.lowered(bytes, start..<index))
      }
      let name = word(bytes)
      return name.isEmpty ? nil : ZoneOffset(named: name)
    }
  }
}
