// Collects the entries of a table and sorts them once at the end.

internal import RuleBytecode

struct TableBuilder {
  let type: TableType
  private var text: [UInt8] = []
  private var sections: [[UInt8]: Int] = [[]: 0]
  private var entries: [LoadedTable.Entry] = []
  private var patterns: [TablePattern] = []
  private var section: UInt32 = 0
  /// Of all patterns.
  private(set) var weight = 0

  init(type: TableType) { self.type = type }

  /// Those without a name, at the top of the file, not counted.
  var sectionCount: Int { sections.count - 1 }
  var entryCount: Int { entries.count + patterns.count }

  func knows(_ name: ArraySlice<UInt8>) -> Bool { sections[Self.folded(name)] != nil }

  /// A section may stand in several pieces.
  mutating func beginSection(_ name: ArraySlice<UInt8>) {
    let folded = Self.folded(name)
    let next = sections.count
    section = UInt32(sections[folded, default: next])
    sections[folded] = Int(section)
  }

  mutating func add(_ key: [UInt8], _ value: [UInt8], line: Int) {
    let start = text.count
    text += key
    text += value
    entries.append(
      LoadedTable.Entry(
        offset: UInt32(start), keyLength: UInt32(key.count), valueLength: UInt32(value.count),
        line: UInt32(clamping: line), section: section))
  }

  mutating func add(_ pattern: TablePattern) {
    patterns.append(pattern)
    weight += pattern.weight
  }

  /// Adds to the value of the latest entry; false when there is none.
  mutating func continueValue(_ more: ArraySlice<UInt8>) -> Bool {
    guard let last = entries.indices.last else { return false }
    text.append(32)
    text += more
    entries[last].valueLength += UInt32(more.count + 1)
    return true
  }

  /// - Parameter duplicate: told of entries whose key stands before them already.
  consuming func finish(_ duplicate: (_ line: Int, _ key: ArraySlice<UInt8>) -> Void) -> LoadedTable
  {
    guard type != .cidr else { return networks() }
    let text = self.text
    let keepsCase = type == .set
    entries.sort { left, right in
      if left.section != right.section { return left.section < right.section }
      let order = LoadedTable.order(left.key(in: text), right.key(in: text))
      if order != 0 { return order < 0 }
      let (a, b) = (left.key(in: text), right.key(in: text))
      if keepsCase, !a.elementsEqual(b) { return a.lexicographicallyPrecedes(b) }
      return left.line < right.line
    }
    var kept: [LoadedTable.Entry] = []
    kept.reserveCapacity(entries.count)
    for entry in entries {
      if let last = kept.last, last.section == entry.section,
        Self.isSame(last.key(in: text), entry.key(in: text), keepsCase)
      {
        duplicate(Int(entry.line), entry.key(in: text))
      } else {
        kept.append(entry)
      }
    }
    return LoadedTable(
      type: type, text: text, entries: kept, sections: ranges(kept), networks: [:],
      patterns: patterns)
  }

  private static func isSame(
    _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ keepsCase: Bool
  ) -> Bool {
    keepsCase ? left.elementsEqual(right) : LoadedTable.order(left, right) == 0
  }

  /// Where the entries of each section lie.
  private func ranges(_ kept: [LoadedTable.Entry]) -> [[UInt8]: Range<Int>] {
    var bySection: [UInt32: Range<Int>] = [:]
    var start = 0
    for index in kept.indices
    where index + 1 == kept.count || kept[index + 1].section != kept[index].section {
      bySection[kept[index].section] = start..<index + 1
      start = index + 1
    }
    return sections.mapValues { bySection[UInt32($0)] ?? 0..<0 }
  }

  /// Networks that overlap are one: nothing is said about them.
  private func networks() -> LoadedTable {
    var bySection: [UInt32: [AddressRange]] = [:]
    for entry in entries {
      let written = String(decoding: entry.key(in: text), as: UTF8.self)
      switch AddressRange.read(written) {
      case .range(let range), .hostBits(let range, _):
        bySection[entry.section, default: []].append(range)
      case .badAddress, .badNetwork: break
      }
    }
    return LoadedTable(
      type: type, text: [], entries: [], sections: [:],
      networks: sections.mapValues { AddressRange.merged(bySection[UInt32($0)] ?? []) },
      patterns: [], entryCount: entries.count)
  }

  private static func folded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.map(LoadedTable.folded)
  }
}
