// One source file: its bytes, where its lines begin, and what is in it that no source may hold.
// Trusts nothing: the bytes may be anything. One linear pass at the start, positions by halving.

/// The bytes of one source file under the name the user gave it.
package struct SourceFile: Sendable {
  /// As given on the command line; `-` for standard input.
  package let name: String
  /// Where relative paths in it begin; empty leaves them as they are.
  package let directory: String
  /// Empty when the file is over the limit.
  package let bytes: [UInt8]
  /// Bytes of the file as it was given.
  package let givenByteCount: Int
  /// Offset of the first byte of each line; never empty, ascending. 4 bytes are enough below the
  /// limit of a source and halve the table of a file of empty lines. A byte order mark, which some
  /// editors write and none shows, is before the first line.
  private let lineStarts: [UInt32]
  /// In long lines, every 4 KiB, the column that is reached there: else a hundred diagnostics in a
  /// line of 8 MB would count it a hundred times.
  private let columnMarks: [ColumnMark]

  private struct ColumnMark: BitwiseCopyable {
    let offset: UInt32
    let column: UInt32
  }

  /// Takes the bytes. A file over `limits.sourceBytesMax` is kept by name and size only; parsing
  /// it gives the diagnostic.
  package init(
    name: String, directory: String = "", bytes: [UInt8], limits: CompilerLimits = .standard
  ) {
    let isTooLarge = bytes.count > min(limits.sourceBytesMax, Int(UInt32.max))
    let kept = isTooLarge ? [] : bytes
    self.name = name
    self.directory = directory
    self.bytes = kept
    self.givenByteCount = bytes.count
    self.lineStarts = Self.lineStarts(of: kept)
    self.columnMarks = Self.columnMarks(of: kept, lineStarts: lineStarts)
  }

  /// A path as this file means it.
  package func resolve(_ path: String) -> String {
    guard !path.hasPrefix("/"), !directory.isEmpty else { return path }
    let rest = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return directory.hasSuffix("/") ? directory + rest : directory + "/" + rest
  }

  package var isTooLarge: Bool { givenByteCount > bytes.count }
  package var lineCount: Int { lineStarts.count }

  /// Line and column, both from 1. The column counts Unicode scalars, as editors do; a byte that
  /// is no UTF-8 counts as one. An offset past the end is the end.
  package func position(ofByte offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(0, offset), bytes.count)
    let line = lineIndex(ofByte: offset)
    var index = Int(lineStarts[line])
    var column = 1
    if let mark = columnMark(before: offset), Int(mark.offset) > index {
      (index, column) = (Int(mark.offset), Int(mark.column))
    }
    while index < offset {
      index += UTF8Scan.scalar(in: bytes, at: index).length
      // Inside a character counts as at its start.
      if index <= offset { column += 1 }
    }
    return (line + 1, column)
  }

  /// The bytes of a line (from 1) without its line end. A line that is not there is empty.
  package func bytes(ofLine line: Int) -> Range<Int> {
    guard line >= 1 && line <= lineStarts.count else { return bytes.count..<bytes.count }
    let first = Int(lineStarts[line - 1])
    var end = line < lineStarts.count ? Int(lineStarts[line]) - 1 : bytes.count
    if end > first && line < lineStarts.count && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return first..<end
  }

  /// The first byte of the line that holds the offset.
  func lineStart(ofByte offset: Int) -> Int {
    Int(lineStarts[lineIndex(ofByte: offset)])
  }

  /// The text of a range, invalid UTF-8 as U+FFFD. A range outside the file is cut to it.
  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }

  private func lineIndex(ofByte offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func columnMark(before offset: Int) -> ColumnMark? {
    var low = 0
    var high = columnMarks.count
    while low < high {
      let middle = (low + high) / 2
      if Int(columnMarks[middle].offset) <= offset { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? columnMarks[low - 1] : nil
  }

  private static func lineStarts(of bytes: [UInt8]) -> [UInt32] {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var starts: [UInt32] = [hasMark ? 3 : 0]
    for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
      starts.append(UInt32(index + 1))
    }
    return starts
  }

  private static func columnMarks(of bytes: [UInt8], lineStarts: [UInt32]) -> [ColumnMark] {
    let step = 4096
    var marks: [ColumnMark] = []
    for (line, start) in lineStarts.enumerated() {
      let end = line + 1 < lineStarts.count ? Int(lineStarts[line + 1]) : bytes.count
      var index = Int(start)
      if end - index <= step { continue }
      var column = 1
      var next = index + step
      while index < end {
        index += UTF8Scan.scalar(in: bytes, at: index).length
        column += 1
        if index >= next {
          marks.append(ColumnMark(offset: UInt32(index), column: UInt32(column)))
          next = index + step
        }
      }
    }
    return marks
  }
}

/// Folders of scripts that others include (RFC 6609 §3.2); nil for the folder of the script itself,
/// or for `:global` that of the policy's first file.
package struct IncludeFolders: Equatable, Sendable {
  package var personal: String?
  package var global: String?
  /// What a script's name lacks as a file's.
  package var ending = ""

  package init() {}

  package init(personal: String, global: String, ending: String) {
    self.personal = personal
    self.global = global
    self.ending = ending
  }
}

/// The source files of one policy, in the order given; `SourceRange.file` is an index into it.
///
/// Behind the sources stand the files they include and the lists in which something is wrong.
package struct SourceSet: Sendable {
  package private(set) var files: [SourceFile] = []
  /// How files that these name are read.
  package var access = FileAccess.none
  /// Where scripts are looked for that plain Sieve names without a path.
  package var folders = IncludeFolders()
  /// Lists, which are no code.
  private var dataCount = 0
  /// Where a file was first included, by its index.
  package private(set) var includes: [Int: SourceRange] = [:]

  package init() {}

  package init(access: FileAccess) { self.access = access }

  /// Those that are code.
  package var code: ArraySlice<SourceFile> { files.dropLast(dataCount) }

  /// Adds a file and gives its index.
  package mutating func add(_ file: SourceFile) -> Int {
    files.append(file)
    return files.count - 1
  }

  /// Adds a file that another one includes at that place.
  mutating func addIncluded(_ file: SourceFile, at place: SourceRange) -> Int {
    let index = add(file)
    includes[index] = place
    return index
  }

  /// Adds a list, for messages about its lines.
  mutating func addData(name: String, bytes: [UInt8]) -> Int {
    if let known = files.firstIndex(where: { $0.name == name }) { return known }
    var limits = CompilerLimits()
    limits.sourceBytesMax = max(limits.sourceBytesMax, bytes.count)
    files.append(SourceFile(name: name, bytes: bytes, limits: limits))
    dataCount += 1
    return files.count - 1
  }

  /// The file of a range, nil for an index that was never given out.
  package func file(of range: SourceRange) -> SourceFile? {
    files.indices.contains(range.file) ? files[range.file] : nil
  }
}
