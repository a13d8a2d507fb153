// Whose mail is traced: conditions as they are written, and whom they mean.

import MilterBridge
import Testing

struct TraceSelectionTests {
  /// Asks as a session does, step by step.
  private static func holds(
    _ filters: [String], client: String = "192.0.2.7", sender: String = "ann@example.net",
    recipients: [String] = ["bob@example.com"], rules: [String] = ["virus"], number: Int = 0
  ) throws -> Bool {
    TraceSelection(try filters.map { text throws(TraceFilter.Problem) in try TraceFilter(text) })
      .narrowed(client: client).narrowed(sender: sender, messageNumber: number)
      .holds(recipients: recipients, rules: rules)
  }

  @Test(arguments: [
    ("", true), ("client=192.0.2.7", true), ("client=192.0.2.0/29", true),
    ("client=192.0.2.8/29", false), ("client=0.0.0.0/0", true), ("client=::/0", false),
    ("client=2001:db8::/32", false), ("sender=ANN@Example.NET", true), ("sender=ann*", true),
    ("sender=ann", false), ("sender=", false), ("recipient=@example.com", true),
    ("recipient=@ample.com", false), ("rule=vi*", true), ("rule=spam", false), ("share=1/1", true),
    ("client=192.0.2.7 sender=@example.net recipient=bob@* rule=virus share=1/3", true),
    ("client=192.0.2.7 sender=@example.org", false),
  ])
  func oneFilter(text: String, isMeant: Bool) throws {
    #expect(try Self.holds([text]) == isMeant)
    #expect(try TraceFilter(TraceFilter(text).text) == TraceFilter(text))
  }

  @Test func oneOfSeveralIsEnough() throws {
    #expect(try Self.holds(["client=198.51.100.1", "rule=virus"]))
    // Not half of one and half of another.
    #expect(try !Self.holds(["client=198.51.100.1 rule=virus", "rule=spam"]))
    #expect(try !Self.holds([]))
  }

  @Test func aShare() throws {
    let meant = try (0..<10).filter { try Self.holds(["share=1/4"], number: $0) }
    #expect(meant == [0, 4, 8])
  }

  @Test func ipv6() throws {
    #expect(try Self.holds(["client=2001:db8::/33"], client: "2001:db8:7fff::1"))
    #expect(try !Self.holds(["client=2001:db8::/33"], client: "2001:db8:8000::1"))
    #expect(try !Self.holds(["client=0.0.0.0/0"], client: "unknown"))
  }

  @Test(
    arguments: [
      ("who=me", .unknownWord("who=me")), ("client", .unknownWord("client")),
      ("client=192.0.2.0/33", .badClient("192.0.2.0/33")), ("client=host", .badClient("host")),
      ("client=192.0.2.0/", .badClient("192.0.2.0/")), ("share=5", .badShare("5")),
      ("share=1/0", .badShare("1/0")), ("rule=", .empty("rule")),
      ("rule=a rule=b", .twice("rule")),
    ] as [(String, TraceFilter.Problem)])
  func mistakes(text: String, problem: TraceFilter.Problem) {
    #expect(throws: problem) { try TraceFilter(text) }
  }
}
