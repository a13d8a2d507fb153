// The first words of a connection: what the MTA can do, and what we choose of it.

/// What the MTA offers.
package struct NegotiationOffer: Sendable, Equatable {
  package var version: UInt32
  package var actions: ProtocolActions
  package var steps: ProtocolSteps

  package init(version: UInt32, actions: ProtocolActions, steps: ProtocolSteps) {
    self.version = version
    self.actions = actions
    self.steps = steps
  }
}

/// What we choose; never more than was offered.
package struct NegotiationAnswer: Sendable, Equatable {
  package let version: UInt32
  package let actions: ProtocolActions
  package let steps: ProtocolSteps
  /// The macros to send at each stage; a stage that is absent keeps the MTA's own list, an empty
  /// list asks for none.
  package let macroLists: [MacroStage: [String]]

  /// Cuts what is wanted down to what `offer` has.
  package init(
    offer: NegotiationOffer, actions: ProtocolActions, steps: ProtocolSteps,
    macroLists: [MacroStage: [String]]
  ) {
    version = min(offer.version, MilterProtocol.newestVersion)
    let canSetLists = offer.actions.contains(.setMacroList) && !macroLists.isEmpty
    var wanted = actions
    if canSetLists { wanted.insert(.setMacroList) } else { wanted.remove(.setMacroList) }
    self.actions = wanted.intersection(offer.actions)
    self.steps = steps.intersection(offer.steps)
    self.macroLists = canSetLists ? macroLists.filter { $0.key != .other } : [:]
  }
}
