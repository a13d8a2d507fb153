// What the orders for one part make of its header: another name, another type.
// Names come from mail: all that any program could take for the old one goes, and the new one is
// written once, well.

internal import MailMessage

struct LeafEdit {
  private(set) var patch = HeaderPatch()
  private let message: MailMessage
  private let part: Part
  private let limits: EditLimits
  /// As it will be.
  private var type: MediaTypeText?
  private var name: [UInt8]?

  init(_ message: MailMessage, _ index: Int, _ changes: [PartEdit], _ limits: EditLimits) {
    self.message = message
    self.limits = limits
    part = message.parts[index]
    for change in changes {
      switch change {
      case .rename(let name): self.name = NewName.clean(name, limits)
      case .settype(let type): self.type = MediaTypeText(type, isPart: true)
      default: break
      }
    }
    writeType()
    if let name, !name.isEmpty { rename(to: name) }
  }

  /// Content-Type: the type, and of its parameters those that still mean something.
  private mutating func writeType() {
    guard type != nil || name != nil else { return }
    let isText = type?.isText ?? (part.contentType.type == "text")
    var value = Array((type?.value ?? part.contentType.name).utf8)
    let given = type?.parameterNames ?? []
    for parameter in part.typeParameters where !Self.isName(parameter.name) {
      if given.contains(parameter.name) { continue }
      if type != nil, !isKept(parameter.name, isText) { continue }
      ParameterWriter.append(
        parameter.name, Array(parameter.value.utf8), isPlain: true, to: &value)
    }
    if let name = name ?? (type == nil ? nil : oldName), !name.isEmpty {
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

  private var oldName: [UInt8]? {
    guard part.typeParameters.contains(where: { Self.isName($0.name) }) else { return nil }
    return part.names.first.map { NewName.clean($0, limits) }
  }

  private mutating func rename(to name: [UInt8]) {
    // Shown in the message where it would be without the field.
    let isShown = part.contentType.type == "text" || part.contentType.type == "image"
    let disposition = part.disposition.flatMap { WrittenPart.isDisposition($0) ? $0 : nil }
    var value = Array((disposition ?? (isShown ? "inline" : "attachment")).utf8)
    for parameter in part.dispositionParameters where !Self.isName(parameter.name) {
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
}
