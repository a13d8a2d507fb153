// The header as signatures see it: fields as the bytes they came in, before any reading of them.
//
// Lines end at CRLF or at LF alone: a message that is kept as a file has LF, and mail servers make
// CRLF of it before they send it, so both are hashed as CRLF. A CR alone ends nothing. A line that
// is neither a field nor the fold of one can be signed by nobody and is passed over.

internal import MailMessage

/// A field as ranges of the message.
struct RawField: Sendable, Equatable {
  /// The name without blanks before the colon.
  let name: Range<Int>
  /// The name, the colon and all behind it, without the last line end.
  let whole: Range<Int>
  /// All behind the colon, without the last line end.
  let value: Range<Int>
}

/// The fields in their order, found by name.
struct RawHeader: Sendable {
  private(set) var fields: [RawField] = []
  /// By lower-case name, from the top.
  private(set) var indicesByName: [String: [Int]] = [:]
  /// Where the body begins.
  private(set) var bodyStart: Int
  /// Whether the limit was reached before the header's end.
  private(set) var isTooLong = false

  init(_ bytes: Span<UInt8>, headerBytesMax: Int) {
    bodyStart = bytes.count
    let end = min(bytes.count, headerBytesMax)
    var line = 0
    // The field that folded lines would belong to.
    var open: RawField?
    while line < bytes.count {
      guard let lineEnd = Self.lineEnd(bytes, line, end) else {
        isTooLong = true
        return
      }
      if lineEnd.content == line {
        bodyStart = lineEnd.next
        break
      }
      if ASCII.isBlank(bytes[line]) {
        open = open.map {
          let whole = $0.whole.lowerBound..<lineEnd.content
          return RawField(
            name: $0.name, whole: whole, value: $0.value.lowerBound..<lineEnd.content)
        }
      } else {
        keep(open, bytes)
        open = Self.field(bytes, line..<lineEnd.content)
      }
      line = lineEnd.next
    }
    keep(open, bytes)
  }

  private mutating func keep(_ field: RawField?, _ bytes: Span<UInt8>) {
    guard let field else { return }
    indicesByName[ASCII.text(bytes, field.name).lowercased(), default: []].append(fields.count)
    fields.append(field)
  }

  /// Where the line's content ends, and where the next line begins; nil beyond the limit.
  private static func lineEnd(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int
  ) -> (content: Int, next: Int)? {
    guard start < end else { return nil }
    guard let lineFeed = ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: start, to: end)
    else { return end == bytes.count ? (end, end) : nil }
    let hasReturn = lineFeed > start && bytes[lineFeed - 1] == ASCII.carriageReturn
    return (hasReturn ? lineFeed - 1 : lineFeed, lineFeed + 1)
  }

  private static func field(_ bytes: Span<UInt8>, _ line: Range<Int>) -> RawField? {
    guard
      let colon = ByteScan.firstIndex(
        of: ASCII.colon, in: bytes, from: line.lowerBound, to: line.upperBound)
    else { return nil }
    var nameEnd = colon
    while nameEnd > line.lowerBound, ASCII.isBlank(bytes[nameEnd - 1]) { nameEnd -= 1 }
    let name = line.lowerBound..<nameEnd
    guard !name.isEmpty, name.allSatisfy({ bytes[$0] > 32 && bytes[$0] < 127 }) else { return nil }
    return RawField(name: name, whole: line, value: colon + 1..<line.upperBound)
  }

  /// The fields that `names` choose (RFC 6376 §5.4.2): for each name the lowest field not chosen
  /// yet, and nothing where none is left.
  func selection(_ names: [String]) -> [RawField] {
    var used: [String: Int] = [:]
    return names.compactMap { name in
      guard let indices = indicesByName[name] else { return nil }
      let count = used[name, default: 0]
      guard count < indices.count else { return nil }
      used[name] = count + 1
      return fields[indices[indices.count - 1 - count]]
    }
  }
}
