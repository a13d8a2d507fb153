// A worker that does not turn is killed, one that has grown too large is replaced: by bounds that
// are made small, and a process that really stands still or really holds so much.
import Foundation
import MailLab
import Synchronization
import Testing

@Suite(.serialized) final class WorkerBoundTests {
  private let folder: LabDirectory
  private let names: DNSServer

  init() throws {
    folder = try LabDirectory()
    var zone = DNSZone()
    zone.fail("silent.example", .silent)
    names = try DNSServer(zone)
  }

  deinit { names.stop() }

  /// Messages with that subject wait long enough for any watchdog, and are answered then.
  private func daemon(_ bounds: String) throws -> DaemonUnderTest {
    try folder.write(
      "policy.rules",
      """
      require ["defang", "body"];
      on_error :dns "continue";
      phase eom {
        rule "read" { if body :contains "nothing of it" { discard; } }
        rule "waits" {
          if allof (header :contains "x-slow" "yes", mx :missing :timeout 30 "silent.example") {
            stop;
          }
        }
        rule "seen" { reject "Seen"; }
      }

      """)
    let config = try folder.write(
      "defangd.conf",
      """
      rules "policy.rules"; user "root"; state "\(folder.path)/state"; dns ["\(names.address)"];
      listen "unix:\(folder.path)/milter" :mode "0600";
      worker \(bounds);

      """)
    var options = DaemonUnderTest.Options(rulesPath: "")
    options.configPath = config
    let daemon = try DaemonUnderTest(options, address: "")
    try daemon.start()
    return daemon
  }

  /// A message of its own client, meanwhile.
  private final class Sending: Sendable {
    private let answer = Mutex<String?>(nil)

    init(_ path: String, bodyBytes: Int) {
      Thread.detachNewThread {
        let text = Result {
          try MilterClient(path: path).send(
            from: "ann@example.net", to: ["bob@example.com"], header: ["X-Slow: yes"],
            bodyBytes: bodyBytes)
        }
        self.answer.withLock { $0 = (try? text.get()) ?? "cut" }
      }
    }

    var isOver: Bool { answer.withLock { $0 } != nil }

    var result: String? {
      _ = Laboratory.waitUntil(timeoutSeconds: 90) { self.answer.withLock { $0 } != nil }
      return answer.withLock { $0 }
    }
  }

  private func isAsked() -> Bool {
    Laboratory.waitUntil(timeoutSeconds: 30) { names.count("silent.example") > 0 }
  }

  private func isServed() throws -> Bool {
    let client = try MilterClient(path: folder.path + "/milter")
    defer { try? client.end() }
    return try client.send(from: "a@example.net", to: ["b@example.com"]) == "550 5.7.1 Seen"
  }

  @Test("a worker that stands still is killed, and what it had in hand is suspect")
  func silence() throws {
    let daemon = try daemon(":silence 5")
    defer { daemon.kill() }
    let former = daemon.workers
    let sending = Sending(folder.path + "/milter", bodyBytes: 0)
    #expect(isAsked())
    daemon.signalWorkers(SIGSTOP)
    #expect(daemon.says("has not turned for "), "\(daemon.log)")
    #expect(daemon.says("died: signal 9"))
    #expect(sending.result == "cut")
    #expect(daemon.says(" serves, "))
    #expect(daemon.workers.count == 1 && daemon.workers != former)
    #expect(try isServed())
    #expect(!daemon.log.contains("in hand: nothing"), "\(daemon.log)")
  }

  @Test("a worker that has grown too large is replaced, and finishes its message")
  func memory() throws {
    // What an idle worker of any build has is less than the half of it.
    let daemon = try daemon(":memory 80M")
    defer { daemon.kill() }
    let former = daemon.workers
    #expect(try isServed())
    // The master looks every five seconds; a message is held for a little less.
    var sending = Sending(folder.path + "/milter", bodyBytes: 60 << 20)
    let isReplaced = Laboratory.waitUntil(timeoutSeconds: 60) {
      if daemon.log.contains(" MiB of 80: another takes its place") { return true }
      if sending.isOver { sending = Sending(folder.path + "/milter", bodyBytes: 60 << 20) }
      return false
    }
    #expect(isReplaced, "\(daemon.log)")
    #expect(daemon.says(" serves, "))
    #expect(sending.result == "550 5.7.1 Seen")
    let isOver = Laboratory.waitUntil(timeoutSeconds: 30) {
      daemon.workers.count == 1 && daemon.workers != former
    }
    #expect(isOver)
    #expect(try isServed())
    #expect(!daemon.log.contains("died"), "\(daemon.log)")
    #expect(daemon.log.components(separatedBy: "another takes its place").count == 2)
  }
}
