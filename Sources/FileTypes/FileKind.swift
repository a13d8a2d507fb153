// The stable families of file types that rules ask about (`part.kind`), and the table that brings
// a MIME name into its family. libmagic renames types from release to release, and senders declare
// what they like: rules must not depend on either. Trusts nothing; any text is a valid question.

/// A family of file types. The raw values are stored in program images and never change.
package enum FileKind: UInt8, CaseIterable, Sendable {
  /// What starts a program when opened: programs, libraries, installers, shortcuts, help files.
  case executable = 0
  /// Text that an interpreter runs.
  case script = 1
  /// Holds other files, or one compressed file.
  case archive = 2
  /// A file system or a disk.
  case diskImage = 3
  /// Documents of word processors, spreadsheets, presentations, notes; RTF, PostScript.
  case office = 4
  case pdf = 5
  case html = 6
  case image = 7
  case audio = 8
  case video = 9
  case text = 10
  /// A mail message or one of its containers.
  case message = 11
  /// Unknown, or none of the above; `application/octet-stream` is here.
  case other = 12

  /// The name that rules use.
  package var name: String {
    switch self {
    case .executable: "executable"
    case .script: "script"
    case .archive: "archive"
    case .diskImage: "disk-image"
    case .office: "office"
    case .pdf: "pdf"
    case .html: "html"
    case .image: "image"
    case .audio: "audio"
    case .video: "video"
    case .text: "text"
    case .message: "message"
    case .other: "other"
    }
  }

  /// One line for people, without a full stop.
  package var meaning: String {
    switch self {
    case .executable: "starts a program when opened: programs, installers, shortcuts"
    case .script: "text that an interpreter runs"
    case .archive: "holds other files, or one compressed file"
    case .diskImage: "a file system or a disk"
    case .office: "documents, spreadsheets, presentations, RTF, PostScript"
    case .pdf: "PDF"
    case .html: "HTML"
    case .image: "pictures"
    case .audio: "sound"
    case .video: "moving pictures"
    case .text: "plain text"
    case .message: "a mail message or one of its containers"
    case .other: "unknown, or none of these"
    }
  }

  /// The family with that name (exact, lower-case), or nil.
  package init?(name: some StringProtocol) {
    guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = kind
  }

  /// The family of a MIME name, as libmagic prints it or as a Content-Type declares it.
  ///
  /// Parameters after `;` (and libmagic's remarks after `,`), blanks and letter case do not count.
  /// A name unknown to the table falls to its top-level type, and else to `other`.
  package static func kind(ofMIMEType mimeType: some StringProtocol) -> FileKind {
    let name = bareName(mimeType)
    if let kind = MIMEFamilies.exact[name] { return kind }
    for family in MIMEFamilies.prefixes where name.utf8.starts(with: family.prefix.utf8) {
      return family.kind
    }
    return .other
  }

  /// True for a MIME name that says nothing about the content: `part :differs` never holds for it.
  package static func isUnspecific(mimeType: some StringProtocol) -> Bool {
    let name = bareName(mimeType)
    return name.isEmpty || name == "application/octet-stream" || name == "application/unknown"
      || name == "application/x-unknown"
  }

  private static func bareName(_ mimeType: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(mimeType.utf8.count)
    for byte in mimeType.utf8 {
      if byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") { break }
      if byte <= 0x20 { continue }
      bytes.append(byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
