// Asking a sorted set: binary search on the image's own bytes; nothing is built at load.
internal import RuleBytecode
internal import TableText

/// The entries of all sets, and the bytes that they are ranges of: lent by themselves, since a
/// method of a program would be handed a copy of all its sections.
struct KeyEntries {
  private let entries: [StringRange]
  private let stringBytes: [UInt8]

  init(_ program: Program) {
    entries = program.entries
    stringBytes = program.stringBytes
  }

  init(_ verified: borrowing VerifiedProgram) {
    entries = verified.program.entries
    stringBytes = verified.program.stringBytes
  }

  /// Whether a sorted set holds the subject, in the way of its kind.
  func contains(_ subject: ArraySlice<UInt8>, in set: KeySet) -> Bool {
    place(of: subject, in: set) != nil
  }

  /// Which entry of a sorted set stands for the subject, in the way of the set's kind.
  func place(of subject: ArraySlice<UInt8>, in set: KeySet) -> Int? {
    switch set.kind {
    case .ordered, .patterns, .table: nil
    case .exact: find(subject, in: set)
    case .folded: find(subject.folded, in: set)
    case .addresses:
      IPAddress(String(decoding: subject, as: UTF8.self)).flatMap { range(of: $0, in: set) }
    case .domains: TableKey.first(subject.folded, as: .domain) { find($0, in: set) }
    case .mailboxes: TableKey.first(subject.folded, as: .address) { find($0, in: set) }
    }
  }

  /// Whether a set of ranges holds the address.
  func contains(_ address: IPAddress, in set: KeySet) -> Bool { range(of: address, in: set) != nil }

  private func range(of address: IPAddress, in set: KeySet) -> Int? {
    let after = partition(set) { $0.prefix(16).lexicographicallyPrecedes(address.bytes) }
    let exact = entry(after, of: set).map { $0.prefix(16).elementsEqual(address.bytes) } ?? false
    if exact { return after }
    guard after > 0, let range = entry(after - 1, of: set) else { return nil }
    return range.suffix(16).lexicographicallyPrecedes(address.bytes) ? nil : after - 1
  }

  private func find(_ key: ArraySlice<UInt8>, in set: KeySet) -> Int? {
    let place = partition(set) { $0.lexicographicallyPrecedes(key) }
    return entry(place, of: set).map { $0.elementsEqual(key) } == true ? place : nil
  }

  private func entry(_ index: Int, of set: KeySet) -> ArraySlice<UInt8>? {
    guard index < Int(set.count) else { return nil }
    let range = entries[Int(set.first) + index]
    return stringBytes[Int(range.offset)..<Int(range.offset) + Int(range.length)]
  }

  /// The number of entries for which `isBelow` holds; they all stand in front.
  private func partition(_ set: KeySet, _ isBelow: (ArraySlice<UInt8>) -> Bool) -> Int {
    var low = 0
    var high = Int(set.count)
    while low < high {
      let middle = (low + high) / 2
      if let bytes = entry(middle, of: set), isBelow(bytes) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension ArraySlice<UInt8> {
  /// ASCII letters in lower case.
  var folded: ArraySlice<UInt8> { ArraySlice(map(\.foldedASCII)) }
}
