// The generic grammar of RFC 5228 §8: what is valid, and to which tree it parses.

import Testing

@testable import RuleCompiler

struct ParserTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let source: String
    let tree: String
    var testDescription: String { source.debugDescription }
    init(_ source: String, _ tree: String) {
      self.source = source
      self.tree = tree
    }
  }

  static let valid: [Case] = [
    Case("", ""),
    Case("# only a comment", ""),
    Case("stop;", "stop;"),
    Case("STOP ;", "stop;"),
    Case("require [\"a\", \"b\"];", "require [\"a\" \"b\"];"),
    Case("require[\"a\"];", "require [\"a\"];"),
    Case("size_x :OVER 100K;", "size_x :over 102400;"),
    Case("a 1k 2M 3G 0;", "a 1024 2097152 3221225472 0;"),
    Case("a 9223372036854775807;", "a 9223372036854775807;"),
    // Larger ones of 64 bits are that.
    Case("a 18446744073709551615;", "a 9223372036854775807;"),
    Case("a 17179869183G;", "a 9223372036854775807;"),
    Case("if true { stop; }", "if true{stop;}"),
    Case("if true {} elsif false {} else {}", "if true{} elsif false{} else{}"),
    Case("if not not true {}", "if not not true{}"),
    Case(
      "if anyof (true, not header :is \"a\" [\"b\", \"c\"]) { }",
      "if anyof (true, not header :is \"a\" [\"b\" \"c\"]){}"),
    Case("if (true) {}", "if (true){}"),
    Case("group not submission \"local\" { }", "group not submission \"local\"{}"),
    Case("define \"x\" anyof (true, false);", "define \"x\" anyof (true, false);"),
    Case("define \"x\"anyof(true);", "define \"x\" anyof (true);"),
    Case("define \"x\"\n  not true;", "define \"x\" not true;"),
    Case(
      "if score :value \"ge\" \"6.0\" { stop; }", "if score :value \"ge\" \"6.0\"{stop;}"),
    Case("if header \"a\" :is \"b\" {}", "if header \"a\" :is \"b\"{}"),
    // Names that nobody knows follow the grammar alone.
    Case("foo bar baz \"x\";", "foo bar baz \"x\";"),
    Case("foo bar;", "foo bar;"),
    Case("/* a */ stop /* b ** / */ ; # c", "stop;"),
    Case("stop; /**/ stop; /***/ stop;", "stop; stop; stop;"),
    Case("\u{FEFF}stop;", "stop;"),
    Case("phase connect {\r\n  stop;\r\n}\r\n", "phase connect{stop;}"),
    Case("text :text \"text\";", "text :text \"text\";"),
  ]

  @Test(arguments: valid) func validTree(_ test: Case) {
    let parsed = Parsed(test.source)
    #expect(parsed.codes == [])
    #expect(parsed.script.dump == test.tree)
    #expect(parsed.script.isStructureReliable)
  }

  @Test func rangesCoverWhatTheyName() throws {
    let text = "# c\nif  header :is \"a\" [\"b\", \"c\"] {\n  stop ;\n}  "
    let parsed = Parsed(text)
    let command = try #require(parsed.script.commands.first)
    let test = try #require(command.arguments.tests.first)
    let block = try #require(command.block)
    func slice(_ range: SourceRange) -> String { parsed.source.text(range.bytes) }
    #expect(slice(command.name.range) == "if")
    #expect(slice(command.range) == String(text.dropFirst(4).dropLast(2)))
    #expect(slice(command.arguments.range) == "header :is \"a\" [\"b\", \"c\"]")
    #expect(slice(test.range) == "header :is \"a\" [\"b\", \"c\"]")
    #expect(test.arguments.items.map { slice($0.range) } == [":is", "\"a\"", "[\"b\", \"c\"]"])
    #expect(test.arguments.items[2].strings?.map { slice($0.range) } == ["\"b\"", "\"c\""])
    #expect(slice(block.openBrace) == "{")
    #expect(slice(block.closeBrace) == "}")
    #expect(block.commands.map { slice($0.range) } == ["stop ;"])
    #expect(parsed.script.comments.map { slice($0.range) } == ["# c"])
  }

  @Test func testListRangeHasItsParentheses() throws {
    let parsed = Parsed("if anyof (true, false) {}")
    let test = try #require(parsed.script.commands.first?.arguments.tests.first)
    let list = try #require(test.arguments.testList)
    #expect(parsed.source.text(list.bytes) == "(true, false)")
    #expect(test.arguments.tests.map { parsed.source.text($0.range.bytes) } == ["true", "false"])
  }

  @Test func commentsAreKept() {
    let parsed = Parsed("# a\r\nstop; /* b\n */ reject text: # c\nx\n.\n; # d")
    let comments = parsed.script.comments
    #expect(
      comments.map { parsed.source.text($0.range.bytes) } == ["# a", "/* b\n */", "# c", "# d"])
    #expect(comments.map(\.form) == [.hash, .bracket, .hash, .hash])
  }

  /// The example of the language description, which uses most of the shapes there are.
  @Test func languageExample() throws {
    let text = """
      require ["defang", "envelope", "relational", "variables", "extlists"];
      on_error :dns "continue" :scanner "tempfail" :table "tempfail";
      table :file "partners.cidr" :type "cidr" "partners";
      define "executable" anyof (part :list "extension" "table:bad", part :is "kind" "executable");
      phase connect {
        rule "partner" { if ip "client" "table:partners" { set :session "trusted" "yes"; } }
        rule "blocklist" { if dnsbl :timeout 3 "zen.example.org" { score "4.0" "ZEN"; } }
      }
      phase rcpt {
        group not submission "local" {
          rule "spamtrap" {
            if envelope :is "to" "trap@example.com" { reject :code "550" "No such user"; } }
        }
      }
      phase eom {
        rule "tag-spam" {
          if allof (score :value "ge" "6.0", not string :is "${trusted}" "yes") {
            addheader "X-Spam-Flag" "YES"; } }
      }
      """
    let parsed = Parsed(text)
    #expect(parsed.text == "")
    #expect(
      parsed.script.commands.map(\.name.text) == [
        "require", "on_error", "table", "define", "phase", "phase", "phase",
      ])
    let rule = try #require(parsed.script.commands.last?.block?.commands.first)
    #expect(
      rule.dump == "rule \"tag-spam\"{if allof (score :value \"ge\" \"6.0\", "
        + "not string :is \"${trusted}\" \"yes\"){addheader \"X-Spam-Flag\" \"YES\";}}")
  }
}
