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
    Case("if scan \"clam\" { stop; }", "D010 2:18", "scanner :clamd", in: "message"),
    Case("lookup \"table:friends\" \"a\";", "D010 2:17", "table :inline"),
    Case("save_copy :store \"copies\";", "D010 2:27", "store :directory", in: "eom"),
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
    Case("if anyof { exists \"A\", exists \"B\" } { stop; }", "S027 2:19", "in parentheses"),
    Case("if size :over 10 MB { stop; }", "S030 2:27", "without a blank: 10M", in: "eom"),
    Case("log(\"x\");", "S027 2:14", "arguments have no parentheses"),
    Case("stop();", "S022 2:14", "leave '()' out"),
    Case("if header \"A\" \"say \"hello\"\" { stop; }", "S030 2:30", "inside a string a quote is"),
    Case("if header :matches \"A\" /viagra/i { stop; }", "S001 2:33", "without slashes: :regex"),
    Case("if header :equals \"A\" \"b\" { stop; }", "N003 2:20", "write :is"),
    Case("if header :startswith \"A\" \"b\" { stop; }", "N003 2:20", "write :matches \"text*\""),
    Case("if header :exists \"A\" { stop; }", "N003 2:20", "write exists"),
    Case("if part :size :over 1M { drop; }", "N003 2:18", "part :over \"size\"", in: "part"),
    Case("if header :not :is \"A\" \"b\" { stop; }", "N003 2:20", "before the test: not header"),
    Case("redirect \"Ann <a@b.example>\";", "L001 2:19", "write \"a@b.example\"", in: "eom"),
    Case("addrcpt \"a@b.example, c@b.example\";", "L001 2:18", "a string of its own", in: "eom"),
    Case("setsender \"<>\";", "L001 2:20", "the null sender is the empty text", in: "eom"),
    Case("if ip \"client\" \"[2001:db8::1]\" { stop; }", "L003 2:25", "write \"2001:db8::1\""),
    Case("if ip \"client\" \"192.0.2.*\" { stop; }", "L003 2:25", "write \"192.0.2.0/24\""),
    Case("if ip \"client\" \"192.0.2.9:25\" { stop; }", "L003 2:25", "write \"192.0.2.9\""),
    Case("if size :larger 10M { stop; }", "N003 2:18", "its tags are :over and :under", in: "eom"),
    Case("if ip :list \"client\" \"table:t\" { stop; }", "N003 2:16", "'ip' takes no tags"),
    Case("if ip \"10.0.0.0/8\" { stop; }", "A001 2:13", "write ip \"client\" \"192.0.2.0/24\""),
    Case("addheader \"X-A: b\";", "A001 2:10", "write addheader \"header name\"", in: "eom"),
    Case("reject;", "A001 2:10", "write reject :code \"550\" :enhanced \"5.7.1\" \"text\""),
    Case("reject 550 \"No\";", "A003 2:17", "write reject :code \"550\""),
    Case("reject \"550\" \"5.7.1\" \"No\";", "A002 2:23", "write reject :code \"550\""),
    Case("reject :code 550 \"No\";", "A007 2:17", "write :code \"value\", in quotes"),
    Case("if header :is \"Subject\", \"x\" { stop; }", "S030 2:33", "without commas"),
    Case("if header (\"Subject\") (\"x\") { stop; }", "S027 2:21", "stands in brackets"),
    Case("if header 'Subject' \"x\" { stop; }", "S001 2:20", "straight double quotes"),
    Case("if header «Subject» \"x\" { stop; }", "S001 2:20", "straight double quotes"),
    Case("log /etc/passwd;", "S001 2:14", "paths stand in quotes: \"/etc/passwd\""),
    Case("log unix:/run/x.sock;", "S001 2:14", "in quotes: \"unix:/run/x.sock\""),
    Case("log text/html;", "S001 2:14", "strings stand in quotes: \"text/html\""),
    Case("if exists X-Spam { stop; }", "S001 2:20", "strings stand in quotes: \"X-Spam\""),
    Case("if exists \"A\" \"B\" { stop; }", "A002 2:24", "exists [\"X-A\", \"X-B\"]"),
    Case("if anyof [true, false] { stop; }", "S027 2:19", "stands in parentheses"),
    Case("if \"${helo}\" :is \"x\" { stop; }", "S021 2:13", "string :is", in: "helo"),
    Case("if score :ge \"5\" { stop; }", "N003 2:19", "write :value \"ge\""),
    Case("if score :over 5.5 { stop; }", "S010 2:25", "as strings: \"4.5\""),
    Case("log :level notice \"x\";", "A007 2:14", "write :level \"value\", in quotes"),
    Case("set who \"x\"; log \"${who}\";", "A009 2:14", "put it in quotes"),
    Case("reject \"one\ntwo\";", "L014 2:17", "gives one line each"),
    Case("keep;", "P010 2:10", "a message that no rule refuses is delivered", in: "eom"),
    Case("fileinto \"Junk\";", "N005 2:10", "mark it for the program that delivers", in: "eom"),
    Case("if string \"${client.hostname}\" \"x\" { stop; }", "N009", "mean 'client.name'?"),
  ]

  /// What compiles and means something else.
  static let meanings = [
    Case("if string :is ${helo} \"x\" { stop; }", "S001 2:24", "variables stand inside strings"),
    Case("if header :is \"Subject\" \"*sale*\" { stop; }", "F018 2:34", "write :matches"),
    Case("if header :contains \"Subject\" \"sale*\" { stop; }", "F018 2:40", "write :matches"),
    Case("if address :localpart \"From\" \"a@b.example\" { stop; }", "F018 2:39", "leave ':local"),
    Case("if header :value \"gt\" \"X-Level\" \"5\" { stop; }", "F018 2:42", "ascii-numeric"),
    Case("if string \"${client.ip}\" \"10.0.0.0/8\" { stop; }", "F018 2:35", "write ip"),
    Case("deleteheader \"X-*\";", "F018 2:23", "name each field"),
    Case("if string \"$sender_address\" \"\" { stop; }", "F018 2:20", "write \"${sender}\""),
    Case("if currentdate \"hour\" \"8\" { stop; }", "F018 2:32", "write \"08\""),
    Case("if date \"Date\" \"weekday\" \"Monday\" { stop; }", "F018 2:35", "write \"1\""),
    Case("if string \"client.ip\" \"10.0.0.1\" { stop; }", "F018 2:20", "write \"${client.ip}\""),
    Case("if string \"$(helo)\" \"x\" { stop; }", "F018 2:20", "write \"${helo}\""),
    Case(
      "reject \"550 5.7.2 No\";", "F018 2:17",
      "write reject :code \"550\" :enhanced \"5.7.2\" \"No\""),
    Case("reject \"450 Later\";", "F018 2:17", "write tempfail :code \"450\" \"Later\""),
    Case("if part :archive \"member\" \"*.exe\" { drop; }", "F018 2:36", ":matches", in: "part"),
    Case("if part \"extension\" \"*.exe\" { drop; }", "N011 2:30", "mean 'exe'?", in: "part"),
    Case("if part \"declared\" \"image/*\" { drop; }", "L019 2:29", "write :matches", in: "part"),
    Case("if part \"declared\" \"image\" { drop; }", "L019 2:29", "\"image/*\"", in: "part"),
    Case("if part :encrypted \"zip\" { drop; }", "N011 2:29", "mean 'archive'?", in: "part"),
    Case("if part :archive \"name\" \"x\" { drop; }", "N011 2:27", "mean 'member'?", in: "part"),
  ]

  @Test(arguments: meanings + arguments.filter { $0.code == "N009" })
  func meansSomethingElse(_ example: Case) throws {
    let needs = "require [\"defang\", \"variables\", \"relational\", \"date\"]; "
    let text = needs + example.policy.dropFirst("require \"defang\"; ".count)
    let compiled = Compiled(text)
    #expect(compiled.codes.map { $0.hasPrefix("N009") ? "N009" : $0 } == [example.code])
    let help = try #require(compiled.diagnostics.shown.first?.problem.help)
    #expect(help.contains(example.help), "\(help)")
  }

  /// Stars that are no wildcards anywhere.
  @Test(arguments: ["*** spam ***", "*", "* news *", "*/*", "a*b", "**bold**"])
  func starsThatAreMeant(_ key: String) {
    let text =
      "phase headers { rule \"a\" { if header :contains \"Subject\" \"\(key)\" { stop; } } }"
    #expect(Compiled("require \"defang\"; " + text).codes == [])
  }

  @Test(arguments: [
    ("*@news.example", "address", "in a table :type \"address\""),
    ("*.news.example", "address", "in a table :type \"domain\""),
    ("news*", "address", "of :type \"regex\""),
  ]) func starsInTables(_ entry: String, _ test: String, _ help: String) throws {
    let compiled = Compiled(
      """
      require ["defang", "extlists"];
      table :inline ["\(entry)"] "t";
      phase headers { rule "a" { if \(test) :list "From" "table:t" { stop; } } }
      """)
    #expect(compiled.codes == ["F018 3:52"])
    #expect(compiled.diagnostics.shown.first?.problem.help?.contains(help) == true)
  }

  @Test(arguments: [".exe", "exe, js", "tar.gz"])
  func entriesThatNoExtensionIs(_ entry: String) {
    let compiled = Compiled(
      """
      require ["defang", "extlists"];
      table :inline ["\(entry)"] "bad";
      phase part { rule "a" { if part :list "extension" "table:bad" { drop; } } }
      """)
    #expect(compiled.codes == ["F018 3:51"])
  }

  @Test(arguments: (commands + branches + tests + arguments).filter { $0.code != "N009" })
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
    ("group fact \"client.ip\" { rule \"g\" { log \"x\"; } }", "D004", "write phase mail { group"),
    ("phase eom { if true { rule \"i\" { log \"x\"; } } }", "D002", "write group TEST { rule"),
    ("table :inline [\"*.a.example\"] :type \"domain\" \"t\";", "L023", "write a.example;"),
    ("table :inline [\"*@a.example\"] :type \"address\" \"t\";", "L023", "write @a.example"),
    ("phase eom { rule { log \"x\"; } }", "A001", "write rule \"name\" { … }"),
    ("phase eom { rule \"x\": { log \"x\"; } }", "S014", "before '{' stands no ':'"),
    ("table [\"exe\", \"js\"] \"bad\";", "A003", "write table :inline"),
    ("on_error :dns tempfail;", "A007", "in quotes"),
    ("on_error dns \"tempfail\";", "A009", "write on_error :dns"),
    ("table :inline [\"10.0.0.0/8\"] :type cidr \"net\";", "A007", "in quotes"),
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
