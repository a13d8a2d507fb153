// What the runner of test suites does to a session between two steps of its script.
internal import MailEdits
internal import MailMessage
internal import RuleBytecode

extension PolicySession {
  /// Another message takes the place of the one at hand; false when its texts do not fit.
  package func replaceMessage(_ bytes: [UInt8]) -> Bool {
    do throws(Trap) {
      try machine.replaceMessage(MailMessage(bytes, limits: mailLimits), policy.program)
      return true
    } catch {
      return false
    }
  }

  /// The message at hand with all edits so far.
  package var currentMessage: [UInt8] {
    guard let message = machine.message else { return [] }
    return machine.decisions.edits.apply(to: message).bytes()
  }

  /// The envelope's sender, a path with or without brackets.
  package func setSender(_ path: [UInt8]) {
    let mailbox = AddressParser.path(path.span)
    machine.facts[.sender] = kept(mailbox.text(orRaw: path), outlivesMessage: false)
    set(.senderLocal, mailbox.local.utf8)
    set(.senderDomain, mailbox.domain.utf8)
  }

  /// The envelope's one recipient.
  package func setRecipient(_ path: [UInt8]) {
    machine.accepted = [AddressParser.path(path.span).text(orRaw: path)]
    machine.acceptedArguments = [[:]]
  }

  /// What the suite's site sets.
  package func setSettings(_ settings: SieveSettings) { machine.settings = settings }

  /// How long a variable can be: never more than the machine's own limit, which nil brings back.
  package func limitVariables(toBytes bytes: Int?) {
    let most = MachineLimits().variableBytesMax
    machine.limits.variableBytesMax = min(max(0, bytes ?? most), most)
  }

  /// Fuel for the next test of a suite, as for the next message.
  package func refuel() { machine.fuel = machine.limits.fuelMax }
}
