// A table in memory, as sessions ask it: sorted entries and binary search. Immutable, so that all
// sessions share it; a reload puts another one in its place.

package import RuleBytecode

package final class LoadedTable: Sendable {
  /// 20 bytes each; key and value lie side by side in the text.
  struct Entry: BitwiseCopyable, Sendable {
    var offset: UInt32
    var keyLength: UInt32
    var valueLength: UInt32
    var line: UInt32
    var section: UInt32

    func key(in text: [UInt8]) -> ArraySlice<UInt8> {
      text[Int(offset)..<Int(offset) + Int(keyLength)]
    }

    func value(in text: [UInt8]) -> ArraySlice<UInt8> {
      let start = Int(offset) + Int(keyLength)
      return text[start..<start + Int(valueLength)]
    }
  }

  package let type: TableType
  package let entryCount: Int
  /// Of a table of type regex, in the order of the file: the first that matches counts. They are
  /// not asked here, since matching costs what the asker has to pay for.
  package let patterns: [TablePattern]
  private let text: [UInt8]
  private let entries: [Entry]
  /// By folded name; the empty name is the top of the file.
  private let sections: [[UInt8]: Range<Int>]
  private let networks: [[UInt8]: [AddressRange]]

  init(
    type: TableType, text: [UInt8], entries: [Entry], sections: [[UInt8]: Range<Int>],
    networks: [[UInt8]: [AddressRange]], patterns: [TablePattern], entryCount: Int? = nil
  ) {
    self.type = type
    self.text = text
    self.entries = entries
    self.sections = sections
    self.networks = networks
    self.patterns = patterns
    self.entryCount = entryCount ?? (entries.count + patterns.count)
  }

  /// The value that stands under a key, empty where the table has no values; nil when the key is
  /// not there.
  /// - Parameters:
  ///   - scope: the section to look in; an address stands for itself, then for `@domain`.
  ///   - isExact: upper and lower case differ (sets and maps only).
  package func value(
    for key: ArraySlice<UInt8>, scope: ArraySlice<UInt8> = [], isExact: Bool = false
  ) -> ArraySlice<UInt8>? {
    for section in TableKey.sections(of: scope) {
      if let found = value(for: key, section, isExact) { return found }
    }
    return nil
  }

  private func value(
    for key: ArraySlice<UInt8>, _ section: [UInt8], _ isExact: Bool
  ) -> ArraySlice<UInt8>? {
    if type == .cidr {
      let address = IPAddress(String(decoding: key, as: UTF8.self))
      return address.flatMap { contains($0, section) ? [] : nil }
    }
    guard let range = sections[section] else { return nil }
    return TableKey.first(key, as: type) { find($0, in: range, isExact) }
      .map { entries[$0].value(in: text) }
  }

  package func contains(_ address: IPAddress, scope: ArraySlice<UInt8> = []) -> Bool {
    TableKey.sections(of: scope).contains { contains(address, $0) }
  }

  private func contains(_ address: IPAddress, _ section: [UInt8]) -> Bool {
    guard let ranges = networks[section] else { return false }
    let value = address.bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    let after = Self.partition(0..<ranges.count) { ranges[$0].first <= value }
    return after > 0 && value <= ranges[after - 1].last
  }

  // MARK: Search

  private func find(
    _ key: ArraySlice<UInt8>, in range: Range<Int>, _ isExact: Bool
  ) -> Int? {
    var place = Self.partition(range) { Self.order(entries[$0].key(in: text), key) < 0 }
    while place < range.upperBound, Self.order(entries[place].key(in: text), key) == 0 {
      if !isExact || entries[place].key(in: text).elementsEqual(key) { return place }
      place += 1
    }
    return nil
  }

  /// The first place for which `isBefore` is false; it holds for all places before that.
  private static func partition(_ range: Range<Int>, _ isBefore: (Int) -> Bool) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if isBefore(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Negative, zero or positive; upper and lower case of ASCII are the same.
  static func order(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
    for (a, b) in zip(left, right) {
      let difference = Int(folded(a)) - Int(folded(b))
      if difference != 0 { return difference }
    }
    return left.count - right.count
  }

  static func folded(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
