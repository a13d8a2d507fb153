// Finds a zip's members: first by its directories, the last one first; then by headers that none of
// these has led to.
internal import RuleBytecode

struct ZipReader {
  var archive = ZipArchive()
  let limits: ArchiveLimits
  /// The places where a record may begin, in their order.
  private var ends: [Int] = []
  private var centrals: [Int] = []
  private var locals: [Int] = []
  /// What is explained, directories and members: sorted and merged, and what came since.
  private var covered: [Range<Int>] = []
  private var uncounted: [Range<Int>] = []
  /// Members by their local headers, for what they share.
  private var extents: [Range<Int>] = []
  private var directoryExtents: [Range<Int>] = []
  /// Directory entries that were read, by where they stand.
  private var seenCentrals: Set<Int> = []
  private var seenLocals: Set<Int> = []
  private var nameBytes = 0
  private var isFull = false

  init(_ limits: ArchiveLimits) { self.limits = limits }

  mutating func read(_ bytes: Span<UInt8>) {
    scan(bytes)
    let directories = readDirectories(bytes)
    if directories > 1 { archive.anomalies.insert(.zipSeveralDirectories) }
    let known = archive.entries.count
    readStrayCentrals(bytes)
    readStrayLocals(bytes)
    if archive.entries.count > known, directories > 0 {
      archive.anomalies.insert(.zipDirectoryMismatch)
    }
    if directories == 0 { archive.anomalies.insert(.archiveDamaged) }
    findOverlaps()
  }

  // MARK: Places

  /// Finds all places where a record may begin, in one pass.
  private mutating func scan(_ bytes: Span<UInt8>) {
    let headersMax = 2 * limits.entriesMax + 2
    var offset = 0
    while offset + 4 <= bytes.count {
      guard bytes[offset] == 0x50, bytes[offset + 1] == 0x4B else {
        offset += 1
        continue
      }
      switch ZipMark.at(offset, bytes) {
      case .end: ends.append(offset)
      case .central where centrals.count < headersMax: centrals.append(offset)
      case .local where locals.count < headersMax: locals.append(offset)
      default: break
      }
      // Programs look for the last directory: of too many, the first ones go.
      if ends.count > 4 * limits.directoriesMax {
        ends.removeFirst(2 * limits.directoriesMax)
        hitEntries()
      }
      offset += 2
    }
    if locals.count == headersMax || centrals.count == headersMax { hitEntries() }
  }

  private mutating func hitEntries() { archive.limitsHit.insert(.archiveEntries) }

  // MARK: Directories

  /// Reads what every directory end leads to; how many directories there are.
  private mutating func readDirectories(_ bytes: Span<UInt8>) -> Int {
    var found = 0
    for offset in ends.reversed() where !isCovered(offset) {
      guard let end = ZipDirectoryEnd(at: offset, bytes) else { continue }
      guard found < limits.directoriesMax else {
        hitEntries()
        break
      }
      let starts = starts(of: end, bytes)
      guard !starts.isEmpty || end.count == 0 || end.isEncrypted else {
        // Programs that look no further find nothing here.
        archive.anomalies.insert(.archiveDamaged)
        continue
      }
      found += 1
      if end.disagrees || starts.count > 1 { archive.anomalies.insert(.zipDirectoryMismatch) }
      if end.isEncrypted { archive.hidesNames = true }
      for start in starts { readDirectory(bytes, from: start, end) }
      uncounted.append(end.directoryEnd..<end.range.upperBound)
      settleCover()
    }
    return found
  }

  private struct DirectoryStart: Equatable {
    let offset: Int
    /// Where the archive begins that its offsets count from.
    let base: Int
  }

  /// Where the directory begins: as far before its end as its size says, and where its offset says.
  /// The two differ by what stands before the archive.
  private func starts(of end: ZipDirectoryEnd, _ bytes: Span<UInt8>) -> [DirectoryStart] {
    var starts: [DirectoryStart] = []
    if end.size <= UInt64(end.directoryEnd) {
      let offset = end.directoryEnd - Int(end.size)
      if end.offset <= UInt64(offset), ZipMark.at(offset, bytes) == .central {
        starts.append(DirectoryStart(offset: offset, base: offset - Int(end.offset)))
      }
    }
    if end.offset < UInt64(bytes.count), ZipMark.at(Int(end.offset), bytes) == .central {
      let start = DirectoryStart(offset: Int(end.offset), base: 0)
      if start != starts.first { starts.append(start) }
    }
    return starts
  }

  /// Reads entries as long as there are any, whatever the counts say.
  private mutating func readDirectory(
    _ bytes: Span<UInt8>, from start: DirectoryStart, _ end: ZipDirectoryEnd
  ) {
    let read = readCentrals(bytes, from: start.offset, base: start.base)
    guard !isFull else { return }
    let count = end.isCountShort ? UInt64(read.count & 0xFFFF) : UInt64(read.count)
    var place = read.end
    if ZipMark.at(place, bytes) == .digitalSignature {
      place += 6 + (ByteReader.little16(bytes, at: place + 4) ?? 0)
    }
    if count != end.count || place != end.directoryEnd {
      archive.anomalies.insert(.zipDirectoryMismatch)
    }
  }

  private mutating func readCentrals(
    _ bytes: Span<UInt8>, from start: Int, base: Int
  ) -> (count: Int, end: Int) {
    var offset = start
    var count = 0
    while !isFull, let header = ZipHeader.central(at: offset, bytes) {
      if seenCentrals.insert(offset).inserted { add(header, base: base, bytes) }
      offset = header.end
      count += 1
    }
    uncounted.append(start..<offset)
    directoryExtents.append(start..<offset)
    return (count, offset)
  }

  // MARK: What no directory leads to

  /// Entries of a directory whose end is lost.
  private mutating func readStrayCentrals(_ bytes: Span<UInt8>) {
    var reached = 0
    for offset in centrals where offset >= reached && !isCovered(offset) {
      guard !isFull else { return }
      guard let header = ZipHeader.central(at: offset, bytes), isPlausible(header, bytes) else {
        continue
      }
      reached = readCentrals(bytes, from: offset, base: 0).end
    }
    settleCover()
  }

  private mutating func readStrayLocals(_ bytes: Span<UInt8>) {
    var reached = 0
    for (index, offset) in locals.enumerated() where offset >= reached && !isCovered(offset) {
      guard !isFull else { return }
      guard let header = ZipHeader.local(at: offset, bytes), isPlausible(header, bytes) else {
        continue
      }
      let next = index + 1 < locals.count ? locals[index + 1] : bytes.count
      reached = addStray(header, next: next, bytes)
    }
  }

  /// What a program's code or a picture holds by chance is no header.
  private func isPlausible(_ header: ZipHeader, _ bytes: Span<UInt8>) -> Bool {
    guard !header.name.isEmpty, header.method <= ZipHeader.methodAES else { return false }
    for index in header.name.prefix(limits.nameBytesMax) where bytes[index] < 0x20 {
      // Only as the end of a C string.
      if bytes[index] != 0 { return false }
    }
    return true
  }

  /// Adds a member that only its local header tells of; where it ends, as far as that shows.
  private mutating func addStray(
    _ header: ZipHeader, next: Int, _ bytes: Span<UInt8>
  ) -> Int {
    var end = dataEnd(header, header.compressed, bytes)
    if header.flags.contains(.descriptor), header.compressed == 0 {
      // Behind the data, before the next member: told by the stream itself when it is read.
      end = max(header.end, next)
    } else if header.compressed > UInt64(bytes.count - header.end) {
      archive.anomalies.insert(.archiveDamaged)
    }
    guard seenLocals.insert(header.offset).inserted else { return end }
    var entry = entry(of: header, local: header, bytes)
    entry.data = header.end..<end
    append(entry, header, bytes)
    return end
  }

  // MARK: Members

  /// Adds what one entry of a directory describes, together with its local header.
  private mutating func add(_ central: ZipHeader, base: Int, _ bytes: Span<UInt8>) {
    let stated = central.localOffset
    let offset = stated < UInt64(bytes.count) ? base + Int(stated) : bytes.count
    guard let local = ZipHeader.local(at: offset, bytes) else {
      if !central.flags.contains(.masked) { archive.anomalies.insert(.archiveDamaged) }
      append(entry(of: central, local: nil, bytes), central, bytes)
      return
    }
    seenLocals.insert(offset)
    if disagree(central, local, bytes) { archive.anomalies.insert(.zipDirectoryMismatch) }
    var entry = entry(of: central, local: local, bytes)
    let ends = [
      dataEnd(local, central.compressed, bytes),
      local.flags.contains(.descriptor) ? nil : dataEnd(local, local.compressed, bytes),
    ].compactMap(\.self)
    if central.compressed > UInt64(bytes.count - local.end) {
      archive.anomalies.insert(.archiveDamaged)
    }
    entry.data = local.end..<(ends.max() ?? local.end)
    let least = ends.min() ?? local.end
    extents.append(offset..<least)
    uncounted.append(offset..<descriptorEnd(central, local, from: least, bytes))
    append(entry, central, bytes)
  }

  private func dataEnd(_ local: ZipHeader, _ compressed: UInt64, _ bytes: Span<UInt8>) -> Int {
    local.end + Int(min(compressed, UInt64(bytes.count - local.end)))
  }

  /// Behind the data descriptor (§4.3.9), with or without its mark, its sizes of 32 or 64 bits.
  private func descriptorEnd(
    _ central: ZipHeader, _ local: ZipHeader, from end: Int, _ bytes: Span<UInt8>
  ) -> Int {
    guard local.flags.contains(.descriptor) else { return end }
    let start = ZipMark.at(end, bytes) == .descriptor ? end + 4 : end
    guard ByteReader.little32(bytes, at: start).map({ UInt32($0) }) == central.checksum else {
      return end
    }
    if ByteReader.little64(bytes, at: start + 4) == central.compressed,
      ByteReader.little64(bytes, at: start + 12) == central.size
    {
      return start + 20
    }
    return min(bytes.count, start + 12)
  }

  /// Whether programs that believe the one see something else than those that believe the other.
  private func disagree(
    _ central: ZipHeader, _ local: ZipHeader, _ bytes: Span<UInt8>
  ) -> Bool {
    if central.flags.contains(.masked) || local.flags.contains(.masked) { return false }
    if central.method != local.method || central.isEncrypted != local.isEncrypted { return true }
    if !same(central.name, local.name, bytes) { return true }
    // Sizes that come behind the data need not be here; those that are must be right.
    let isLate = local.flags.contains(.descriptor)
    func differs(_ one: UInt64, _ other: UInt64) -> Bool {
      one != other && !(isLate && (other == 0 || other == ZipHeader.large))
    }
    return differs(central.compressed, local.compressed) || differs(central.size, local.size)
      || differs(UInt64(central.checksum), UInt64(local.checksum))
  }

  private func same(_ one: Range<Int>, _ other: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    guard one.count == other.count else { return false }
    for index in 0..<min(one.count, limits.nameBytesMax)
    where bytes[one.lowerBound + index] != bytes[other.lowerBound + index] {
      return false
    }
    return true
  }

  private mutating func entry(
    of header: ZipHeader, local: ZipHeader?, _ bytes: Span<UInt8>
  ) -> ZipEntry {
    var names: [String] = []
    var seen: [Range<Int>] = []
    func take(_ range: Range<Int>?) {
      guard let range, !seen.contains(where: { same($0, range, bytes) }) else { return }
      seen.append(range)
      var name: [UInt8] = []
      for index in range.suffix(limits.nameBytesMax) { name.append(bytes[index]) }
      for reading in MemberName.readings(name) where !names.contains(reading) {
        names.append(reading)
      }
    }
    take(header.name)
    let named = names.first.flatMap(MemberName.plainExtension)
    take(header.unicodeName)
    if let named, let unicode = names.last.flatMap(MemberName.plainExtension), named != unicode {
      archive.anomalies.insert(.zipDirectoryMismatch)
    }
    take(local?.name)
    take(local?.unicodeName)
    var methods = [header.method]
    var sizes = [header.size]
    if let local {
      if local.method != header.method { methods.append(local.method) }
      if local.size != header.size, !local.flags.contains(.descriptor) { sizes.append(local.size) }
    }
    return ZipEntry(
      names: names, isEncrypted: header.isEncrypted || local?.isEncrypted == true,
      methods: methods, sizes: sizes, data: nil, checksum: header.checksum,
      localOffset: local?.offset ?? bytes.count)
  }

  private mutating func append(
    _ entry: ZipEntry, _ header: ZipHeader, _ bytes: Span<UInt8>
  ) {
    nameBytes += entry.names.reduce(0) { $0 + $1.utf8.count }
    guard archive.entries.count < limits.entriesMax, nameBytes <= limits.namesBytesMax else {
      isFull = true
      return hitEntries()
    }
    if header.flags.contains(.masked) { archive.hidesNames = true }
    if entry.names.contains(where: MemberName.leavesFolder) {
      archive.anomalies.insert(.archivePath)
    }
    if !entry.isEncrypted, entry.methods == [ZipEntry.methodStored],
      header.compressed != header.size, entry.data?.isEmpty == false
    {
      archive.anomalies.insert(.zipDirectoryMismatch)
    }
    archive.entries.append(entry)
  }

  // MARK: What is explained

  private mutating func settleCover() {
    let all = (covered + uncounted).sorted { $0.lowerBound < $1.lowerBound }
    uncounted = []
    var merged: [Range<Int>] = []
    for range in all where !range.isEmpty {
      if let last = merged.last, last.upperBound >= range.lowerBound {
        merged[merged.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    covered = merged
  }

  /// By bisection: there can be as many ranges as members.
  private func isCovered(_ offset: Int) -> Bool {
    var low = 0
    var high = covered.count
    while low < high {
      let middle = (low + high) / 2
      if covered[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low < covered.count && covered[low].contains(offset)
  }

  /// Members that share bytes with others or with the directory.
  private mutating func findOverlaps() {
    let all = (extents + directoryExtents).filter { !$0.isEmpty }
      .sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    var reached = 0
    for range in all {
      if range.lowerBound < reached { archive.anomalies.insert(.zipOverlap) }
      reached = max(reached, range.upperBound)
    }
  }
}
