// What the orders for one part make of it: another name, another type, another content, in the
// order in which they were given. `LeafContent` does what is done to the content.
// Names come from mail: all that any program could take for the old one goes, and the new one is
// written once, well.

internal import ContentEdits
internal import MailMessage

/// What is new about a part that stays.
struct EditedLeaf: Sendable {
  let patch: HeaderPatch
  /// Encoded; nil where the content stays.
  let body: [UInt8]?
}

/// A part on its way through its orders.
struct LeafEdit {
  private var patch = HeaderPatch()
  private var body: [UInt8]?
  private let message: MailMessage
  private let part: Part
  private let limits: EditLimits
  /// As it will be.
  private var type: MediaTypeText?
  private var name: [UInt8]?
  private var content: LeafContent

  /// Nil where nothing changes.
  var result: EditedLeaf? {
    patch.isEmpty && body == nil ? nil : EditedLeaf(patch: patch, body: body)
  }

  init(
    _ message: MailMessage, _ index: Int, _ outcome: PartOutcome, _ limits: EditLimits
  ) {
    self.message = message
    self.limits = limits
    part = message.parts[index]
    content = LeafContent(message, index, limits)
    for change in outcome.changes { make(change) }
    if !outcome.insertions.isEmpty { content.insert(outcome.insertions, into: mediaType) }
    body = content.encoded(isText: mediaType.hasPrefix("text/"))
    writeType()
    if let name, !name.isEmpty { rename(to: name) }
    if let encoding = content.newEncoding {
      patch.set("Content-Transfer-Encoding", Array(encoding.utf8))
    }
    if body != nil { for field in HeaderPatch.stale.fields { patch.remove(field.name) } }
  }

  /// The content as the orders before this one leave it; nil where it is as received.
  static func content(
    _ message: MailMessage, _ index: Int, _ outcome: PartOutcome, _ limits: EditLimits
  ) -> [UInt8] {
    let edit = LeafEdit(message, index, outcome, limits)
    return edit.content.bytes
  }

  /// The media type, without parameters.
  private var mediaType: String { type?.name ?? part.contentType.name }

  private mutating func make(_ change: PartEdit) {
    switch change {
    case .rename(let name): self.name = NewName.clean(name, limits)
    case .settype(let type): self.type = MediaTypeText(type, isPart: true)
    case .rewrite(let rewrite) where !part.isContainer: make(rewrite)
    default: break
    }
  }

  private mutating func make(_ rewrite: ContentRewrite) {
    let isHTML = mediaType == "text/html" || mediaType == "application/xhtml+xml"
    switch rewrite {
    case .sanitizeHTML(let links):
      guard isHTML else { return }
      content.rewriteText { HTMLEdit.sanitized($0, links: links.policy) }
    case .htmlToText:
      guard isHTML else { return }
      content.rewriteText { HTMLEdit.plainText(of: $0) }
      type = MediaTypeText("text/plain", isPart: true)
      name = shownName.map { NewName.withoutHTML($0) }
    case .stripTracking:
      if isHTML { content.rewriteBytes { HTMLEdit.withoutTracking($0) } }
      if mediaType == "text/plain" { content.rewriteBytes { PlainTextEdit.withoutTracking($0) } }
    case .program(_, let output): if let output { content.replace(by: output) }
    case .compress(let archive, let modified): compress(archive, modified)
    }
  }

  private mutating func compress(_ archive: String?, _ modified: CivilDate) {
    let own = shownName.map { String(decoding: $0, as: UTF8.self) }
    let file = own ?? "part.\(part.contentType.type == "text" ? "txt" : "bin")"
    let ending = file.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    guard ZipFile.isCompressible(type: mediaType, fileExtension: String(ending)),
      let packed = ZipFile.archive(content.bytes, name: file, modified: modified)
    else { return }
    content.replace(by: packed)
    type = MediaTypeText("application/zip", isPart: true)
    name = NewName.clean(archive ?? "\(file).zip", limits)
  }

  /// The name by now.
  private var shownName: [UInt8]? { name ?? part.names.first.map { NewName.clean($0, limits) } }

  // MARK: Fields

  /// Content-Type: the type, and of its parameters those that still mean something.
  private mutating func writeType() {
    // The name of a container shows nowhere, and its field says how to read what is inside.
    let isNamed = name != nil && !part.contentType.isMultipart
    guard type != nil || isNamed || content.newCharset != nil else { return }
    let isText = mediaType.hasPrefix("text/")
    var value = Array((type?.value ?? part.contentType.name).utf8)
    let given = type?.parameterNames ?? []
    for parameter in part.typeParameters where !Self.isName(parameter.name) {
      if given.contains(parameter.name) { continue }
      if type != nil, !isKept(parameter.name, isText) { continue }
      if parameter.name == "charset", content.newCharset != nil { continue }
      ParameterWriter.append(
        parameter.name, Array(parameter.value.utf8), isPlain: true, to: &value)
    }
    if isText, let charset = content.newCharset {
      ParameterWriter.append("charset", Array(charset.utf8), to: &value)
    }
    if let name = name ?? typeName, !name.isEmpty {
      ParameterWriter.append("name", name, to: &value)
    }
    patch.set("Content-Type", value)
  }

  /// Of a part whose type changes.
  private func isKept(_ parameter: String, _ isText: Bool) -> Bool {
    switch parameter {
    case "charset": isText
    case "boundary": part.contentType.isMultipart
    default: false
    }
  }

  /// The name in Content-Type, as it was.
  private var typeName: [UInt8]? {
    guard part.typeParameters.contains(where: { Self.isName($0.name) }) else { return nil }
    return shownName
  }

  private mutating func rename(to name: [UInt8]) {
    // Shown in the message where it would be without the field.
    let family = mediaType.prefix { $0 != "/" }
    let isShown = family == "text" || family == "image"
    let isFile = mediaType == "application/zip"
    let disposition = part.disposition.flatMap {
      WrittenPart.isDisposition($0) && !isFile ? $0 : nil
    }
    var value = Array((disposition ?? (isShown ? "inline" : "attachment")).utf8)
    // The size and the dates are those of the file that it was (RFC 2183 §2.4–2.7).
    for parameter in part.dispositionParameters
    where !Self.isName(parameter.name) && (body == nil || parameter.name != "size") {
      ParameterWriter.append(
        parameter.name, Array(parameter.value.utf8), isPlain: true, to: &value)
    }
    ParameterWriter.append("filename", name, to: &value)
    patch.set("Content-Disposition", value)
    if let field = part.descriptionField {
      var text: [UInt8] = []
      part.appendDecoded(field, to: &text)
      if repeatsName(text) { patch.set("Content-Description", name) }
    }
  }

  /// A description that is one of the part's names, or looks like one.
  private func repeatsName(_ text: [UInt8]) -> Bool {
    let clean = HeaderText.clean(text.filter { $0 != 0x22 }, bytesMax: limits.nameBytesMax)
    let shown = String(decoding: clean, as: UTF8.self)
    return FileName.looksLikeFile(shown)
      || part.names.contains { $0.lowercased() == shown.lowercased() }
  }

  private static func isName(_ parameter: String) -> Bool {
    parameter == "name" || parameter == "filename"
  }
}

/// A file name as it is written.
enum NewName {
  /// One line without controls; a path is none of a file.
  static func clean(_ name: String, _ limits: EditLimits) -> [UInt8] {
    HeaderText.clean(Array(name.utf8), bytesMax: limits.nameBytesMax)
      .map { $0 == 0x2F || $0 == 0x5C ? 0x5F : $0 }
  }

  /// Of what was HTML and is text.
  static func withoutHTML(_ name: [UInt8]) -> [UInt8] {
    let text = String(decoding: name, as: UTF8.self)
    for ending in [".html", ".htm", ".xhtml"] where text.lowercased().hasSuffix(ending) {
      return Array((text.dropLast(ending.count) + ".txt").utf8)
    }
    return name
  }
}
