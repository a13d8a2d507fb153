// Messages that are attached as files: whatever the part declares, mail programs open a file called
// `.eml` as a mail, with all that is attached to it.
// Trusts nothing. Cost: for text and for what begins with a letter, a look at its first lines.

extension StructureReader {
  /// What Windows, Apple's and Mozilla's programs save and open messages as.
  private static let savedExtensions: Set<String> = ["eml", "emlx", "nws"]

  /// Decoded bytes that are looked at for a field.
  private static let savedHeadBytesMax = 512

  func isNamedAsMessage(_ part: Int) -> Bool {
    parts[part].names.contains { name in
      FileName.extensions(of: name).contains(where: Self.savedExtensions.contains)
    }
  }

  /// Where a message begins in what the body decodes to; nil if no field is in its first lines.
  func startOfSaved(_ body: Span<UInt8>, _ encoding: TransferEncoding) -> Int? {
    guard body.count > 8, Self.mayBeginMessage(body[0], encoding) else { return nil }
    if encoding.isIdentity {
      return startOfSaved(body.extracting(0..<min(body.count, Self.savedHeadBytesMax)))
    }
    var head: [UInt8] = []
    let raw = body.extracting(0..<min(body.count, 2 * Self.savedHeadBytesMax))
    _ = encoding.append(raw, to: &head, bound: Self.savedHeadBytesMax)
    return startOfSaved(head.span)
  }

  /// One look at the first byte tells most pictures from text; a byte order mark may be before it.
  private static func mayBeginMessage(_ byte: UInt8, _ encoding: TransferEncoding) -> Bool {
    // Up to `~` is up to `f` in base64; the mark's first byte is `7`.
    encoding == .base64 ? byte < 103 && byte != ASCII.slash : byte < 127 || byte == 0xEF
  }

  private func startOfSaved(_ head: Span<UInt8>) -> Int? {
    var start = 0
    if head.count > 3, head[0] == 0xEF, head[1] == 0xBB, head[2] == 0xBF { start = 3 }
    while start < head.count, ASCII.isFolding(head[start]) { start += 1 }
    var line = start
    // Apple Mail writes the number of bytes on a line before the message.
    for _ in 0..<Self.junkLinesMax where line < head.count {
      let end =
        ByteScan.firstIndex(of: ASCII.lineFeed, in: head, from: line, to: head.count) ?? head.count
      if case .field = fieldLine(head, line..<end) { return line }
      line = end + 1
    }
    return nil
  }

  /// Reads the message in a file that mail programs open as one for its name.
  mutating func readSaved(_ part: Int, from start: Int) {
    let held = parts[part].bytes
    let body = held.span.extracting(parts[part].body)
    guard let data = content(body, parts[part].encoding) else { return }
    var file = EmbeddedFile(range: 0..<data.count)
    file.content = Self.withLineEnds(data.dropFirst(start))
    if hasOnlyBareCR(file.content.span, file.content.indices) {
      parts[part].structuralAnomalies.insert(.bareCR)
    }
    file.isMessage = true
    place([file], in: part)
  }

  /// A file is saved with the line ends of its system: those of Unix are nothing odd in it.
  private static func withLineEnds(_ file: ArraySlice<UInt8>) -> [UInt8] {
    let first = file.firstIndex(of: ASCII.lineFeed) ?? file.startIndex
    let isUnix = first > file.startIndex && file[first - 1] != ASCII.carriageReturn
    guard isUnix, !file.contains(ASCII.carriageReturn) else { return Array(file) }
    var lines: [UInt8] = []
    lines.reserveCapacity(file.count + file.count / 32)
    for byte in file {
      if byte == ASCII.lineFeed { lines.append(ASCII.carriageReturn) }
      lines.append(byte)
    }
    return lines
  }
}
