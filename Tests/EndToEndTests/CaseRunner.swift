// Plays one case against one mail server and one engine of the daemon, and tells everything that
// came out otherwise, with the dialogue and both logs.
import Foundation
import MailLab
import Synchronization

/// The servers: one of each kind for each file of tests, started when first needed. Suites run
/// beside each other, and where a server asks only one daemon listens. And one reader of mail.
enum SharedServers {
  private static let running = Mutex<[String: MailServer]>([:])

  static let reader = Result { try PythonReader() }

  static func server(_ kind: MTAKind, of file: String = #fileID) throws -> MailServer {
    let name = "\(kind) of \(file)"
    return try running.withLock { servers in
      if let known = servers[name] { return known }
      let new = try MailServer(kind)
      servers[name] = new
      return new
    }
  }
}

final class CaseRunner {
  private let test: CaseFile
  private let server: MailServer
  private let daemon: DaemonUnderTest
  private var client: SMTPClient?
  private var dialogue: [String] = []
  private var problems: [String] = []
  /// What stands in braces in policies, command lines and expectations.
  private var words: [String: String]
  /// Holds what policy and commands write.
  private let folder: LabDirectory
  private let nameServer: DNSServer?

  init(_ test: CaseFile, on kind: MTAKind, _ frontEnd: FrontEnd) throws {
    self.test = test
    server = try SharedServers.server(kind)
    server.sink.clear()
    server.clearLog()
    let folder = try LabDirectory()
    self.folder = folder
    for key in test.keys {
      let path = try folder.write(key.file, try DKIMJudge.key(key.algorithm))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
    nameServer = try test.zone.map { try DNSServer($0) }
    var words = [
      "dir": folder.path, "sink-port": "\(server.sink.port)", "mta-port": "\(server.port)",
      "dns": nameServer?.address ?? "", "malware-name": ClamServer.malwareName,
    ]
    for name in test.servers { words[name] = try SharedScanners.address(name) }
    self.words = words
    daemon = try DaemonUnderTest(
      policy: test.policy.filled(words), answers: test.answers, frontEnd: frontEnd,
      furtherArguments: test.daemonArguments.map { [words] in $0.filled(words) },
      address: server.milterAddress)
  }

  /// The report of what went wrong; nil when nothing did.
  func run() -> String? {
    do {
      try daemon.start()
      for step in test.steps { try play(step) }
      closeConnection()
      checkDeliveries()
      for files in test.files { problems += files.problems(in: folder.path, message) }
    } catch {
      closeConnection()
      problems.append("\(error)")
    }
    let missing = test.logTexts.filter { !daemon.says($0) }
    let log = daemon.log
    daemon.kill()
    nameServer?.stop()
    server.purgeQueue()
    problems += missing.map { "the daemon's log lacks \"\($0)\"" }
    return problems.isEmpty ? nil : report(daemonLog: log)
  }

  // MARK: Steps

  private func play(_ step: CaseFile.Step) throws {
    switch step.action {
    case .connect(let source):
      closeConnection()
      let new = try server.connect(from: source)
      client = new
      try check(new.banner, step)
    case .say(let line): try check(connected().command(line), step)
    case .login: try check(server.login(connected()), step)
    case .message(let name):
      let bytes = try message(name)
      try connected().sendMessage(bytes)
      try check(connected().readReply(), step)
    case .sendWithoutWaiting(let name): try connected().sendMessage(message(name))
    case .sendUnfinished(let name): try connected().sendMessage(message(name), finished: false)
    case .reply: try check(connected().readReply(), step)
    case .close: closeConnection()
    case .killDaemon: daemon.kill()
    case .startDaemon: try daemon.start()
    case .stopServer(let name): try SharedScanners.stop(name)
    case .startServer(let name): try SharedScanners.start(name)
    case .waitForLog(let text):
      if !daemon.says(text) { throw LabError("the daemon did not log \"\(text)\"") }
    case .pause(let milliseconds): Thread.sleep(forTimeInterval: Double(milliseconds) / 1000)
    case .submit(let name, let sender, let recipients):
      let status = try server.submit(message(name), from: sender, to: recipients)
      if status != .code(0) { problems.append("the submission program ended with \(status)") }
    case .held:
      let came = Laboratory.waitUntil(timeoutSeconds: 10) { server.heldMessages().count == 1 }
      if !came { problems.append("the server holds \(server.queuedFiles())") }
      server.purgeQueue()
    case .run(let command): try runTool(command, step)
    }
  }

  /// A line of the output may name a word that later steps use: `{=id}` takes what stands there.
  private func runTool(_ command: [String], _ step: CaseFile.Step) throws {
    let run = try ToolRun(command.map { $0.filled(words) })
    dialogue.append("$ \(command.joined(separator: " "))\n\(run.output)")
    if run.status != .code(step.exitCode) {
      problems.append("\(command) ended with \(run.status):\n\(run.output)")
    }
    for text in step.output {
      if let taken = text.filled(words).taking(from: run.output) {
        words.merge(taken) { _, new in new }
      } else {
        problems.append("\(command) does not say \"\(text.filled(words))\":\n\(run.output)")
      }
    }
  }

  /// The open connection; the first one greets by itself.
  private func connected() throws -> SMTPClient {
    if let client { return client }
    let new = try server.connect()
    client = new
    let hello = try new.command("EHLO client.example.com")
    if !hello.isPositive { problems.append("EHLO was refused: \(hello)") }
    return new
  }

  private func closeConnection() {
    if let client { dialogue += client.transcript + ["--"] }
    client = nil
  }

  private func message(_ name: String) throws -> [UInt8] {
    if let own = test.messages[name] { return own }
    let file = CaseFile.folder.appending(path: "messages/\(name).eml")
    guard let data = try? Data(contentsOf: file) else {
      throw LabError("\(test.name).case names a message that is nowhere: \(name)")
    }
    let text = [UInt8](data).split(separator: 10, omittingEmptySubsequences: false)
    return Array(text.joined(separator: [13, 10]))
  }

  /// The first wrong reply ends the case: what follows would be out of step.
  private func check(_ reply: SMTPReply, _ step: CaseFile.Step) throws {
    let expected = step.expected.first { $0.server == server.kind || $0.server == nil }
    guard let lines = expected?.lines.map({ $0.filled(words) }) else {
      if reply.isPositive { return }
      throw LabError("\(step.action): refused with \"\(reply)\"")
    }
    let isMet =
      lines == reply.lines || lines == ["\(reply.code)"]
      || lines == withoutAddress(reply, step)
    if !isMet {
      throw LabError(
        "\(step.action): answer \"\(reply)\", expected \"\(lines.joined(separator: "\n"))\"")
    }
  }

  /// sendmail puts `<address>... ` before the first line of a refusal of MAIL or RCPT.
  private func withoutAddress(_ reply: SMTPReply, _ step: CaseFile.Step) -> [String]? {
    guard server.kind == .sendmail, case .say(let command) = step.action,
      let open = command.firstIndex(of: "<"), reply.code >= 400,
      command.hasPrefix("MAIL") || command.hasPrefix("RCPT")
    else { return nil }
    let address = command[open...].prefix { $0 != ">" } + ">... "
    guard let found = reply.lines[0].firstRange(of: address) else { return nil }
    return [reply.lines[0].replacingCharacters(in: found, with: "")] + reply.lines.dropFirst()
  }

  // MARK: What arrived

  private func checkDeliveries() {
    if !server.waitUntilQueueIsEmpty() {
      problems.append("the server still holds \(server.queuedFiles())")
    }
    // Mail of the filter's own may come on another way than through the server.
    var arrived = server.sink.waitForMessages(test.deliveries.count, timeoutSeconds: 10)
    if arrived.count != test.deliveries.count {
      problems.append("\(arrived.count) messages arrived, expected \(test.deliveries.count)")
    }
    for expected in test.deliveries {
      guard let (index, found) = likeliest(of: arrived, expected) else {
        problems.append("nothing arrived for \(expected.recipients)")
        continue
      }
      arrived.remove(at: index)
      problems += found
    }
  }

  /// The delivery that is meant, and what is wrong with it. Messages of one session may overtake
  /// each other on their way to the sink, so of those to the same people it is one that is right.
  private func likeliest(
    of arrived: [Delivery], _ expected: ExpectedDelivery
  ) -> (index: Int, problems: [String])? {
    var first: (Int, [String])?
    for (index, delivery) in arrived.enumerated()
    where delivery.recipients.sorted() == expected.recipients.sorted() {
      let found = problems(of: delivery, expected)
      if found.isEmpty { return (index, []) }
      first = first ?? (index, found)
    }
    return first
  }

  private func problems(of delivery: Delivery, _ expected: ExpectedDelivery) -> [String] {
    do {
      let original = expected.original.isEmpty ? nil : try message(expected.original)
      return expected.filled(words).differences(
        from: delivery, original: original, body: try expected.body.map { try message($0) },
        loginMechanism: server.kind.loginMechanism)
        + (try complaints(about: delivery, changed: original, expected))
    } catch {
      return ["\(error)"]
    }
  }

  /// What other programs say of it.
  private func complaints(
    about delivery: Delivery, changed original: [UInt8]?, _ expected: ExpectedDelivery
  ) throws -> [String] {
    var problems: [String] = []
    if let wanted = expected.chain {
      let chain = (try? DKIMJudge.chain(of: delivery.bytes)) ?? "no judge"
      if chain != wanted { problems.append("the ARC chain is \(chain), not \(wanted)") }
    }
    if let wanted = expected.signature {
      let verdict = try DKIMJudge.verdict(on: delivery.bytes)
      if !verdict.hasPrefix(wanted) { problems.append("DKIM is \(verdict), expected \(wanted)") }
    }
    let isChanged = original.map { RawMessage($0).body != RawMessage(delivery.bytes).body } ?? true
    if isChanged || !expected.reading.isEmpty {
      let reading = try SharedServers.reader.get().read(delivery.bytes)
      problems += expected.filled(words).reading.problems(reading, of: delivery.bytes)
    }
    return problems
  }

  private func report(daemonLog: String) -> String {
    let serverLog = server.log.suffix(40).joined(separator: "\n")
    let arrived = server.sink.all.map { delivery in
      "<\(delivery.sender)> to \(delivery.recipients)\n"
        + String(decoding: delivery.bytes.prefix(4000), as: UTF8.self)
    }
    return """
      \(problems.joined(separator: "\n"))
      ===== dialogue
      \(dialogue.joined(separator: "\n"))
      ===== arrived
      \(arrived.joined(separator: "\n-----\n"))
      ===== log of \(server.kind)
      \(serverLog)
      ===== log of the daemon
      \(daemonLog.suffix(8000))
      """
  }
}
