// Smallest change: disjoint ranges of the raw message and what stands in their place. All else is
// copied as it is, once.

/// New bytes for a range of the raw message; an empty range inserts.
package struct RangeReplacement: Sendable, Equatable {
  package let range: Range<Int>
  package let bytes: [UInt8]

  package init(_ range: Range<Int>, _ bytes: [UInt8]) {
    self.range = range
    self.bytes = bytes
  }
}

/// Sorted and disjoint replacements.
struct Splice: Sendable {
  private(set) var replacements: [RangeReplacement] = []

  var isEmpty: Bool { replacements.isEmpty }

  mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
    replacements.append(RangeReplacement(range, bytes))
  }

  /// Sorts by place; insertions at one place keep their order and come before a range that begins
  /// there.
  mutating func finish() {
    let order = replacements.indices.sorted { left, right in
      let one = replacements[left].range
      let two = replacements[right].range
      if one.lowerBound != two.lowerBound { return one.lowerBound < two.lowerBound }
      return one.isEmpty != two.isEmpty ? one.isEmpty : left < right
    }
    replacements = order.map { replacements[$0] }
    for index in replacements.indices.dropFirst() {
      precondition(
        replacements[index - 1].range.upperBound <= replacements[index].range.lowerBound,
        "two edits touch the same bytes")
    }
  }

  /// `bytes[range]` with the replacements made, all of which lie in `range`.
  func apply(to bytes: [UInt8], in range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    let added = replacements.reduce(0) { $0 + $1.bytes.count }
    result.reserveCapacity(range.count + added)
    var position = range.lowerBound
    for replacement in replacements {
      result.append(contentsOf: bytes[position..<replacement.range.lowerBound])
      result.append(contentsOf: replacement.bytes)
      position = replacement.range.upperBound
    }
    result.append(contentsOf: bytes[position..<range.upperBound])
    return result
  }
}
