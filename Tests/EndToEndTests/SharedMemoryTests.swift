// Two daemons, as on two hosts, that share one memory.
import Foundation
import MailLab
import Testing

@Suite(.serialized) final class SharedMemoryTests {
  private let folder: String
  private let redis: RedisServer
  private let daemons: [DaemonUnderTest]
  private let clients: [MilterClient]

  private static let policy = """
    require "defang";
    on_error :store "tempfail";
    phase rcpt {
      rule "grey" { if greylist :delay 86400 :expire 172800 { tempfail :code "451" "wait"; } }
      rule "many" {
        if rate :limit 2 :window 86400 "${rcpt}" {
          tempfail :code "452" :enhanced "4.5.3" "Too many";
        }
      }
    }
    """

  init() throws {
    folder = "/tmp/defang-shared." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    redis = try RedisServer(password: "of the lab")
    let secret = folder + "/secret"
    try Data("of the lab\n".utf8).write(to: URL(filePath: secret))
    _ = try ToolRun(["chmod", "600", secret])
    let memory = ["--memory", "redis:unix:\(redis.socketPath)", "--memory-secret", secret]
    // The third knows nothing of the others.
    let further = [memory, memory, memory + ["--memory-prefix", "other"]]
    daemons = try further.enumerated().map { [folder] number, words in
      try DaemonUnderTest(
        policy: Self.policy, frontEnd: .nio, trace: false, furtherArguments: words,
        address: "unix:\(folder)/\(number)")
    }
    for daemon in daemons { try daemon.start() }
    clients = try daemons.indices.map { [folder] in try MilterClient(path: "\(folder)/\($0)") }
  }

  deinit {
    for daemon in daemons { daemon.kill() }
    redis.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func send(_ host: Int) throws -> String {
    try clients[host].send(from: "ann@example.net", to: ["bob@example.com"])
  }

  /// The day goes by: the wait of all triples began long ago.
  private func letADayPass() throws {
    let script = """
      for _, key in ipairs(redis.call('KEYS', '*:1:*')) do
        local ends, since = redis.call('GET', key):match('(%d+) (%d+)')
        redis.call('SET', key, ends .. ' ' .. (since - 86400), 'KEEPTTL')
      end
      """
    try redis.run("EVAL", script, "0")
  }

  @Test func oneGreylistAndOneRate() throws {
    #expect(try send(0).hasPrefix("451 "))
    try letADayPass()
    // It waited at the first, and comes to the second.
    #expect(try send(1) == "accept")
    #expect(try send(0) == "accept")
    #expect(try send(1) == "452 4.5.3 Too many")
    #expect(try send(2).hasPrefix("451 "))
    redis.stop()
    #expect(try send(0).hasPrefix("4"))
    try redis.start()
    #expect(try send(0).hasPrefix("451 "))
    for client in clients { try client.end() }
  }
}
