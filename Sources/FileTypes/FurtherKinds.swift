// What else a file is. Programs find the beginning of a zip from its end, of a PDF in the first
// kilobyte, of a RAR anywhere in the first megabytes: one file can be a picture to one program and
// an archive to another. Each place where such a program looks is looked at here too.
// Trusts nothing; windows and memchr bound the cost: 20 µs for a picture of 100 KB.

/// The families that a file belongs to beside its first one.
package struct FurtherKinds: Equatable, Sendable {
  /// Each once, the first family left out.
  package private(set) var kinds: [FileKind] = []
  /// Whether no honest program makes such a file. A program with an archive behind it unpacks
  /// itself: that is two kinds, and nothing odd.
  package private(set) var isPolyglot = false
  /// Where a RAR, 7z or cabinet begins that something else stands before.
  package private(set) var archiveStart: Int?

  private let primary: FileKind

  /// Of what is no file.
  package init() { primary = .other }

  /// - Parameter primary: The family that the content's beginning shows.
  package init(of bytes: Span<UInt8>, primary: FileKind) {
    self.primary = primary
    guard bytes.count >= 32 else { return }
    noteZip(bytes)
    noteOtherArchives(bytes)
    noteDisk(bytes)
    notePDF(bytes)
    noteMarkup(bytes)
    noteWebArchive(bytes)
    noteNameOfTar(bytes)
  }

  private mutating func note(_ kind: FileKind, isOdd: Bool) {
    guard kind != primary else { return }
    if !kinds.contains(kind) { kinds.append(kind) }
    if isOdd { isPolyglot = true }
  }

  // MARK: Archives

  /// What zip's end record and its longest comment take (APPNOTE 4.3.16).
  private static let zipEndBytesMax = 22 + 65_535
  private static let zipEnd: StaticBytes = [0x50, 0x4B, 5, 6]
  private static let zipEntry: StaticBytes = [0x50, 0x4B, 1, 2]
  private static let javaNames = ["META-INF/MANIFEST.MF", "AndroidManifest.xml"].map {
    Array($0.utf8)
  }
  private static let officeName = Array("[Content_Types].xml".utf8)

  /// A zip is found by its end. Where it begins does not matter to those who open it.
  private mutating func noteZip(_ bytes: Span<UInt8>) {
    let window = max(0, bytes.count - Self.zipEndBytesMax)..<bytes.count
    guard let end = ByteSearch.last(Self.zipEnd, anchor: 3, in: bytes, window),
      bytes.count - end >= 22
    else { return }
    let directory = max(0, end - 65_536)..<end
    guard let entry = ByteSearch.last(Self.zipEntry, anchor: 3, in: bytes, directory) else {
      return
    }
    let isWhole = SureSignature.matches(bytes, "PK\u{3}\u{4}", at: 0)
    guard isWhole || isZipMeant(bytes, end: end) else { return }
    let isOdd = !isWhole && !isHost
    if !isWhole { note(.archive, isOdd: isOdd) }
    // Java runs what names a manifest, whatever else is in it.
    let size = min(SureSignature.little32(bytes, at: end + 12), 65_536)
    let names = min(entry, max(0, end - size))..<end
    for name in Self.javaNames where ByteSearch.first(name, in: bytes, names) != nil {
      note(.executable, isOdd: isOdd)
    }
    guard !isWhole, ByteSearch.first(Self.officeName, in: bytes, names) != nil else { return }
    note(.office, isOdd: isOdd)
  }

  /// Honest files that zips are put behind: programs that unpack themselves, scripts that run what
  /// follows them; and what is no file of any type.
  private var isHost: Bool { primary == .executable || primary == .script || primary == .other }

  /// Files that hold files may have a zip inside of them: then it does not end where they do, and
  /// in a PDF something of the PDF comes after it.
  private func isZipMeant(_ bytes: Span<UInt8>, end: Int) -> Bool {
    switch primary {
    case .archive, .office, .diskImage, .message:
      return end + 22 + SureSignature.little16(bytes, at: end + 20) == bytes.count
    case .pdf:
      return ByteSearch.first(Array("%%EOF".utf8), in: bytes, end..<bytes.count) == nil
    default: return true
    }
  }

  /// RAR looks for its signature in the first megabytes of any file, and so does 7-Zip.
  private static let archiveWindowBytes = 4 << 20
  private static let archiveMarks: [(bytes: StaticBytes, anchor: Int)] = [
    ([0x52, 0x61, 0x72, 0x21, 0x1A, 0x07], 4), ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], 2),
    ([0x4D, 0x53, 0x43, 0x46, 0, 0, 0, 0], 3),
  ]

  private mutating func noteOtherArchives(_ bytes: Span<UInt8>) {
    let start: Int
    switch primary {
    // These hold whatever they hold.
    case .archive, .office, .diskImage, .message, .text: return
    // A program that unpacks archives has their signatures among its constants.
    case .executable: start = Self.endOfProgram(bytes) ?? 1
    default: start = 1
    }
    let end = min(bytes.count, start + Self.archiveWindowBytes)
    guard start < end else { return }
    archiveStart = Self.archiveMarks.compactMap {
      ByteSearch.first($0.bytes, anchor: $0.anchor, in: bytes, start..<end)
    }.min()
    if archiveStart != nil { note(.archive, isOdd: !isHost) }
  }

  /// Where the last section of a Windows program ends (Microsoft PE format, §4); nil of others.
  private static func endOfProgram(_ bytes: Span<UInt8>) -> Int? {
    guard SureSignature.portableExecutable(bytes) != nil else { return nil }
    let header = SureSignature.little32(bytes, at: 0x3C)
    guard bytes.count - header >= 24 else { return nil }
    let count = min(SureSignature.little16(bytes, at: header + 6), 96)
    let first = header + 24 + SureSignature.little16(bytes, at: header + 20)
    var end = 0
    for index in 0..<count {
      let section = first + 40 * index
      guard bytes.count - section >= 40 else { break }
      let size = SureSignature.little32(bytes, at: section + 16)
      end = max(end, size + SureSignature.little32(bytes, at: section + 20))
    }
    return end
  }

  // MARK: Disks and documents

  /// ISO 9660 and UDF leave their first 16 sectors to whoever wants them (ECMA-119 §6.2.1).
  private mutating func noteDisk(_ bytes: Span<UInt8>) {
    guard SureSignature.opticalDisk(bytes) != nil else { return }
    note(.diskImage, isOdd: primary != .executable && primary != .other)
  }

  private static let pdfHeader = Array("%PDF-".utf8)

  /// Readers of PDF take a header anywhere in the first 1,024 bytes (ISO 32000-1, annex H.3, note
  /// 13). Texts that speak of PDF have no cross-reference at their end.
  private mutating func notePDF(_ bytes: Span<UInt8>) {
    switch primary {
    case .pdf, .archive, .office, .diskImage, .message: return
    default: break
    }
    let head = 0..<min(bytes.count, 1024 + Self.pdfHeader.count)
    guard let header = ByteSearch.first(Self.pdfHeader, in: bytes, head),
      header + 5 < bytes.count, bytes[header + 5] &- 0x30 < 10
    else { return }
    if primary == .text || primary == .html || primary == .script {
      let tail = max(0, bytes.count - 2048)..<bytes.count
      guard ByteSearch.last(Array("startxref".utf8), in: bytes, tail) != nil else { return }
    }
    note(.pdf, isOdd: primary != .other)
  }

  private static let versionField = Array("mime-version:".utf8)

  /// Word opens a web archive (RFC 2557) that begins behind something else.
  private mutating func noteWebArchive(_ bytes: Span<UInt8>) {
    guard isMedia || primary == .pdf else { return }
    let end = min(bytes.count, 16_384)
    var from = 1
    while from < end, let dash = ByteSearch.firstByte(0x2D, in: bytes, from..<end) {
      let start = dash - 4
      if start > 0, bytes[start - 1] == 0x0A || bytes[start - 1] == 0x0D,
        Self.matches(bytes, Self.versionField, at: start)
      {
        return note(.office, isOdd: true)
      }
      from = dash + 1
    }
  }

  /// libmagic and unpackers see a tar first; what begins like another file by the name of its first
  /// member is one as well.
  private mutating func noteNameOfTar(_ bytes: Span<UInt8>) {
    guard primary == .archive, SureSignature.maybeTar(bytes),
      let other = SureSignature.find(bytes), other.kind != .text
    else { return }
    note(other.kind, isOdd: true)
  }

  // MARK: Markup

  private static let tags: [(text: StaticBytes, kind: FileKind)] = [
    ("<script", FileKind.html), ("<html", .html), ("<!doctype html", .html), ("<iframe", .html),
    ("<hta:application", .script), ("<?php", .script),
  ].map { (Array($0.0.utf8), $0.1) }
  private static let markupWindowBytes = 65_536

  private var isMedia: Bool { primary == .image || primary == .audio || primary == .video }

  /// What a browser, or Windows for HTA, finds in a picture, in sound or behind a shortcut. A
  /// picture that is text, as SVG is, may say what it likes.
  private mutating func noteMarkup(_ bytes: Span<UInt8>) {
    if primary == .pdf { return noteMarkupAroundPDF(bytes) }
    let isShortcut = SureSignature.matches(bytes, "L\0\0\0\u{1}\u{14}\u{2}\0", at: 0)
    let isText = bytes[0] == UInt8(ascii: "<") || bytes[0] == 0xEF
    guard isMedia || isShortcut, !isText else { return }
    let head = 1..<min(bytes.count, Self.markupWindowBytes)
    noteTags(bytes, head)
    noteTags(bytes, max(head.upperBound, bytes.count - Self.markupWindowBytes)..<bytes.count)
    noteComment(bytes)
  }

  /// A PDF may hold markup in its forms; before its first object and behind its end nothing of it
  /// stands.
  private mutating func noteMarkupAroundPDF(_ bytes: Span<UInt8>) {
    let head = 0..<min(bytes.count, 1024)
    noteTags(bytes, 0..<(ByteSearch.first(Array(" obj".utf8), in: bytes, head) ?? 0))
    let tail = max(0, bytes.count - Self.markupWindowBytes)..<bytes.count
    if let end = ByteSearch.last(Array("%%EOF".utf8), in: bytes, tail) {
      noteTags(bytes, end..<bytes.count)
    }
  }

  private mutating func noteTags(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    var from = range.lowerBound
    while from < range.upperBound,
      let start = ByteSearch.firstByte(UInt8(ascii: "<"), in: bytes, from..<range.upperBound)
    {
      let second = start + 1 < bytes.count ? bytes[start + 1] | 0x20 : 0
      for tag in Self.tags
      where tag.text[1] | 0x20 == second && Self.matches(bytes, tag.text, at: start) {
        let next = start + tag.text.count
        let isLonger = next < bytes.count && (bytes[next] | 0x20) &- 0x61 < 26
        if !isLonger { note(tag.kind, isOdd: true) }
      }
      from = start + 1
    }
  }

  /// A picture whose header goes on as a comment or an assignment is a script as well.
  private mutating func noteComment(_ bytes: Span<UInt8>) {
    let place: Int
    if SureSignature.matches(bytes, "GIF8", at: 0) {
      place = 6
    } else if SureSignature.matches(bytes, "BM", at: 0) {
      place = 2
    } else if bytes[0] == 0xFF, bytes[3] == 0xE0 {
      // The length of a JFIF header, which is 16.
      place = 4
    } else {
      return
    }
    let (first, second) = (bytes[place], bytes[place + 1])
    let isComment = first == UInt8(ascii: "/") && second == UInt8(ascii: "*")
    let isAssignment = first == UInt8(ascii: "=") && second >= 9 && second < 0x7F
    if isComment || isAssignment { note(.script, isOdd: true) }
  }

  /// True where `lowercase` stands at `offset`, in either case.
  private static func matches(
    _ bytes: Span<UInt8>, _ lowercase: StaticBytes, at offset: Int
  ) -> Bool {
    guard bytes.count - offset >= lowercase.count else { return false }
    for index in 0..<lowercase.count {
      let byte = bytes[offset + index]
      let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
      if folded != lowercase[index] { return false }
    }
    return true
  }
}
