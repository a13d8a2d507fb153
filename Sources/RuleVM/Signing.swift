// Signatures over what will be delivered: which ones, over which bytes, and where they stand. The
// machine has no keys; whoever drives the session makes them, as an errand behind all those that
// can still change the message.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

/// By whom a message is signed.
package struct SigningIdentity: Sendable, Hashable {
  package let domain: String
  package let selector: String
  /// The name of a `key` of the policy.
  package let key: String

  package init(domain: String, selector: String, key: String) {
    self.domain = domain
    self.selector = selector
    self.key = key
  }
}

package struct SigningErrand: Sendable, Equatable {
  package enum Method: Sendable, Equatable {
    case dkim
    /// The next set of an ARC chain.
    /// - chain: what was found of it when the message came: `none`, `pass`, `fail`, or why nothing
    ///   was.
    /// - results: as in Authentication-Results.
    case arc(chain: ChainState, results: String)
  }

  package enum ChainState: Sendable, Equatable {
    case none, pass, fail
    case unknown(reason: String)
  }

  package let method: Method
  package let identity: SigningIdentity
  /// As it will be delivered, but for this field and other signatures.
  package let message: [UInt8]

  package init(_ method: Method, _ identity: SigningIdentity, message: [UInt8]) {
    self.method = method
    self.identity = identity
    self.message = message
  }
}

/// A field to put on top of a message.
package struct SignedField: Sendable, Equatable {
  package let name: String
  /// All behind the colon and its blank; lines end in CRLF and begin with a blank.
  package let value: [UInt8]

  package init(name: String, value: [UInt8]) {
    self.name = name
    self.value = value
  }

  var bytes: [UInt8] { Array("\(name): ".utf8) + value + [13, 10] }
}

/// Signatures of one message that mean the same, by the commands that want them.
struct SigningWish {
  let kind: Action
  let identity: SigningIdentity
  /// Indexes of their records.
  var records: [Int]
}

extension PolicySession {
  /// What a copy is signed with, each identity once, in the order in which it is done: a message is
  /// sealed once, before it is signed.
  ///
  /// - Parameter index: the recipient whose own copy it is; nil for what all others get.
  func signingWishes(ofRecipient index: Int?) -> [SigningWish] {
    let seals = signingWishes(.arcSeal, index)
    return seals.prefix(1) + signingWishes(.dkimSign, index)
  }

  private func signingWishes(_ kind: Action, _ index: Int?) -> [SigningWish] {
    var wishes: [SigningWish] = []
    for place in recordIndexes(of: kind, forRecipient: index) {
      let record = decisions.actions[place]
      guard let domain = record.argument("domain"), let selector = record.argument("selector"),
        let key = record.argument("key")
      else { continue }
      let identity = SigningIdentity(domain: domain, selector: selector, key: key)
      if let known = wishes.firstIndex(where: { $0.identity == identity }) {
        wishes[known].records.append(place)
      } else {
        wishes.append(SigningWish(kind: kind, identity: identity, records: [place]))
      }
    }
    return wishes
  }

  /// The signatures of the message as it goes on by the mail server, from the top.
  package func signatures(for outcome: Outcome) -> [SignedField] {
    signatures(ofCopy: nil, recipient: outcome.editedFor)
  }

  /// - Parameters:
  ///   - copy: the recipient whose own copy it is; nil for the message.
  ///   - recipient: whose edits it has.
  func signatures(ofCopy copy: Int?, recipient: Int?) -> [SignedField] {
    signingWishes(ofRecipient: recipient).reversed().flatMap { wish in
      errands.signatures[.signature(wish.kind, wish.identity, copy: copy)] ?? []
    }
  }

  // MARK: ARC

  /// Some copy is to be sealed, the message bears a chain, and nobody has asked yet how it stands.
  func chainRequest(_ outcome: Outcome) -> CheckRequest? {
    guard outcome.isDelivered, errands.chain == nil, answeredChain == nil, bearsChain,
      !isTruncated,
      ([outcome.editedFor] + outcome.ownCopies.map { $0.recipient }).contains(where: { index in
        !recordIndexes(of: .arcSeal, forRecipient: index).isEmpty
      })
    else { return nil }
    return withMail(
      CheckRequest(
        id: machine.answers.takeID(), kind: .arc, name: "", arguments: [],
        timeoutMilliseconds: Int(CheckKind.arc.defaultTimeoutMilliseconds),
        subject: CheckSubject()))
  }

  private var bearsChain: Bool {
    guard let message else { return false }
    return ["ARC-Seal", "ARC-Message-Signature", "ARC-Authentication-Results"].contains { name in
      !message.fields(named: name).isEmpty
    }
  }

  private var answeredChain: CheckAnswer? { machine.answers.known(.arc, []) }

  /// How the chain stood when the message came.
  var chainState: SigningErrand.ChainState {
    guard bearsChain else { return .none }
    switch errands.chain ?? answeredChain {
    case .fields(let fields):
      switch fields["result"] {
      case "none": return .none
      case "pass": return .pass
      case "fail": return .fail
      default: return .unknown(reason: fields["result"] ?? "no result")
      }
    case .failed(_, let reason): return .unknown(reason: reason)
    default: return .unknown(reason: "the answer cannot be read")
    }
  }

  /// Whose name stands in the results that a seal covers.
  func sealedResults(_ wish: SigningWish, ofRecipient index: Int?) -> String {
    let said = recordIndexes(of: .authResults, forRecipient: index).first
    let authority = said.flatMap { decisions.actions[$0].name }
    return authenticationReport(by: authority ?? wish.identity.domain)
  }
}
