// The facts that were given to the session, as text words. Absent is not empty.
internal import RuleBytecode

struct FactStore {
  private static let absent = UInt64.max
  private var words = InlineArray<128, UInt64>(repeating: absent)
  /// Macros by name without braces, those of the message before those of the session.
  private(set) var messageMacros: [[UInt8]: TextWord] = [:]
  private(set) var sessionMacros: [[UInt8]: TextWord] = [:]
  /// ESMTP arguments by upper-case keyword.
  var senderArguments: [[UInt8]: TextWord] = [:]
  var rcptArguments: [[UInt8]: TextWord] = [:]
  /// What scanners said of this message, by `NAME.FIELD`.
  var scans: [[UInt8]: TextWord] = [:]
  /// What those words are about, by the scanner's name.
  var scanSubjects: [String: String] = [:]
  /// Changes of the header that each scanner asked for, by its name.
  var scanHeaders: [String: [ScanHeaderEdit]] = [:]
  /// What was known of the peer, while a message is about a client behind it.
  private(set) var peer: [Fact: TextWord]?
  /// The policy's switches, by name.
  var switches: [[UInt8]: TextWord] = [:]

  subscript(fact: Fact) -> TextWord? {
    get {
      let bits = words[Int(fact.rawValue)]
      return bits == Self.absent ? nil : TextWord(bits: bits)
    }
    set { words[Int(fact.rawValue)] = newValue?.bits ?? Self.absent }
  }

  subscript(family: FactFamily, name: [UInt8]) -> TextWord? {
    switch family {
    case .macro: messageMacros[name] ?? sessionMacros[name]
    case .senderArgument: senderArguments[name]
    case .rcptArgument: rcptArguments[name]
    case .scan: scans[name]
    case .switch: switches[name]
    }
  }

  mutating func setMacro(_ name: [UInt8], _ value: TextWord, outlivesMessage: Bool) {
    if outlivesMessage { sessionMacros[name] = value } else { messageMacros[name] = value }
  }

  /// The message came from somebody behind the peer: until it ends, nothing is known of the client.
  mutating func setAsidePeer() {
    var known: [Fact: TextWord] = [:]
    for fact in Self.clientFacts {
      known[fact] = self[fact]
      self[fact] = nil
    }
    peer = known
  }

  private static let clientFacts = [Fact.clientIP, .clientName, .clientPTR, .clientPort]

  /// Forgets what ends with the message.
  mutating func dropMessage() {
    if let peer {
      for fact in Self.clientFacts { self[fact] = peer[fact] }
      self.peer = nil
    }
    for fact in Self.messageFacts { self[fact] = nil }
    messageMacros = [:]
    senderArguments = [:]
    rcptArguments = [:]
    scans = [:]
    scanSubjects = [:]
    scanHeaders = [:]
  }

  /// Replaces each word that lives as long as the session.
  mutating func move(_ moved: (TextWord) -> TextWord) {
    for fact in Fact.allCases { self[fact] = self[fact].map(moved) }
    peer = peer?.mapValues(moved)
    sessionMacros = sessionMacros.mapValues(moved)
    switches = switches.mapValues(moved)
  }

  private static let messageFacts = Fact.allCases.filter { !$0.outlivesMessage }
}
