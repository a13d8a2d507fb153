// The show itself: sends each sample and compares what happens with what it says must happen.
import Foundation
import MailLab

final class FirstMail {
  private let server: MailServer
  private let daemon: DaemonUnderTest
  private var surprises = 0

  init(rulesPath: String, server kind: MTAKind, frontEnd: FrontEnd) throws {
    print("Starting \(kind), and defangd with \(rulesPath) on its \(frontEnd) engine ...")
    server = try MailServer(kind)
    var options = DaemonUnderTest.Options(rulesPath: rulesPath)
    options.frontEnd = frontEnd
    options.trace = true
    daemon = try DaemonUnderTest(options, address: server.milterAddress)
    try daemon.start()
  }

  /// True when every sample came out as expected.
  func play() throws -> Bool {
    for (index, sample) in Sample.all.enumerated() {
      print("\n\(String(repeating: "=", count: 78))\n\(index + 1). \(sample.title)\n")
      try play(sample)
    }
    let status = daemon.terminate()
    if status != .code(0) { surprise("the daemon ended with \(String(describing: status))") }
    server.stop()
    print("\n\(Sample.all.count) messages, \(surprises) surprises.")
    return surprises == 0
  }

  private func play(_ sample: Sample) throws {
    let logBefore = daemon.log.utf8.count
    server.sink.clear()
    let client = try server.connect(from: sample.clientAddress)
    try client.command("EHLO client.example.org")
    let shown = client.transcript.count
    let reply = try client.send(
      from: sample.sender, to: sample.recipients, message: sample.message)
    let dialogue = client.transcript.dropFirst(shown)
    _ = try? client.command("QUIT")

    print("SMTP dialogue:")
    for line in dialogue { print("  " + line) }
    print("\nVerdict: \(Self.verdict(reply))")
    show("Trace of the rules:", trace(after: logBefore))

    let lastCommand = dialogue.last { $0.hasPrefix("C: ") } ?? ""
    check(sample, reply: reply, lastCommand: lastCommand)
    guard server.waitUntilQueueIsEmpty() else { return surprise("the server still holds mail") }
    showDelivery(sample)
  }

  private static func verdict(_ reply: SMTPReply) -> String {
    switch reply.code {
    case 200..<300: "accepted (\(reply.code))"
    case 400..<500: "temporarily refused (\(reply.code))"
    default: "refused (\(reply.code))"
    }
  }

  /// What the daemon wrote since; its log is a moment behind its answer to the mail server.
  private func trace(after offset: Int) -> [String] {
    var lines: [String] = []
    _ = Laboratory.waitUntil(timeoutSeconds: 2) {
      let text = String(decoding: Array(daemon.log.utf8.dropFirst(offset)), as: UTF8.self)
      defer { lines = text.split(separator: "\n").map(String.init) }
      return !lines.isEmpty && lines.count == text.split(separator: "\n").count
    }
    return lines
  }

  private func show(_ title: String, _ lines: [String]) {
    print("\n" + title)
    for line in lines { print("  " + line) }
    if lines.isEmpty { print("  (none)") }
  }

  private func check(_ sample: Sample, reply: SMTPReply, lastCommand: String) {
    switch sample.expected {
    case .refused(let command):
      if reply.isPositive || !lastCommand.hasPrefix("C: " + command) {
        surprise("expected a refusal at \(command)")
      }
    case .delivered, .cleaned:
      if !reply.isPositive { surprise("expected it to be delivered") }
    }
  }

  private func showDelivery(_ sample: Sample) {
    let delivered = server.sink.all
    for delivery in delivered {
      let text = String(decoding: delivery.bytes, as: UTF8.self).replacing("\r\n", with: "\n")
      show(
        "Delivered from <\(delivery.sender)>"
          + " to <\(delivery.recipients.joined(separator: ">, <"))>:",
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    }
    if delivered.isEmpty { print("\nDelivered: nothing.") }
    let expectedCount = if case .refused = sample.expected { 0 } else { 1 }
    if delivered.count != expectedCount {
      surprise("\(delivered.count) messages were delivered, expected \(expectedCount)")
    }
    guard case .cleaned = sample.expected else { return }
    let program = Data(SampleMail.windowsProgram.prefix(45)).base64EncodedString()
    if delivered.contains(where: { String(decoding: $0.bytes, as: UTF8.self).contains(program) }) {
      surprise("the program was delivered")
    }
  }

  private func surprise(_ text: String) {
    surprises += 1
    print("\nSURPRISE: \(text)")
  }
}
