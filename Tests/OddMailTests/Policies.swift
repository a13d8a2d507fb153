// Policies that tell what rules see of a message, as the daemon's sessions run them.

import FileContents
import MailMessage
import RuleBytecode
import RuleCompiler
import RuleVM
import Unpacking

/// The source does not compile, or its image is refused.
struct PolicyMistake: Error, CustomStringConvertible {
  let description: String
}

enum OddMailPolicy {
  private static let head =
    #"require ["defang", "encoded-character"]; on_error :limit "continue"; "#

  /// Rules that log `NUMBER PATH READING` for each part for which the test of that number is true.
  static func load(tests: [String]) throws -> LoadedPolicy {
    let rules = tests.enumerated().map { number, test in
      #"rule "q\#(number)" { if \#(test) { log "\#(number) ${part.path} ${part.reading}"; } }"#
    }
    return try load(head + "phase part { \(rules.joined(separator: "\n")) }")
  }

  /// Logs what is odd about a part or the message.
  static let anomalies = Result { try load(anomalySource) }

  private static var anomalySource: String {
    let names = AnomalyName.allCases.map(\.name)
    let ofParts = names.map { name in
      #"rule "p-\#(name)" { if part :anomaly "\#(name)" { log "\#(name)"; } }"#
    }
    let ofMessage = names.map { name in
      #"rule "m-\#(name)" { if anomaly "\#(name)" { log "\#(name)"; } }"#
    }
    // A limit is hit by what a rule asks for.
    let asked = ["name", "sniffed"].map { field in
      #"rule "ask-\#(field)" { if part :is "\#(field)" "?" { log "none"; } }"#
    }
    return head + """
      phase part { \((ofParts + asked).joined(separator: "\n")) }
      phase eom { \(ofMessage.joined(separator: "\n")) }
      """
  }

  private static func load(_ source: String) throws -> LoadedPolicy {
    var sources = SourceSet()
    _ = sources.add(SourceFile(name: "odd-mail.rules", bytes: Array(source.utf8)))
    // Every anomaly is asked for, twice: no policy does that.
    var limits = CompilerLimits.standard
    limits.budget.fuel = .max
    let (program, diagnostics) = Compiler.compile(sources, limits: limits)
    guard let program else {
      throw PolicyMistake(description: DiagnosticPrinter(sources: sources).text(diagnostics))
    }
    return LoadedPolicy(try VerifiedProgram(image: program.image()))
  }

  /// A string of the rules language; what is no plain ASCII by its number.
  static func quoted(_ text: String) -> String {
    let pieces = text.unicodeScalars.map { scalar in
      switch scalar {
      case "$", "\"", "\\", "\u{0}"..<" ", "\u{7F}"...:
        "${unicode:\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }
    return "\"\(pieces.joined())\""
  }
}

/// What the rules saw.
struct Sight {
  /// For each test, the parts for which it was true, as path and reading.
  private(set) var parts: [Set<String>]
  let anomalies: Set<String>
  let limits: Set<String>
  /// Whether the rules came to their end.
  let isUndecided: Bool

  init(_ message: [UInt8], tests: [String], types: TypeOracle) throws {
    let odd = Self.log(of: try OddMailPolicy.anomalies.get(), message, types)
    let seen = Self.log(of: try OddMailPolicy.load(tests: tests), message, types)
    anomalies = Set(odd.lines)
    limits = Set(odd.limits + seen.limits)
    isUndecided = odd.isUndecided && seen.isUndecided
    parts = Array(repeating: [], count: tests.count)
    for line in seen.lines {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      if words.count == 2, let number = Int(words[0]) { parts[number].insert(words[1]) }
    }
  }

  private static func log(
    of policy: LoadedPolicy, _ message: [UInt8], _ types: TypeOracle
  ) -> (lines: [String], limits: [String], isUndecided: Bool) {
    let session = PolicySession(policy: policy, sessionID: "S1", types: types, now: { 0 })
    _ = session.connect()
    _ = session.helo(Array("client.example".utf8))
    _ = session.mail(Array("<ann@example.org>".utf8))
    _ = session.recipient(Array("<bob@example.net>".utf8))
    var result = session.endOfMessage(message)
    while case .waiting(let requests) = result, let request = requests.first {
      result = session.answer(request.id, answer(to: request)) ?? result
      if result == .waiting(requests) { break }
    }
    let lines = session.decisions.log.map(\.text)
    return (lines, session.limitsHit, result == .decided(nil))
  }

  /// What the process that unpacks would say.
  private static func answer(to request: CheckRequest) -> CheckAnswer {
    guard let order = request.order else { return .failed(.limit) }
    return .archive(UnpackCommand.report(order.bytes, UnpackArguments(order)))
  }
}
