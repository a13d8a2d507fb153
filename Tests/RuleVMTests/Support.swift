// Policies in source form and sessions that play against them.

import MailMessage
import RuleBytecode
import RuleCompiler
import Testing

@testable import RuleVM

/// The source does not compile, or its image is refused.
struct PolicyMistake: Error, CustomStringConvertible {
  let description: String
}

enum TestPolicy {
  static let capabilities =
    #"require ["defang", "envelope", "extlists", "variables", "body", "date", "duplicate", "#
    + #""environment", "envelope-deliverby", "envelope-dsn", "index", "mime", "relational", "#
    + #""subaddress"];"# + "\n"

  /// Compiles a policy; the capabilities are put before it.
  static func load(_ source: String) throws -> LoadedPolicy {
    LoadedPolicy(try VerifiedProgram(image: try program(source).image()))
  }

  /// Compiles a file as it stands.
  static func loadWhole(_ source: String) throws -> LoadedPolicy {
    LoadedPolicy(try VerifiedProgram(image: try program(whole: source).image()))
  }

  static func program(_ source: String) throws -> Program {
    try program(whole: capabilities + source)
  }

  private static func program(whole text: String) throws -> Program {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    // What a policy may cost is `CostTests`' matter.
    var limits = CompilerLimits.standard
    limits.budget.fuel = .max
    let (program, diagnostics) = Compiler.compile(sources, limits: limits)
    guard let program else {
      throw PolicyMistake(description: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    return program
  }

  /// One libmagic database for all tests.
  static let types = TypeOracle()

  static func session(
    _ source: String, limits: MachineLimits = MachineLimits(), isTraced: Bool = false
  ) throws -> PolicySession { session(try load(source), limits: limits, isTraced: isTraced) }

  static func session(
    _ policy: LoadedPolicy, limits: MachineLimits = MachineLimits(), isTraced: Bool = false
  ) -> PolicySession {
    let session = PolicySession(
      policy: policy, sessionID: "S1", limits: limits, types: types, isTraced: isTraced,
      now: { 0 })
    session.set(.clientIP, "192.0.2.7".utf8)
    return session
  }
}

extension PolicySession {
  func helo(_ name: String) -> RunResult { helo(Array(name.utf8)) }
  func mail(_ path: String) -> RunResult { mail(Array(path.utf8)) }
  func recipient(_ path: String) -> RunResult { recipient(Array(path.utf8)) }

  /// A message with lone LFs.
  func endOfMessage(_ text: String) -> RunResult { endOfMessage(text.mailBytes) }
  func headers(_ text: String) -> RunResult { headers(text.mailBytes) }

  /// The texts logged about this message so far.
  var logged: [String] { decisions.log.map(\.text) }
}

extension String {
  /// With CRLF.
  var mailBytes: [UInt8] {
    Array(split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
  }
}

extension RunResult {
  /// The verdict; a run that waits is a failure of the test.
  var verdict: Verdict? {
    guard case .decided(let verdict) = self else {
      Issue.record("the run waits: \(self)")
      return nil
    }
    return verdict
  }

  var requests: [CheckRequest] {
    guard case .waiting(let requests) = self else {
      Issue.record("the run does not wait: \(self)")
      return []
    }
    return requests
  }

  var isUndecided: Bool { self == .decided(nil) }
}

extension Verdict {
  var text: String? { reply?.text }

  var trap: Trap? { if case .trap(let trap) = cause { trap } else { nil } }
}
