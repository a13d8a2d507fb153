// What the fuzzers and tests do with bytes as a file: an archive, a document, a text or a winmail.dat
// with files in it. What every reader promises is looked at; a crash speaks for itself.
internal import FileContents
internal import FileTypes
internal import MailMessage
internal import RuleBytecode

extension FuzzTargets {
  /// An archive of each format that is read in this process, within small limits.
  public static func archive(_ bytes: [UInt8]) -> [String] {
    var limits = ArchiveLimits()
    limits.entriesMax = 50
    limits.unpackedBytesMax = 1 << 20
    limits.heldBytesMax = 1 << 20
    limits.depthMax = 3
    var faults: [String] = []
    for format in [ArchiveFormat.zip, .gzip, .compressed, .container] {
      var budget = ArchiveBudget(limits)
      let report = ArchiveWalker.walk(
        bytes.span, as: format, name: "a", limits: limits, budget: &budget)
      if report.members.count > limits.entriesMax { faults.append("members") }
      if budget.entries < 0 || budget.unpackedBytes < 0 { faults.append("more than the budget") }
      for member in report.members where member.depth > limits.depthMax { faults.append("depth") }
    }
    let zip = ZipArchive(bytes.span, limits: limits)
    for entry in zip.entries {
      guard let data = entry.data else { continue }
      if data.lowerBound < 0 || data.upperBound > bytes.count { faults.append("a member's bytes") }
    }
    _ = ZipArchive.isLikely(bytes.span)
    return faults
  }

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
