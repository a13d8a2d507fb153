// Asking a sorted set: binary search on the image's own bytes; nothing is built at load.
internal import RuleBytecode

extension Program {
  /// Whether a sorted set holds the subject, in the way of its kind.
  func contains(_ subject: ArraySlice<UInt8>, in set: KeySet) -> Bool {
    switch set.kind {
    case .ordered, .patterns, .table: false
    case .exact: find(subject, in: set)
    case .folded: find(subject.folded, in: set)
    case .addresses: containsAddress(subject, in: set)
    case .domains: containsDomain(subject.folded, in: set)
    case .mailboxes: containsMailbox(subject.folded, in: set)
    }
  }

  private func containsAddress(_ text: ArraySlice<UInt8>, in set: KeySet) -> Bool {
    guard let address = IPAddress(String(decoding: text, as: UTF8.self)) else { return false }
    return contains(address, in: set)
  }

  /// Whether a set of ranges holds the address.
  func contains(_ address: IPAddress, in set: KeySet) -> Bool {
    let after = partition(set) { $0.prefix(16).lexicographicallyPrecedes(address.bytes) }
    let exact = entry(after, of: set).map { $0.prefix(16).elementsEqual(address.bytes) } ?? false
    if exact { return true }
    guard after > 0, let range = entry(after - 1, of: set) else { return false }
    return !range.suffix(16).lexicographicallyPrecedes(address.bytes)
  }

  /// The domain itself or any domain above it. A name of DNS has at most 255 bytes (RFC 1035
  /// §2.3.4), so of a longer text only its ends are looked up: a sender cannot buy a lookup for
  /// each of a million dots.
  private func containsDomain(_ domain: ArraySlice<UInt8>, in set: KeySet) -> Bool {
    var rest = domain
    while true {
      if rest.count <= 255, find(rest, in: set) { return true }
      guard let dot = rest.firstIndex(of: UInt8(ascii: ".")) else { return false }
      rest = rest[(dot + 1)...]
    }
  }

  private func containsMailbox(_ address: ArraySlice<UInt8>, in set: KeySet) -> Bool {
    guard let at = address.lastIndex(of: UInt8(ascii: "@")) else { return false }
    return find(address, in: set) || find(address[at...], in: set)
      || find(address[...at], in: set)
  }

  private func find(_ key: ArraySlice<UInt8>, in set: KeySet) -> Bool {
    let place = partition(set) { $0.lexicographicallyPrecedes(key) }
    return entry(place, of: set).map { $0.elementsEqual(key) } ?? false
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
