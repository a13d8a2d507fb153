// `date` and `currentdate` (RFC 5260): parts of a field's date-time, or of this run's.
internal import MailMessage
internal import RuleBytecode

extension Machine {
  /// `date`: of each named field that holds a date-time, that part of it.
  mutating func dateValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    var values: [TextWord] = []
    for place in try fieldPlaces(query, program) {
      let value = try rawValue(place, program)
      guard let date = DateParser.date(inField: value.span) else { continue }
      values.append(try text(of: date, query, program))
    }
    return values
  }

  /// `currentdate`: of the time at which this run began.
  mutating func currentDateValues(
    _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> [TextWord] {
    [try text(of: MailDate(seconds: Int(nowSeconds)), query, program)]
  }

  /// In the zone that is asked for; where none is, in UTC, so that a policy decides alike wherever
  /// it runs.
  private mutating func text(
    of date: MailDate, _ query: QuerySpec, _ program: borrowing VerifiedProgram
  ) throws(Trap) -> TextWord {
    guard let element = DateElement(rawValue: query.detail) else {
      throw .misplaced("date part \(query.detail)")
    }
    var zone: ZoneOffset? = .utc
    if query.flags.contains(.originalZone) {
      zone = nil
    } else if query.word > 0 {
      zone = ZoneOffset(program.program.string(query.word - 1).utf8)
    }
    return try makeText(date.text(of: element, in: zone).utf8)
  }
}
