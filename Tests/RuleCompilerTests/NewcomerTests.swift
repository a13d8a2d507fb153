// Words and habits from elsewhere: each is one mistake, said once, with what to write here.

import RuleBytecode
import Testing

@testable import RuleCompiler

struct NewcomerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let phase: String
    let text: String
    let code: String
    let help: String
    var testDescription: String { text }

    init(_ text: String, _ code: String, _ help: String, in phase: String = "headers") {
      self.text = text
      self.code = code
      self.help = help
      self.phase = phase
    }

    /// The statement stands in line 2, behind 9 letters.
    var policy: String {
      "require \"defang\"; phase \(phase) { rule \"a\" {\n         \(text)\n} }"
    }
  }

  static let commands = [
    Case("action_quarantine \"No\";", "N001 2:10", "did you mean 'quarantine'?", in: "part"),
    Case("action_bounce \"No\";", "N001 2:10", "did you mean 'reject'?"),
    Case("action_add_header \"X-A\" \"b\";", "N001 2:10", "did you mean 'addheader'?", in: "eom"),
    Case("add_header \"X-A\" \"b\";", "N001 2:10", "did you mean 'addheader'?", in: "eom"),
    Case("removeheader \"X-A\";", "N001 2:10", "did you mean 'deleteheader'?", in: "eom"),
    Case("defer \"No\";", "N001 2:10", "did you mean 'tempfail'?"),
    Case("temp_fail \"No\";", "N001 2:10", "did you mean 'tempfail'?"),
    Case("remove;", "N001 2:10", "did you mean 'drop'?", in: "part"),
    Case("foreach part { drop; }", "N001 2:10", "did you mean 'foreverypart'?", in: "eom"),
    Case("while true { log \"x\"; }", "N001 2:10", "there are no loops but foreverypart"),
    Case("unless exists \"A\" { stop; }", "N001 2:10", "write if not TEST { … }"),
    Case("if exists \"A\" { exit; }", "N001 2:26", "did you mean 'stop'?"),
  ]

  static let branches = [
    Case("if exists \"A\" { stop; } elif exists \"B\" { stop; }", "N001 2:34", "'elsif'?"),
    Case(
      "if exists \"A\" { stop; } elseif exists \"B\" { stop; } else { log \"x\"; }", "N001 2:34",
      "did you mean 'elsif'?"),
    Case("if exists \"A\" then { stop; }", "S030 2:24", "leave it out: a block stands in"),
    Case("if exists \"A\" and exists \"B\" { stop; }", "S030 2:24", "write allof (a, b)"),
    Case("if exists \"A\" or not exists \"B\" { stop; }", "S030 2:24", "write anyof (a, b)"),
    Case("if (exists \"A\" and exists \"B\") { stop; }", "S030 2:25", "write allof (a, b)"),
    Case("if exists \"A\" && exists \"B\" { stop; }", "S001 2:24", "write allof (a, b)"),
    Case("if !exists \"A\" { stop; }", "S001 2:13", "write not TEST"),
    Case("if header \"Subject\" == \"x\" { stop; }", "S001 2:30", "there are no operators"),
    Case("if subject == \"x\" { stop; }", "S001 2:21", "there are no operators"),
    Case("if size > 10M { stop; }", "S001 2:18", "compare with a tag: size :over 10M"),
  ]

  static let tests = [
    Case("if subject :is \"x\" { stop; }", "N002 2:13", "write header :is \"Subject\""),
    Case("if from :is \"a@b.example\" { stop; }", "N002 2:13", "write address :is \"From\""),
    Case("if sender :is \"a@b.example\" { stop; }", "N002 2:13", "write envelope :is \"from\""),
    Case("if helo \"localhost\" { stop; }", "N002 2:13", "write string :is \"${helo}\""),
    Case("if mime :is \"type\" \"text/html\" { stop; }", "N002 2:13", "write part :is", in: "part"),
    Case("if attachment :is \"extension\" \"exe\" { stop; }", "N002 2:13", "write part :is"),
    Case("if part :is \"filename\" \"a\" { drop; }", "N011 2:22", "mean 'name'?", in: "part"),
    Case("if client.ip \"10.0.0.0/8\" { stop; }", "S001 2:13", "as in string :is \"${client.ip}\""),
  ]

  static let arguments = [
    Case("if size :over 10MB { stop; }", "S010 2:24", "write 10M", in: "message"),
    Case("if size :larger 10M { stop; }", "N003 2:18", "its tags are :over and :under", in: "eom"),
    Case("if ip :list \"client\" \"table:t\" { stop; }", "N003 2:16", "'ip' takes no tags"),
    Case("if ip \"10.0.0.0/8\" { stop; }", "A001 2:13", "write ip \"side\" \"addresses\""),
    Case("addheader \"X-A: b\";", "A001 2:10", "write addheader \"header name\"", in: "eom"),
    Case("reject;", "A001 2:10", "write reject :code \"550\" :enhanced \"5.7.1\" \"text\""),
    Case("reject 550 \"No\";", "A003 2:17", "write reject :code \"550\""),
    Case("reject \"550\" \"5.7.1\" \"No\";", "A002 2:23", "write reject :code \"550\""),
    Case("reject :code 550 \"No\";", "A007 2:17", "write :code \"value\", in quotes"),
    Case("if header :is \"Subject\", \"x\" { stop; }", "S030 2:33", "without commas"),
    Case("if header (\"Subject\") (\"x\") { stop; }", "S027 2:21", "stands in brackets"),
    Case("if header 'Subject' \"x\" { stop; }", "S001 2:20", "straight double quotes"),
  ]

  @Test(arguments: commands + branches + tests + arguments)
  func isSaidOnceWithWhatToWrite(_ example: Case) throws {
    let compiled = Compiled(example.policy)
    #expect(compiled.codes == [example.code])
    let help = try #require(compiled.diagnostics.shown.first?.problem.help)
    #expect(help.contains(example.help), "\(help)")
  }

  @Test(arguments: [
    ("phase \"eom\" { }", "A001", "the name stands without quotes"),
    ("phase body { }", "N008", "did you mean 'message'?"),
    ("phase filter_sender { }", "N008", "did you mean 'mail'?"),
    ("phase end_of_message { }", "N008", "did you mean 'eom'?"),
    ("phase eom { rule { log \"x\"; } }", "A001", "write rule \"name\" { … }"),
    ("table \"bad\" [\"a.example\"];", "A002", "write table :inline [\"a\", \"b\"] \"name\""),
    ("phase eom { -- a comment\n rule \"a\" { log \"x\"; } }", "S001", "comments begin with '#'"),
  ]) func atTheTop(_ text: String, _ code: String, _ words: String) throws {
    let compiled = Compiled("require \"defang\"; phase mail { rule \"m\" { log \"x\"; } }\n" + text)
    let first = try #require(compiled.diagnostics.shown.first)
    #expect(first.problem.code.rawValue == code)
    #expect(compiled.diagnostics.shown.filter { $0.severity == .error }.count == 1)
    #expect(first.problem.help?.contains(words) == true, "\(first.problem.help ?? "")")
  }

  // MARK: The words themselves

  @Test func whatIsMeantIsThere() {
    let commands = Set(Registry.actions.keys).union(Registry.structure)
    for (word, meant) in ForeignWords.commands {
      #expect(commands.contains(meant), "\(word) → \(meant)")
    }
    let phases = Set(Phase.allCases.map(\.name))
    for (word, meant) in ForeignWords.phases { #expect(phases.contains(meant), "\(word)") }
    let fields = Set(PartField.allCases.map(\.fieldName))
    for (word, meant) in ForeignWords.partFields { #expect(fields.contains(meant), "\(word)") }
  }

  /// A word that is one here would never be asked about.
  @Test func wordsAreForeign() {
    let commands = Set(ForeignWords.commands.keys).union(ForeignWords.commandHelp.keys)
    #expect(commands.intersection(Registry.actions.keys) == [])
    #expect(commands.intersection(Registry.structure) == [])
    #expect(Set(ForeignWords.testHelp.keys).intersection(Registry.tests.keys) == [])
    #expect(Set(ForeignWords.phases.keys).intersection(Phase.allCases.map(\.name)) == [])
    #expect(
      Set(ForeignWords.partFields.keys).intersection(PartField.allCases.map(\.fieldName)) == [])
  }
}
