// Carrying out a plan, with what its reader must know in the trace.
package import MailEdits
package import MailMessage

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

  private func note(_ what: String) {
    machine.tracer.add(.action(what), limit: machine.limits.traceEventsMax)
  }
}
