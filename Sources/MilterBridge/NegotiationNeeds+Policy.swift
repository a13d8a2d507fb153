// What a program needs of the mail server, in the protocol's terms.
internal import MilterWire
package import RuleBytecode

extension NegotiationNeeds {
  /// What a program needs, in the protocol's terms.
  package init(_ needs: ProgramNeeds) {
    var sent: Phases = [.mail]
    var verdicts: Phases = []
    let sessionFacts = needs.facts.contains { $0.info.phases == .all && $0.info.macros.isEmpty }
    if needs.phases.contains(.connect) || sessionFacts { sent.insert(.connect) }
    let map: [(Phase, Phases)] = [
      (.helo, .helo), (.rcpt, .recipient), (.data, .data), (.headers, .headers),
      (.message, .message), (.part, .message), (.eom, .message),
    ]
    for (phase, bit) in map where needs.phases.contains(phase) { sent.insert(bit) }
    let readsRecipients = needs.facts.contains { [.rcpt, .rcptCount, .rcptFirst].contains($0) }
    if readsRecipients { sent.insert(.recipient) }
    if needs.facts.contains(.helo) { sent.insert(.helo) }
    for (phase, bit) in map + [(.connect, .connect), (.mail, .mail)]
    where needs.verdicts.contains(phase) { verdicts.insert(bit) }
    var actions: ProtocolActions = []
    if needs.editsHeader || needs.editsBody || needs.keepsState {
      actions.formUnion([.addHeaders, .changeHeaders])
    }
    if needs.editsBody { actions.insert(.changeBody) }
    if needs.editsEnvelope {
      actions.formUnion([.addRecipients, .deleteRecipients, .changeSender])
    }
    if needs.holds { actions.insert(.quarantine) }
    self.init(
      sent: sent, header: needs.readsHeader, body: needs.readsBody || needs.editsBody,
      verdicts: verdicts, actions: actions, macros: Self.macros(needs))
  }

  private static func macros(_ needs: ProgramNeeds) -> [MacroStage: [String]] {
    let stages: [(Phase, MacroStage)] = [
      (.connect, .connect), (.helo, .helo), (.mail, .mail), (.rcpt, .recipient), (.data, .data),
      (.eom, .endOfMessage),
    ]
    var result: [MacroStage: [String]] = [:]
    for (phase, stage) in stages {
      if let names = needs.macros[phase] { result[stage] = names.sorted() }
    }
    return result
  }
}
