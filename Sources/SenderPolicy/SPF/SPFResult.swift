// What comes of a check by SPF, and why. Everything quoted in it is bounded and printable ASCII.

/// RFC 7208 §2.6.
package enum SPFWord: String, Sendable, CaseIterable {
  case none, neutral, pass, fail, softfail, temperror, permerror
}

/// Why there is no answer, or no policy.
package enum SPFProblem: Equatable, Sendable {
  /// No domain that could have a policy: an address literal, one label, or no name of the DNS.
  case noDomain
  case severalRecords(domain: String)
  case recordTooLong(bytesMax: Int)
  case wrongTerm(String)
  case repeatedModifier(String)
  case tooManyAskingTerms(max: Int)
  case tooManyVoidTerms(max: Int)
  case tooManyMailHosts(domain: String, max: Int)
  /// Of include or redirect.
  case noPolicy(domain: String)
  case noAnswer(SenderQuestion)

  package var message: String {
    switch self {
    case .noDomain: "no domain to ask"
    case .severalRecords(let domain): "several policies at \(domain)"
    case .recordTooLong(let max): "a policy of more than \(max) bytes"
    case .wrongTerm(let term): "wrong term \(term)"
    case .repeatedModifier(let name): "\(name) stands there twice"
    case .tooManyAskingTerms(let max): "more than \(max) terms that ask the DNS"
    case .tooManyVoidTerms(let max): "more than \(max) terms whose names have nothing"
    case .tooManyMailHosts(let domain, let max): "more than \(max) mail hosts of \(domain)"
    case .noPolicy(let domain): "no policy at \(domain), which another one names"
    case .noAnswer(let question): "no answer about \(question.name) (\(question.type))"
    }
  }
}

package struct SPFResult: Equatable, Sendable {
  package let word: SPFWord
  /// The domain that was checked: the sender's, or of HELO when there is no sender.
  package let domain: String
  /// The mechanism of that domain's policy (or of the one it redirects to) that matched, as it is
  /// written there; nil when none did.
  package let mechanism: String?
  /// What the domain says about a fail, of one that has an `exp=`.
  package let explanation: String?
  package let problem: SPFProblem?
}

package enum SPFStep: Equatable, Sendable {
  /// What is needed next; each to be given to `answer`, in any order.
  case ask([SenderQuestion])
  case done(SPFResult)
}
