// `:redis`: one command that only reads, `GET $1` when none is given. `$1` is the key, `$2` the
// section of `lookup :scope`; each stands in its own word of the request.
internal import NIOCore

struct RedisTable: TableSourceClient {
  /// Commands that look one thing up and change nothing. Of those that count, 0 is a miss.
  static let commands = ["GET", "HGET", "SISMEMBER", "EXISTS", "HEXISTS", "ZSCORE"]

  private let words: [String]
  private let server: RedisClient

  init(
    _ table: TableDeclaration, _ services: LiveServices, _ limits: TableCallLimits
  ) throws(LiveFailure) {
    let query = table.arguments["query"] ?? "GET $1"
    words = query.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let command = words.first?.uppercased(), Self.commands.contains(command) else {
      let known = Self.commands.joined(separator: ", ")
      throw LiveFailure("table '\(table.name)': '\(query)' is none of \(known)")
    }
    guard QueryPlaces.of(query).isSubset(of: [1, 2]) else {
      throw LiveFailure("table '\(table.name)': a query has only $1 and $2")
    }
    server = RedisClient(
      try TableAddress.host(of: table), RedisFrame(textBytesMax: limits.valueBytesMax), limits,
      secretPath: table.arguments["secret"], user: table.arguments["bind"],
      services.eventLoops, services.blocking)
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    let request = words.map { word in
      Self.filled(word, key: Array(key.utf8), scope: Array(scope.utf8))
    }
    switch try await server.ask(request, until: deadline) {
    case .text(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .number(let number): return number == 0 ? nil : String(number)
    case .nothing, .list: return nil
    case .error(let words):
      // A key of another kind is no fault of the server.
      throw TableTrouble("it says: \(words)", isOfServer: !words.hasPrefix("WRONGTYPE"))
    }
  }

  /// In one pass: what stands for a key is not looked at again.
  static func filled(_ word: String, key: [UInt8], scope: [UInt8]) -> [UInt8] {
    let pieces = word.split(separator: "$", omittingEmptySubsequences: false)
    return pieces.dropFirst().reduce(into: Array(pieces[0].utf8)) { bytes, piece in
      switch piece.first {
      case "1": bytes += key + Array(piece.dropFirst().utf8)
      case "2": bytes += scope + Array(piece.dropFirst().utf8)
      default: bytes += [UInt8(ascii: "$")] + Array(piece.utf8)
      }
    }
  }
}
