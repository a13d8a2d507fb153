// `:redis`: one command that only reads, `GET $1` when none is given. `$1` is the key, `$2` the
// section of `lookup :scope`; each stands in its own word of the request.
internal import NIOCore
internal import Scanners
internal import TableFiles

struct RedisTable: TableSourceClient {
  /// Commands that look one thing up and change nothing. Of those that count, 0 is a miss.
  static let commands = ["GET", "HGET", "SISMEMBER", "EXISTS", "HEXISTS", "ZSCORE"]

  private let words: [String]
  private let login: (name: String?, secretPath: String)?
  private let connections: KeptConnections<RedisFrame>
  private let services: LiveServices

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
    login = table.arguments["secret"].map { (table.arguments["bind"], $0) }
    let frame = RedisFrame(textBytesMax: limits.valueBytesMax)
    let host = try TableAddress.host(of: table)
    connections = KeptConnections(host, frame, services.eventLoops, limits)
    self.services = services
  }

  func look(
    up key: String, scope: String, until deadline: NIODeadline
  ) async throws(TableTrouble) -> String? {
    let request = words.map { word in
      Self.filled(word, key: Array(key.utf8), scope: Array(scope.utf8))
    }
    let answer = try await connections.ask(RedisFrame.request(request), until: deadline) {
      (fresh) async throws(TableTrouble) in try await logIn(fresh, deadline)
    }
    switch answer {
    case .text(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .number(let number): return number == 0 ? nil : String(number)
    case .nothing: return nil
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

  private func logIn(
    _ connection: KeptConnection<RedisFrame>, _ deadline: NIODeadline
  ) async throws(TableTrouble) {
    guard let login else { return }
    let read = await services.block {
      Result { () throws(TableFileFailure) in try SecretFile.read(login.secretPath) }
    }
    let password: String
    switch read {
    case .success(let text): password = text
    case .failure(let failure): throw TableTrouble(failure.message)
    case nil: throw .stopped
    }
    let words = ["AUTH"] + (login.name.map { [$0] } ?? []) + [password]
    let answer = try await connection.ask(
      RedisFrame.request(words.map { Array($0.utf8) }), until: deadline)
    if case .error(let words) = answer { throw TableTrouble("it says: \(words)") }
  }
}
