// What a session tells whoever watches it: facts for a log, matches for a history, uses of rules
// for figures. Nothing of it is noted unless it was asked for.
internal import MailMessage
package import RuleBytecode

extension PolicySession {
  /// Every event is noted, for a trace; counts from the next run on.
  package var isTraced: Bool {
    get { machine.tracer.isFull }
    set { machine.tracer.isFull = newValue }
  }

  /// The tests of rules that act are noted.
  package var keepsMatches: Bool {
    get { machine.tracer.keepsMatches }
    set { machine.tracer.keepsMatches = newValue }
  }

  /// Rules that acted are noted, and how long each rule took where `times` says so.
  package func measureRules(times: Bool) {
    machine.meter.countsHits = true
    machine.meter.takesTime = times
  }

  /// Rules that acted since they were last taken, with what their tests saw.
  package func takeMatches() -> [RuleMatch] { machine.tracer.takeMatches(policy.program) }

  package func takeRuleUses() -> [RuleUse] { machine.meter.take() }

  /// Which way the message at hand goes, as far as its recipients are known.
  package var direction: MailDirection? {
    do throws(Trap) { return try machine.direction(loop: 0, policy.program) } catch { return nil }
  }

  /// The message's size, announced or seen; nil where neither is known.
  package var sizeBytes: Int? {
    if let message = machine.message { return message.bytes.count }
    return machine.facts.senderArguments[Array("SIZE".utf8)].flatMap { word in
      Int(String(decoding: machine.bytes(of: word, policy.program), as: UTF8.self))
    }
  }
}
