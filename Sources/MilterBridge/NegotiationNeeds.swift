// What a policy needs of the MTA, and what that means in protocol steps: nothing is sent that no
// rule reads, and no reply is awaited where no rule can decide. Round trips are the floor of a
// filter's cost: answering every step costs four to eight times as much.

package import MilterWire

/// Derived from the program once, when it is loaded.
package struct NegotiationNeeds: Sendable, Equatable {
  /// Runs of the policy. `.message` stands for all that follows the header.
  package struct Phases: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let connect = Phases(rawValue: 0x1)
    package static let helo = Phases(rawValue: 0x2)
    package static let mail = Phases(rawValue: 0x4)
    package static let recipient = Phases(rawValue: 0x8)
    package static let data = Phases(rawValue: 0x10)
    package static let headers = Phases(rawValue: 0x20)
    package static let message = Phases(rawValue: 0x40)
    package static let all = Phases(rawValue: 0x7F)
  }

  /// Events whose runs or facts the policy needs.
  package var sent: Phases
  package var header: Bool
  package var body: Bool
  /// Runs that can end in a refusal or a discard, failure policies included, or hold their reply
  /// back.
  package var verdicts: Phases
  package var actions: ProtocolActions
  /// Macros by the stage at which they are wanted, as "i" or "{auth_authen}"; the queue id is added
  /// where the log names it. Nil: what the MTA sends by itself.
  package var macros: [MacroStage: [String]]?

  package init(
    sent: Phases, header: Bool, body: Bool, verdicts: Phases, actions: ProtocolActions,
    macros: [MacroStage: [String]]?
  ) {
    self.sent = sent
    self.header = header
    self.body = body
    self.verdicts = verdicts
    self.actions = actions
    self.macros = macros
  }

  /// Every event, every reply, every action; the MTA's own macro lists.
  package static let everything = NegotiationNeeds(
    sent: .all, header: true, body: true, verdicts: .all, actions: .all, macros: nil)
}

extension NegotiationNeeds {
  /// The same with what a log names besides: client, HELO, login, recipients. No reply is waited
  /// for on their account, so they cost their bytes.
  package var named: NegotiationNeeds {
    var needs = self
    needs.sent.formUnion([.connect, .helo, .recipient])
    if needs.macros?[.mail]?.contains("{auth_authen}") != true {
      needs.macros?[.mail, default: []].append("{auth_authen}")
    }
    return needs
  }

  /// The same with what a second policy reads beside this one. What may be answered and changed
  /// stays as it is.
  package func reading(_ other: NegotiationNeeds) -> NegotiationNeeds {
    var needs = self
    needs.sent.formUnion(other.sent)
    needs.header = header || other.header
    needs.body = body || other.body
    for (stage, names) in other.macros ?? [:] {
      let known = needs.macros?[stage] ?? []
      needs.macros?[stage] = known + names.filter { !known.contains($0) }
    }
    return needs
  }

  /// The answer to an MTA's offer.
  package func answer(to offer: NegotiationOffer) -> NegotiationAnswer {
    NegotiationAnswer(offer: offer, actions: actions, steps: steps, macroLists: macroLists)
  }

  /// The same for a session whose every message is refused whatever it is.
  package static let refusal = NegotiationNeeds(
    sent: .helo, header: false, body: false, verdicts: [.helo, .mail], actions: [], macros: [:])

  /// What a session needs that may have no more than that: one that waits to see where the client
  /// is has to be told.
  func admitted(_ admission: Admission) -> NegotiationNeeds {
    switch admission {
    case .full: return self
    case .turnedAway: return .refusal
    case .reserved:
      var needs = self
      needs.sent.insert(.connect)
      needs.verdicts.formUnion([.connect, .mail])
      return needs
    }
  }

  /// The steps to ask for where the MTA offers them.
  package var steps: ProtocolSteps {
    var steps: ProtocolSteps = [.noUnknown, .noReplyConnect, .noReplyHeader, .noReplyBody, .skip]
    // A connect verdict has no text in milter: it is given at HELO, or at MAIL without one.
    let atHELO = !verdicts.isDisjoint(with: [.connect, .helo])
    if !sent.contains(.connect) { steps.insert(.noConnect) }
    if !sent.contains(.helo) && !atHELO { steps.insert(.noHELO) }
    if !atHELO { steps.insert(.noReplyHELO) }
    if !atHELO && !verdicts.contains(.mail) { steps.insert(.noReplyMAIL) }
    if !sent.contains(.recipient) { steps.insert(.noRCPT) }
    if !verdicts.contains(.recipient) { steps.insert(.noReplyRCPT) }
    if !sent.contains(.data) { steps.insert(.noDATA) }
    if !verdicts.contains(.data) { steps.insert(.noReplyDATA) }
    if header || body {
      steps.insert(.headerLeadingSpace)
    } else {
      steps.formUnion([.noHeaders, .noEndOfHeaders])
    }
    if !verdicts.contains(.headers) { steps.insert(.noReplyEndOfHeaders) }
    if !body { steps.insert(.noBody) }
    return steps
  }

  /// The lists to send; stages without a macro are told so, which saves the packet. The sender is
  /// always asked for at MAIL: libmilter replaces a stage's macros only when some are sent, and
  /// would else show those of the message before.
  package var macroLists: [MacroStage: [String]] {
    guard var lists = macros else { return [:] }
    for stage in MacroStage.allCases where stage != .other && lists[stage] == nil {
      lists[stage] = []
    }
    let always: [(MacroStage, String)] = [
      (.mail, "i"), (.mail, "{mail_addr}"), (.endOfMessage, "i"),
    ]
    for (stage, name) in always where lists[stage]?.contains(name) == false {
      lists[stage]?.append(name)
    }
    return lists
  }
}
