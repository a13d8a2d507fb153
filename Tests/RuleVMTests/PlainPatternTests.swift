// Plain Sieve may build patterns from mail: they are bounded in number, length and steps, and what
// is none matches nothing.

import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

struct PlainPatternTests {
  private func played(
    _ body: String, subject: String = "hello", _ change: (inout MachineLimits) -> Void = { _ in }
  ) throws -> PolicySession {
    var sources = SourceSet()
    let text =
      "require [\"variables\", \"regex\", \"editheader\", \"ihave\"];\n" + body
    _ = sources.add(SourceFile(name: "plain.sieve", bytes: Array(text.utf8)))
    var compilerLimits = CompilerLimits.standard
    compilerLimits.budget.fuel = .max
    let (program, diagnostics) = Compiler.compile(sources, limits: compilerLimits)
    guard let program else {
      throw PolicyMistake(description: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    var limits = MachineLimits()
    change(&limits)
    let session = TestPolicy.session(
      LoadedPolicy(try VerifiedProgram(image: program.image())), limits: limits)
    _ = session.mail("<a@example.com>")
    _ = session.recipient("<b@example.com>")
    _ = session.endOfMessage("Subject: \(subject)\n\nx\n")
    return session
  }

  private func added(_ session: PolicySession) -> [String] {
    session.decisions.actions.compactMap(\.value)
  }

  private let test = """
    if header :regex "Subject" "${p}" { addheader "X-R" "yes ${1}"; } else { addheader "X-R" "no"; }
    """

  @Test(arguments: [
    ("h(e)llo", "yes e"), ("x", "no"), ("[", "no"), ("(?C1)h", "yes"), ("", "yes"),
  ])
  func builtPattern(_ pattern: String, _ expected: String) throws {
    let session = try played("set \"p\" \"\(pattern)\";\n" + test)
    #expect(added(session) == [expected])
    #expect(session.logged.isEmpty == (pattern != "["))
  }

  @Test(arguments: [(4, "yes"), (3, "no")])
  func lengthOfABuiltPattern(_ limit: Int, _ expected: String) throws {
    let session = try played("set \"p\" \"hell\";\n" + test) { $0.builtPatternBytesMax = limit }
    #expect(added(session) == [expected])
  }

  @Test(arguments: [(3, "yes"), (2, "no")])
  func numberOfBuiltPatterns(_ limit: Int, _ last: String) throws {
    let sets = ["a", "b", "h"].map { "set \"p\" \"\($0)\";\n" + test }.joined(separator: "\n")
    let session = try played(sets) { $0.builtPatternsMax = limit }
    #expect(added(session) == ["no", "no", last])
  }

  /// A sender who sends a slow pattern and a text for it has what every other has.
  @Test func stepsOfABuiltPattern() throws {
    let subject = String(repeating: "a", count: 200) + "!"
    let session = try played("set \"p\" \"(a+)+$\";\n" + test, subject: subject)
    #expect(added(session) == [])
    #expect(session.decisions.failures.map(\.failure) == [.limit])
    let limits = MachineLimits()
    #expect(session.fuelUsed > limits.patternStepsMax * ByteCost.patternStep)
    #expect(session.fuelUsed < 2 * limits.patternStepsMax * ByteCost.patternStep)
  }

  /// RFC 5463 §5: the script ends in an error, with its message in the log.
  @Test func errorEndsTheScript() throws {
    let session = try played("addheader \"X-A\" \"1\"; error \"too old\"; addheader \"X-B\" \"2\";")
    #expect(session.logged == ["too old"])
    #expect(session.decisions.failures.map(\.failure) == [.internal])
    #expect(added(session) == [] || added(session) == ["1"])
  }
}
