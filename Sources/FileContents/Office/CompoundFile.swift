// Compound files, which older office documents are (MS-CFB): a file system in a file. Its
// directory is read as a list, so that entries which no tree leads to are seen as well.
// Trusts nothing: sector numbers, sizes and trees are a sender's. Every chain ends after as many
// steps as the file has sectors; what leads out of the file is damage, and is said.
internal import MailMessage
internal import RuleBytecode

struct CompoundFile {
  struct Entry {
    enum Kind: UInt8 {
      case storage = 1
      case stream = 2
      case root = 5
    }

    let kind: Kind
    /// UTF-16 as bytes, lower-case where ASCII, one byte each; others are `?`.
    let name: String
    let start: Int
    let size: Int
    /// Of the storage it is in; nil where no tree leads to it.
    fileprivate(set) var parent: Int?
  }

  private(set) var entries: [Entry] = []
  /// Some chain, or a tree, leads nowhere.
  private(set) var isDamaged = false
  private var table: [UInt32] = []
  private var smallTable: [UInt32] = []
  private var smallSectors: [UInt32] = []
  private let sectorShift: Int
  private let smallShift: Int
  private let smallStreamMax: Int

  static let signature: [UInt8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
  private static let headerBytes = 512
  private static let lastSector: UInt32 = 0xFFFF_FFFA
  private static let entryBytes = 128

  static func isLikely(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count >= signature.count else { return false }
    for index in signature.indices where bytes[index] != signature[index] { return false }
    return true
  }

  /// Nil when there is no directory to be found.
  init?(_ bytes: Span<UInt8>, entriesMax: Int) {
    guard Self.isLikely(bytes), bytes.count >= Self.headerBytes,
      let sector = ByteReader.little16(bytes, at: 30), (7...16).contains(sector),
      let small = ByteReader.little16(bytes, at: 32), (4..<sector).contains(small),
      let cutoff = ByteReader.little32(bytes, at: 56)
    else { return nil }
    sectorShift = sector
    smallShift = small
    smallStreamMax = cutoff
    readTable(bytes)
    let directory = chain(from: sectorAt(bytes, 48))
    guard !directory.isEmpty else { return nil }
    var numbers: [UInt32] = []
    for number in chain(from: sectorAt(bytes, 60)) { append(bytes, number, to: &numbers) }
    smallTable = numbers
    readDirectory(bytes, directory, entriesMax)
    guard !entries.isEmpty else { return nil }
    if let root = entries.first(where: { $0.kind == .root }) {
      smallSectors = chain(from: UInt32(truncatingIfNeeded: root.start))
    }
  }

  private func sectorAt(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: ByteReader.little32(bytes, at: offset) ?? 0xFFFF_FFFF)
  }

  // MARK: Sectors

  private func range(of sector: UInt32, _ count: Int) -> Range<Int> {
    let start = (Int(sector) + 1) << sectorShift
    return min(start, count)..<min(start + 1 << sectorShift, count)
  }

  /// The numbers that a sector of a table holds.
  private mutating func append(
    _ bytes: Span<UInt8>, _ sector: UInt32, to numbers: inout [UInt32]
  ) {
    let range = range(of: sector, bytes.count)
    if range.isEmpty { isDamaged = true }
    for offset in stride(from: range.lowerBound, to: range.upperBound - 3, by: 4) {
      numbers.append(sectorAt(bytes, offset))
    }
  }

  /// The sectors of the table are listed in the header, and in sectors of their own (§2.2, §2.5).
  private mutating func readTable(_ bytes: Span<UInt8>) {
    let sectorCount = max(1, bytes.count >> sectorShift)
    var listed: [UInt32] = []
    for offset in stride(from: 76, to: Self.headerBytes, by: 4) {
      listed.append(sectorAt(bytes, offset))
    }
    var next = sectorAt(bytes, 68)
    var steps = 0
    while next < Self.lastSector, steps < sectorCount {
      append(bytes, next, to: &listed)
      guard let last = listed.popLast() else { break }
      next = last
      steps += 1
    }
    // A sector of the table that is listed twice says nothing new.
    var seen: Set<UInt32> = []
    for sector in listed where sector < Self.lastSector && table.count <= sectorCount {
      guard seen.insert(sector).inserted else { continue }
      var numbers: [UInt32] = []
      append(bytes, sector, to: &numbers)
      table += numbers
    }
  }

  /// The sectors of a stream in their order.
  private mutating func chain(from start: UInt32) -> [UInt32] {
    var sectors: [UInt32] = []
    var next = start
    while next < Self.lastSector {
      guard Int(next) < table.count, sectors.count < table.count else {
        isDamaged = true
        break
      }
      sectors.append(next)
      next = table[Int(next)]
    }
    return sectors
  }

  // MARK: Directory

  private mutating func readDirectory(
    _ bytes: Span<UInt8>, _ sectors: [UInt32], _ entriesMax: Int
  ) {
    var trees: [(left: Int, right: Int, child: Int)] = []
    for sector in sectors {
      let range = range(of: sector, bytes.count)
      for offset in stride(
        from: range.lowerBound, to: range.upperBound - Self.entryBytes + 1, by: Self.entryBytes)
      {
        guard entries.count < entriesMax else { return }
        entries.append(entry(bytes, offset))
        trees.append(
          (
            ByteReader.little32(bytes, at: offset + 68) ?? 0,
            ByteReader.little32(bytes, at: offset + 72) ?? 0,
            ByteReader.little32(bytes, at: offset + 76) ?? 0
          ))
      }
    }
    findParents(trees)
  }

  private func entry(_ bytes: Span<UInt8>, _ offset: Int) -> Entry {
    var name = ""
    let length = min(64, ByteReader.little16(bytes, at: offset + 64) ?? 0)
    for place in stride(from: offset, to: offset + length - 1, by: 2) {
      guard let unit = ByteReader.little16(bytes, at: place), unit != 0 else { break }
      let byte = unit < 128 ? ASCII.lower(UInt8(unit)) : UInt8(ascii: "?")
      name.unicodeScalars.append(Unicode.Scalar(byte))
    }
    // The upper half of the size means something in large files only, which no mail is.
    return Entry(
      kind: Entry.Kind(rawValue: bytes[offset + 66]) ?? .storage,
      name: bytes[offset + 66] == 0 ? "" : name,
      start: ByteReader.little32(bytes, at: offset + 116) ?? 0,
      size: ByteReader.little32(bytes, at: offset + 120) ?? 0)
  }

  /// Each entry is visited once, whatever the trees say.
  private mutating func findParents(_ trees: [(left: Int, right: Int, child: Int)]) {
    var isKnown = [Bool](repeating: false, count: entries.count)
    var pending: [(entry: Int, parent: Int)] = []
    func visit(_ entry: Int, _ parent: Int) {
      guard entry < isKnown.count, !isKnown[entry] else { return }
      isKnown[entry] = true
      pending.append((entry, parent))
    }
    for index in entries.indices where entries[index].kind != .stream {
      visit(trees[index].child, index)
      while let next = pending.popLast() {
        entries[next.entry].parent = next.parent
        visit(trees[next.entry].left, next.parent)
        visit(trees[next.entry].right, next.parent)
      }
    }
  }

  // MARK: Streams

  /// The bytes of a stream, as many as there are; nil when they are too many.
  mutating func content(
    of entry: Entry, _ bytes: Span<UInt8>, _ budget: inout DocumentBudget
  ) -> [UInt8]? {
    guard budget.takeItem() else { return nil }
    let wanted = min(entry.size, bytes.count)
    let count = min(wanted, budget.room)
    if count < wanted { budget.hit(.archiveBytes) }
    guard budget.take(bytes: count) else { return nil }
    var content: [UInt8] = []
    content.reserveCapacity(count)
    if entry.size < smallStreamMax {
      appendSmall(entry, bytes, count, to: &content)
    } else {
      appendLarge(entry, bytes, count, to: &content)
    }
    if content.count < count { isDamaged = true }
    return content
  }

  private func appendLarge(
    _ entry: Entry, _ bytes: Span<UInt8>, _ count: Int, to content: inout [UInt8]
  ) {
    var next = UInt32(truncatingIfNeeded: entry.start)
    while content.count < count, Int(next) < table.count {
      let range = range(of: next, bytes.count)
      if range.isEmpty { return }
      content.append(copying: bytes.extracting(range.prefix(count - content.count)))
      next = table[Int(next)]
    }
  }

  /// §2.4: sectors of 64 bytes in a stream of their own, which is the root's.
  private func appendSmall(
    _ entry: Entry, _ bytes: Span<UInt8>, _ count: Int, to content: inout [UInt8]
  ) {
    var next = UInt32(truncatingIfNeeded: entry.start)
    var steps = 0
    while content.count < count, Int(next) < smallTable.count, steps <= smallTable.count {
      let offset = Int(next) << smallShift
      guard offset >> sectorShift < smallSectors.count else { return }
      let sector = range(of: smallSectors[offset >> sectorShift], bytes.count)
      let start = sector.lowerBound + offset & (1 << sectorShift - 1)
      let end = min(start + 1 << smallShift, sector.upperBound)
      guard start < end else { return }
      content.append(copying: bytes.extracting((start..<end).prefix(count - content.count)))
      next = smallTable[Int(next)]
      steps += 1
    }
  }
}
