// What is known of a session and its message when the filter itself fails: enough to play it again
// to the policy, as far as that is known then. Of ESMTP arguments of recipients nothing is kept, of
// macros at RCPT those of the latest.

internal import RuleBytecode
internal import RuleVM

package struct SessionFacts: Sendable {
  package struct Macro: Sendable, Equatable {
    package let name: String
    package let value: String
    /// Of the connection or HELO, not of the message.
    package let outlivesMessage: Bool
  }

  package var sessionID = ""
  package var queueID = ""
  package var stage = Session.Stage.connect
  package var client = ClientFacts()
  package var clientPort = ""
  package var sender = ""
  package var senderArguments: [String] = []
  package var recipients: [String] = []
  package var macros: [Macro] = []
  /// A program of this host gave the mail in, without SMTP.
  package var isOfThisHost = false
  /// The digest of the image that was to decide.
  package var image = ""
  /// Nil before there is a header.
  package var message: ReceivedMessage?
  /// What outside checks had said by then.
  package var answers: [GivenAnswer] = []

  package init() {}
}

extension PolicyEvaluator {
  package var facts: SessionFacts? {
    var facts = SessionFacts()
    facts.sessionID = sessionID
    facts.queueID = queueID ?? ""
    // Of who connected, also while a message is about a client behind it.
    facts.client.address = session.text(of: .clientDirectIP)
    facts.client.name = session.text(of: .clientName)
    facts.client.helo = session.text(of: .helo)
    facts.client.login = session.text(of: .authUser)
    facts.clientPort = session.text(of: .clientPort)
    facts.sender = sender
    facts.senderArguments = session.senderArguments
    facts.recipients = recipients
    facts.macros = session.macros.map { macro in
      SessionFacts.Macro(
        name: macro.name, value: macro.value, outlivesMessage: macro.outlivesMessage)
    }
    facts.isOfThisHost = session.isOfThisHost
    facts.image = session.policy.imageName
    return facts
  }
}
