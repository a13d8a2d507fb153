// A program as bytes and back: magic, version, length, section table, sections, SHA-256 over all.
//
//   8  magic "DEFANGRC"
//   4  format version           4  total length, digest included      4  number of sections
//  12  for each section: its code, number of records, length in bytes
//   …  the sections, one behind the other
//  32  SHA-256 of everything before it
//
// Every section stands exactly once and in order: one program has one image.

extension Program {
  /// The image of this program.
  package func image() -> [UInt8] {
    let sections: [(Section, Int, [UInt8])] = Section.allCases.map { section in
      var output = ImageOutput()
      let count = write(section, to: &output)
      return (section, count, output.bytes)
    }
    var output = ImageOutput()
    output.raw(ImageFormat.magic)
    output.u32(ImageFormat.version)
    let dataBytes = sections.reduce(0) { $0 + $1.2.count }
    let total = Self.headerBytes + 12 * sections.count + dataBytes + ImageFormat.digestBytes
    output.u32(UInt32(total))
    output.u32(UInt32(sections.count))
    for (section, count, bytes) in sections {
      output.u32(section.rawValue)
      output.u32(UInt32(count))
      output.u32(UInt32(bytes.count))
    }
    for (_, _, bytes) in sections { output.raw(bytes) }
    return output.bytes + SHA256.digest(of: output.bytes)
  }

  static let headerBytes = 20

  /// Writes one section; returns its number of records.
  private func write(_ section: Section, to output: inout ImageOutput) -> Int {
    func records(_ values: [some ImageRecord]) -> Int {
      for value in values { value.write(to: &output) }
      return values.count
    }
    switch section {
    case .sourceDigest: return records(sourceDigest)
    case .stringBytes:
      output.raw(stringBytes)
      return stringBytes.count
    case .strings: return records(strings)
    case .numbers: return records(numbers)
    case .entries: return records(entries)
    case .sets: return records(sets)
    case .specs: return records(specs)
    case .variables: return records(variables)
    case .policies: return records(policies)
    case .replies: return records(replies)
    case .queries: return records(queries)
    case .actions: return records(actions)
    case .checks: return records(checks)
    case .tables: return records(tables)
    case .declarations: return records(declarations)
    case .timers: return records(timers)
    case .files: return records(files)
    case .rules: return records(rules)
    case .probes: return records(probes)
    case .sourceMap: return records(sourceMap)
    case .blocks: return records(blocks)
    case .functionCount: return records([functionCount])
    case .phases: return records(phases)
    case .code: return records(code)
    }
  }

  /// Reads an image's envelope and records; what they mean is for the verifier.
  init(image bytes: [UInt8]) throws(Flaw) {
    self.init()
    var at = try Self.checkEnvelope(bytes)
    let table = Self.headerBytes
    for (order, section) in Section.allCases.enumerated() {
      let entry = table + 12 * order
      let count = Int(Self.u32(bytes, at: entry + 4))
      let length = Int(Self.u32(bytes, at: entry + 8))
      guard at + length <= bytes.count - ImageFormat.digestBytes else {
        throw .sectionLength(section)
      }
      try read(section, count: count, length: length, from: bytes, at: at)
      at += length
    }
    let left = bytes.count - ImageFormat.digestBytes - at
    guard left == 0 else { throw .trailingBytes(left) }
  }

  /// Checks magic, version, length, digest and section table; returns where the data begins.
  private static func checkEnvelope(_ bytes: [UInt8]) throws(Flaw) -> Int {
    guard bytes.count <= ImageFormat.bytesMax else { throw .tooLarge(byteCount: bytes.count) }
    guard bytes.count >= headerBytes + ImageFormat.digestBytes else {
      throw .tooShort(byteCount: bytes.count)
    }
    for (index, byte) in ImageFormat.magic.enumerated() where bytes[index] != byte {
      throw .notAnImage
    }
    let version = u32(bytes, at: 8)
    guard version == ImageFormat.version else { throw .unknownVersion(version) }
    let declared = Int(u32(bytes, at: 12))
    guard declared == bytes.count else {
      throw .wrongLength(declared: declared, actual: bytes.count)
    }
    let end = bytes.count - ImageFormat.digestBytes
    let digest = SHA256.digest(of: bytes.span.extracting(0..<end))
    for index in 0..<ImageFormat.digestBytes where bytes[end + index] != digest[index] {
      throw .wrongDigest
    }
    return try checkTable(bytes)
  }

  private static func checkTable(_ bytes: [UInt8]) throws(Flaw) -> Int {
    let expected = Section.allCases
    let count = Int(u32(bytes, at: 16))
    for order in 0..<max(count, expected.count) {
      guard order < count else { throw .missingSection(expected[order]) }
      let entry = headerBytes + 12 * order
      guard entry + 12 <= bytes.count - ImageFormat.digestBytes else {
        throw .tooShort(byteCount: bytes.count)
      }
      let code = u32(bytes, at: entry)
      guard let section = Section(rawValue: code) else { throw .unknownSection(code) }
      guard order < expected.count, section == expected[order] else {
        throw .sectionOutOfOrder(section)
      }
    }
    return headerBytes + 12 * count
  }

  private static func u32(_ bytes: [UInt8], at: Int) -> UInt32 {
    UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16
      | UInt32(bytes[at + 3]) << 24
  }

  private mutating func read(
    _ section: Section, count: Int, length: Int, from bytes: [UInt8], at: Int
  ) throws(Flaw) {
    func records<Record: ImageRecord>(_: Record.Type) throws(Flaw) -> [Record] {
      guard count * Record.sizeBytes == length else { throw .sectionLength(section) }
      var input = ImageInput(bytes, at: at, section: section)
      var result: [Record] = []
      result.reserveCapacity(count)
      for index in 0..<count {
        input.index = index
        result.append(try Record(from: &input))
      }
      return result
    }
    switch section {
    case .sourceDigest:
      sourceDigest = try records(UInt8.self)
      guard sourceDigest.count == ImageFormat.digestBytes else { throw .sectionLength(section) }
    case .stringBytes: stringBytes = try records(UInt8.self)
    case .strings: strings = try records(StringRange.self)
    case .numbers: numbers = try records(Int64.self)
    case .entries: entries = try records(StringRange.self)
    case .sets: sets = try records(KeySet.self)
    case .specs: specs = try records(MatchSpec.self)
    case .variables: variables = try records(Variable.self)
    case .policies: policies = try records(FailurePolicy.self)
    case .replies: replies = try records(Reply.self)
    case .queries: queries = try records(QuerySpec.self)
    case .actions: actions = try records(ActionSpec.self)
    case .checks: checks = try records(CheckSpec.self)
    case .tables: tables = try records(TableSpec.self)
    case .declarations: declarations = try records(Declaration.self)
    case .timers: timers = try records(Timer.self)
    case .files: files = try records(UInt32.self)
    case .rules: rules = try records(RuleInfo.self)
    case .probes: probes = try records(ProbeInfo.self)
    case .sourceMap: sourceMap = try records(SourceMark.self)
    case .blocks: blocks = try records(Block.self)
    case .functionCount:
      let values = try records(UInt32.self)
      guard values.count == 1 else { throw .sectionLength(section) }
      functionCount = values[0]
    case .phases: phases = try records(PhaseEntry.self)
    case .code: code = try records(Instruction.self)
    }
  }
}
