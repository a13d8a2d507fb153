// Bytes to be written anew, in the order of the content; all others are copied.

struct RangeEdits {
  private var edits: [(range: Range<Int>, bytes: [UInt8])] = []

  /// Ranges come in order and do not overlap.
  mutating func replace(_ range: Range<Int>, with bytes: [UInt8]) {
    precondition(range.lowerBound >= edits.last?.range.upperBound ?? 0, "edits go forward")
    edits.append((range, bytes))
  }

  mutating func remove(_ range: Range<Int>) { replace(range, with: []) }

  func applied(to content: [UInt8]) -> [UInt8] {
    if edits.isEmpty { return content }
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var index = 0
    for edit in edits {
      result += content[index..<edit.range.lowerBound]
      result += edit.bytes
      index = edit.range.upperBound
    }
    result += content[index...]
    return result
  }
}
