// Whose mail is traced: a plain value that can be put in place of another while the filter runs.
//
//   client=192.0.2.0/24 sender=*@example.net recipient=@example.com rule=virus share=1/100
//
// All that one filter says must hold; a message is traced when one filter holds. What is written
// there comes from an administrator.

internal import RuleBytecode
internal import RuleVM

/// Which messages are traced.
package struct TraceSelection: Equatable, Sendable {
  package var filters: [TraceFilter] = []

  package init(_ filters: [TraceFilter] = []) { self.filters = filters }

  /// Every message.
  package static let all = TraceSelection([TraceFilter()])

  /// As many filters as anybody needs; each costs every message a little.
  package static let filtersMax = 32

  package var isEmpty: Bool { filters.isEmpty }

  /// What can still hold for a client; asked when it connects.
  package func narrowed(client: String) -> TraceSelection {
    TraceSelection(filters.filter { $0.client?.contains(client) ?? true })
  }

  /// What can still hold for a message; asked at its MAIL.
  package func narrowed(sender: String, messageNumber: Int) -> TraceSelection {
    TraceSelection(
      filters.filter { filter in
        (filter.sender?.matches(sender) ?? true)
          && (filter.share.map { messageNumber % $0 == 0 } ?? true)
      })
  }

  /// Whether a message that it was narrowed for is traced; asked when its fate is known.
  package func holds(recipients: [String], rules: [String]) -> Bool {
    filters.contains { filter in
      (filter.recipient.map { pattern in recipients.contains { pattern.matches($0) } } ?? true)
        && (filter.rule.map { pattern in rules.contains { pattern.matches($0) } } ?? true)
    }
  }

  /// As it is read again.
  package var text: String { filters.map(\.text).joined(separator: "; ") }
}

/// One condition on messages; what is nil holds for all.
package struct TraceFilter: Equatable, Sendable {
  package var client: AddressRange?
  package var sender: AddressPattern?
  package var recipient: AddressPattern?
  package var rule: AddressPattern?
  /// One message in so many.
  package var share: Int?

  package init() {}

  package enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownWord(String)
    case twice(String)
    case badClient(String)
    case badShare(String)
    case empty(String)

    package var description: String {
      switch self {
      case .unknownWord(let word):
        "'\(word)' is none of client=, sender=, recipient=, rule= and share=1/N"
      case .twice(let key): "\(key)= stands twice"
      case .badClient(let text): "'\(text)' is neither an address nor a network as 192.0.2.0/24"
      case .badShare(let text): "'\(text)' is no share; 1/100 is one message in a hundred"
      case .empty(let key): "\(key)= needs a value"
      }
    }
  }

  /// Reads `client=… sender=… recipient=… rule=… share=1/N`, parted by blanks; nothing at all is
  /// every message.
  package init(_ text: String) throws(Problem) {
    var seen: Set<String> = []
    for word in text.split(separator: " ") {
      guard let split = word.firstIndex(of: "=") else { throw .unknownWord(String(word)) }
      let key = String(word[..<split])
      let value = String(word[word.index(after: split)...])
      guard seen.insert(key).inserted else { throw .twice(key) }
      guard !value.isEmpty || key == "sender" else { throw .empty(key) }
      switch key {
      case "client":
        guard let range = AddressRange(value) else { throw .badClient(value) }
        client = range
      case "sender": sender = AddressPattern(value)
      case "recipient": recipient = AddressPattern(value)
      case "rule": rule = AddressPattern(value)
      case "share":
        guard value.hasPrefix("1/"), let number = Int(value.dropFirst(2)), number > 0 else {
          throw .badShare(value)
        }
        share = number
      default: throw .unknownWord(String(word))
      }
    }
  }

  package var text: String {
    var words: [String] = []
    if let client { words.append("client=\(client.text)") }
    if let sender { words.append("sender=\(sender.text)") }
    if let recipient { words.append("recipient=\(recipient.text)") }
    if let rule { words.append("rule=\(rule.text)") }
    if let share { words.append("share=1/\(share)") }
    return words.joined(separator: " ")
  }
}

/// A network, or one address.
package struct AddressRange: Equatable, Sendable {
  package let text: String
  private let first: IPAddress
  private let bits: Int

  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first.flatMap({ IPAddress(String($0)) }) else { return nil }
    let most = first.isIPv4 ? 32 : 128
    guard let own = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(own) else {
      return nil
    }
    self.text = text
    self.first = first
    bits = own + (128 - most)
  }

  package func contains(_ address: String) -> Bool {
    guard let other = IPAddress(address), other.isIPv4 == first.isIPv4 else { return false }
    let whole = bits / 8
    guard first.bytes[..<whole] == other.bytes[..<whole] else { return false }
    guard bits % 8 > 0 else { return true }
    let shift = 8 - bits % 8
    return first.bytes[whole] >> shift == other.bytes[whole] >> shift
  }
}

/// An address or a name, where `*` is any run of characters and a first `@` stands for all
/// addresses there; letters of ASCII are compared without regard to case.
package struct AddressPattern: Equatable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package func matches(_ value: String) -> Bool {
    Wildcard.matches(value, text.hasPrefix("@") ? "*" + text : text)
  }
}
