// Date-times of header fields: RFC 5322 §3.3 and §4.3, and the parts of RFC 5260 §4.2.

import MailMessage
import Testing

struct DateCase: CustomTestStringConvertible, Sendable {
  let value: String
  /// As `iso8601` in the zone it was written in; nil for what is no date.
  let expected: String?
  var testDescription: String { value }

  init(_ value: String, _ expected: String?) {
    self.value = value
    self.expected = expected
  }
}

@Suite struct DateTests {
  @Test(arguments: standard + obsolete + inFields + broken)
  func reading(_ example: DateCase) {
    #expect(Self.date(example.value)?.text(of: .iso8601) == example.expected)
  }

  private static func date(_ value: String) -> MailDate? {
    DateParser.date(inField: Array(value.utf8).span)
  }

  static let standard = [
    DateCase("Mon, 20 Jul 2009 21:44:43 +0300", "2009-07-20T21:44:43+03:00"),
    DateCase("20 Jul 2009 21:44 -0330", "2009-07-20T21:44:00-03:30"),
    DateCase(" Thu,\r\n 1\r\n Jan 1970 00:00:00 +0000 ", "1970-01-01T00:00:00+00:00"),
    DateCase("Thu, 31 Dec 1998 23:59:60 +0000", "1998-12-31T23:59:60+00:00"),
    DateCase("29 Feb 2000 00:00:00 -0000", "2000-02-29T00:00:00-00:00"),
    DateCase("Fri, 01 Mar 2024 09:05:03 +0545 (NPT)", "2024-03-01T09:05:03+05:45"),
    DateCase("1 Jan 0000 00:00:00 +0000", "0000-01-01T00:00:00+00:00"),
    DateCase("31 Dec 9999 23:59:59 +0000", "9999-12-31T23:59:59+00:00"),
    DateCase("Wed, 22 jul 2009 23:30:14 +1400", "2009-07-22T23:30:14+14:00"),
  ]

  static let obsolete = [
    DateCase("21 Nov 97 09:55:06 GMT", "1997-11-21T09:55:06+00:00"),
    DateCase("21 Nov 49 09:55:06 UT", "2049-11-21T09:55:06+00:00"),
    DateCase("21 Nov 50 09:55:06 EST", "1950-11-21T09:55:06-05:00"),
    DateCase("21 Nov 104 09:55:06 edt", "2004-11-21T09:55:06-04:00"),
    DateCase("21 Nov 2004 09:55:06 CST", "2004-11-21T09:55:06-06:00"),
    DateCase("21 Nov 2004 09:55:06 CDT", "2004-11-21T09:55:06-05:00"),
    DateCase("21 Nov 2004 09:55:06 MST", "2004-11-21T09:55:06-07:00"),
    DateCase("21 Nov 2004 09:55:06 MDT", "2004-11-21T09:55:06-06:00"),
    DateCase("21 Nov 2004 09:55:06 PST", "2004-11-21T09:55:06-08:00"),
    DateCase("21 Nov 2004 09:55:06 PDT", "2004-11-21T09:55:06-07:00"),
    DateCase("21 Nov 2004 09:55:06 A", "2004-11-21T09:55:06-00:00"),
    DateCase("21 Nov 2004 09:55:06 CEST", "2004-11-21T09:55:06-00:00"),
    DateCase("21 Nov 2004 09:55:06", "2004-11-21T09:55:06-00:00"),
    DateCase(
      "Thu (day) , 13\r\n (x (nested) \\) y) Feb 1969 23 : 32 (mi) : 54 -0330 (a)",
      "1969-02-13T23:32:54-03:30"),
    DateCase("Monday, 2 November 2020 1:02:03 +0000", "2020-11-02T01:02:03+00:00"),
    DateCase("Mon 2 Nov 2020 10:02:03 +0000", "2020-11-02T10:02:03+00:00"),
  ]

  static let inFields = [
    DateCase(
      "from a (b; c) by d id 1.2;\r\n Wed, 12 Nov 2014 18:18:31 +0100",
      "2014-11-12T18:18:31+01:00"),
    DateCase("by a; by b; 12 Nov 2014 18:18:31 +0100", "2014-11-12T18:18:31+01:00"),
    DateCase("by \"a;b\"; 12 Nov 2014 18:18:31 +0100 (x; y)", "2014-11-12T18:18:31+01:00"),
    DateCase("by \"a\\\";b\"; 12 Nov 2014 18:18:31 +0100", "2014-11-12T18:18:31+01:00"),
    DateCase("from a by b with c", nil),
  ]

  static let broken = [
    DateCase("", nil), DateCase("Mon,", nil), DateCase("Moo, 34 Juul 3060 25:30:42 +6600", nil),
    DateCase("29 Feb 1900 00:00:00 +0000", nil), DateCase("31 Apr 2020 00:00:00 +0000", nil),
    DateCase("0 Jan 2020 00:00:00 +0000", nil), DateCase("1 Ja 2020 00:00:00 +0000", nil),
    DateCase("1 Foo 2020 00:00:00 +0000", nil), DateCase("1 Jan 12020 00:00:00 +0000", nil),
    DateCase("1 Jan 2 00:00:00 +0000", nil), DateCase("001 Jan 2020 00:00:00 +0000", nil),
    DateCase("1 Jan 2020 24:00:00 +0000", nil), DateCase("1 Jan 2020 23:60:00 +0000", nil),
    DateCase("1 Jan 2020 23:59:61 +0000", nil), DateCase("1 Jan 2020 23:5 +0000", nil),
    DateCase("1 Jan 2020 23.59.59 +0000", nil), DateCase("1 Jan 2020", nil),
    DateCase("1 Jan 2020 00:00:00 +00", nil), DateCase("1 Jan 2020 00:00:00 +0060", nil),
    DateCase("1 Jan 2020 00:00:00 +00000", nil), DateCase("1 Jan 2020 00:00:00 +0000 x", nil),
    DateCase("1 Jan 2020 00:00:00 GMT+0200", nil), DateCase("2020-01-01T00:00:00Z", nil),
  ]

  @Test(arguments: [
    (DateElement.year, "2009", "2009"), (.month, "07", "07"), (.day, "21", "20"),
    (.date, "2009-07-21", "2009-07-20"), (.julian, "55033", "55032"), (.hour, "00", "18"),
    (.minute, "14", "44"), (.second, "43", "43"), (.time, "00:14:43", "18:44:43"),
    (.iso8601, "2009-07-21T00:14:43+05:30", "2009-07-20T18:44:43+00:00"),
    (.std11, "Tue, 21 Jul 2009 00:14:43 +0530", "Mon, 20 Jul 2009 18:44:43 +0000"),
    (.zone, "+0530", "+0000"), (.weekday, "2", "1"),
  ])
  func parts(_ part: DateElement, _ shifted: String, _ inUTC: String) throws {
    let date = try #require(Self.date("Mon, 20 Jul 2009 21:44:43 +0300"))
    #expect(date.text(of: part, in: ZoneOffset("+0530".utf8)) == shifted)
    #expect(date.text(of: part, in: .utc) == inUTC)
    #expect(DateElement(named: part.name) == part)
  }

  @Test(arguments: [
    ("+0000", 0, false, "+0000"), ("-0000", 0, true, "-0000"), ("+1400", 840, false, "+1400"),
    ("-0330", -210, false, "-0330"), ("+9959", 5_999, false, "+9959"),
  ])
  func zones(_ text: String, _ minutes: Int, _ isUnknown: Bool, _ written: String) throws {
    let zone = try #require(ZoneOffset(text.utf8))
    #expect(zone.minutes == minutes)
    #expect(zone.isUnknown == isUnknown)
    #expect(zone.text == written)
  }

  @Test(arguments: ["", "0000", "+000", "+00000", "+0060", "+00:0", "GMT", "+-100", " 0100"])
  func notZones(_ text: String) { #expect(ZoneOffset(text.utf8) == nil) }

  @Test func leapSecondKeepsItsMinute() throws {
    let date = try #require(Self.date("31 Dec 1998 23:59:60 +0000"))
    #expect(date.seconds == 915_148_799)
    #expect(date.text(of: .time, in: ZoneOffset(minutes: 90)) == "01:29:60")
  }

  /// Days known from outside, then every day of 800 years there and back.
  @Test func civilDays() throws {
    for (days, year, month, day, weekday) in [
      (0, 1970, 1, 1, 4), (-1, 1969, 12, 31, 3), (11_016, 2000, 2, 29, 2),
      (19_782, 2024, 2, 29, 4), (-719_528, 0, 1, 1, 6), (2_932_896, 9_999, 12, 31, 5),
      (-25_567, 1900, 1, 1, 1),
    ] {
      let date = CivilDate(daysSince1970: days)
      #expect(date == CivilDate(year: year, month: month, day: day))
      #expect(date.daysSince1970 == days && date.weekday == weekday)
    }
    var last = CivilDate(daysSince1970: -146_098)
    for days in -146_097...146_097 {
      let date = CivilDate(daysSince1970: days)
      let isNext =
        date.day == last.day + 1 && date.month == last.month
        || date.day == 1 && date.month == last.month % 12 + 1
      if date.daysSince1970 != days || !isNext {
        Issue.record("day \(days) is \(date)")
        return
      }
      last = date
    }
  }
}
