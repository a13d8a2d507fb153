// What the daemon tells of others that fail: tables, the shared memory, mail servers that are
// called, and name servers, each in the log and as an event when it begins and when it ends.
import Foundation
import MailLab
import Testing

@Suite(.serialized) final class TroubleEventTests {
  private let folder: LabDirectory
  private let redis: RedisServer
  private let names: DNSServer
  private let daemon: DaemonUnderTest
  private let events: ChildLines

  private static func policy(_ folder: String) -> String {
    """
    require ["defang", "envelope", "extlists"];
    on_error :table "continue" :store "continue" :callout "continue" :dns "continue";
    table :redis "unix:\(folder)/none" :type "address" "friends";
    phase rcpt {
      rule "table" { if envelope :list "from" "table:friends" { log "seen"; } }
      rule "memory" { if rate :limit 1000 :window 60 "${rcpt}" { log "seen"; } }
      rule "call-out" { if recipient_known :server "127.0.0.1:1" "${sender}" { log "seen"; } }
      rule "names" { if mx :missing :timeout 1 "${sender.domain}" { log "seen"; } }
    }

    """
  }

  init() throws {
    folder = try LabDirectory()
    redis = try RedisServer(password: "of the lab")
    try folder.write("secret", "of the lab\n")
    _ = try ToolRun(["chmod", "600", folder.path + "/secret"])
    var zone = DNSZone()
    for number in 0..<100 { zone.add("d\(number).example", .mx(10, "mx.example")) }
    zone.add("mx.example", .a(192, 0, 2, 1))
    names = try DNSServer(zone)
    daemon = try DaemonUnderTest(
      policy: Self.policy(folder.path), frontEnd: .nio, trace: false,
      furtherArguments: [
        "--dns", names.address, "--control", "unix:\(folder.path)/control",
        "--memory", "redis:unix:\(redis.socketPath)", "--memory-secret", folder.path + "/secret",
      ], address: "unix:\(folder.path)/milter")
    try daemon.start()
    events = try ChildLines([
      Laboratory.products + "/defangctl", "events", "--json", "--control", folder.path + "/control",
    ])
    #expect(Laboratory.waitUntil(timeoutSeconds: 30) { events.lines.count == 1 })
  }

  deinit {
    events.end()
    daemon.kill()
    redis.stop()
    names.stop()
  }

  private func hears(_ parts: String...) -> Bool {
    Laboratory.waitUntil(timeoutSeconds: 30) {
      events.lines.contains { line in parts.allSatisfy { line.contains($0) } }
    }
  }

  /// Each of them with a sender's domain that nobody has asked for.
  private func send(_ numbers: Range<Int>) throws {
    let client = try MilterClient(path: folder.path + "/milter")
    for number in numbers {
      let answer = try client.send(from: "a\(number)@d\(number).example", to: ["b@example.com"])
      #expect(answer == "accept")
    }
    try client.end()
  }

  @Test func beginsAndEndsAreTold() throws {
    let port = try #require(UInt16(names.address.split(separator: ":")[1]))
    // The table and the called server are away from the start.
    try send(0..<6)
    #expect(hears(#""event":"breaker-opens""#, #""service":"table 'friends'""#), "\(events.lines)")
    #expect(hears(#""event":"breaker-opens""#, #""service":"call-out server 127.0.0.1:1""#))
    #expect(!events.lines.contains { $0.contains("memory") || $0.contains("name-servers") })
    #expect(daemon.says("table 'friends': left alone for 10 s after: "))
    #expect(daemon.says("call-out: 127.0.0.1:1 is left alone for 60 s: "))

    redis.stop()
    names.stop()
    try send(10..<22)
    #expect(hears(#""event":"breaker-opens""#, #""service":"memory unix:"#), "\(events.lines)")
    #expect(hears(#""event":"name-servers-silent""#), "\(daemon.log)")
    #expect(daemon.says("name servers: none answers"))

    let again = try DNSServer(DNSZone(), port: port)
    defer { again.stop() }
    try redis.start()
    // What is left alone is tried again when its pause is over.
    let ends = Laboratory.waitUntil(timeoutSeconds: 60) {
      try? send(30..<31)
      return events.lines.contains { $0.contains("breaker-closes") && $0.contains("memory") }
    }
    #expect(ends, "\(events.lines)\n\(daemon.log)")
    #expect(daemon.says("memory unix:\(redis.socketPath): answers again"))
    try send(31..<33)
    #expect(hears(#""event":"name-servers-answer""#), "\(daemon.log)")
    #expect(daemon.says("name servers: answer again"))
  }
}
