// What the fuzzers and tests do with bytes as a file: a document, a text or a winmail.dat with
// files in it. What every reader promises is looked at; a crash speaks for itself.
internal import FileContents
internal import FileTypes
internal import MailMessage

extension FuzzTargets {
  /// A document of every kind at once, under every name that is known.
  public static func document(_ bytes: [UInt8]) -> [String] {
    let bytesMax = 4 << 20
    var faults: [String] = []
    for kinds in [Set(FileKind.allCases), []] {
      var reader = DocumentReader(bytesMax: bytesMax)
      let hints = DocumentHints(
        kinds: kinds, types: kinds.isEmpty ? [] : ["image/svg+xml", "application/x-mimearchive"],
        extensions: kinds.isEmpty ? [] : ["html", "svgz", "url", "iqy", "doc", "one"])
      _ = reader.findings(in: bytes.span, hints)
      if reader.bytesRead > bytesMax { faults.append("\(reader.bytesRead) bytes read") }
    }
    for kind in FileKind.allCases { _ = FurtherKinds(of: bytes.span, primary: kind) }
    return faults
  }

  /// A text with files in it, a BinHex file, and a winmail.dat.
  public static func embedded(_ bytes: [UInt8]) -> [String] {
    let filesMax = 5
    let bytesMax = 4_000
    var faults: [String] = []
    func check(_ files: [EmbeddedFile]) {
      if files.count > filesMax { faults.append("number of files") }
      let size = files.reduce(0) { $0 + $1.content.count }
      if size > bytesMax { faults.append("\(size) bytes in files") }
    }
    let found = EmbeddedFiles.find(in: bytes.span, filesMax: filesMax, bytesMax: bytesMax)
    check(found.files)
    // Without a hint nobody looks.
    if !found.files.isEmpty, !EmbeddedFiles.hint(in: bytes.span) { faults.append("no hint") }
    check(EmbeddedFiles.binHex(in: bytes.span, bytesMax: bytesMax).map { [$0] } ?? [])
    for stream in [bytes, [0x78, 0x9F, 0x3E, 0x22, 0, 0] + bytes] {
      check(TNEFReader.read(stream.span, filesMax: filesMax, bytesMax: bytesMax).files)
    }
    return faults
  }

  /// The largest file in a message, as a seed for what reads files; nil where there is none.
  public static func attachment(of bytes: [UInt8]) -> [UInt8]? {
    let message = MailMessage(bytes)
    var largest: [UInt8] = []
    for index in message.parts.indices where !message.parts[index].isContainer {
      var content: [UInt8] = []
      _ = message.appendDecodedBody(of: index, to: &content, limitBytes: 1 << 20)
      if content.count > largest.count { largest = content }
    }
    return largest.isEmpty ? nil : largest
  }
}
