// TNEF (MS-OXTNEF), the `winmail.dat` of Outlook: attributes one after the other, of the message
// and of its attachments. Trusts nothing: lengths that leave the stream end it, wrong checksums
// only tell damage, and a nested message is handed out as a TNEF stream, never followed.

/// Reads the attachments and the texts of a TNEF stream.
package struct TNEFReader: ~Copyable {
  /// What a stream holds. Texts are files without names.
  package struct Contents: Sendable, Equatable {
    package var files: [EmbeddedFile] = []
    /// Whether there is more than was granted.
    package var isTruncated = false
    /// Whether the stream breaks off, or has wrong checksums.
    package var isDamaged = false

    package init() {}
  }

  private static let signature: UInt32 = 0x223E_9F78
  /// Message attributes (MS-OXTNEF §2.1.3.1).
  private static let codePage: UInt32 = 0x0006_9007
  private static let body: UInt32 = 0x0002_800C
  private static let messageProperties: UInt32 = 0x0006_9003
  /// Attachment attributes (MS-OXTNEF §2.1.3.3).
  private static let attachmentStart: UInt32 = 0x0006_9002
  private static let attachmentTitle: UInt32 = 0x0001_8010
  private static let attachmentTransportName: UInt32 = 0x0006_9001
  private static let attachmentData: UInt32 = 0x0006_800F
  private static let attachmentProperties: UInt32 = 0x0006_9005
  /// Of a name or a type; no program shows more.
  private static let nameBytesMax = 8_192

  private let filesMax: Int
  private var bytesLeft: Int
  private var contents = Contents()
  private var charset: [UInt8] = Array("windows-1252".utf8)
  private var converter = CharsetConverter()
  private var open: TNEFAttachment?

  package static func hasSignature(_ bytes: Span<UInt8>) -> Bool {
    LittleEndian.word(bytes, at: 0) == signature
  }

  /// Reads a whole stream: at most `filesMax` files, their contents together `bytesMax` bytes.
  package static func read(
    _ bytes: Span<UInt8>, filesMax: Int, bytesMax: Int
  ) -> Contents {
    var reader = TNEFReader(filesMax: filesMax, bytesLeft: max(0, bytesMax))
    if hasSignature(bytes) { reader.readAttributes(bytes) }
    return reader.contents
  }

  private init(filesMax: Int, bytesLeft: Int) {
    self.filesMax = filesMax
    self.bytesLeft = bytesLeft
  }

  /// Attributes: level, identifier, length, data, checksum (MS-OXTNEF §2.1.2), behind the
  /// signature and the key.
  private mutating func readAttributes(_ bytes: Span<UInt8>) {
    var position = 6
    while position < bytes.count, !contents.isTruncated {
      let level = bytes[position]
      guard level == 1 || level == 2, let identifier = LittleEndian.word(bytes, at: position + 1),
        let length = LittleEndian.word(bytes, at: position + 5).map(Int.init)
      else {
        contents.isDamaged = true
        break
      }
      let start = position + 9
      let end = length > bytes.count - start ? bytes.count : start + length
      let next = min(end + 2, bytes.count)
      let isIntact = isSummed(bytes, start..<end) && end - start == length
      if !isIntact { contents.isDamaged = true }
      if level == 1 {
        takeOfMessage(bytes, identifier, start..<end)
      } else {
        take(bytes, identifier, start..<end, attribute: position..<next, isIntact: isIntact)
      }
      position = next
    }
    close(bytes)
  }

  /// The checksum is the sum of all bytes (MS-OXTNEF §2.1.2).
  private func isSummed(_ bytes: Span<UInt8>, _ data: Range<Int>) -> Bool {
    guard data.upperBound + 2 <= bytes.count else { return false }
    var sum: UInt64 = 0
    for index in data { sum &+= UInt64(bytes[index]) }
    return UInt8(truncatingIfNeeded: sum) == bytes[data.upperBound]
      && UInt8(truncatingIfNeeded: sum >> 8) == bytes[data.upperBound + 1]
  }

  private mutating func take(
    _ bytes: Span<UInt8>, _ identifier: UInt32, _ data: Range<Int>, attribute: Range<Int>,
    isIntact: Bool
  ) {
    if identifier == Self.attachmentStart || open == nil {
      close(bytes)
      open = TNEFAttachment(start: attribute.lowerBound)
    }
    open?.end = attribute.upperBound
    if !isIntact { open?.isDamaged = true }
    switch identifier {
    case Self.attachmentTitle, Self.attachmentTransportName:
      let title = TNEFProperty(identifier: 0, type: TNEFProperty.string, value: data)
      addName(bytes, title, \.shortNames)
    case Self.attachmentData: open?.contents.append(data)
    case Self.attachmentProperties: takeProperties(bytes, data)
    default: break
    }
  }

  private mutating func takeOfMessage(
    _ bytes: Span<UInt8>, _ identifier: UInt32, _ data: Range<Int>
  ) {
    switch identifier {
    case Self.codePage:
      let page = LittleEndian.word(bytes.extracting(data), at: 0)
      charset = Array("cp\(page ?? 1252)".utf8)
    case Self.body:
      addText(
        bytes, TNEFProperty(identifier: 0, type: TNEFProperty.string, value: data), .plainText)
    case Self.messageProperties:
      for property in properties(bytes, data) {
        // PidTagBody and PidTagBodyHtml (MS-OXPROPS).
        switch property.identifier {
        case 0x1000: addText(bytes, property, .plainText)
        case 0x1013: addText(bytes, property, ContentType(type: "text", subtype: "html"))
        default: break
        }
      }
    default: break
    }
  }

  private mutating func properties(_ bytes: Span<UInt8>, _ data: Range<Int>) -> [TNEFProperty] {
    let list = TNEFProperty.list(bytes, data)
    if list.isDamaged { contents.isDamaged = true }
    return list.properties
  }

  // MARK: Attachments

  /// Names, type and content by their property tags (MS-OXPROPS, PidTagAttach…).
  private mutating func takeProperties(_ bytes: Span<UInt8>, _ data: Range<Int>) {
    for property in properties(bytes, data) {
      switch property.identifier {
      case 0x3707: addName(bytes, property, \.longNames)
      case 0x3704, 0x370C: addName(bytes, property, \.shortNames)
      case 0x3001: addName(bytes, property, \.displayNames)
      case 0x370E:
        let type = text(bytes, property)
        open?.type = type
      case 0x3701: open?.contents.append(property.objectContent)
      default: break
      }
    }
  }

  private mutating func addName(
    _ bytes: Span<UInt8>, _ property: TNEFProperty,
    _ list: WritableKeyPath<TNEFAttachment, [String]>
  ) {
    let name = text(bytes, property)
    open?.add(name, to: list)
  }

  private mutating func close(_ bytes: Span<UInt8>) {
    guard let attachment = open else { return }
    open = nil
    var file = EmbeddedFile(range: attachment.start..<attachment.end)
    file.names = attachment.names
    file.contentType = attachment.contentType
    file.isMessage = file.contentType?.isMessage ?? false
    file.isDamaged = attachment.isDamaged
    // Programs differ about which of several contents counts: each is a file.
    if attachment.contents.isEmpty { append(file, bytes.extracting(0..<0)) }
    for content in attachment.contents { append(file, bytes.extracting(content)) }
  }

  private mutating func append(_ file: EmbeddedFile, _ content: Span<UInt8>) {
    guard !contents.isTruncated, contents.files.count < filesMax, content.count <= bytesLeft
    else {
      contents.isTruncated = true
      return
    }
    bytesLeft -= content.count
    var file = file
    file.content.append(copying: content)
    if Self.hasSignature(content) {
      file.contentType = ContentType(type: "application", subtype: "ms-tnef")
      file.isMessage = false
    }
    contents.files.append(file)
  }

  // MARK: Texts

  /// A string property in UTF-8, without the NUL that ends it.
  private mutating func text(_ bytes: Span<UInt8>, _ property: TNEFProperty) -> String {
    String(decoding: converted(bytes, property, bytesMax: Self.nameBytesMax), as: UTF8.self)
  }

  private mutating func addText(
    _ bytes: Span<UInt8>, _ property: TNEFProperty, _ type: ContentType
  ) {
    var file = EmbeddedFile(range: property.value)
    file.contentType = type
    // Bytes of HTML say themselves what their charset is.
    guard property.type != TNEFProperty.binary else {
      return append(file, bytes.extracting(property.value))
    }
    let text = converted(bytes, property, bytesMax: bytesLeft)
    append(file, text.span)
  }

  private mutating func converted(_ bytes: Span<UInt8>, _ property: TNEFProperty, bytesMax: Int)
    -> [UInt8]
  {
    let isWide = property.type == TNEFProperty.unicode
    var end = property.value.upperBound
    while end > property.value.lowerBound, bytes[end - 1] == 0 { end -= 1 }
    // Half of the last character can be zero too.
    if isWide, (end - property.value.lowerBound) % 2 == 1 {
      end = min(end + 1, property.value.upperBound)
    }
    let content = bytes.extracting(property.value.lowerBound..<end)
    var converted: [UInt8] = []
    let name = isWide ? Array("utf-16le".utf8) : charset
    _ = converter.append(
      content, charset: name.span, to: &converted, limitBytes: bytesMax)
    return converted
  }
}
