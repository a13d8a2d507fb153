// Three-valued logic (LANGUAGE.md §8): an error is neither true nor false until it is answered.

import RuleBytecode
import Testing

@testable import RuleVM

struct TruthTests {
  enum Value: String, Sendable { case yes, no, error }

  /// A condition over zones that list, do not list and fail, and its value.
  static let conditions: [(String, Value)] = [
    ("Y", .yes), ("N", .no), ("E", .error),
    ("not Y", .no), ("not N", .yes), ("not E", .error), ("not not E", .error),
    ("allof (Y, Y)", .yes), ("allof (Y, N)", .no), ("allof (Y, E)", .error),
    ("allof (N, Y)", .no), ("allof (N, N)", .no), ("allof (N, E)", .no),
    ("allof (E, Y)", .error), ("allof (E, N)", .no), ("allof (E, E)", .error),
    ("anyof (Y, Y)", .yes), ("anyof (Y, N)", .yes), ("anyof (Y, E)", .yes),
    ("anyof (N, Y)", .yes), ("anyof (N, N)", .no), ("anyof (N, E)", .error),
    ("anyof (E, Y)", .yes), ("anyof (E, N)", .error), ("anyof (E, E)", .error),
    ("not allof (N, E)", .yes), ("not anyof (E, N)", .error),
    ("allof (anyof (E, Y), not N)", .yes), ("anyof (allof (E, N), E)", .error),
    ("allof (Y, anyof (N, allof (Y, not E)))", .error),
  ]

  private static func source(_ condition: String) -> String {
    let zones = [("Y", "yes"), ("N", "no"), ("E", "error")].reduce(condition) {
      $0.replacing($1.0, with: "dnsbl \"\($1.1).example\"")
    }
    return """
      on_error :dns "tempfail";
      phase connect {
        rule "asks" { if \(zones) { reject "true"; } else { accept; } }
      }
      """
  }

  private static func played(_ session: PolicySession) -> Verdict? {
    var result = session.connect()
    while case .waiting(let requests) = result {
      for request in requests {
        let answer: CheckAnswer =
          switch request.name {
          case "yes.example": .values(["127.0.0.2"])
          case "no.example": .values([])
          default: .failed(.dns)
          }
        if let next = session.answer(request.id, answer) { result = next }
      }
    }
    return result.verdict
  }

  @Test(arguments: conditions)
  func value(_ condition: String, _ value: Value) throws {
    let verdict = Self.played(try TestPolicy.session(Self.source(condition)))
    switch value {
    case .yes: #expect(verdict?.kind == .reject && verdict?.cause == .rule)
    case .no: #expect(verdict?.kind == .accept && verdict?.cause == .rule)
    case .error: #expect(verdict?.kind == .tempfail && verdict?.cause == .failure(.dns))
    }
  }

  /// What decides nothing any more is not asked.
  @Test(arguments: [("anyof (Y, E)", 1), ("allof (N, E)", 1), ("allof (Y, N)", 2)])
  func asksOnlyWhatIsOpen(condition: String, count: Int) throws {
    let session = try TestPolicy.session(Self.source(condition))
    _ = Self.played(session)
    #expect(session.machine.answers.askedCount == count)
  }

  /// What `on_error` says, and what comes of the rule and of the run.
  static let answers: [(String, VerdictKind?)] = [
    ("continue", nil), ("tempfail", .tempfail), ("accept", .accept), ("reject", .reject),
  ]

  @Test(arguments: answers)
  func failurePolicy(_ answer: String, _ kind: VerdictKind?) throws {
    let session = try TestPolicy.session(
      """
      on_error :dns "\(answer)";
      phase mail {
        rule "asks" { if dnsbl "error.example" { log "then"; } else { log "else"; } }
        rule "next" { log "next"; }
      }
      """)
    let request = try #require(session.mail("<a@example.net>").requests.first)
    let verdict = try #require(session.answer(request.id, .failed(.dns))).verdict
    #expect(verdict?.kind == kind)
    // Neither branch is taken; only with `continue` the next rule runs.
    #expect(session.logged == (kind == nil ? ["next"] : []))
    #expect(session.decisions.failures.map(\.failure) == [.dns])
  }

  @Test func theCallsOwnPolicyWins() throws {
    let session = try TestPolicy.session(
      """
      on_error :dns "tempfail";
      phase connect {
        rule "asks" { if anyof (dnsbl :on_error "continue" "a.example", false) { log "then"; } }
      }
      """)
    let request = try #require(session.connect().requests.first)
    #expect(try #require(session.answer(request.id, .failed(.dns))).isUndecided)
  }
}
