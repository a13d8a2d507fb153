// The runner of suites where suites themselves cannot look: failing tests, suites that do not
// compile, scripts that are given up, and the delivery's limits.
import Testing

@testable import PolicyTests

struct SuiteRunnerTests {
  private func run(_ text: String, filter: @escaping (String) -> Bool = { _ in true }) -> FileResult
  {
    SuiteRunner(path: "t.svtest", filter: filter).run(Array(text.utf8))
  }

  private let head = "require [\"vnd.dovecot.testsuite\", \"variables\"];\n"

  @Test func aFailureHasItsPlaceAndLeavesTheTest() throws {
    let result = run(
      head + """
        test "bad" {
          set "x" "2";
          test_fail "one ${x}";
          test_fail "never";
        }
        test "good" { if false { test_fail "no"; } }
        """)
    #expect(result.results.map(\.isPassed) == [false, true])
    let failure = try #require(result.results.first?.failures.first)
    #expect(failure.reason == "one 2")
    #expect(failure.place == TestPlace(file: "t.svtest", line: 4, column: 3))
    #expect(failure.source == "  test_fail \"one ${x}\";")
    #expect(result.results[0].failures.count == 1)
  }

  @Test func aSuiteThatDoesNotCompileFailsInEachTest() {
    let result = run(head + "test \"a\" { nonsense; } test \"b\" { stop; }")
    #expect(result.results.map(\.isPassed) == [false, false])
    #expect(result.results.allSatisfy { $0.failures[0].reason == "the suite does not compile" })
    #expect(result.diagnostics.contains("[N001]"))
  }

  @Test(arguments: [
    ("test \"a\" { test \"b\" { stop; } }", "T009"), ("test { stop; }", "A001"),
    ("test_fail;", "A001"), ("test_message :smtp :folder \"a\" 1;", "A004"),
    ("test \"a\" { if test_error { stop; } }", "A001"), ("test \"a\";", "A013"),
  ]) func mistakes(_ text: String, _ code: String) {
    #expect(run(head + text).diagnostics.contains("[\(code)]"))
  }

  /// Without its `require` the dialect is not there.
  @Test func theDialectIsRequired() {
    #expect(run("test \"a\" { test_fail \"x\"; }").diagnostics.contains("[N006]"))
  }

  @Test func aScriptThatIsGivenUpFailsItsTest() {
    let doubling = String(repeating: "set \"x\" \"${x}${x}\";\n", count: 80)
    let result = run(
      head + "test \"before\" { }\ntest \"big\" { set \"x\" \"0123456789\";\n" + doubling
        + "}\ntest \"behind\" { }\n")
    #expect(result.results.map(\.isPassed) == [true, false, false])
    #expect(result.results[1].failures[0].reason?.hasPrefix("the script was given up: ") == true)
  }

  @Test func failingOutsideOfTestsIsAFailure() {
    let result = run(head + "test \"a\" { }\ntest_fail \"at the top\";\n")
    #expect(result.results.map(\.isPassed) == [true, false])
    #expect(result.results[1].failures[0].reason == "at the top")
  }

  @Test func filterChoosesByName() {
    let result = run(head + "test \"a\" { } test \"b\" { }", filter: { $0 == "b" })
    #expect(result.results.map(\.name) == ["b"])
  }

  @Test func missingImage() {
    let result = run(head + "test \"a\" { test_binary_load \"none\"; }")
    #expect(result.results.map(\.isPassed) == [false])
  }
}

struct SuiteDeliveryTests {
  private func action(_ kind: SuiteAction.Kind, copy: Bool = false) -> SuiteAction {
    SuiteAction(kind: kind, isCopy: copy, message: Array("m".utf8))
  }

  @Test func actionsAtTheLimitAndOnePast() {
    var delivery = SuiteDelivery()
    for index in 1...SuiteDelivery.actionsMax {
      #expect(delivery.add(action(.store(folder: "\(index)"))) == nil)
    }
    #expect(delivery.add(action(.store(folder: "more"))) != nil)
    #expect(delivery.add(action(.store(folder: "1"))) == nil)
  }

  @Test func redirectsAtTheLimitAndOnePast() {
    var delivery = SuiteDelivery()
    for index in 1...SuiteDelivery.redirectsMax {
      #expect(delivery.add(action(.redirect(to: "\(index)@x.example"))) == nil)
    }
    #expect(delivery.add(action(.redirect(to: "more@x.example"))) != nil)
    #expect(delivery.add(action(.keep)) == nil)
  }

  @Test(arguments: [SuiteAction.Kind.keep, .store(folder: "INBOX"), .redirect(to: "a@x.example")])
  func refusingConflictsWithKeeping(_ kind: SuiteAction.Kind) {
    var refusedFirst = SuiteDelivery()
    #expect(refusedFirst.add(action(.reject(text: "no"))) == nil)
    #expect(refusedFirst.add(action(kind)) != nil)
    var keptFirst = SuiteDelivery()
    #expect(keptFirst.add(action(kind)) == nil)
    #expect(keptFirst.add(action(.reject(text: "no"))) != nil)
  }

  /// RFC 5228 §2.10.3: the same place twice is one action, and the inbox is where keep keeps.
  @Test func storingIntoTheInboxIsKeeping() {
    var delivery = SuiteDelivery()
    #expect(delivery.add(action(.keep)) == nil)
    #expect(delivery.add(action(.store(folder: "INBOX"))) == nil)
    #expect(delivery.add(action(.store(folder: "other"))) == nil)
    #expect(delivery.actions.map(\.name) == ["keep", "store"])
  }

  @Test func discardingAndRefusingGoTogether() {
    var delivery = SuiteDelivery()
    #expect(delivery.add(action(.discard)) == nil)
    #expect(delivery.add(action(.reject(text: "no"))) == nil)
    #expect(!delivery.isKept)
  }
}
