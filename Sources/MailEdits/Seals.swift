// What makes a part untouchable: RFC 1847 multiparts, S/MIME in one part (RFC 8551 §3.2), PGP in
// MIME (RFC 3156) and PGP's own armour in a text (RFC 9580 §6.2, §7).
// Trusts the declared type: who says that something is signed gets it left alone.

internal import MailMessage

enum Seal: Sendable {
  case signed
  case encrypted

  /// What the type alone says.
  init?(_ part: Part) {
    switch (part.contentType.type, part.contentType.subtype) {
    case ("multipart", "signed"): self = .signed
    case ("multipart", "encrypted"), ("application", "pgp-encrypted"): self = .encrypted
    case ("application", "pkcs7-mime"), ("application", "x-pkcs7-mime"):
      self = part.parameter("smime-type")?.lowercased() == "signed-data" ? .signed : .encrypted
    default: return nil
    }
  }

  func refusal(_ part: Int) -> EditRefusal {
    self == .signed ? .signed(part: part) : .encrypted(part: part)
  }
}

/// The seals of a message, each looked for once, when somebody asks.
struct Seals {
  private let message: MailMessage
  private var known: [Seal??]

  init(_ message: MailMessage) {
    self.message = message
    known = [Seal??](repeating: nil, count: message.parts.count)
  }

  /// The part that an edit of `part` acts on: the one whose bytes are its own. A part of an
  /// alternative reading, and the single part of a multipart without a boundary, share theirs.
  static func target(of part: Int, in parts: [Part]) -> Int {
    precondition(parts.indices.contains(part), "an edit names a part that is not there")
    return parts[part].target
  }

  /// Of the part or of what it is in. Depth is bounded by the reader.
  mutating func seal(of part: Int) -> Seal? {
    if let own = own(part) { return own }
    var next = message.parts[part].parent
    while let index = next {
      if let seal = Seal(message.parts[index]) { return seal }
      next = message.parts[index].parent
    }
    return nil
  }

  /// Of the part itself.
  mutating func own(_ index: Int) -> Seal? {
    if let found = known[index] { return found }
    let part = message.parts[index]
    let found = Seal(part) ?? (part.contentType == .plainText ? armour(index) : nil)
    known[index] = .some(found)
    return found
  }

  // MARK: Armour in a text

  private func armour(_ index: Int) -> Seal? {
    let part = message.parts[index]
    guard part.isInMessage, !part.isContainer else { return nil }
    if part.encoding != .base64 {
      let body = message.bytes.span.extracting(part.body)
      guard Self.mayHoldArmour(body) else { return nil }
    }
    var text: [UInt8] = []
    _ = message.appendDecodedBody(of: index, to: &text)
    return Self.armour(in: text.span)
  }

  /// Dashes stand for themselves in quoted-printable too, but for a first one that some encode.
  private static func mayHoldArmour(_ body: Span<UInt8>) -> Bool {
    find("BEGIN PGP ", in: body, from: 0) != nil
  }

  /// A clear-signed text or an encrypted one, with both its ends.
  private static func armour(in text: Span<UInt8>) -> Seal? {
    let kinds: [(begin: String, end: String, seal: Seal)] = [
      ("-----BEGIN PGP SIGNED MESSAGE-----", "-----END PGP SIGNATURE-----", .signed),
      ("-----BEGIN PGP MESSAGE-----", "-----END PGP MESSAGE-----", .encrypted),
    ]
    for kind in kinds {
      guard let begin = findLine(kind.begin, in: text, from: 0) else { continue }
      if findLine(kind.end, in: text, from: begin) != nil { return kind.seal }
    }
    return nil
  }

  /// Where a line begins so; quoted ones (`> `) do not.
  private static func findLine(_ words: String, in text: Span<UInt8>, from: Int) -> Int? {
    var position = from
    while let hit = find(words, in: text, from: position) {
      if hit == 0 || text[hit - 1] == 0x0A || text[hit - 1] == 0x0D { return hit }
      position = hit + 1
    }
    return nil
  }

  private static func find(_ words: String, in text: Span<UInt8>, from: Int) -> Int? {
    let needle = Array(words.utf8)
    return text.extracting(from..<text.count).firstIndex(of: needle.span).map { $0 + from }
  }
}
