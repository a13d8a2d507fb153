// The header and body of a part that a rule writes. Type, name and disposition may hold
// mail-controlled text: what does not fit the grammar is replaced, not written.

internal import ContentEdits
internal import MailMessage

/// What stands in the place of a part.
package struct Replacement: Sendable, Equatable {
  /// UTF-8 for a text type (repaired where it is not), any bytes for others.
  package var text: [UInt8]
  /// A MIME type, with parameters if need be. Text types are always written in UTF-8. Nonsense, and
  /// the composite types, which have no text, become text/plain.
  package var type: String
  /// The file name to show.
  package var name: String?
  /// `inline` where nil or no token (RFC 2183 §2).
  package var disposition: String?
  /// The text is a whole part with its header, of which the fields that describe a part are taken
  /// (RFC 5703 §5); type, name and disposition are its own then.
  package var isWholePart = false
  /// The other branches of the multipart/alternative go, whose branch it replaces.
  package var takesAlternatives = false
  /// Of the message, where the part is all of it (RFC 5703 §5).
  package var subject: [UInt8]?
  package var from: [UInt8]?

  package init(
    text: [UInt8], type: String = "text/plain", name: String? = nil, disposition: String? = nil
  ) {
    self.text = text
    self.type = type
    self.name = name
    self.disposition = disposition
  }

  /// With what was ordered for the part after it was replaced.
  func changed(by changes: [PartEdit]) -> Replacement {
    var changed = self
    for change in changes {
      switch change {
      case .rename(let name): changed.name = name
      case .settype(let type): changed.type = type
      case .rewrite(let rewrite): changed.make(rewrite)
      default: break
      }
    }
    return changed
  }

  private mutating func make(_ rewrite: ContentRewrite) {
    let type = MediaTypeText(type).name
    switch rewrite {
    case .sanitizeHTML(let links) where type == "text/html":
      text = HTMLEdit.sanitized(text, links: links.policy)
    case .htmlToText where type == "text/html":
      text = HTMLEdit.plainText(of: text)
      self.type = "text/plain"
    case .stripTracking where type == "text/html": text = HTMLEdit.withoutTracking(text)
    case .stripTracking where type == "text/plain": text = PlainTextEdit.withoutTracking(text)
    case .program(_, let output?): text = output
    case .compress(let archive, let modified):
      let file = name ?? "part.txt"
      let ending = file.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
      guard ZipFile.isCompressible(type: type, fileExtension: String(ending)),
        let packed = ZipFile.archive(text, name: file, modified: modified)
      else { return }
      text = packed
      self.type = "application/zip"
      name = archive ?? "\(file).zip"
      disposition = "attachment"
    default: break
    }
  }
}

/// A part as it is written: MIME fields (name and unfolded value) and the encoded body.
struct WrittenPart: Equatable, Sendable {
  var fields: [(name: String, value: [UInt8])]
  var body: [UInt8]

  static func == (left: WrittenPart, right: WrittenPart) -> Bool {
    left.bytes == right.bytes
  }

  init(_ replacement: Replacement, limits: EditLimits) {
    let text = Array(replacement.text.prefix(limits.textBytesMax))
    if replacement.isWholePart, let whole = WrittenPart(whole: text, limits) {
      self = whole
      return
    }
    let type = MediaTypeText(replacement.type)
    let encoded = type.isText ? TextBody.encode(text: text) : TextBody.encode(data: text)
    let name = replacement.name.map { NewName.clean($0, limits) }
    var typeValue = Array(type.value.utf8)
    var disposition = Array(Self.dispositionToken(replacement.disposition).utf8)
    if let name, !name.isEmpty {
      ParameterWriter.append("name", name, to: &typeValue)
      ParameterWriter.append("filename", name, to: &disposition)
    }
    fields = [
      ("Content-Type", typeValue),
      ("Content-Transfer-Encoding", Array(encoded.encoding.utf8)),
      ("Content-Disposition", disposition),
    ]
    body = encoded.bytes
  }

  /// A part with its header, written anew: what a policy says need not have the line ends and
  /// encodings that mail has. Nil where it is sealed, since that cannot be written anew.
  private init?(whole text: [UInt8], _ limits: EditLimits) {
    let part = MailMessage(LineEnds.canonical(text))
    var writer = CanonicalWriter(part, limits: limits, breaksSignature: true)
    guard let top = writer.top() else { return nil }
    fields = top.fields
    body = top.body
    if !fields.contains(where: { $0.name == "Content-Type" }) {
      fields.insert(("Content-Type", Array("text/plain; charset=utf-8".utf8)), at: 0)
    }
  }

  /// Header, blank line, body.
  var bytes: [UInt8] {
    var bytes = headerBytes
    bytes.append(contentsOf: [0x0D, 0x0A])
    bytes.append(contentsOf: body)
    return bytes
  }

  /// The fields, each folded and ended with CRLF.
  var headerBytes: [UInt8] {
    var bytes: [UInt8] = []
    for field in fields { HeaderLine.append(field.name, field.value, to: &bytes) }
    return bytes
  }

  private static func dispositionToken(_ disposition: String?) -> String {
    disposition.flatMap { isDisposition($0) ? $0 : nil } ?? "inline"
  }

  static func isDisposition(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 32 && text.utf8.allSatisfy(MediaTypeText.isToken)
  }
}

/// One whole field line.
enum HeaderLine {
  /// Appends `name: value`, folded, with CRLF line ends.
  static func append(_ name: String, _ value: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(contentsOf: name.utf8)
    bytes.append(contentsOf: [0x3A, 0x20])
    appendLines(HeaderFolder.fold(name: name, value: value), to: &bytes)
  }

  /// Appends an already folded value, with its LFs as CRLF, and the last line end.
  static func appendLines(_ folded: [UInt8], to bytes: inout [UInt8]) {
    for byte in folded {
      if byte == 0x0A { bytes.append(0x0D) }
      bytes.append(byte)
    }
    bytes.append(contentsOf: [0x0D, 0x0A])
  }
}
