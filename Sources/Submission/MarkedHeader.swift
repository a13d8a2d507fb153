// What the mark sees of a message: the header fields it binds, unfolded and with single blanks
// (DKIM's "relaxed" form, RFC 6376 §3.4.2), and the digest of the body's relaxed form (§3.4.4).
internal import Crypto

struct MarkedHeader {
  /// By lower-case name, in the order of the message; only the names the mark knows.
  private(set) var values: [String: [String]] = [:]
  /// Behind the empty line.
  private(set) var bodyStart: Int
  /// Of each field of the mark, its name and line ends included.
  private(set) var markRanges: [Range<Int>] = []

  private static let known = Set(Mark.fieldNames + [markName])
  private static let markName = "defang-mark"

  init(_ message: [UInt8]) {
    var position = 0
    bodyStart = message.count
    while position < message.count {
      let start = position
      var end = Self.lineEnd(message, start)
      if Self.isBlank(message[start..<end]) {
        bodyStart = end
        break
      }
      while end < message.count, message[end] == 0x20 || message[end] == 0x09 {
        end = Self.lineEnd(message, end)
      }
      take(message[start..<end])
      position = end
    }
  }

  var marks: [String] { values[Self.markName] ?? [] }

  private mutating func take(_ field: ArraySlice<UInt8>) {
    guard let colon = field.prefix(80).firstIndex(of: 0x3A) else { return }
    let name = String(
      decoding: field[..<colon].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        .filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
    guard Self.known.contains(name) else { return }
    if name == Self.markName { markRanges.append(field.startIndex..<field.endIndex) }
    values[name, default: []].append(Self.relaxed(field[(colon + 1)...]))
  }

  private static func lineEnd(_ bytes: [UInt8], _ start: Int) -> Int {
    bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
  }

  private static func isBlank(_ line: ArraySlice<UInt8>) -> Bool {
    line.elementsEqual([0x0D, 0x0A]) || line.elementsEqual([0x0A])
  }

  private static func relaxed(_ value: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var isBlankDue = false
    for byte in value {
      switch byte {
      case 0x20, 0x09, 0x0D, 0x0A: isBlankDue = true
      default:
        if isBlankDue, !result.isEmpty { result.append(0x20) }
        isBlankDue = false
        result.append(byte)
      }
    }
    // Bytes that are no UTF-8 become one sign; two messages that differ only there in a field have
    // one mark, which gives nobody anything.
    return String(decoding: result, as: UTF8.self)
  }
}

enum RelaxedBody {
  /// Blanks at line ends go, runs of blanks become one, empty lines at the end go; line ends of any
  /// kind count as CRLF.
  static func digest(_ message: [UInt8], from start: Int) -> [UInt8] {
    var hash = SHA256()
    var output: [UInt8] = []
    output.reserveCapacity(blockBytes + 16)
    var emptyLines = 0
    var isBlankDue = false
    var isLineEmpty = true
    var index = start
    while index < message.count {
      let byte = message[index]
      index += 1
      switch byte {
      case 0x20, 0x09: isBlankDue = true
      case 0x0D where index < message.count && message[index] == 0x0A: break
      case 0x0A:
        if isLineEmpty { emptyLines += 1 } else { output.append(contentsOf: [0x0D, 0x0A]) }
        isBlankDue = false
        isLineEmpty = true
      default:
        while emptyLines > 0 {
          output.append(contentsOf: [0x0D, 0x0A])
          emptyLines -= 1
          flush(&output, &hash)
        }
        if isBlankDue { output.append(0x20) }
        isBlankDue = false
        isLineEmpty = false
        output.append(byte)
      }
      flush(&output, &hash)
    }
    if !isLineEmpty { output.append(contentsOf: [0x0D, 0x0A]) }
    hash.update(data: output)
    return Array(hash.finalize())
  }

  private static let blockBytes = 32 << 10

  private static func flush(_ output: inout [UInt8], _ hash: inout SHA256) {
    guard output.count >= blockBytes else { return }
    hash.update(data: output)
    output.removeAll(keepingCapacity: true)
  }
}
