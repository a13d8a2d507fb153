// Addresses and networks as the rules write them.

import Testing

@testable import TableText

struct AddressRangeTests {
  /// First and last address in hexadecimal.
  private static let known: [(String, String, String)] = [
    ("192.0.2.1", "ffffc0000201", "ffffc0000201"),
    ("0.0.0.0/0", "ffff00000000", "ffffffffffff"),
    ("10.0.0.0/8", "ffff0a000000", "ffff0affffff"),
    ("10.0.0.1/32", "ffff0a000001", "ffff0a000001"),
    ("::", "0", "0"),
    ("::/0", "0", String(repeating: "f", count: 32)),
    ("::1/128", "1", "1"),
    ("::ffff:10.0.0.0/104", "ffff0a000000", "ffff0affffff"),
    ("ffff::/16", "ffff" + String(repeating: "0", count: 28), String(repeating: "f", count: 32)),
  ]

  @Test(arguments: known)
  func networks(_ text: String, _ first: String, _ last: String) throws {
    let first = try #require(UInt128(first, radix: 16))
    let last = try #require(UInt128(last, radix: 16))
    #expect(AddressRange.read(text) == .range(AddressRange(first: first, last: last)))
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", "+1.2.3.4", ":", ":::",
    "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "::1.2.3", "1.2.3.4::",
    "fe80::1%eth0", "IPv6:::1", "[::1]", "localhost", "-1::",
  ])
  func badAddresses(_ text: String) {
    #expect(AddressRange.read(text) == .badAddress)
  }

  @Test(arguments: [
    "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/255.0.0.0",
    "::/129", "::/1/2", "x/8", "10.0.0.0/8 ",
  ])
  func badNetworks(_ text: String) {
    #expect(AddressRange.read(text) == .badNetwork)
  }

  @Test(arguments: [
    ("10.1.2.3/8", "10.0.0.0/8"), ("255.255.255.255/0", "0.0.0.0/0"),
    ("2001:db8::1/32", "2001:db8::/32"), ("1:2:3:4:5:6:7:8/127", "1:2:3:4:5:6:7:8/127"),
    ("1:2:3:4:5:6:7:9/127", "1:2:3:4:5:6:7:8/127"), ("1::9/64", "1::/64"),
  ])
  func hostBits(_ text: String, _ network: String) {
    switch AddressRange.read(text) {
    case .hostBits(let range, let found):
      #expect(found == network)
      #expect(AddressRange.read(found) == .range(range))
    case let other: #expect(text == network && other == AddressRange.read(network))
    }
  }

  @Test func mergesNeighboursAndOverlaps() {
    let ranges = [(5, 9), (1, 2), (3, 3), (8, 12), (20, 20), (14, 15), (14, 14)].map {
      AddressRange(first: $0.0, last: $0.1)
    }
    let merged = AddressRange.merged(ranges)
    #expect(merged.map { [$0.first, $0.last] } == [[1, 3], [5, 12], [14, 15], [20, 20]])
    let all = AddressRange(first: 0, last: .max)
    #expect(AddressRange.merged([all, AddressRange(first: .max, last: .max)]) == [all])
  }
}
