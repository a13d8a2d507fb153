// Carrying out a plan, with what its reader must know in the trace.
package import MailEdits
package import MailMessage
internal import RuleBytecode

extension PolicySession {
  /// The message with a plan's edits; the trace says what was refused and which signatures of
  /// domains do not hold any more.
  package func edited(_ message: MailMessage, by plan: EditPlan) -> EditedMessage {
    let edited = plan.apply(to: message)
    for refusal in edited.refusals {
      let why = refusal.shown { message.parts[$0].path }
      note("an edit is not done: \(why)")
    }
    if !edited.breaksDKIM.isEmpty {
      note(
        "DKIM signatures that do not hold any more: \(edited.breaksDKIM.joined(separator: ", "))")
    }
    return edited
  }

  /// What `auth_results` says, once for each name.
  func resultsFields(ofRecipient index: Int?) -> [ResultsField] {
    var names: [String] = []
    for place in recordIndexes(of: .authResults, forRecipient: index) {
      guard let name = decisions.actions[place].name, !names.contains(name.lowercased()) else {
        continue
      }
      names.append(name.lowercased())
    }
    return names.map { name in
      ResultsField(authority: name, value: Array(authenticationReport(by: name).utf8))
    }
  }

  /// The records of a kind that a recipient's own copy is made by; nil for what all others get.
  func recordIndexes(of kind: Action, forRecipient index: Int?) -> [Int] {
    let address = index.map { machine.recipients[$0].address }
    return decisions.actions.indices.filter { place in
      let record = decisions.actions[place]
      return record.kind == kind && !record.isSuperseded
        && (!record.flags.contains(.split) || record.recipient == address)
    }
  }

  private func note(_ what: String) {
    machine.tracer.add(.action(what), limit: machine.limits.traceEventsMax)
  }
}
