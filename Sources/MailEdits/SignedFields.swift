// Which DKIM signatures of a message (RFC 6376) the edits take the truth from. DKIM is about the
// way here, so the edits are done; who reads the log must know.

internal import MailMessage

enum SignedFields {
  /// The domains whose signatures no longer hold, each once.
  static func broken(
    in message: MailMessage, by header: EditedHeader, isBodyChanged: Bool, limits: EditLimits
  ) -> [String] {
    var broken: [String] = []
    for (index, field) in message.headers.enumerated().filter({ isSignature($0.element, message) })
      .prefix(limits.signaturesMax)
    {
      let tags = tags(of: field, message)
      guard let domain = tags["d"], !broken.contains(domain) else { continue }
      let isKept = header.fields.contains { $0.original == index && $0.value == nil }
      if isBodyChanged || !isKept || !holds(tags["h"] ?? "", message, header) {
        broken.append(domain)
      }
    }
    return broken
  }

  private static func isSignature(_ field: HeaderField, _ message: MailMessage) -> Bool {
    let name = Array("dkim-signature".utf8)
    return message.isField(field, named: name.span)
  }

  /// `v=1; d=example.com; h=from:to` (RFC 6376 §3.2), blanks taken out.
  private static func tags(of field: HeaderField, _ message: MailMessage) -> [String: String] {
    var value: [UInt8] = []
    message.appendUnfolded(field, to: &value)
    let text = String(decoding: value.filter { $0 > 0x20 }, as: UTF8.self)
    var tags: [String: String] = [:]
    for piece in text.split(separator: ";") {
      guard let equals = piece.firstIndex(of: "=") else { continue }
      tags[String(piece[..<equals])] = String(piece[piece.index(after: equals)...])
    }
    return tags
  }

  /// A name that stands n times in `h=` signs the last n fields of that name, and that there are
  /// no more (RFC 6376 §5.4.2).
  private static func holds(
    _ names: String, _ message: MailMessage, _ header: EditedHeader
  ) -> Bool {
    var counts: [String: Int] = [:]
    for name in names.split(separator: ":") { counts[name.lowercased(), default: 0] += 1 }
    return counts.allSatisfy { name, count in
      let before = message.headers.indices.filter { index in
        let field = message.bytes[message.headers[index].name]
        return HeaderText.isSameName(String(decoding: field, as: UTF8.self), name)
      }
      let after = header.fields.filter { HeaderText.isSameName($0.name, name) }
      let signed = before.suffix(count)
      let found = after.suffix(count)
      return signed.count == found.count
        && zip(signed, found).allSatisfy { $0 == $1.original && $1.value == nil }
    }
  }
}
