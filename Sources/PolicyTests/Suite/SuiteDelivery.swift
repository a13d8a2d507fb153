// The delivery that a suite plays: actions are collected, then carried out into folders and an
// outgoing queue in memory. Of RFC 5228 §2.10 and what suites can see of it, no more.
internal import MailMessage

/// A message on its way, or where it came to.
struct SuiteMail {
  var bytes: [UInt8]
  var sender = "sender@example.com"
  var recipient = "recipient@example.org"
  /// What the client said, where the recipient was rewritten.
  var originalRecipient = ""
  var user = ""
}

/// An action that a script has asked for, with the message as it was then.
struct SuiteAction: Equatable {
  enum Kind: Equatable {
    case keep
    case store(folder: String)
    case redirect(to: String)
    case reject(text: String)
    case discard
  }

  let kind: Kind
  /// `:copy` (RFC 3894): the implicit keep stays.
  let isCopy: Bool
  /// `:create` (RFC 5490).
  var createsFolder = false
  let message: [UInt8]

  /// The name that `test_result_action` sees.
  var name: String {
    switch kind {
    case .keep: "keep"
    case .store: "store"
    case .redirect: "redirect"
    case .reject: "reject"
    case .discard: "discard"
    }
  }

  /// Keeping is storing into the inbox.
  private var target: Kind { kind == .store(folder: "INBOX") ? .keep : kind }
  func isSame(as other: SuiteAction) -> Bool { target == other.target }

  var cancelsKeep: Bool { !isCopy && kind != .keep }
}

struct SuiteDelivery {
  private(set) var actions: [SuiteAction] = []
  private(set) var folders: [String: [[UInt8]]] = ["INBOX": []]
  private(set) var sent: [SuiteMail] = []

  mutating func reset() {
    actions = []
    sent = []
  }

  mutating func create(_ folder: String) { folders[folder] = folders[folder] ?? [] }
  mutating func delete(_ folder: String) { folders[folder] = nil }

  static let actionsMax = 32
  static let redirectsMax = 4

  /// Takes an action in; the reason when it cannot stand beside the others.
  mutating func add(_ action: SuiteAction) -> String? {
    let isRejecting = actions.contains { if case .reject = $0.kind { true } else { false } }
    if case .reject = action.kind {
      if isRejecting { return "more than one reject action" }
      if actions.contains(where: { $0.kind != .discard }) {
        return "reject conflicts with an action that keeps the message"
      }
    } else if isRejecting, action.kind != .discard {
      return "\(action.name) conflicts with reject"
    }
    // The same thing twice is one thing (RFC 5228 §2.10.3).
    if actions.contains(where: { $0.isSame(as: action) }) { return nil }
    guard actions.count < Self.actionsMax else {
      return "total number of actions exceeds policy limit"
    }
    let redirects = actions.count { if case .redirect = $0.kind { true } else { false } }
    if case .redirect = action.kind, redirects >= Self.redirectsMax {
      return "number of redirect actions exceeds policy limit"
    }
    // Names of mailboxes are UTF-8 (RFC 5228 §4.1); what was none shows as this mark.
    if case .store(let folder) = action.kind, folder.contains("\u{FFFD}") {
      return "invalid folder name '\(folder)'"
    }
    actions.append(action)
    return nil
  }

  var isKept: Bool { !actions.contains(where: \.cancelsKeep) }

  /// Carries the actions out; `mail` is the message as it came, `edited` as the script left it.
  /// The reasons of those that failed.
  mutating func execute(
    _ mail: SuiteMail, edited: [UInt8], settings: SuiteSettings
  ) -> [String] {
    var troubles: [String] = []
    var stored: Set<String> = []
    var isLost = false
    func store(_ bytes: [UInt8], _ folder: String, _ folders: inout [String: [[UInt8]]]) {
      if stored.insert(folder).inserted { folders[folder, default: []].append(bytes) }
    }
    for action in actions {
      switch action.kind {
      case .keep: store(action.message, "INBOX", &folders)
      case .store(let folder):
        if action.createsFolder, Self.isFolderName(folder) { create(folder) }
        guard folders[folder] != nil else {
          let reason =
            Self.isFolderName(folder) ? "mailbox does not exist" : "this is no mailbox's name"
          troubles.append("failed to store into mailbox '\(folder)': \(reason)")
          isLost = true
          continue
        }
        store(action.message, folder, &folders)
      case .redirect(let address): pass(action.message, of: mail, to: address, settings)
      case .reject(let text): refuse(mail, text)
      case .discard: break
      }
    }
    // What could not be stored where it was meant to go is kept, as it came (RFC 5228 §2.10.6).
    if isKept || isLost { store(isLost ? mail.bytes : edited, "INBOX", &folders) }
    return troubles
  }

  /// Folders are divided by single slashes.
  static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty
      && name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
  }

  /// Sends a message on, unless it has been here before (RFC 5228 §10): each hop leaves its mark.
  private mutating func pass(
    _ bytes: [UInt8], of mail: SuiteMail, to address: String, _ settings: SuiteSettings
  ) {
    let message = MailMessage.headerOnly(bytes)
    let hops = message.fields(named: Self.hopField).map { field in
      var text: [UInt8] = []
      message.appendDecoded(field, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
    let owner = settings.userAddress ?? mail.recipient
    if hops.contains(owner) || hops.contains(mail.recipient) { return }
    let mark = Array("\(Self.hopField): \(owner)\r\n".utf8)
    sent.append(
      SuiteMail(bytes: mark + bytes, sender: settings.redirectSender(of: mail), recipient: address))
  }

  private static let hopField = "X-Sieve-Redirected-From"

  /// The mail that a refusal becomes where there is no SMTP client to be told (RFC 5429 §2.1).
  private mutating func refuse(_ mail: SuiteMail, _ text: String) {
    guard !mail.sender.isEmpty, mail.sender != "<>" else { return }
    let report = """
      From: Postmaster <postmaster@localhost>\r
      To: <\(mail.sender)>\r
      Subject: Rejected: your message\r
      MIME-Version: 1.0\r
      Content-Type: text/plain; charset=utf-8\r
      Auto-Submitted: auto-replied (rejected)\r
      \r
      \(text)\r

      """
    sent.append(SuiteMail(bytes: Array(report.utf8), sender: "", recipient: mail.sender))
  }
}
