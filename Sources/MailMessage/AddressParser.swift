// Addresses of header fields (RFC 5322 §3.4, the obsolete forms of §4.4 too) and of SMTP paths
// (RFC 5321 §4.1.2). Trusts nothing: what follows no grammar still yields its parts, marked
// invalid. Encoded words are decoded in display names only, never in an address.

/// Reads addresses.
package enum AddressParser {
  /// The addresses of a list, those in groups too, in order, at most `limit`.
  package static func mailboxes(_ bytes: Span<UInt8>, limit: Int = .max) -> [Mailbox] {
    var reader = AddressReader(place: .words)
    var lexer = AddressLexer()
    while reader.mailboxes.count < limit, let token = lexer.next(bytes) {
      reader.take(token, afterBlank: lexer.hasBlankBefore)
    }
    if reader.mailboxes.count < limit { reader.finish() }
    return reader.mailboxes
  }

  /// A path with or without angle brackets, its source route left out. The null path is the valid
  /// mailbox with the address "".
  package static func path(_ bytes: Span<UInt8>) -> Mailbox {
    var reader = AddressReader(place: .local)
    var lexer = AddressLexer()
    while reader.mailboxes.isEmpty, let token = lexer.next(bytes) {
      reader.take(token, afterBlank: lexer.hasBlankBefore)
    }
    if reader.mailboxes.isEmpty { reader.finishPath() }
    return reader.mailboxes.first ?? AddressReader.nullPath
  }

  /// As above, of text.
  package static func path(_ text: String) -> Mailbox { path(Array(text.utf8).span) }
}

/// Puts tokens together to addresses.
struct AddressReader {
  /// What the next token belongs to.
  enum Place {
    /// Display name or local part: which of them shows only later.
    case words
    /// The domain of an address without brackets.
    case bareDomain
    /// The local part in brackets.
    case local
    /// A source route (RFC 5322 §4.4).
    case route
    case domain
    case afterAngle
  }

  static let nullPath = Mailbox(
    displayName: "", local: "", domain: "", address: "", isValid: true)

  private(set) var mailboxes: [Mailbox] = []
  private var place: Place
  private var phrase: [UInt8] = []
  private var comment: [UInt8] = []
  private var local: [UInt8] = []
  private var isLocalQuoted = false
  private var domain: [UInt8] = []
  private var hasAngle = false
  private var hasDomain = false
  private var isBroken = false
  /// The domain of a source route that is being read; nil between two.
  private var routeDomain: [UInt8]?
  private let isPath: Bool

  init(place: Place) {
    self.place = place
    isPath = place == .local
  }

  mutating func take(_ token: AddressLexer.Token, afterBlank: Bool) {
    switch token {
    case .comment(let text): comment = text
    case .atom(let text), .literal(let text): word(text, isQuoted: false, afterBlank)
    case .quoted(let text): word(text, isQuoted: true, afterBlank)
    case .special(let byte): special(byte)
    }
  }

  private mutating func word(_ text: [UInt8], isQuoted: Bool, _ afterBlank: Bool) {
    switch place {
    case .words:
      if afterBlank, !phrase.isEmpty {
        phrase.append(ASCII.space)
        // Only the last word can be a local part.
        if !local.isEmpty { isBroken = true }
        local = []
        isLocalQuoted = false
      }
      phrase += text
      appendLocal(text, isQuoted)
    case .local:
      if afterBlank, !local.isEmpty { isBroken = true }
      appendLocal(text, isQuoted)
    case .bareDomain, .domain:
      if place == .bareDomain { phrase += afterBlank ? [ASCII.space] + text : text }
      if isQuoted || (afterBlank && !domain.isEmpty) {
        isBroken = true
      } else {
        domain += text
      }
    case .afterAngle: isBroken = true
    case .route:
      if routeDomain == nil || afterBlank { isBroken = true }
      routeDomain? += text
    }
  }

  private mutating func appendLocal(_ text: [UInt8], _ isQuoted: Bool) {
    local += text
    if isQuoted { isLocalQuoted = true }
  }

  private mutating func special(_ byte: UInt8) {
    switch byte {
    case 60: openAngle()
    case 62: closeAngle()
    case 64: at()
    case ASCII.colon: colon()
    case 44, ASCII.semicolon:
      if place == .route { endRouteDomain() }
      if place != .route, !(place == .local && hasAngle && local.isEmpty) { finish() }
    default: isBroken = true
    }
  }

  private mutating func openAngle() {
    switch place {
    case .words, .bareDomain:
      place = .local
      hasAngle = true
      isBroken = false
      hasDomain = false
      isLocalQuoted = false
      local = []
      domain = []
    case .afterAngle:
      // Two addresses without a comma between them.
      isBroken = true
      finish()
      openAngle()
    case .local where !hasAngle && local.isEmpty: hasAngle = true
    default: isBroken = true
    }
  }

  private mutating func closeAngle() {
    switch place {
    case .local, .domain, .route:
      if !hasAngle { isBroken = true }
      place = .afterAngle
    case .words, .bareDomain, .afterAngle: isBroken = true
    }
  }

  private mutating func at() {
    switch place {
    case .words:
      phrase.append(64)
      place = .bareDomain
      hasDomain = true
    case .local:
      place = local.isEmpty && !isLocalQuoted ? .route : .domain
      hasDomain = place == .domain
      if place == .route { routeDomain = [] }
    case .bareDomain, .domain:
      phrase.append(64)
      domain.append(64)
      isBroken = true
    case .afterAngle: isBroken = true
    case .route:
      if routeDomain != nil { isBroken = true }
      routeDomain = []
    }
  }

  /// RFC 5322 §4.4: domains with an at sign each, commas between them.
  private mutating func endRouteDomain() {
    if let domain = routeDomain, !Self.isValid(domain: domain) { isBroken = true }
    routeDomain = nil
  }

  private mutating func colon() {
    switch place {
    // The words before it are a group's name (RFC 5322 §3.4).
    case .words: reset()
    case .route:
      endRouteDomain()
      place = .local
    default: isBroken = true
    }
  }

  // MARK: The end of an address

  /// Ends the address that was read, if there is one.
  mutating func finish() {
    defer { reset() }
    if place == .local || place == .domain || place == .route { isBroken = true }
    guard hasAngle || hasDomain || !phrase.isEmpty else { return }
    if !hasAngle, !hasDomain, isBroken { local = phrase }
    let isValid = !isBroken && hasDomain && isLocalValid && isDomainValid
    append(displayName: hasAngle && !phrase.isEmpty ? phrase : comment, isValid: isValid)
  }

  /// Ends a path: no domain is needed (RFC 5321 §4.1.1.3, postmaster), nor brackets.
  mutating func finishPath() {
    let isNull = local.isEmpty && !isLocalQuoted && !hasDomain && !isBroken && place != .route
    guard !isNull else { return mailboxes.append(Self.nullPath) }
    let isOpen = hasAngle && place != .afterAngle
    let isDomainFine = !hasDomain || isDomainValid
    append(
      displayName: [], isValid: !isBroken && !isOpen && isLocalValid && isDomainFine)
  }

  private mutating func append(displayName: [UInt8], isValid: Bool) {
    var name: [UInt8] = []
    EncodedWords.append(displayName.span, to: &name)
    let local = String(decoding: local, as: UTF8.self)
    let domain = String(decoding: domain, as: UTF8.self)
    let isPlain = self.local.isEmpty || isDotAtom || (isPath && !isLocalQuoted && hasAtomBytes)
    let written = isPlain ? local : Self.quoted(local)
    mailboxes.append(
      Mailbox(
        displayName: String(decoding: name, as: UTF8.self), local: local, domain: domain,
        address: domain.isEmpty ? written : "\(written)@\(domain)", isValid: isValid))
  }

  private mutating func reset() {
    let found = mailboxes
    self = AddressReader(place: .words)
    mailboxes = found
  }

  private var isLocalValid: Bool {
    if isLocalQuoted { return local.allSatisfy { $0 >= 32 && $0 != 127 } }
    return isPath ? hasAtomBytes : isDotAtom
  }

  /// Dots in odd places are common in paths and taken by mail servers.
  private var hasAtomBytes: Bool { !local.isEmpty && local.allSatisfy(Self.isAtomByte) }

  /// RFC 5322 §3.2.3, with UTF-8 (RFC 6532 §3.2).
  private var isDotAtom: Bool {
    local.split(separator: ASCII.dot, omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.allSatisfy(Self.isAtomByte)
    }
  }

  /// Printable but the specials of RFC 5322 §3.2.3.
  private static func isAtomByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...32, 127, ASCII.open, ASCII.close, 60, 62, 91, 93, ASCII.colon, ASCII.semicolon, 64,
      ASCII.backslash, 44, ASCII.quote:
      false
    default: true
    }
  }

  private var isDomainValid: Bool { Self.isValid(domain: domain) }

  private static func isValid(domain: [UInt8]) -> Bool {
    if domain.first == 91 { return domain.last == 93 && domain.count > 2 }
    return domain.split(separator: ASCII.dot, omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && $0.allSatisfy(isDomainByte)
    }
  }

  private static func isDomainByte(_ byte: UInt8) -> Bool {
    let folded = ASCII.lower(byte)
    return folded &- 97 < 26 || byte &- 48 < 10 || byte == ASCII.dash || byte == 95 || byte > 127
  }

  private static func quoted(_ local: String) -> String {
    let escaped = local.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }
    return "\"\(String(escaped))\""
  }
}
