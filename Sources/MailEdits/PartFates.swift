// From edits of parts to what becomes of each part: the last edit holds, containers cover their
// inside, nothing signed or encrypted is touched, and no multipart is left without a part.

internal import MailMessage

struct PartFates {
  enum Fate: Equatable, Sendable {
    case keep
    case drop
    case replace(Replacement)
    /// The root of a message whose last content was dropped: an empty text/plain.
    case empty
  }

  /// By part index. Parts under one that goes are `keep`.
  private(set) var fates: [Fate]
  private(set) var refusals: [EditRefusal] = []

  /// Two passes over the parts, no recursion.
  init(_ message: MailMessage, _ edits: [OrderedPartEdit]) {
    let parts = message.parts
    fates = [Fate](repeating: .keep, count: parts.count)
    guard !edits.isEmpty else { return }
    var wanted = [OrderedPartEdit?](repeating: nil, count: parts.count)
    for edit in edits { wanted[Self.target(of: edit.part, in: parts)] = edit }
    resolve(wanted, parts)
    collapse(parts)
  }

  /// The part that an edit of `part` acts on: the one whose bytes are its own. A part of an
  /// alternative reading, and the single part of a multipart without a boundary, share theirs.
  private static func target(of part: Int, in parts: [Part]) -> Int {
    precondition(parts.indices.contains(part), "an edit names a part that is not there")
    return parts[part].target
  }

  /// Containers come before their children, so one pass downwards settles what is covered.
  private mutating func resolve(_ wanted: [OrderedPartEdit?], _ parts: [Part]) {
    var isCovered = [Bool](repeating: false, count: parts.count)
    var seals = [Seal?](repeating: nil, count: parts.count)
    for (index, part) in parts.enumerated() {
      if let parent = part.parent {
        isCovered[index] = isCovered[parent] || fates[parent] != .keep
        seals[index] = seals[parent]
      }
      seals[index] = seals[index] ?? Seal(part)
      guard !isCovered[index], let order = wanted[index], order.edit != .keep else { continue }
      switch order.breaksSignature ? nil : seals[index] {
      case .signed: refusals.append(.signed(part: index))
      case .encrypted: refusals.append(.encrypted(part: index))
      case nil:
        if case .replace(let replacement) = order.edit {
          fates[index] = .replace(replacement)
        } else {
          fates[index] = .drop
        }
      }
    }
  }

  static func isSealed(_ part: Int, in parts: [Part]) -> Bool {
    var next: Int? = target(of: part, in: parts)
    while let index = next {
      if Seal(parts[index]) != nil { return true }
      next = parts[index].parent
    }
    return false
  }

  /// What other readings found is no content of its own.
  private static func dropsAll(_ fates: [Fate], of part: Part, in parts: [Part]) -> Bool {
    let own = part.children.filter { parts[$0].target == $0 }
    return !own.isEmpty && own.allSatisfy { fates[$0] == .drop }
  }

  /// Upwards: a multipart whose children all go goes itself; the root of a message cannot go, so it
  /// becomes an empty text.
  private mutating func collapse(_ parts: [Part]) {
    for (index, part) in parts.enumerated().reversed() {
      if fates[index] == .keep, part.contentType.isMultipart, part.isContainer,
        Self.dropsAll(fates, of: part, in: parts)
      {
        fates[index] = .drop
        for child in part.children { fates[child] = .keep }
      }
      if fates[index] == .drop, part.isMessageRoot(in: parts) { fates[index] = .empty }
    }
  }
}

/// What makes a part untouchable (RFC 1847; RFC 8551 §3.2 for S/MIME in one part).
private enum Seal {
  case signed
  case encrypted

  init?(_ part: Part) {
    switch part.contentType.name {
    case "multipart/signed": self = .signed
    case "multipart/encrypted": self = .encrypted
    case "application/pkcs7-mime", "application/x-pkcs7-mime":
      self = part.parameter("smime-type")?.lowercased() == "signed-data" ? .signed : .encrypted
    default: return nil
    }
  }
}

extension Part {
  /// The message itself, or the message inside of a message/rfc822: its header is a mail header.
  func isMessageRoot(in parts: [Part]) -> Bool {
    guard let parent else { return true }
    return parts[parent].contentType.isMessage
  }
}
