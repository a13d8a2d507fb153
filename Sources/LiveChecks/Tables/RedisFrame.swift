// Redis' protocol, version 2 (redis.io, "Redis serialization protocol specification"): what
// look-ups and memories need of it. A request is a list of texts with their lengths, so that no
// key can be another word of the command.
internal import NIOCore

enum RedisAnswer: Sendable, Equatable {
  case text([UInt8])
  case number(Int)
  case nothing
  /// Nil for what is not there.
  case list([[UInt8]?])
  case error(String)
}

struct RedisFrame: AnswerFrame {
  let textBytesMax: Int
  /// Entries of a list; whoever asks for one thing takes none.
  var entriesMax = 0

  var bytesMax: Int { (textBytesMax + 64) * max(entriesMax, 1) + 64 }

  static func request(_ words: [[UInt8]]) -> [UInt8] {
    words.reduce(into: Array("*\(words.count)\r\n".utf8)) { bytes, word in
      bytes += Array("$\(word.count)\r\n".utf8) + word + [13, 10]
    }
  }

  func take(from buffer: inout ByteBuffer) throws(TableTrouble) -> RedisAnswer? {
    guard entriesMax > 0, buffer.readableBytesView.first == UInt8(ascii: "*") else {
      return try takeOne(from: &buffer)
    }
    // What is not whole yet is read again when more of it is there: lists are short.
    var rest = buffer
    guard let count = try takeCount(from: &rest) else { return nil }
    var entries: [[UInt8]?] = []
    while entries.count < count {
      guard let entry = try takeOne(from: &rest) else { return nil }
      switch entry {
      case .text(let bytes): entries.append(bytes)
      case .nothing: entries.append(nil)
      case .number, .list, .error: throw Self.nonsense
      }
    }
    buffer = rest
    return .list(entries)
  }

  private func takeCount(from buffer: inout ByteBuffer) throws(TableTrouble) -> Int? {
    let view = buffer.readableBytesView
    guard let end = view.firstIndex(of: 13), end + 1 < view.endIndex else {
      guard view.count <= Self.lineBytesMax else { throw Self.nonsense }
      return nil
    }
    let digits = String(decoding: view[(view.startIndex + 1)..<end], as: UTF8.self)
    guard view[end + 1] == 10, let count = Int(digits), (0...entriesMax).contains(count) else {
      throw Self.nonsense
    }
    buffer.moveReaderIndex(forwardBy: end + 2 - view.startIndex)
    return count
  }

  private func takeOne(from buffer: inout ByteBuffer) throws(TableTrouble) -> RedisAnswer? {
    let view = buffer.readableBytesView
    guard let end = view.firstIndex(of: 13) else {
      guard view.count <= Self.lineBytesMax else { throw Self.nonsense }
      return nil
    }
    guard let kind = view.first, end > view.startIndex else { throw Self.nonsense }
    guard end + 1 < view.endIndex else { return nil }
    guard view[end + 1] == 10 else { throw Self.nonsense }
    let line = view[(view.startIndex + 1)..<end]
    let lineBytes = line.count + 3
    if kind == UInt8(ascii: "$") { return try text(line, lineBytes, &buffer) }
    let answer = try answer(kind, line)
    buffer.moveReaderIndex(forwardBy: lineBytes)
    return answer
  }

  private func answer(
    _ kind: UInt8, _ line: some Collection<UInt8>
  ) throws(TableTrouble) -> RedisAnswer {
    switch kind {
    case UInt8(ascii: "+"): return .text(Array(line))
    case UInt8(ascii: "-"):
      return .error(TableWords.shown(String(decoding: line, as: UTF8.self)))
    case UInt8(ascii: ":"):
      guard let number = Int(String(decoding: line, as: UTF8.self)) else { throw Self.nonsense }
      return .number(number)
    default: throw Self.nonsense
    }
  }

  private func text(
    _ line: some Collection<UInt8>, _ lineBytes: Int, _ buffer: inout ByteBuffer
  ) throws(TableTrouble) -> RedisAnswer? {
    guard let count = Int(String(decoding: line, as: UTF8.self)), count >= -1 else {
      throw Self.nonsense
    }
    guard count <= textBytesMax else { throw .tooLong(textBytesMax) }
    if count < 0 {
      buffer.moveReaderIndex(forwardBy: lineBytes)
      return .nothing
    }
    let rest = buffer.readableBytesView.dropFirst(lineBytes)
    guard rest.count >= count + 2 else { return nil }
    guard rest.dropFirst(count).prefix(2).elementsEqual([13, 10]) else { throw Self.nonsense }
    buffer.moveReaderIndex(forwardBy: lineBytes + count + 2)
    return .text(Array(rest.prefix(count)))
  }

  /// Of what is no text with a length: states and errors.
  private static let lineBytesMax = 1_024
  private static let nonsense = TableTrouble("it answers what the protocol does not know")
}
