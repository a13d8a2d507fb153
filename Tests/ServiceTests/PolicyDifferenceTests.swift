// What a dry run says: which rules, tables and declarations are not the same, and that what only
// stands elsewhere is.
import RuleBytecode
import RuleCompiler
import Testing

@testable import Service

struct PolicyDifferenceTests {
  private static func program(_ text: String) throws -> VerifiedProgram {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let check = Compiler.compile(sources)
    return try VerifiedProgram(try #require(check.program, "\(check.diagnostics)"))
  }

  private static let head = """
    require ["defang", "envelope", "extlists", "reject", "variables"];
    table :inline ["a@example.com", "b@example.com"] :type "address" "friends";
    switch "closed" "off";

    """

  private static let first = """
    phase mail {
      rule "closed" { if string "${switch.closed}" "on" { tempfail "Later"; } }
      rule "friends" { if envelope :list "from" "table:friends" { accept; } }
    }

    """

  private static let second =
    "phase eom { rule \"big\" { if size :over 1M { reject \"Big\"; } } }\n"

  private static let former = head + first + second

  /// Each change of the policy, with what it is said to be: rules, tables, declarations.
  static let changes: [(change: String, policy: String, said: [String])] = [
    ("none", former, []),
    ("moved lines", head + "\n\n# A word\n" + first + "\n" + second, []),
    (
      "another text", former.replacing("\"Big\"", with: "\"Too big\""), ["rule changed big"]
    ),
    ("another size", former.replacing("1M", with: "2M"), ["rule changed big"]),
    (
      "another mode", former.replacing("rule \"big\"", with: "rule :mode \"observe\" \"big\""),
      ["rule changed big"]
    ),
    (
      "one more, in front",
      former.replacing("  rule \"closed\"", with: "  rule \"new\" { discard; }\n  rule \"closed\""),
      ["rule added new"]
    ),
    (
      "renamed", former.replacing("rule \"big\"", with: "rule \"large\""),
      ["rule added large", "rule removed big"]
    ),
    (
      // What looks into a list that stands in the policy does something else.
      "another entry", former.replacing("b@example.com", with: "c@example.com"),
      ["rule changed friends", "table changed friends"]
    ),
    (
      "another value", former.replacing("\"closed\" \"off\"", with: "\"closed\" \"on\""),
      ["declared changed switch \"closed\""]
    ),
    (
      "a declaration",
      former.replacing("switch \"closed\"", with: "limits :parts 10;\nswitch \"closed\""),
      ["declared added limits"]
    ),
  ]

  private static func said(_ kind: String, _ names: PolicyDifference.Names) -> [String] {
    names.added.map { "\(kind) added \($0)" } + names.removed.map { "\(kind) removed \($0)" }
      + names.changed.map { "\(kind) changed \($0)" }
  }

  @Test(arguments: changes.indices) func differencesAreNamed(_ index: Int) throws {
    let (change, policy, expected) = Self.changes[index]
    let difference = PolicyDifference(
      from: try Self.program(Self.former), to: try Self.program(policy))
    let said =
      Self.said("rule", difference.rules) + Self.said("table", difference.tables)
      + Self.said("declared", difference.declared)
    #expect(said == expected, "\(change)")
  }

  /// A rule that calls a block is another when the block is.
  @Test func blocksCountWithTheirCallers() throws {
    let text = """
      require ["defang"];
      define "inner" { addheader "X-A" "1"; }
      define "outer" { call "inner"; }
      phase eom { rule "a" { call "outer"; } rule "b" { discard; } }

      """
    let difference = PolicyDifference(
      from: try Self.program(text),
      to: try Self.program(text.replacing("\"1\"", with: "\"2\"")))
    #expect(Self.said("rule", difference.rules) == ["rule changed a"])
  }
}
