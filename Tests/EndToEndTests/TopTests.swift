// `defangctl top` on a terminal: whatever ends or stops it, the terminal is afterwards as it was.
import Foundation
import MailLab
import Testing

@Suite(.serialized) final class TopTests {
  private let folder: LabDirectory
  private let daemon: DaemonUnderTest

  private static let asItWas = "main page, cursor shown, as it was"
  private static let drawing = "other page, cursor hidden, raw"

  init() throws {
    folder = try LabDirectory()
    daemon = try DaemonUnderTest(
      policy: "require \"defang\";\nphase mail { rule \"all\" { reject \"Seen\"; } }\n",
      frontEnd: .nio, trace: false,
      furtherArguments: ["--control", "unix:\(folder.path)/control"],
      address: "unix:\(folder.path)/milter")
    try daemon.start()
  }

  deinit { daemon.kill() }

  /// It looks once an hour: what it shows sooner has another reason.
  private func terminal(every seconds: Int = 3_600) throws -> Dialogue {
    let terminal = try Dialogue(
      python: "terminal-play.py",
      [
        "env", "TERM=xterm", Laboratory.products + "/defangctl", "top", "--every", "\(seconds)",
        "--control", folder.path + "/control",
      ])
    #expect(try terminal.ask("drawn") != "nothing")
    #expect(try terminal.ask("state") == Self.drawing)
    return terminal
  }

  /// What is done to it, and how it ends.
  private static let ends = [
    ("type 71", "exit 0"), ("type 51", "exit 0"), ("type 04", "exit 0"),
    ("type 03", "signal \(SIGINT)"), ("type 1c", "signal \(SIGQUIT)"),
    ("signal \(SIGTERM)", "signal \(SIGTERM)"), ("signal \(SIGHUP)", "signal \(SIGHUP)"),
  ]

  @Test(arguments: ends) func whateverEndsIt(_ order: String, _ end: String) throws {
    let terminal = try terminal()
    defer { try? terminal.end() }
    #expect(try terminal.ask(order) == "done")
    #expect(try terminal.ask("ended") == end)
    #expect(try terminal.ask("state") == Self.asItWas)
  }

  @Test(arguments: ["type 1a", "signal \(SIGTSTP)"])
  func stopsAndGoesOn(_ order: String) throws {
    let terminal = try terminal()
    defer { try? terminal.end() }
    for _ in 1...2 {
      #expect(try terminal.ask(order) == "done")
      #expect(try terminal.ask("stopped") == "stopped \(SIGTSTP)")
      #expect(try terminal.ask("state") == Self.asItWas)
      #expect(try terminal.ask("fg") == "done")
      #expect(try terminal.ask("drawn") != "nothing")
      #expect(try terminal.ask("state") == Self.drawing)
    }
    #expect(try terminal.ask("type 71") == "done")
    #expect(try terminal.ask("ended") == "exit 0")
    #expect(try terminal.ask("state") == Self.asItWas)
  }

  @Test func fitsAnotherWindow() throws {
    let terminal = try terminal()
    defer { try? terminal.end() }
    #expect(try terminal.ask("size 5 40") == "done")
    #expect(try terminal.ask("drawn") == "5 lines")
    #expect(try terminal.ask("type 71") == "done")
    #expect(try terminal.ask("ended") == "exit 0")
  }

  /// A daemon that stands still keeps nobody in the screen, and one that is gone ends it.
  @Test func theDaemonIsStopped() throws {
    let terminal = try terminal(every: 1)
    defer { try? terminal.end() }
    daemon.signalMaster(SIGSTOP)
    #expect(try terminal.ask("type 03") == "done")
    #expect(try terminal.ask("ended") == "signal \(SIGINT)")
    #expect(try terminal.ask("state") == Self.asItWas)
    daemon.signalMaster(SIGCONT)
  }

  @Test func theDaemonIsGone() throws {
    let terminal = try terminal(every: 1)
    defer { try? terminal.end() }
    daemon.kill()
    #expect(try terminal.ask("ended") == "exit 69")
    #expect(try terminal.ask("state") == Self.asItWas)
  }
}
