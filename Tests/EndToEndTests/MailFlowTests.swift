// Every case of Cases/ through real sendmail and real Postfix, on both engines of the daemon.
import Foundation
import MailLab
import Testing

/// One case on one mail server and one engine.
struct Trial: Sendable, CustomTestStringConvertible {
  let test: CaseFile
  let server: MTAKind
  let frontEnd: FrontEnd

  var testDescription: String { "\(test.name) / \(server) / \(frontEnd)" }

  /// Empty when a case cannot be read, which `everyCaseIsReadable` reports.
  static let all: [Trial] = ((try? CaseFile.loadAll()) ?? []).filter(isWanted).flatMap { test in
    MTAKind.allCases.filter { test.onlyServer == nil || test.onlyServer == $0 }
      .flatMap { server in
        FrontEnd.allCases.map { Trial(test: test, server: server, frontEnd: $0) }
      }
  }

  /// `DEFANG_CASE=NAME` plays the cases whose name begins so.
  private static func isWanted(_ test: CaseFile) -> Bool {
    test.name.hasPrefix(ProcessInfo.processInfo.environment["DEFANG_CASE"] ?? "")
  }
}

/// One after the other: the cases share the servers and their sinks.
@Suite("Mail through real servers", .serialized)
struct MailFlowTests {
  @Test("a case gives the replies and deliveries it says", arguments: Trial.all)
  func plays(trial: Trial) throws {
    let runner = try CaseRunner(trial.test, on: trial.server, trial.frontEnd)
    if let report = runner.run() { Issue.record("\(trial.testDescription)\n\(report)") }
  }

  @Test("the daemon ends politely when asked, and says so", arguments: FrontEnd.allCases)
  func terminates(frontEnd: FrontEnd) throws {
    let server = try SharedServers.server(.postfix)
    let daemon = try DaemonUnderTest(
      policy: "require \"defang\";\nphase eom { rule \"all\" { accept; } }\n",
      frontEnd: frontEnd, address: server.milterAddress)
    try daemon.start()
    #expect(daemon.terminate() == .code(0), "\(daemon.log)")
  }

  @Test("the daemon answers on a TCP socket too", arguments: MTAKind.allCases, FrontEnd.allCases)
  func listensOnTCP(kind: MTAKind, frontEnd: FrontEnd) throws {
    let server = try MailServer(kind, onTCP: true)
    defer { server.stop() }
    let daemon = try DaemonUnderTest(
      policy: """
        require ["defang", "envelope"];
        phase mail {
          rule "forged" {
            if envelope :is "from" "forged@example.org" {
              reject :code "550" :enhanced "5.7.1" "Not from here";
            }
          }
        }
        """,
      frontEnd: frontEnd, address: server.milterAddress)
    try daemon.start()
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    let refused = try client.command("MAIL FROM:<forged@example.org>")
    #expect(refused.code == 550, "\(refused)\n\(daemon.log)")
    #expect(refused.lines.last?.hasSuffix("Not from here") == true)
    let accepted = try client.command("MAIL FROM:<ann@example.org>")
    #expect(accepted.code == 250, "\(accepted)\n\(daemon.log)")
  }
}
