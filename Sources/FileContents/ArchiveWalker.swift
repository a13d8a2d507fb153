// Goes through an archive and the archives inside of it, with a list of work instead of recursion.
// Members are read as far as their type needs (`headBytesMax`); only archives among them are
// unpacked, one at a time in each level. Everything is paid from one budget for the whole message.
internal import FileTypes
package import RuleBytecode

/// Reads archives of formats that are not read here.
package protocol ForeignArchiveReader {
  /// The members, with the content of those that are archives themselves.
  mutating func read(
    _ bytes: Span<UInt8>, _ format: ArchiveFormat, _ limits: ArchiveLimits,
    _ budget: inout ArchiveBudget
  ) -> ForeignArchive
}

/// What such a reader found.
package struct ForeignArchive {
  package struct Member {
    /// Empty for the one content of a compressed file.
    package var names: [[UInt8]] = []
    package var size: UInt64?
    package var isEncrypted = false
    package var isFolder = false
    /// The first bytes; nil where there is no content to be had.
    package var head: [UInt8]?
    /// All of them, where the head is an archive's.
    package var content: [UInt8]?

    package init() {}
  }

  package var members: [Member] = []
  package var isDamaged = false
  package var hidesNames = false
  package var isUnsupported = false
  package var limitsHit: Set<LimitName> = []
  package var workBytes = 0

  package init() {}
}

package struct ArchiveWalker {
  /// An archive inside the one at hand, still packed where it can stay so.
  private struct Nested {
    enum Source {
      case entry(ZipEntry)
      case gzip
      case unpacked([UInt8])
    }

    let source: Source
    let name: String
    let format: ArchiveFormat
  }

  /// One archive whose insides are not all read.
  private struct Level {
    /// Nil for the outermost, which is lent.
    let bytes: [UInt8]?
    let nesting: [String]
    var nested: [Nested]
  }

  private let limits: ArchiveLimits
  private var foreign: (any ForeignArchiveReader)?
  private var budget: ArchiveBudget
  private var report = ArchiveReport()
  private var levels: [Level] = []
  private var heldBytes = 0
  private var found: [Nested] = []

  private init(
    _ limits: ArchiveLimits, _ budget: ArchiveBudget, _ foreign: (any ForeignArchiveReader)?
  ) {
    self.limits = limits
    self.budget = budget
    self.foreign = foreign
  }

  /// - Parameters:
  ///   - name: What the archive is called, if anybody knows: a compressed file has its name of it.
  ///   - budget: What is left for the message; less after it.
  ///   - foreign: Who reads the other formats; without one they stay unread.
  package static func walk(
    _ bytes: Span<UInt8>, as format: ArchiveFormat, name: String?,
    limits: ArchiveLimits = ArchiveLimits(), budget: inout ArchiveBudget,
    foreign: (any ForeignArchiveReader)? = nil
  ) -> ArchiveReport {
    var walker = ArchiveWalker(limits, budget, foreign)
    walker.open(bytes, format, name: name, nesting: [], lent: nil)
    while let last = walker.levels.indices.last {
      guard let next = walker.levels[last].nested.popLast() else {
        walker.heldBytes -= walker.levels[last].bytes?.count ?? 0
        walker.levels.removeLast()
        continue
      }
      if let held = walker.levels[last].bytes {
        walker.enter(next, from: held.span)
      } else {
        walker.enter(next, from: bytes)
      }
    }
    budget = walker.budget
    return walker.report
  }

  // MARK: Levels

  /// Unpacks a nested archive and reads it.
  private mutating func enter(_ next: Nested, from outer: Span<UInt8>) {
    let nesting = (levels.last?.nesting ?? []) + [next.name]
    guard nesting.count < limits.depthMax else {
      report.limitsHit.insert(.archiveDepth)
      return
    }
    guard let bytes = unpack(next, from: outer) else { return }
    heldBytes += bytes.count
    open(bytes.span, next.format, name: next.name, nesting: nesting, lent: bytes)
  }

  /// All of a nested archive, or nil and a limit that was hit.
  private mutating func unpack(_ next: Nested, from outer: Span<UInt8>) -> [UInt8]? {
    let room = min(budget.unpackedBytes, limits.heldBytesMax - heldBytes)
    let packed: Int
    switch next.source {
    case .unpacked(let bytes): return bytes
    case .entry(let entry): packed = entry.data?.count ?? 0
    case .gzip: packed = outer.count
    }
    let ratio = max(limits.ratioFreeBytes, packed.multipliedClamped(by: limits.ratioMax))
    let limit = min(room, ratio)
    let bytes: [UInt8]
    let isCut: Bool
    if case .entry(let entry) = next.source {
      let content = ZipArchive.extract(entry, from: outer, limitBytes: limit)
      pay(content.workBytes)
      bytes = content.readings.first { ArchiveFormat(of: $0.span) == next.format } ?? content.bytes
      isCut = content.end == .limit
    } else {
      let content = GzipFile.content(outer, limitBytes: limit, streamsMax: limits.gzipStreamsMax)
      pay(content.consumed + content.bytes.count)
      bytes = content.bytes
      isCut = content.end == .outputLimit
    }
    guard isCut else { return bytes }
    report.limitsHit.insert(ratio < room ? .archiveRatio : .archiveBytes)
    // What there is of it is worth a look: local headers come first.
    return bytes
  }

  private mutating func pay(_ bytes: Int) {
    // The last bite may have been one too many; it is no larger than the file.
    report.workBytes += min(bytes, budget.unpackedBytes)
    if bytes > budget.unpackedBytes { report.limitsHit.insert(.archiveBytes) }
    budget.unpackedBytes = max(0, budget.unpackedBytes - bytes)
  }

  private mutating func open(
    _ bytes: Span<UInt8>, _ format: ArchiveFormat, name: String?, nesting: [String],
    lent held: [UInt8]?
  ) {
    found = []
    switch format {
    case .zip: readZip(bytes, nesting)
    case .gzip: readGzip(bytes, name, nesting)
    case .compressed, .container: readForeign(bytes, format, name, nesting)
    }
    levels.append(Level(bytes: held, nesting: nesting, nested: found.reversed()))
  }

  // MARK: Formats

  private mutating func readZip(_ bytes: Span<UInt8>, _ nesting: [String]) {
    var own = limits
    own.entriesMax = budget.entries
    own.namesBytesMax = budget.nameBytes
    let zip = ZipArchive(bytes, limits: own)
    report.anomalies.formUnion(zip.anomalies)
    report.limitsHit.formUnion(zip.limitsHit)
    if zip.hidesNames {
      report.isEncrypted = true
      report.unread.insert(.hidden)
    }
    for entry in zip.entries {
      let isFolder = entry.isFolder && entry.sizes.allSatisfy { $0 == 0 }
      var member = ArchiveMember(
        names: entry.names, nesting: nesting, sizes: entry.sizes,
        isEncrypted: entry.isEncrypted, isFolder: isFolder)
      if !isFolder, !entry.isEncrypted { readContent(entry, bytes, &member) }
      add(member)
    }
  }

  private mutating func readContent(
    _ entry: ZipEntry, _ bytes: Span<UInt8>, _ member: inout ArchiveMember
  ) {
    guard budget.unpackedBytes > 0 else {
      report.limitsHit.insert(.archiveBytes)
      return
    }
    checkRatio(entry)
    let content = ZipArchive.extract(entry, from: bytes, limitBytes: limits.headBytesMax)
    pay(content.workBytes)
    switch content.end {
    case .whole, .limit, .encrypted: break
    case .damaged: report.anomalies.insert(.archiveDamaged)
    case .foreign: report.unread.insert(.foreign)
    }
    if content.isMethodLying { report.anomalies.insert(.zipDirectoryMismatch) }
    for head in content.readings {
      if let format = nestedFormat(head.span, entry.names) {
        found.append(Nested(source: .entry(entry), name: entry.name, format: format))
      }
      member.readings.append(reading(head))
    }
  }

  private mutating func checkRatio(_ entry: ZipEntry) {
    guard let size = entry.sizes.max(), size > UInt64(limits.ratioFreeBytes) else { return }
    let packed = entry.data?.count ?? 0
    if size > UInt64(packed.multipliedClamped(by: limits.ratioMax)) {
      report.limitsHit.insert(.archiveRatio)
    }
  }

  private mutating func readGzip(_ bytes: Span<UInt8>, _ name: String?, _ nesting: [String]) {
    let file = GzipFile(bytes, nameBytesMax: limits.nameBytesMax)
    var names = name.map { [GzipFile.innerName(of: $0)] } ?? []
    for reading in file.name.map(MemberName.readings) ?? [] where !names.contains(reading) {
      names.append(reading)
    }
    let content = GzipFile.content(
      bytes, limitBytes: limits.headBytesMax, streamsMax: limits.gzipStreamsMax)
    pay(content.consumed + content.bytes.count)
    if content.end == .damaged || content.end == .cut { report.anomalies.insert(.archiveDamaged) }
    var member = ArchiveMember(
      names: names, nesting: nesting, sizes: file.statedBytes.map { [$0] } ?? [])
    member.readings.append(reading(content.bytes))
    if let format = nestedFormat(content.bytes.span, names) {
      found.append(Nested(source: .gzip, name: names.first ?? "", format: format))
    }
    add(member)
  }

  private mutating func readForeign(
    _ bytes: Span<UInt8>, _ format: ArchiveFormat, _ name: String?, _ nesting: [String]
  ) {
    guard var reader = foreign else {
      report.unread.insert(.foreign)
      return
    }
    let archive = reader.read(bytes, format, limits, &budget)
    foreign = reader
    report.workBytes += archive.workBytes
    report.limitsHit.formUnion(archive.limitsHit)
    if archive.isDamaged {
      report.anomalies.insert(.archiveDamaged)
      report.unread.insert(.damaged)
    }
    if archive.isUnsupported { report.unread.insert(.unsupported) }
    if archive.hidesNames {
      report.isEncrypted = true
      report.unread.insert(.hidden)
    }
    for one in archive.members {
      var names: [String] = []
      for bytes in one.names {
        for reading in MemberName.readings(bytes) where !names.contains(reading) {
          names.append(reading)
        }
      }
      if names.isEmpty, let name { names.append(GzipFile.innerName(of: name)) }
      if names.contains(where: MemberName.leavesFolder) { report.anomalies.insert(.archivePath) }
      var member = ArchiveMember(
        names: names, nesting: nesting, sizes: one.size.map { [$0] } ?? [],
        isEncrypted: one.isEncrypted, isFolder: one.isFolder)
      if let head = one.head {
        member.readings.append(reading(head))
        if let format = nestedFormat(head.span, names) {
          found.append(
            Nested(source: .unpacked(one.content ?? head), name: names.first ?? "", format: format))
        }
      }
      add(member)
    }
  }

  // MARK: Members

  private mutating func add(_ member: ArchiveMember) {
    let nameBytes = member.names.reduce(0) { $0 + $1.utf8.count }
    guard budget.entries > 0, budget.nameBytes >= nameBytes else {
      report.limitsHit.insert(.archiveEntries)
      found = []
      return
    }
    budget.entries -= 1
    budget.nameBytes -= nameBytes
    if member.isEncrypted { report.isEncrypted = true }
    report.members.append(member)
  }

  /// What the first bytes of a content show without libmagic.
  private mutating func reading(_ head: [UInt8]) -> ArchiveMember.Reading {
    // As libmagic says it.
    if head.isEmpty { return ArchiveMember.Reading(kind: .other, mimeType: "inode/x-empty") }
    let sure = SureSignature(of: head.span)
    let kind = sure?.kind ?? FileTypeDetector.quickKind(of: head.span.extracting(first: 16_384))
    var reading = ArchiveMember.Reading(kind: kind, mimeType: sure?.mimeType, head: [])
    guard reading.mimeType == nil, budget.keptHeads > 0 else { return reading }
    budget.keptHeads -= 1
    reading.head = Array(head.prefix(limits.keptHeadBytesMax))
    return reading
  }

  /// The format of an archive inside; what is one and cannot be read is said.
  private mutating func nestedFormat(
    _ head: Span<UInt8>, _ names: [String]
  ) -> ArchiveFormat? {
    if let format = ArchiveFormat(of: head) { return format }
    if ClosedArchive.isLikely(head, names) { report.unread.insert(.unsupported) }
    return nil
  }
}

extension Int {
  /// Stays at the largest number.
  func multipliedClamped(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}
