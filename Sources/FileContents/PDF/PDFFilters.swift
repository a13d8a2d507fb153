// Undoes the filters of a PDF stream (ISO 32000-1 §7.4), as far as object streams use them.
// Trusts nothing: output is paid for before it is made, and whatever is broken gives what was read.

internal import MailMessage
internal import RuleBytecode

enum PDFFilters {
  struct Result {
    var bytes: [UInt8]
    var isDamaged = false
    /// There is more than there is room for.
    var isCut = false
  }

  static func decode(
    _ data: Span<UInt8>, _ object: PDFObject, _ budget: inout DocumentBudget
  ) -> Result {
    var result = Result(bytes: data.copied)
    // A filter that is said elsewhere is nearly always this one.
    let filters = object.filters.isEmpty && !looksPlain(data) ? [.flate] : object.filters
    for filter in filters {
      var next: Result
      switch filter {
      case .flate: next = flate(result.bytes.span, budget.room)
      case .hex: next = Result(bytes: hex(result.bytes))
      case .base85: next = Result(bytes: base85(result.bytes))
      case .runLength: next = runLength(result.bytes, budget.room)
      case .lzw: next = LZW.decode(result.bytes, budget.room)
      case .other: continue
      }
      if next.isCut { budget.hit(.archiveBytes) }
      // What is made of it is read again, by the next filter or for its objects.
      guard budget.take(bytes: next.bytes.count) else { return Result(bytes: []) }
      if filter == .flate || filter == .lzw { next.bytes = unpredicted(next.bytes, object) }
      next.isDamaged = next.isDamaged || result.isDamaged
      result = next
    }
    return result
  }

  /// An object stream begins with numbers, and no head of RFC 1950 does.
  private static func looksPlain(_ data: Span<UInt8>) -> Bool {
    guard data.count > 0 else { return true }
    return PDFText.isBlank(data[0]) || data[0] &- 48 < 10
  }

  /// Readers take what there is of a damaged stream, and do not mind a wrong head.
  private static func flate(_ data: Span<UInt8>, _ room: Int) -> Result {
    let whole = Inflate.inflate(data, as: .zlib, limitBytes: room)
    if !whole.bytes.isEmpty || whole.end == .whole {
      return result(whole)
    }
    let bare = Inflate.inflate(data.extracting(droppingFirst: 2), as: .bare, limitBytes: room)
    return result(bare)
  }

  private static func result(_ inflated: Inflated) -> Result {
    Result(
      bytes: inflated.bytes, isDamaged: inflated.end == .damaged || inflated.end == .cut,
      isCut: inflated.end == .outputLimit)
  }

  private static func hex(_ data: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var high: Int?
    for byte in data {
      if byte == UInt8(ascii: ">") { break }
      guard let digit = StyleText.hex(byte) else { continue }
      if let first = high {
        output.append(UInt8(first << 4 | digit))
        high = nil
      } else {
        high = digit
      }
    }
    if let high { output.append(UInt8(high << 4)) }
    return output
  }

  private static func base85(_ data: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    var group: UInt64 = 0
    var count = 0
    func flush(_ bytes: Int) {
      for shift in 0..<bytes {
        output.append(UInt8(truncatingIfNeeded: group >> UInt64(24 - 8 * shift)))
      }
    }
    for byte in data {
      if byte == UInt8(ascii: "~") { break }
      if byte == UInt8(ascii: "z"), count == 0 {
        output.append(contentsOf: [0, 0, 0, 0])
      } else if byte >= 33, byte <= 117 {
        group = group * 85 + UInt64(byte - 33)
        count += 1
        if count == 5 {
          flush(4)
          (group, count) = (0, 0)
        }
      }
    }
    if count > 1 {
      for _ in count..<5 { group = group * 85 + 84 }
      flush(count - 1)
    }
    return output
  }

  private static func runLength(_ data: [UInt8], _ room: Int) -> Result {
    var output: [UInt8] = []
    var index = 0
    while index < data.count, data[index] != 128 {
      let length = Int(data[index])
      index += 1
      if length < 128 {
        let end = min(index + length + 1, data.count)
        output.append(contentsOf: data[index..<end])
        index = end
      } else if index < data.count {
        output.append(contentsOf: repeatElement(data[index], count: 257 - length))
        index += 1
      }
      if output.count > room { return Result(bytes: Array(output.prefix(room)), isCut: true) }
    }
    return Result(bytes: output)
  }

  // MARK: Predictors

  /// PNG's filters (RFC 2083 §6), and TIFF's for bytes; each row is told from the one above.
  private static func unpredicted(_ data: [UInt8], _ object: PDFObject) -> [UInt8] {
    let pixelBits = min(object.colors, 32) * min(object.bits, 32)
    let pixel = max(1, pixelBits / 8)
    let row = (min(object.columns, data.count) * pixelBits + 7) / 8
    guard object.predictor > 1, row > 0 else { return data }
    var output: [UInt8] = []
    output.reserveCapacity(data.count)
    let hasTags = object.predictor >= 10
    var index = 0
    while index < data.count {
      let tag = hasTags ? data[index] : 1
      if hasTags { index += 1 }
      let start = output.count
      for column in 0..<min(row, data.count - index) {
        let left = column >= pixel ? output[start + column - pixel] : 0
        let up = start >= row ? output[start + column - row] : 0
        let corner = column >= pixel && start >= row ? output[start + column - row - pixel] : 0
        output.append(data[index + column] &+ predicted(tag, left, up, corner))
      }
      index += row
    }
    return output
  }

  private static func predicted(
    _ tag: UInt8, _ left: UInt8, _ up: UInt8, _ corner: UInt8
  ) -> UInt8 {
    switch tag {
    case 1: return left
    case 2: return up
    case 3: return UInt8((Int(left) + Int(up)) / 2)
    case 4:
      let estimate = Int(left) + Int(up) - Int(corner)
      let distances = [left, up, corner].map { abs(estimate - Int($0)) }
      if distances[0] <= distances[1], distances[0] <= distances[2] { return left }
      return distances[1] <= distances[2] ? up : corner
    default: return 0
    }
  }
}
