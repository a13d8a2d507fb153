// Runs commands as they are typed, without a process, and a quarantine for them to work on.

import ArgumentParser
import Foundation
import Testing

@testable import ControlCommands
@testable import Stores

/// What a command did.
struct CommandRun {
  let code: Int32
  let out: String
  let bytes: [UInt8]
  let failure: String

  init(_ words: [String], onTerminal: Bool = false) {
    var output = ControlOutput(isTerminal: onTerminal)
    var failure: ControlFailure?
    do {
      let command = try Defangctl.parseAsRoot(words)
      guard let command = command as? any ControlCommand else {
        Issue.record("\(words) is no command of ours")
        (code, out, bytes, self.failure) = (70, "", [], "")
        return
      }
      do throws(ControlFailure) { try command.carryOut(&output) } catch { failure = error }
    } catch {
      failure = ControlFailure(
        Defangctl.exitCode(for: error).rawValue, Defangctl.message(for: error))
    }
    code = failure?.code ?? (output.foundFaults ? 1 : 0)
    bytes = output.bytes
    out = String(decoding: output.bytes, as: UTF8.self)
    self.failure = failure?.message ?? ""
  }

  var lines: [String] { out.split(separator: "\n").map(String.init) }

  var json: Any? { try? JSONSerialization.jsonObject(with: Data(bytes)) }
}

/// A state directory, gone with the test.
final class StateFolder: Sendable {
  static let now: Int64 = 1_780_000_000
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/control-tests-\(RandomText.make(count: 12))"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func store() throws -> QuarantineStore {
    try QuarantineStore(directory: "\(path)/quarantine")
  }

  func run(_ words: String..., onTerminal: Bool = false) -> CommandRun {
    CommandRun(words + ["--state", path], onTerminal: onTerminal)
  }

  static let evilSubject = "Invoice \u{1B}]0;owned\u{7}\u{202E}fdp.exe\nX"
  static let message = Array(
    "Subject: =?utf-8?q?a?=\r\nX-Evil: \u{1B}[2J\r\n\r\nBody\r\nFrom me\r\n>From you\r\n".utf8)

  /// Three entries: a message of `evilSubject`, a part, a message of the null sender.
  func fill() throws {
    let store = try store()
    var first = Self.order("m-1", "ann@example.net", ["bob@example.com", "eve@example.com"], 0)
    first.subject = Self.evilSubject
    first.envelope.clientIP = "192.0.2.1"
    first.messageID = "<1@example.net>"
    _ = try store.keep(first, content: Self.message)
    var second = Self.order("m-1.p1.2", "ann@example.net", ["bob@example.com"], 1)
    second.part = HeldPart(path: "1.2", name: "日本.docm", type: "application/x")
    _ = try store.keep(second, content: [0, 255, 10])
    _ = try store.keep(Self.order("m-2", "", ["bob@example.com"], 2), content: Array("A: b".utf8))
  }

  private static func order(
    _ id: String, _ sender: String, _ recipients: [String], _ seconds: Int64
  ) -> QuarantineOrder {
    var order = QuarantineOrder(
      id: id, envelope: HeldEnvelope(sender: sender, recipients: recipients), reason: "macros",
      rule: "office", policy: "00ff", receivedSeconds: now + seconds)
    order.expiresSeconds = 9_000_000_000
    return order
  }
}
