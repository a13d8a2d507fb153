// What is wrong with a test file is said like what is wrong with a policy: code and place.
import RuleCompiler
import Testing

@testable import PolicyTests

struct RulesTestMistakeTests {
  private static let policy =
    "require \"defang\"; phase eom { rule \"a\" { log \"x\"; } }"

  @Test(arguments: [
    ("tset \"a\" { }", ["N001 1:1"]),
    ("test \"a\" { conect; expect :verdict \"accept\"; }", ["N001 1:12", "T008 1:20"]),
    ("test \"a\" { connect :op \"1\"; expect :code \"1\"; }", ["N003 1:20"]),
    ("test \"a\" { connect; expect; }", ["A001 1:21"]),
    ("test \"a\" { connect; expect :verdict \"rejct\"; }", ["N011 1:37"]),
    ("test \"a\" { connect; expect :phase \"recipient\"; }", ["N011 1:35"]),
    ("test \"a\" { connect; expect :action \"addheadr\"; }", ["N011 1:36"]),
    ("test \"a\" { connect; expect :error \"dnss\"; }", ["N011 1:35"]),
    ("test \"a\" { connect; expect :score \"x\"; }", ["L010 1:35"]),
    ("test \"a\" { connect; expect :score; }", ["A001 1:21"]),
    ("test \"a\" { connect; expect :unchanged :code \"1\"; }", ["N003 1:39"]),
    ("test \"a\" { connect; expect :unchanged \"1\"; }", ["A002 1:39"]),
    ("test \"a\" { connect; expect :log \"x\" :header \"y\"; }", ["A004 1:37"]),
    ("test \"a\" { connect; expect :rule [\"x\", \"y\"] :code \"1\"; }", ["A002 1:40"]),
    ("test \"a\" { message; expect :verdict \"accept\"; }", ["A001 1:12"]),
    ("test \"a\" { message :file \"a\" \"b\"; expect :unchanged; }", ["A002 1:26"]),
    ("test \"a\" { message :size 3 \"abcd\"; expect :unchanged; }", ["A018 1:26"]),
    ("test \"a\" { message :file \"none.eml\"; expect :unchanged; }", ["T001 1:26"]),
    ("test \"a\" { now \"noon\"; connect; expect :code \"1\"; }", ["T005 1:16"]),
    ("test \"a\" { answers \"{\"; connect; expect :code \"1\"; }", ["T004 1:20"]),
    ("test \"a\" { answers \"{\\\"dns\\\": 1}\"; connect; expect :code \"1\"; }", ["T004 1:20"]),
    ("test \"a\" { answer; connect; expect :code \"1\"; }", ["A001 1:12"]),
    ("test \"a\" { connect; data; rcpt \"x\"; expect :code \"1\"; }", ["T006 1:27"]),
    ("test \"a\" { connect; }", ["T007 1:6"]),
    ("test \"a\" { expect :code \"1\"; connect; }", ["T008 1:12"]),
    ("test \"a\" { test \"b\" { } connect; expect :code \"1\"; }", ["T009 1:12"]),
    (
      "test \"a\" { connect; expect :code \"1\"; } test \"a\" { connect; expect :code \"1\"; }",
      ["D008 1:46"]
    ),
    ("defaults { data; }", ["N001 1:12"]),
  ]) func mistakes(_ text: String, _ expected: [String]) {
    var sources = SourceSet()
    let source = SourceFile(name: "t", bytes: Array(text.utf8))
    _ = sources.add(source)
    var diagnostics = Diagnostics()
    let script = Parser.parse(
      source, file: 0, vocabulary: RulesTestSheet.commands.vocabulary, diagnostics: &diagnostics)
    _ = RulesTestReader.read(script, sources, &diagnostics) { TestFiles.read($0) }
    let found = diagnostics.shown.map { diagnostic in
      let place = source.position(ofByte: diagnostic.range.bytes.lowerBound)
      return "\(diagnostic.problem.code.rawValue) \(place.line):\(place.column)"
    }
    #expect(found == expected)
  }

  @Test func fileWithErrorsIsOneFailedTest() {
    let result = run("tset \"a\" { }", on: Self.policy)
    #expect(result.results.map(\.isPassed) == [false])
    #expect(result.diagnostics.contains("[N001]"))
  }

  @Test func fileWithoutPolicy() {
    let result = RulesTestRunner(
      path: "none.rulestest", load: compiling(Self.policy), filter: { _ in true }, coverage: nil
    ).run(Array("test \"a\" { connect; expect :code \"1\"; }".utf8))
    #expect(result.diagnostics.contains("none.rulestest:1:1: error: "))
    #expect(result.diagnostics.contains("[T002]"))
    #expect(result.results.map(\.isPassed) == [false])
  }

  @Test func policyWithErrors() {
    let result = run("test \"a\" { connect; expect :code \"1\"; }", on: "if x { }")
    #expect(result.diagnostics.contains("[N002]"))
    #expect(result.diagnostics.contains("[T003]"))
    #expect(result.results.map(\.isPassed) == [false])
  }
}
