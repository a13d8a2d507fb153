// One Redis: connections that are kept, and the login that each begins with. Tables and memories
// ask it; what it says is a stranger's word.
internal import NIOCore
internal import NIOPosix
internal import Scanners
internal import TableFiles

struct RedisClient: Sendable {
  private let connections: KeptConnections<RedisFrame>
  private let secretPath: String?
  private let user: String?
  private let blocking: NIOThreadPool

  /// - Parameter secretPath: a file with the password; none where the server wants none.
  init(
    _ host: ScannerHost, _ frame: RedisFrame, _ limits: TableCallLimits, secretPath: String?,
    user: String?, _ group: any EventLoopGroup, _ blocking: NIOThreadPool
  ) {
    connections = KeptConnections(host, frame, group, limits)
    self.secretPath = secretPath
    self.user = user
    self.blocking = blocking
  }

  /// One command; each word is one, whatever it holds.
  func ask(
    _ words: [[UInt8]], until deadline: NIODeadline
  ) async throws(TableTrouble) -> RedisAnswer {
    try await connections.ask(RedisFrame.request(words), until: deadline) {
      (fresh) async throws(TableTrouble) in try await logIn(fresh, deadline)
    }
  }

  private func logIn(
    _ connection: KeptConnection<RedisFrame>, _ deadline: NIODeadline
  ) async throws(TableTrouble) {
    guard let secretPath else { return }
    let read = try? await blocking.runIfActive {
      Result { () throws(TableFileFailure) in try SecretFile.read(secretPath) }
    }
    let password: String
    switch read {
    case .success(let text): password = text
    case .failure(let failure): throw TableTrouble(failure.message)
    case nil: throw .stopped
    }
    let words = ["AUTH"] + (user.map { [$0] } ?? []) + [password]
    let answer = try await connection.ask(
      RedisFrame.request(words.map { Array($0.utf8) }), until: deadline)
    if case .error(let words) = answer { throw TableTrouble("it says: \(words)") }
  }
}
