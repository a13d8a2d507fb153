// Tables asked by rules: those of the image and of files at once, those outside as a check.

import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct TableTests {
  private static let declarations = """
    on_error :table "tempfail";
    table :inline ["Ann gold", "bob silver"] :type "map" "grades";
    table :inline ["one", "Two"] "words";
    table :inline ["example.com"] :type "domain" "ours";
    table :inline ["10.0.0.0/8", "192.0.2.0/30"] :type "cidr" "nets";
    table :inline ["ann@example.com", "@example.org"] :type "address" "people";
    table :file "/map" :type "map" "file-map";
    table :file "/nets" :type "cidr" "file-nets";
    table :file "/patterns" :type "regex" "patterns";
    table :redis "inet:1@localhost" :type "map" "far";
    table :redis "inet:1@localhost" :query "HGET of:$2 $1" :type "map" "scoped";
    table :dns "list.example" :timeout 3 "far-list";

    """
  private static let files = [
    "/patterns": "^ann@ first one\n@example\\.(com|net)$\n^(a|b)+c?d{2,3}$ needs a start\n",
    "/map": "ann first\n[bob@example.com]\nann second\n", "/nets": "192.0.2.0/24\n",
  ]

  private func session(_ body: String) throws -> PolicySession {
    let program = try VerifiedProgram(try TestPolicy.program(Self.declarations + body))
    let (tables, troubles) = TableStore.load(program.program) { path, _ in
      Self.files[path].map { Array($0.utf8) }
    }
    #expect(troubles == [])
    return TestPolicy.session(LoadedPolicy(program, tables: tables))
  }

  /// What `test` logs at MAIL from ann@example.com, with `${v}` as it was left.
  private func logged(_ test: String) throws -> [String] {
    let session = try session(
      """
      phase mail { rule "r" { set "v" "old";
        if \(test) { log "yes ${v}"; } else { log "no ${v}"; } } }
      """)
    #expect(session.mail("<ann@example.com>").isUndecided)
    return session.logged
  }

  @Test(arguments: [
    (#"lookup "table:grades" "ann""#, "yes old"),
    (#"lookup :set "v" "table:grades" "ANN""#, "yes gold"),
    (#"lookup :set "v" "table:grades" "${sender.local}""#, "yes gold"),
    (#"lookup :set "v" "table:grades" "cid""#, "no old"),
    (#"lookup "table:words" "two""#, "yes old"), (#"lookup "table:words" "three""#, "no old"),
    (#"lookup "table:ours" "a.example.com""#, "yes old"),
    (#"lookup "table:ours" "${sender}""#, "yes old"),
    (#"lookup "table:nets" "10.2.3.4""#, "yes old"),
    (#"lookup "table:nets" "192.0.2.4""#, "no old"),
    (#"lookup "table:people" "x@example.org""#, "yes old"),
    (#"lookup :set "v" "table:file-map" "ann""#, "yes first"),
    (#"lookup :set "v" :scope "bob@example.com" "table:file-map" "ann""#, "yes second"),
    (#"lookup :set "v" :scope "cid@example.com" "table:file-map" "ann""#, "no old"),
    (#"lookup "table:file-nets" "${client.ip}""#, "yes old"),
    (#"ip "client" "table:file-nets""#, "yes old"),
    (#"lookup :set "v" "table:patterns" "${sender}""#, "yes first one"),
    (#"lookup :set "v" "table:patterns" "ANN@x""#, "yes first one"),
    (#"lookup :set "v" "table:patterns" "bob@example.net""#, "yes "),
    (#"lookup :set "v" "table:patterns" "bob@example.network""#, "no old"),
    (#"lookup :set "v" "table:patterns" "ababcdd""#, "yes needs a start"),
    (#"envelope :list "from" "table:patterns""#, "yes old"),
    (#"string :list ["x", "bob@Example.com"] "table:patterns""#, "yes old"),
    (#"string :list "x" ["table:words", "table:patterns"]"#, "no old"),
    (#"ip "client" "table:nets""#, "no old"),
    (#"envelope :list "from" "table:people""#, "yes old"),
    (#"envelope :localpart :list "from" "table:file-map""#, "yes old"),
    (#"envelope :domain :list "from" ["table:words", "table:ours"]"#, "yes old"),
    (#"string :list "two" "table:words""#, "yes old"),
    (#"string :list :comparator "i;octet" "two" "table:words""#, "no old"),
    (#"string :list :comparator "i;octet" "Two" "table:words""#, "yes old"),
  ])
  func answersAtOnce(_ test: String, _ expected: String) throws {
    #expect(try logged(test) == [expected])
  }

  // MARK: Outside

  /// Plays MAIL; each question is answered by `answer`, the key last among its words.
  private func play(
    _ test: String, _ answer: (CheckRequest) -> CheckAnswer
  ) throws -> (logged: [String], asked: [[String]], verdict: Verdict?) {
    let session = try session(
      """
      phase mail { rule "r" { set "v" "old";
        if \(test) { log "yes ${v}"; } else { log "no ${v}"; } } }
      """)
    var result = session.mail("<ann@example.com>")
    var asked: [[String]] = []
    while case .waiting(let requests) = result {
      for request in requests {
        asked.append(request.arguments)
        if let next = session.answer(request.id, answer(request)) { result = next }
      }
    }
    return (session.logged, asked, result.verdict)
  }

  @Test func aTableOutsideIsAsked() throws {
    let found = try play(#"lookup :set "v" "table:far" "Ann""#) { _ in .values(["1"]) }
    #expect(found.logged == ["yes 1"] && found.asked == [["far", "", "Ann"]])
    let missing = try play(#"lookup :set "v" :scope "s" "table:scoped" "k""#) { _ in .values([]) }
    #expect(missing.logged == ["no old"] && missing.asked == [["scoped", "s", "k"]])
  }

  @Test func aTableThatFailsIsAnsweredByThePolicy() throws {
    let failed = try play(#"lookup "table:far" "k""#) { _ in .failed(.table, reason: "gone") }
    #expect(failed.logged == [] && failed.verdict?.kind == .tempfail)
    let own = try play(#"lookup :on_error "continue" "table:far" "k""#) { _ in .failed(.table) }
    #expect(own.logged == [] && own.verdict == nil)
    let odd = try play(#"lookup "table:far" "k""#) { _ in .truth(true) }
    #expect(odd.verdict?.kind == .tempfail)
  }

  /// What the policy itself knows is not asked outside.
  @Test func listsAskOnlyWhatIsOpen() throws {
    let known = try play(#"string :list "one" ["table:far-list", "table:words"]"#) { _ in
      .values([])
    }
    #expect(known.logged == ["yes old"] && known.asked == [])
    let open = try play(#"string :list ["x", "y"] ["table:far-list", "table:words"]"#) {
      .values($0.arguments.last == "y" ? [""] : [])
    }
    #expect(open.logged == ["yes old"])
    #expect(open.asked == [["far-list", "", "x"], ["far-list", "", "y"]])
    let none = try play(#"string :list ["x", "y"] "table:far-list""#) { _ in .values([]) }
    #expect(none.logged == ["no old"])
  }

  @Test func oneAnswerCanDecideThoughAnotherFails() throws {
    let decided = try play(#"string :list ["x", "y"] "table:far-list""#) {
      $0.arguments.last == "y" ? .values([""]) : .failed(.table)
    }
    #expect(decided.logged == ["yes old"])
    let open = try play(#"string :list ["x", "y"] "table:far-list""#) {
      $0.arguments.last == "y" ? .values([]) : .failed(.table)
    }
    #expect(open.logged == [] && open.verdict?.kind == .tempfail)
  }

  @Test func keysThatAreTooLongAreNotAsked() throws {
    let long = String(repeating: "k", count: MachineLimits().checkArgumentBytesMax)
    let fits = try play("lookup \"table:far\" \"\(long)\"") { _ in .values([]) }
    #expect(fits.logged == ["no old"])
    let tooLong = try play("lookup \"table:far\" \"\(long)x\"") { _ in .values([]) }
    #expect(tooLong.asked == [] && tooLong.verdict?.kind == .tempfail)
  }

  // MARK: Files

  @Test func troublesAreToldWithTheirLine() throws {
    let source = """
      table :file "/a" :type "cidr" "a";
      table :file "/b" :max 1 "b";
      phase mail { rule "r" {
        if anyof (ip "client" "table:a", lookup "table:b" "x") { stop; } } }
      """
    let program = try TestPolicy.program(source)
    let files = ["/a": "10.0.0.0/8\nnonsense\n", "/b": "x\ny\n"]
    let found = TableStore.load(program) { path, _ in files[path].map { Array($0.utf8) } }
    #expect(found.troubles.map(\.isFatal) == [false, true])
    #expect(found.troubles.map { $0.message.prefix(5) } == ["/a:2:", "/b:2:"])
    let none = TableStore.load(program, skipping: ["b"]) { _, _ in nil }
    #expect(none.troubles.map(\.isFatal) == [true])
  }
}
