// Sets asked for one subject, each kind in its way.

import RuleBytecode
import Testing

@testable import RuleVM

struct SetLookupTests {
  private static func program(_ kind: SetKind, _ keys: [[UInt8]]) -> Program {
    var program = Program()
    for key in keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let range = StringRange(offset: UInt32(program.stringBytes.count), length: UInt32(key.count))
      program.entries.append(range)
      program.stringBytes += key
    }
    program.sets = [KeySet(kind: kind, first: 0, count: UInt32(keys.count))]
    return program
  }

  static let sets: [(SetKind, [String])] = [
    (.exact, ["Ann", "Bob", "zoe"]), (.folded, ["ann", "bob", "zoe"]),
    (.domains, ["example.net", "sub.example.org", "com"]),
    (.mailboxes, ["ann@example.net", "@example.org", "abuse@"]), (.ordered, ["ann"]),
  ]

  static let questions: [(SetKind, String, Bool)] = [
    (.exact, "Ann", true), (.exact, "ann", false), (.exact, "Bob", true), (.exact, "zoe", true),
    (.exact, "", false), (.exact, "Bobb", false), (.exact, "Bo", false),
    (.folded, "ANN", true), (.folded, "aNn", true), (.folded, "anna", false), (.folded, "É", false),
    (.domains, "example.net", true), (.domains, "EXAMPLE.net", true),
    (.domains, "a.b.example.net", true), (.domains, "badexample.net", false),
    (.domains, "net", false), (.domains, "example.org", false),
    (.domains, "x.sub.example.org", true),
    (.domains, "any.com", true), (.domains, "com", true), (.domains, "com.", false),
    (.domains, "", false), (.domains, ".example.net", true),
    (.mailboxes, "ann@example.net", true), (.mailboxes, "Ann@Example.NET", true),
    (.mailboxes, "bob@example.net", false), (.mailboxes, "bob@example.org", true),
    (.mailboxes, "bob@sub.example.org", false), (.mailboxes, "abuse@anywhere.example", true),
    (.mailboxes, "abuse", false), (.mailboxes, "\"a@b\"@example.org", true),
    (.ordered, "ann", false),
  ]

  @Test(arguments: questions)
  func contains(kind: SetKind, subject: String, expected: Bool) throws {
    let keys = try #require(Self.sets.first { $0.0 == kind }).1
    let program = Self.program(kind, keys.map { Array($0.utf8) })
    #expect(KeyEntries(program).contains(Array(subject.utf8)[...], in: program.sets[0]) == expected)
  }

  static let networks = [
    ("10.0.0.0", "10.255.255.255"), ("192.0.2.7", "192.0.2.7"), ("2001:db8::", "2001:db8::ff"),
  ]

  @Test(arguments: [
    ("10.0.0.0", true), ("10.255.255.255", true), ("9.255.255.255", false), ("11.0.0.0", false),
    ("192.0.2.7", true), ("192.0.2.6", false), ("192.0.2.8", false), ("2001:db8::", true),
    ("2001:db8::ff", true), ("2001:db8::100", false), ("2001:db7:ffff::", false),
    ("::ffff:10.1.2.3", true), ("::10.1.2.3", false), ("0.0.0.0", false), ("ffff::", false),
    ("IPv6:2001:db8::7", true), ("10.1.2", false), ("", false),
  ])
  func addresses(text: String, expected: Bool) throws {
    let keys = try Self.networks.map { first, last in
      try #require(IPAddress(first)).bytes + #require(IPAddress(last)).bytes
    }
    let program = Self.program(.addresses, keys)
    #expect(KeyEntries(program).contains(Array(text.utf8)[...], in: program.sets[0]) == expected)
  }

  @Test func emptySetsHoldNothing() {
    for kind in SetKind.allCases {
      let program = Self.program(kind, [])
      #expect(!KeyEntries(program).contains(Array("10.1.2.3".utf8)[...], in: program.sets[0]))
    }
  }

  /// A name of DNS has at most 255 bytes; of a longer text the ends that fit are still found.
  @Test func longDomains() {
    let entry = String(repeating: "a", count: 251) + ".net"
    let program = Self.program(.domains, [Array(entry.utf8), Array("example.net".utf8)])
    func contains(_ text: String) -> Bool {
      KeyEntries(program).contains(Array(text.utf8)[...], in: program.sets[0])
    }
    #expect(entry.utf8.count == 255 && contains(entry))
    #expect(contains(String(repeating: "x.", count: 5_000) + "example.net"))
    #expect(!contains(String(repeating: "x", count: 300)))
  }
}
