// What opaque signatures hold: a mail's entity, or a file that was signed as it is, as offices
// exchange them (`bill.xml.p7m`).

extension StructureReader {
  /// Reads what is inside of an opaque signature, as mail programs do when it is shown.
  mutating func readSigned(_ part: Int) {
    let held = parts[part].bytes
    let body = held.span.extracting(parts[part].body)
    guard mayNest(under: part), let data = content(body, parts[part].encoding),
      let signed = SignedDataReader.read(data.span, bytesMax: fileRoom.bytes)
    else { return }
    if signed.isDamaged { parts[part].structuralAnomalies.insert(.badEmbedded) }
    if signed.isCut { hit(.embeddedBytes) }
    guard isEntity(signed.bytes.span) else {
      return place([signedFile(signed.bytes, part)], in: part)
    }
    rereading.fileCount += 1
    rereading.bufferCount += 1
    rereading.bufferBytes += signed.bytes.count
    readEntity(signed.bytes, in: part, isMessage: false)
  }

  /// Whether a header stands there, be it an empty one or one behind lines that are none.
  private func isEntity(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 else { return true }
    if ASCII.isFolding(bytes[0]) || beginsWithField(bytes, bytes.indices) { return true }
    var line = 0
    for _ in 0..<Self.junkLinesMax where line < bytes.count {
      if MIMEField.begins(bytes, line..<bytes.count) { return true }
      let end = ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: line, to: bytes.count)
      line = end.map { $0 + 1 } ?? bytes.count
    }
    return false
  }

  /// The file is called as its signature, without `.p7m`.
  private func signedFile(_ bytes: [UInt8], _ part: Int) -> EmbeddedFile {
    var file = EmbeddedFile(range: 0..<bytes.count)
    file.content = bytes
    for name in parts[part].names where FileName.extension(of: name) == "p7m" {
      guard let dot = name.lastIndex(of: ".") else { continue }
      file.addName(String(name[..<dot]))
    }
    return file
  }
}
