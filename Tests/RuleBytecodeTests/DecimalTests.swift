// Fixed-point decimals: six places.

import Testing

@testable import RuleBytecode

struct DecimalTests {
  static let valid: [(String, Int64)] = [
    ("0", 0), ("4", 4_000_000), ("4.0", 4_000_000), ("-0.25", -250_000), ("+1.5", 1_500_000),
    ("0.000001", 1), ("-0.000001", -1), ("007", 7_000_000), ("999999999", 999_999_999_000_000),
    ("-999999999.999999", -999_999_999_999_999),
  ]
  static let invalid = [
    "", "+", "-", ".", ".5", "5.", "1.0000001", "1000000000", "1e3", "1,5", " 1", "1 ", "--1",
    "+-1",
    "1.2.3", "0x10", "inf", "٣",
  ]
  static let texts: [(Int64, String)] = [
    (0, "0.0"), (4_000_000, "4.0"), (-250_000, "-0.25"), (1, "0.000001"), (100_000, "0.1"),
    (1_234_567, "1.234567"), (.max, "9223372036854.775807"), (.min, "-9223372036854.775808"),
  ]

  @Test(arguments: valid)
  func reads(text: String, value: Int64) { #expect(Decimal.parse(text.utf8) == value) }

  @Test(arguments: invalid)
  func refuses(text: String) { #expect(Decimal.parse(text.utf8) == nil) }

  @Test(arguments: texts)
  func prints(value: Int64, text: String) { #expect(Decimal.text(value) == text) }

  @Test(arguments: valid)
  func printedIsReadAgain(text: String, value: Int64) {
    #expect(Decimal.parse(Decimal.text(value).utf8) == value)
  }
}
