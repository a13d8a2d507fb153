// What comes of a check by DMARC, and why.

/// RFC 7489 §11.2.
package enum DMARCWord: String, Sendable, CaseIterable {
  case none, pass, fail, temperror, permerror
}

/// Why there is no answer.
package enum DMARCProblem: Equatable, Sendable {
  /// No From with a domain that could have a policy.
  case noAuthor
  case tooManyAuthors(max: Int)
  case severalRecords(domain: String)
  case recordTooLong(bytesMax: Int)
  case uselessRecord(domain: String)
  case noAnswer(SenderQuestion)
  /// SPF or DKIM could not be settled, and might have passed for this domain.
  case unsettled(domain: String)

  package var message: String {
    switch self {
    case .noAuthor: "From has no domain to ask"
    case .tooManyAuthors(let max): "more than \(max) domains in From"
    case .severalRecords(let domain): "several policies at \(domain)"
    case .recordTooLong(let max): "a policy of more than \(max) bytes"
    case .uselessRecord(let domain): "a policy without a policy at \(domain)"
    case .noAnswer(let question): "no answer about \(question.name)"
    case .unsettled(let domain): "SPF or DKIM of \(domain) could not be settled"
    }
  }
}

package struct DMARCResult: Equatable, Sendable {
  package let word: DMARCWord
  /// The author's domain that this is about, empty when there is none.
  package let domain: String
  /// Where the policy stands: at that domain or its organisation's; nil without one.
  package let policyDomain: String?
  /// What the domain wants done with mail that fails, whether this one does or not.
  package let policy: DMARCPolicy?
  /// Of how many in a hundred that fail; those that are let off get the next milder (RFC 7489
  /// §6.6.4). Who is let off is the caller's to draw.
  package let percent: Int
  package let isSPFAligned: Bool
  package let isDKIMAligned: Bool
  package let problem: DMARCProblem?

  /// What this result asks for: `policy` after a fail, else nothing.
  package var disposition: DMARCPolicy { word == .fail ? policy ?? .none : .none }

  /// Of results for several authors the one that counts is the strictest: a refusal, what might be
  /// one later, and so on down to a pass, which holds when it does for all.
  var strictness: Int {
    switch word {
    case .fail where policy == .reject: 6
    case .temperror: 5
    case .fail where policy == .quarantine: 4
    case .fail: 3
    case .permerror: 2
    case .none: 1
    case .pass: 0
    }
  }
}

package enum DMARCStep: Equatable, Sendable {
  /// What is needed next; each to be given to `answer`, in any order.
  case ask([SenderQuestion])
  case done(DMARCResult)
}
