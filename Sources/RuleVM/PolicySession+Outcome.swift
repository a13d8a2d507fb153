// The last word on a message, for whoever carries it out or reports it.
internal import MailMessage
package import RuleBytecode

extension PolicySession {
  /// What becomes of the message, given the verdict that ended its runs.
  package func outcome(_ verdict: Verdict?) -> Outcome {
    let mixed = policy.mixedFates
    // Looked up for notices alone.
    let mayNotify = !decisions.notices.isEmpty || mixed.values.contains(.notify)
    var weighing = Weighing(
      decisions: decisions, mixed: mixed,
      recipients: machine.recipients.map {
        RecipientOutcome(
          address: $0.address, path: $0.path, verdict: $0.verdict,
          isQuarantined: $0.isQuarantined)
      },
      sender: text(of: .sender), admin: mayNotify ? policy.setting("admin") : nil,
      isSenderSafe: mayNotify && isSenderSafe)
    return weighing.outcome(verdict)
  }

  /// A fact as text; empty where it is absent.
  package func text(of fact: Fact) -> String {
    machine.facts[fact].map {
      String(decoding: machine.bytes(of: $0, policy.program), as: UTF8.self)
    } ?? ""
  }

  // MARK: Notices to senders

  /// Whether a mail to the sender reaches who wrote this: somebody who logged in, whom SPF
  /// confirms, or one of `own :domains` on a host of `own :clients` or this one; never an automaton
  /// (RFC 3834 §2), since two of those would write to each other.
  var isSenderSafe: Bool {
    let sender = text(of: .sender)
    guard !sender.isEmpty, !Self.isAutomaton(text(of: .senderLocal)) else { return false }
    let isKnown =
      machine.facts[.authUser] != nil || text(of: .spfResult) == "pass"
      || machine.isOwnSender(policy.program)
    return isKnown && !isAutomaticMessage
  }

  private static func isAutomaton(_ local: String) -> Bool {
    let name = local.lowercased()
    return name == "mailer-daemon" || name.hasPrefix("owner-") || name.hasSuffix("-request")
      || name.hasPrefix("noreply") || name.hasPrefix("no-reply")
  }

  private var isAutomaticMessage: Bool {
    guard let message = machine.message else { return false }
    func value(_ name: String) -> String? {
      message.fields(named: name).first.map { field in
        var bytes: [UInt8] = []
        message.appendDecoded(field, to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return String(text.prefix { $0 != ";" && $0 != " " })
      }
    }
    if let submitted = value("auto-submitted"), submitted != "no" { return true }
    if let precedence = value("precedence"), ["bulk", "junk", "list"].contains(precedence) {
      return true
    }
    return value("list-id") != nil || value("list-unsubscribe") != nil
  }
}
