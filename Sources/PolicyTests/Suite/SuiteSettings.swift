// What `test_config_set` sets. Settings that our language does not have are kept and mean nothing.
internal import RuleVM

struct SuiteSettings {
  private var values: [String: String] = [:]

  subscript(name: String) -> String? {
    get { values[name] }
    set { values[name] = newValue }
  }

  private func trimmed(_ name: String) -> String {
    String((values[name] ?? "").drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The address of the user whose script it is.
  var userAddress: String? {
    let address = trimmed("sieve_user_email")
    return address.isEmpty ? nil : address
  }

  /// Who sends a redirected message. What came from nobody goes on from nobody (RFC 5228 §4.2).
  func redirectSender(of mail: SuiteMail) -> String {
    if mail.sender.isEmpty || mail.sender == "<>" { return "" }
    let choice = trimmed("sieve_redirect_envelope_from")
    switch choice {
    case "recipient": return mail.recipient
    case "orig_recipient":
      return mail.originalRecipient.isEmpty ? mail.recipient : mail.originalRecipient
    case "user_email": return userAddress ?? mail.recipient
    default: return choice.hasPrefix("<") ? String(choice.dropFirst().dropLast()) : mail.sender
    }
  }
}
