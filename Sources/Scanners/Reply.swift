// Reads an answer from bytes as they come, within the limits. What it holds is a stranger's.

struct Reply: Sendable, Equatable {
  struct Field: Sendable, Equatable {
    /// In lower case.
    let name: String
    let value: String
  }

  /// The status line, or all of an answer of one line.
  var line = ""
  var fields: [Field] = []
  var body: [UInt8] = []

  func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// Where an answer ends.
enum ReplyFrame: Sendable, Equatable {
  /// One line, up to this byte.
  case line(end: UInt8)
  /// A status line, fields, an empty line, a body of the length that the fields say, or up to the
  /// connection's end (RFC 9112 §6.3, spamd's PROTOCOL).
  case headed
  /// A status line and fields, which may go on in lines that begin with a blank (RFC 3507 §4.3);
  /// what comes behind the empty line is not read.
  case head
}

struct ReplyReader {
  private enum Place {
    case line, fields
    case body(left: Int?)
    case whole
  }

  private let frame: ReplyFrame
  private let limits: ScannerLimits
  private var place = Place.line
  private var current: [UInt8] = []
  private var reply = Reply()

  init(_ frame: ReplyFrame, _ limits: ScannerLimits) {
    self.frame = frame
    self.limits = limits
  }

  /// The answer, once it is whole. What comes behind it is not looked at.
  mutating func take(_ bytes: some Collection<UInt8>) throws(ScanFailure) -> Reply? {
    var index = bytes.startIndex
    while index != bytes.endIndex {
      switch place {
      case .whole: return reply
      case .body(let left):
        let piece = bytes[index...].prefix(left ?? .max)
        try takeBody(piece, left: left)
        index = piece.endIndex
      case .line, .fields:
        try takeByte(bytes[index])
        bytes.formIndex(after: &index)
      }
    }
    if case .whole = place { return reply }
    return nil
  }

  /// The connection has ended.
  func end() throws(ScanFailure) -> Reply {
    switch place {
    case .whole, .body(left: nil): return reply
    case .line, .fields, .body: throw .cut
    }
  }

  private mutating func takeBody(
    _ piece: some Collection<UInt8>, left: Int?
  ) throws(ScanFailure) {
    let count = piece.count
    guard reply.body.count + count <= limits.replyBodyBytesMax else { throw .tooLong }
    reply.body += piece
    place = left == count ? .whole : .body(left: left.map { $0 - count })
  }

  private mutating func takeByte(_ byte: UInt8) throws(ScanFailure) {
    let end: UInt8 = if case .line(let end) = frame { end } else { 10 }
    guard byte == end else {
      guard current.count < limits.replyLineBytesMax else { throw .tooLong }
      return current.append(byte)
    }
    let isLine = if case .line = frame { true } else { false }
    if !isLine, current.last == 13 { current.removeLast() }
    let text = String(decoding: current, as: UTF8.self)
    current.removeAll(keepingCapacity: true)
    switch (place, frame) {
    case (.line, .line):
      reply.line = text
      place = .whole
    case (.line, .headed), (.line, .head):
      reply.line = text
      place = .fields
    default: try takeField(text)
    }
  }

  private mutating func takeField(_ text: String) throws(ScanFailure) {
    guard !text.isEmpty else {
      if frame == .head { place = .whole } else { try beginBody() }
      return
    }
    if frame == .head, text.first == " " || text.first == "\t", let last = reply.fields.popLast() {
      let value = last.value + "\n" + ScannerText.trimmed(text)
      guard value.utf8.count <= limits.replyLineBytesMax else { throw .tooLong }
      return reply.fields.append(.init(name: last.name, value: value))
    }
    guard reply.fields.count < limits.replyFieldsMax else { throw .tooLong }
    guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
      throw .garbage(ScannerText.shown(text))
    }
    let value = text[text.index(after: colon)...]
    reply.fields.append(
      .init(
        name: text[..<colon].lowercased(),
        value: ScannerText.trimmed(value)))
  }

  private mutating func beginBody() throws(ScanFailure) {
    guard reply.value("transfer-encoding") == nil else { throw .garbage("a transfer encoding") }
    let lengths = reply.fields.filter { $0.name == "content-length" }.map(\.value)
    guard let length = lengths.first else {
      place = .body(left: nil)
      return
    }
    guard lengths.allSatisfy({ $0 == length }), let count = ScannerText.count(length) else {
      throw .garbage("Content-Length: " + ScannerText.shown(length))
    }
    guard count <= limits.replyBodyBytesMax else { throw .tooLong }
    place = count == 0 ? .whole : .body(left: count)
  }
}
