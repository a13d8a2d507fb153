// Addresses as text (RFC 4291 §2.2, RFC 5321 §4.1.3).

import Testing

@testable import RuleBytecode

struct IPAddressTests {
  static let valid: [(String, String)] = [
    ("192.0.2.1", "00000000000000000000ffffc0000201"),
    ("0.0.0.0", "00000000000000000000ffff00000000"),
    ("255.255.255.255", "00000000000000000000ffffffffffff"),
    ("::", "00000000000000000000000000000000"),
    ("::1", "00000000000000000000000000000001"),
    ("1::", "00010000000000000000000000000000"),
    ("2001:db8::8:800:200c:417a", "20010db80000000000080800200c417a"),
    ("2001:DB8:0:0:8:800:200C:417A", "20010db80000000000080800200c417a"),
    ("::ffff:192.0.2.1", "00000000000000000000ffffc0000201"),
    ("1:2:3:4:5:6:192.0.2.1", "000100020003000400050006c0000201"),
    ("IPv6:2001:db8::1", "20010db8000000000000000000000001"),
    ("ipv6:::1", "00000000000000000000000000000001"),
    ("fe80::1%eth0", "fe800000000000000000000000000001"),
  ]

  static let invalid = [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "1..3.4", " 1.2.3.4",
    "1.2.3.4 ", "1.2.3.0x4", "٣.2.3.4", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::", "::1::", "1::2::3", "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4",
    "1.2.3.4::", "::1.2.3", ":1", "1:", "+1::", "localhost",
  ]

  @Test(arguments: valid)
  func reads(text: String, hex: String) throws {
    #expect(try #require(IPAddress(text)).bytes.hex == hex)
  }

  @Test(arguments: invalid)
  func refuses(text: String) { #expect(IPAddress(text) == nil) }

  @Test func tellsTheFamilies() throws {
    #expect(try #require(IPAddress("10.1.2.3")).isIPv4)
    #expect(try #require(IPAddress("::ffff:10.1.2.3")).isIPv4)
    #expect(try !#require(IPAddress("::10.1.2.3")).isIPv4)
  }

  @Test func longTextIsNoAddress() {
    #expect(IPAddress(String(repeating: "1:", count: 100_000)) == nil)
    #expect(IPAddress(String(repeating: ".", count: 100_000)) == nil)
  }
}
