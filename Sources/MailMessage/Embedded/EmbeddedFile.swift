// Files inside of texts: uuencode, xxencode, begin-base64, yEnc and BinHex 4.0. Mail programs show
// them as attachments, whatever the type of the text says.
// Trusts nothing: contents are bounded by what the caller grants, and each line is read once.

/// A file that was found inside of a text or of a TNEF stream.
package struct EmbeddedFile: Sendable, Equatable {
  /// Most trusted first, without duplicates.
  package var names: [String] = []
  /// As the file declares itself.
  package var contentType: ContentType?
  package var content: [UInt8] = []
  /// Where it stands in the decoded content of what holds it.
  package var range: Range<Int>
  /// Whether bytes are missing, foreign, of another checksum, or encoded as nobody does; what could
  /// be read is there.
  package var isDamaged = false
  /// Whether the content is a message of its own.
  package var isMessage = false

  package init(range: Range<Int>) { self.range = range }

  mutating func addName(_ name: String?) {
    if let name, !name.isEmpty, !names.contains(name) { names.append(name) }
  }
}

/// Searches texts for files.
package enum EmbeddedFiles {
  /// What a line begins with that opens a file, lower-case; a blank stands for a tab too.
  private static let openings = ["begin ", "begin-base64", "=ybegin ", "(this file "]

  /// Whether a text as it stands in the mail may hold files; only then `find` can find any.
  /// Cost: about the speed of memchr. In quoted-printable the line may be written with escapes.
  package static func hint(in raw: Span<UInt8>, isQuotedPrintable: Bool = false) -> Bool {
    var position = 0
    while let line = nextCandidate(in: raw, from: position) {
      if openings.contains(where: { opens(raw, line, $0, isQuotedPrintable) }) { return true }
      position = line + 1
    }
    return false
  }

  /// A line that begins with `b`, `=` or `(`. In quoted-printable an escaped first letter begins
  /// with `=` too; only `B` is left out, which opens far too many innocent lines.
  fileprivate static func nextCandidate(in text: Span<UInt8>, from position: Int) -> Int? {
    ByteScan.nextLine(
      in: text, from: position, to: text.count, first: (98, ASCII.equals, ASCII.open))
  }

  /// Whether the line at `start` begins with `word`. A soft line break inside of it is taken for
  /// a yes: no program breaks so short a line.
  private static func opens(
    _ text: Span<UInt8>, _ start: Int, _ word: String, _ isQuotedPrintable: Bool
  ) -> Bool {
    var index = start
    for (offset, wanted) in word.utf8.enumerated() {
      guard index < text.count else { return false }
      var byte = text[index]
      index += 1
      if isQuotedPrintable, byte == ASCII.equals {
        guard index + 1 < text.count else { return false }
        if let high = ASCII.hex(text[index]), let low = ASCII.hex(text[index + 1]) {
          byte = high << 4 | low
          index += 2
        } else {
          return offset > 0 && ASCII.isFolding(text[index])
        }
      }
      let isTab = byte == ASCII.tab && wanted == ASCII.space
      guard isTab || ASCII.lower(byte) == wanted else { return false }
    }
    return true
  }

  /// The files in `text`, in its order: at most `filesMax`, their contents together at most
  /// `bytesMax` bytes. `isTruncated` says that there is more.
  package static func find(
    in text: Span<UInt8>, filesMax: Int, bytesMax: Int
  ) -> (files: [EmbeddedFile], isTruncated: Bool) {
    var search = EmbeddedSearch(filesMax: filesMax, bytesMax: bytesMax)
    search.readText(text)
    return (search.finished(), search.isTruncated)
  }

  /// The file in a text that is BinHex as a whole (application/mac-binhex40), where the line
  /// that announces it may be missing.
  package static func binHex(in text: Span<UInt8>, bytesMax: Int) -> EmbeddedFile? {
    BinHexReader.read(text, from: 0, linesMax: .max, bytesMax: bytesMax)?.file
  }
}

/// A search for files, and what may still be spent on it.
struct EmbeddedSearch {
  private let filesMax: Int
  private var bytesLeft: Int
  private var files: [EmbeddedFile] = []
  private var pieces: [YEncPiece] = []
  private(set) var isTruncated = false

  init(filesMax: Int, bytesMax: Int) {
    self.filesMax = filesMax
    bytesLeft = max(0, bytesMax)
  }

  /// Reads all files of a text.
  mutating func readText(_ text: Span<UInt8>) {
    var position = 0
    while !isTruncated, let line = EmbeddedFiles.nextCandidate(in: text, from: position) {
      position = read(text, at: line)
    }
  }

  /// Reads all files of a calendar.
  mutating func readCalendar(_ text: Span<UInt8>) {
    let found = CalendarReader.read(
      text, filesMax: filesMax - files.count, bytesMax: bytesLeft)
    files += found.files
    bytesLeft -= found.files.reduce(0) { $0 + $1.content.count }
    if found.isTruncated { isTruncated = true }
  }

  /// Reads the file that the line at `start` opens, if it does. Returns where to look further.
  private mutating func read(_ text: Span<UInt8>, at start: Int) -> Int {
    let found: FoundFile? =
      switch text[start] {
      case ASCII.equals: YEncReader.read(text, at: start, bytesMax: bytesLeft)
      case ASCII.open: BinHexReader.read(text, at: start, bytesMax: bytesLeft)
      default: UUFileReader.read(text, at: start, bytesMax: bytesLeft)
      }
    guard let found else { return start + 1 }
    guard files.count < filesMax else {
      isTruncated = true
      return text.count
    }
    if found.isCut { isTruncated = true }
    bytesLeft -= found.file.content.count
    if let part = found.part { pieces.append(YEncPiece(file: files.count, part: part)) }
    files.append(found.file)
    return max(start + 1, found.file.range.upperBound)
  }

  /// The files, with pieces of one file put together.
  func finished() -> [EmbeddedFile] { YEncPiece.joined(files, pieces) }
}

/// A file as one of the readers found it.
struct FoundFile {
  var file: EmbeddedFile
  /// Whether the content is longer than was granted.
  var isCut = false
  /// The number of a piece of a file in several (yEnc).
  var part: Int?
}
