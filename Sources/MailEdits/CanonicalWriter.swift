// The message written anew (`canonicalize`): every part with a header that can be read in one way,
// its content encoded as the standards have it, fresh boundaries, nothing outside of the parts.
// What is signed or encrypted is copied byte by byte.
// Recursion follows the nesting, which the reader bounds; of an attached message that was encoded,
// `encodedMessagesMax` levels are written anew.

internal import MailMessage

struct CanonicalWriter {
  /// The top as it will be: the fields that describe it, and its body.
  struct Top {
    let fields: [(name: String, value: [UInt8])]
    let body: [UInt8]
  }

  private let message: MailMessage
  private let limits: EditLimits
  private let depth: Int
  private var boundaries: Boundaries
  /// Copied as they are.
  private var isSealed: [Bool]
  /// A sealed part inside holds 8-bit bytes: all others are written in ASCII.
  private var has8Bit: [Bool]

  init(
    _ message: MailMessage, limits: EditLimits, breaksSignature: Bool, depth: Int = 0
  ) {
    self.message = message
    self.limits = limits
    self.depth = depth
    boundaries = Boundaries(message)
    isSealed = message.parts.map { _ in false }
    has8Bit = isSealed
    guard !breaksSignature else { return }
    var seals = Seals(message)
    for (index, part) in message.parts.enumerated() where part.target == index {
      isSealed[index] = seals.own(index) != nil
    }
    for (index, part) in message.parts.enumerated().reversed() where part.target == index {
      if isSealed[index] { has8Bit[index] = !message.bytes.span.extracting(part.extent).isASCII }
      if has8Bit[index], let parent = part.parent { has8Bit[parent] = true }
    }
  }

  /// Nil where the top itself is sealed.
  mutating func top() -> Top? {
    guard !isSealed[0] else { return nil }
    return entity(0)
  }

  // MARK: Parts

  /// The fields that describe a part, and its body.
  private mutating func entity(_ index: Int) -> Top {
    let part = message.parts[index]
    let children = message.ownChildren(of: index)
    if part.contentType.isMultipart, !children.isEmpty {
      return multipart(index, children)
    }
    if part.contentType.isMessage, let child = children.first { return attached(index, child) }
    if part.contentType.isMessage, let inner = decoded(index) { return inner }
    return leaf(index)
  }

  private mutating func multipart(_ index: Int, _ children: [Int]) -> Top {
    let boundary = boundaries.next()
    var body: [UInt8] = []
    for child in children {
      body += "--\(boundary)\r\n".utf8
      write(child, to: &body)
      body += [0x0D, 0x0A]
    }
    body += "--\(boundary)--\r\n".utf8
    let type = message.parts[index].contentType.name
    return Top(
      fields: fields(
        index, type: type, boundary: boundary, encoding: has8Bit[index] ? "8bit" : "7bit"),
      body: body)
  }

  private mutating func attached(_ index: Int, _ child: Int) -> Top {
    var body: [UInt8] = []
    if isSealed[child] {
      body += message.bytes[message.parts[child].extent]
    } else {
      let inner = entity(child)
      appendMailHeader(child, to: &body)
      append(inner.fields, to: &body)
      body += [0x0D, 0x0A] + inner.body
    }
    return Top(
      fields: fields(
        index, type: message.parts[index].contentType.name,
        encoding: has8Bit[index] ? "8bit" : "7bit"), body: body)
  }

  /// An attached message in base64 or quoted-printable, which RFC 2046 §5.2.1 forbids.
  private mutating func decoded(_ index: Int) -> Top? {
    guard depth < limits.encodedMessagesMax, !message.parts[index].encoding.isIdentity else {
      return nil
    }
    var content: [UInt8] = []
    _ = message.appendDecodedBody(of: index, to: &content)
    let inner = MailMessage(content, limits: message.limits)
    var writer = CanonicalWriter(
      inner, limits: limits, breaksSignature: false, depth: depth + 1)
    var body: [UInt8] = []
    if let top = writer.top() {
      writer.appendMailHeader(0, to: &body)
      append(top.fields, to: &body)
      body += [0x0D, 0x0A] + top.body
    } else {
      body = inner.bytes
    }
    let encoding = body.span.isASCII ? "7bit" : "8bit"
    if encoding == "8bit" { has8Bit[index] = true }
    let type = message.parts[index].contentType.name
    return Top(fields: fields(index, type: type, encoding: encoding), body: body)
  }

  /// Header and body.
  private mutating func write(_ index: Int, to output: inout [UInt8]) {
    guard !isSealed[index] else {
      output += message.bytes[message.parts[index].extent]
      return
    }
    let entity = entity(index)
    append(entity.fields, to: &output)
    output += [0x0D, 0x0A]
    output += entity.body
  }

  // MARK: Leaves

  private func leaf(_ index: Int) -> Top {
    let part = message.parts[index]
    if part.encoding == .base64, part.contentType.type != "text",
      part.contentType.type != "message",
      !part.contentType.isMultipart,
      Base64.isCanonical(message.bytes.span.extracting(part.body))
    {
      return Top(
        fields: fields(index, type: part.contentType.name, encoding: "base64"),
        body: Array(message.bytes[part.body]))
    }
    var content: [UInt8] = []
    _ = message.appendDecodedBody(of: index, to: &content)
    // A multipart that no boundary divides is read as a text.
    let isText = part.contentType.type == "text" || part.contentType.isMultipart
    var charset: String?
    if isText, part.hidesASCII {
      content = []
      _ = message.appendText(of: index, to: &content)
      charset = "utf-8"
    } else if isText, part.charset == nil, !content.span.isASCII,
      (try? UTF8Span(validating: content.span)) != nil
    {
      charset = "utf-8"
    }
    let type = leafType(part)
    if type.hasPrefix("message/") {
      let lines = LineEnds.canonical(content)
      let encoding = lines.span.isASCII ? "7bit" : "8bit"
      return Top(fields: fields(index, type: type, encoding: encoding), body: lines)
    }
    let encoded =
      isText ? TextBody.encode(lines: LineEnds.canonical(content)) : TextBody.encode(data: content)
    return Top(
      fields: fields(index, type: type, charset: charset, encoding: encoded.encoding),
      body: encoded.bytes)
  }

  /// A message of a kind that nobody knows is a file (RFC 2046 §5.2.4); some would open it.
  private func leafType(_ part: Part) -> String {
    if part.contentType.isMultipart { return "text/plain" }
    let isKnown =
      part.contentType.type != "message" || Self.reports.contains(part.contentType.subtype)
    return isKnown ? part.contentType.name : "application/octet-stream"
  }

  /// What is no mail: fragments, references and reports, in lines of ASCII.
  private static let reports: Set<String> = [
    "partial", "external-body", "delivery-status", "disposition-notification", "feedback-report",
    "global-delivery-status", "global-disposition-notification", "global-headers", "rfc822",
    "global",
  ]

  // MARK: Headers

  private func fields(
    _ index: Int, type: String, boundary: String? = nil, charset: String? = nil, encoding: String
  ) -> [(name: String, value: [UInt8])] {
    let part = message.parts[index]
    let name = part.names.first.map { NewName.clean($0, limits) } ?? []
    var fields: [(name: String, value: [UInt8])] = []
    // A mail of plain text needs no field; a part with an empty header could be read as text that
    // begins with one.
    let isMail = part.isMessageRoot(in: message.parts) && !part.fields.isEmpty
    let isDefault = isMail && !part.isTypeDeclared && name.isEmpty && type == "text/plain"
    if !isDefault || boundary != nil || charset != nil {
      fields.append(("Content-Type", typeValue(part, type, boundary, charset, name)))
    }
    if encoding != "7bit" || part.encodingName != nil {
      fields.append(("Content-Transfer-Encoding", Array(encoding.utf8)))
    }
    if part.disposition != nil || !name.isEmpty {
      fields.append(("Content-Disposition", dispositionValue(part, name)))
    }
    return fields + otherFields(index)
  }

  private func typeValue(
    _ part: Part, _ type: String, _ boundary: String?, _ charset: String?, _ name: [UInt8]
  ) -> [UInt8] {
    let isValid = MediaTypeText.isType(type)
    var value = Array((isValid ? type : "application/octet-stream").utf8)
    for parameter in part.typeParameters {
      switch parameter.name {
      case "name", "filename", "boundary": continue
      case "charset" where charset != nil: continue
      default:
        ParameterWriter.append(
          parameter.name, Array(parameter.value.utf8), isPlain: true, to: &value)
      }
    }
    if let boundary { ParameterWriter.append("boundary", Array(boundary.utf8), to: &value) }
    if let charset { ParameterWriter.append("charset", Array(charset.utf8), to: &value) }
    if !name.isEmpty { ParameterWriter.append("name", name, to: &value) }
    return value
  }

  private func dispositionValue(_ part: Part, _ name: [UInt8]) -> [UInt8] {
    let given = part.disposition.flatMap { WrittenPart.isDisposition($0) ? $0 : nil }
    let isShown = part.contentType.type == "text" || part.contentType.type == "image"
    var value = Array((given ?? (isShown ? "inline" : "attachment")).utf8)
    for parameter in part.dispositionParameters
    where parameter.name != "filename" && parameter.name != "name" {
      ParameterWriter.append(
        parameter.name, Array(parameter.value.utf8), isPlain: true, to: &value)
    }
    if !name.isEmpty { ParameterWriter.append("filename", name, to: &value) }
    return value
  }

  private static let rewritten: Set<String> = [
    "content-type", "content-transfer-encoding", "content-disposition", "content-length",
    "content-md5", "lines",
  ]

  /// The other fields of a part: each Content-* once, on lines of their own. Of a mail header only
  /// those that describe the body.
  private func otherFields(_ index: Int) -> [(name: String, value: [UInt8])] {
    let part = message.parts[index]
    let isRoot = part.isMessageRoot(in: message.parts)
    var fields: [(name: String, value: [UInt8])] = []
    var seen = Self.rewritten
    for field in part.fields {
      let name = String(decoding: message.bytes[field.name], as: UTF8.self)
      let key = name.lowercased()
      let isContent = HeaderText.isContentField(name)
      guard HeaderText.isValidName(name), !Self.rewritten.contains(key), isContent || !isRoot
      else { continue }
      if isContent, !seen.insert(key).inserted { continue }
      fields.append((name, value(of: field, isDecoded: key == "content-description")))
    }
    return fields
  }

  private func value(of field: HeaderField, isDecoded: Bool) -> [UInt8] {
    var value: [UInt8] = []
    if isDecoded {
      message.appendDecoded(field, to: &value)
    } else {
      message.appendUnfolded(field, to: &value)
    }
    return HeaderText.clean(value, bytesMax: limits.headerValueBytesMax)
  }

  /// The mail fields of an attached message: what may stand once stands once.
  private func appendMailHeader(_ index: Int, to output: inout [UInt8]) {
    var seen: Set<String> = []
    for field in message.parts[index].fields {
      let name = String(decoding: message.bytes[field.name], as: UTF8.self)
      let key = name.lowercased()
      guard HeaderText.isValidName(name), !HeaderText.isContentField(name), key != "lines",
        !Part.onceOnlyNames.contains(key) || seen.insert(key).inserted
      else { continue }
      let line = message.bytes[field.line]
      if HeaderText.isCleanLine(line) {
        output += line
      } else {
        HeaderLine.append(name, value(of: field, isDecoded: false), to: &output)
      }
    }
  }

  private func append(
    _ fields: [(name: String, value: [UInt8])], to output: inout [UInt8]
  ) {
    for field in fields { HeaderLine.append(field.name, field.value, to: &output) }
  }
}

/// Line ends of text in any charset that has ASCII in it.
enum LineEnds {
  /// Each line ends with CRLF, the last one too. NULs stay: they are no line ends.
  static func canonical(_ text: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(text.count + text.count / 32 + 2)
    var previous: UInt8 = 0
    for byte in text {
      switch byte {
      case 0x0A where previous == 0x0D: break
      case 0x0A, 0x0D: lines.append(contentsOf: [0x0D, 0x0A])
      default: lines.append(byte)
      }
      previous = byte
    }
    if !lines.isEmpty, lines[lines.count - 1] != 0x0A { lines.append(contentsOf: [0x0D, 0x0A]) }
    return lines
  }
}
