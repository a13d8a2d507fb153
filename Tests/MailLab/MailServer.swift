// A real mail server, sendmail or Postfix, on a free loopback port, asking one milter and handing
// everything it accepts to a sink in this process. Needs root: the server runs in namespaces of
// its own (tools/mta-namespace.sh), so several run at once and the system stays as it is.
import Foundation
import Synchronization

package enum MTAKind: String, CaseIterable, Sendable {
  case sendmail, postfix

  /// How `MailServer.login` logs in: sendmail offers PLAIN only under TLS.
  package var loginMechanism: String {
    switch self {
    case .sendmail: "CRAM-MD5"
    case .postfix: "PLAIN"
    }
  }
}

package final class MailServer: Sendable {
  /// The name it greets with.
  package static let hostName = "mx.example.net"
  /// The one account for AUTH.
  package static let user = "ann@mx.example.net"
  package static let password = "correct horse"

  package let kind: MTAKind
  package let port: UInt16
  package let sink: SMTPSink
  /// Where the daemon must listen, as the command line takes it: `unix:PATH` or `inet:PORT@HOST`.
  package let milterAddress: String

  let directory: LabDirectory
  private let syslog: DatagramInbox
  private let process: ChildProcess
  /// The server lives while this is open.
  private let lifeline: Mutex<Descriptor?>

  /// Starts the server and waits for its greeting.
  ///
  /// - Parameters:
  ///   - onTCP: the milter listens on a TCP port of 127.0.0.1 instead of on a unix socket.
  ///   - onIPv6: of ::1 instead of 127.0.0.1.
  ///   - patienceSeconds: how long it waits for any word of the milter.
  package init(
    _ kind: MTAKind, onTCP: Bool = false, onIPv6: Bool = false, patienceSeconds: Int? = nil
  ) throws {
    try Laboratory.requireServers()
    self.kind = kind
    let directory = try LabDirectory()
    self.directory = directory
    sink = try SMTPSink()
    port = try Self.freePort()
    let milterPort = onTCP ? try Self.freePort() : nil
    let network = onIPv6 ? ("inet6", "::1") : ("inet", "127.0.0.1")
    milterAddress =
      milterPort.map { "\(network.0):\($0)@\(network.1)" } ?? "unix:\(directory.path)/run/milter"
    try Self.writeCommonFiles(directory)
    syslog = try DatagramInbox(at: directory.path + "/log.sock")
    let plan = ServerPlan(
      directory: directory, port: port, sinkPort: sink.port, milterPort: milterPort,
      isMilterOnIPv6: onIPv6, patienceSeconds: patienceSeconds)
    switch kind {
    case .sendmail: try plan.writeSendmail()
    case .postfix: try plan.writePostfix()
    }
    let pipe = try Posix.makePipe()
    lifeline = Mutex(pipe.writing)
    process = try ChildProcess(
      [
        Laboratory.checkout + "/tools/mta-namespace.sh", kind.rawValue, directory.path,
        Laboratory.cache,
      ],
      input: pipe.reading, outputPath: directory.path + "/server.out", ending: .byItself)
    try waitForGreeting()
  }

  deinit { stop() }

  /// Ends the server and every process of it.
  package func stop() {
    let wasRunning = lifeline.withLock { held in
      defer { held = nil }
      return held != nil
    }
    guard wasRunning else { return }
    _ = process.wait(timeoutSeconds: 10)
    syslog.stop()
    sink.stop()
  }

  /// As `defangctl doctor` is told where it is configured: Postfix's folder, sendmail's file.
  package var configurationPath: String {
    directory.path + (kind == .postfix ? "/etc/postfix" : "/sendmail.cf")
  }

  package func connect(from source: String = "127.0.0.1") throws -> SMTPClient {
    try SMTPClient(port: port, from: source)
  }

  /// Logs a client in as `user`.
  package func login(_ client: SMTPClient) throws -> SMTPReply {
    switch kind {
    case .sendmail: try client.loginCramMD5(user: Self.user, password: Self.password)
    case .postfix: try client.loginPlain(user: Self.user, password: Self.password)
    }
  }

  /// Hands a message in on the server's own machine by its sendmail(1): Postfix takes it by its
  /// pickup service, sendmail by its submission program and SMTP from loopback.
  package func submit(
    _ message: [UInt8], from sender: String, to recipients: [String]
  ) throws -> ExitStatus {
    let pid = directory.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)
    let program: [String]
    switch kind {
    case .sendmail:
      program = [ServerPlan.sendmailProgram, "-C", directory.path + "/submit.cf", "-Am"]
    case .postfix: program = [Laboratory.cache + "/postfix/usr/sbin/sendmail"]
    }
    let text = String(decoding: message, as: UTF8.self).replacing("\r\n", with: "\n")
    let input = try directory.write("submitted", text)
    return try ChildProcess.run(
      ["nsenter", "--target", pid, "--mount", "--uts", "--pid", "--"] + program
        + ["-i", "-f", sender, "--"] + recipients,
      inputPath: input, outputPath: directory.path + "/server.out")
  }

  // MARK: What it holds and says

  /// The files of messages that it has accepted and not yet delivered.
  package func queuedFiles() -> [String] {
    let folders: [String]
    switch kind {
    case .sendmail: folders = ["queue", "submit-queue"]
    case .postfix:
      folders = ["maildrop", "incoming", "active", "deferred", "hold", "corrupt"]
        .map { "queue/" + $0 }
    }
    return folders.flatMap { folder -> [String] in
      let root = directory.path + "/" + folder
      let names = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
      return names.map { root + "/" + $0 }.filter(Posix.isFile)
    }
  }

  /// The files of messages that it keeps until somebody lets them go: Postfix has a folder for
  /// them, sendmail a letter (`hf`).
  package func heldMessages() -> [String] {
    queuedFiles().filter { path in
      let name = (path as NSString).lastPathComponent
      return kind == .postfix ? path.contains("/hold/") : name.hasPrefix("hf")
    }
  }

  /// True once all that was accepted has been handed to the sink. A message is in the queue before
  /// the client gets its 250 (RFC 5321 §6.1), and leaves it after the sink's 250.
  package func waitUntilQueueIsEmpty(timeoutSeconds: Double = 20) -> Bool {
    Laboratory.waitUntil(timeoutSeconds: timeoutSeconds) { queuedFiles().isEmpty }
  }

  /// Throws away what is queued, so that one case's failure stays its own.
  package func purgeQueue() {
    for path in queuedFiles() { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Its log lines so far, with its standard output in front.
  package var log: [String] {
    directory.text("server.out").split(separator: "\n").map(String.init) + syslog.all
  }

  package func clearLog() { syslog.clear() }

  // MARK: Start

  private static func freePort() throws -> UInt16 {
    // Below the kernel's own choices (32768 and up), so that no connection takes it before the
    // server does.
    for _ in 0..<100 {
      let port = UInt16.random(in: 10_240..<32_000)
      if (try? Posix.listenOnLoopback(port: port)) != nil { return port }
    }
    throw LabError("no free port between 10240 and 32000")
  }

  private static func writeCommonFiles(_ directory: LabDirectory) throws {
    for name in ["etc/sasl2", "run"] { try directory.makeDirectory(name) }
    // Postfix connects as its own user, sendmail as root.
    try Posix.setOwner(directory.path + "/run", user: nil, group: "postfix")
    try Posix.setMode(directory.path + "/run", 0o750)
    try directory.write("etc/hosts", "127.0.0.1 localhost\n127.0.0.1 \(hostName) mx\n")
    try directory.write(
      "etc/nsswitch.conf",
      ["passwd", "group", "hosts", "networks", "services", "protocols"]
        .map { "\($0): files\n" }.joined())
    let database = directory.path + "/etc/sasl2/users"
    let parts = user.split(separator: "@").map(String.init)
    let status = try ChildProcess.run(
      ["/usr/sbin/saslpasswd2", "-p", "-c", "-u", parts[1], "-f", database, parts[0]],
      inputPath: directory.write("password", password),
      outputPath: directory.path + "/server.out")
    guard status == .code(0) else {
      throw LabError("saslpasswd2: \(status) \(directory.text("server.out"))")
    }
    try Posix.setOwner(database, user: "postfix", group: nil)
    try directory.write(
      "etc/sasl2/Sendmail.conf",
      """
      pwcheck_method: auxprop
      auxprop_plugin: sasldb
      sasldb_path: \(database)
      mech_list: PLAIN LOGIN CRAM-MD5

      """)
  }

  private func waitForGreeting() throws {
    let up = Laboratory.waitUntil(timeoutSeconds: 30) {
      process.exitStatus() != nil || (try? connect()) != nil
    }
    guard up, process.exitStatus() == nil else {
      let said = log.joined(separator: "\n")
      stop()
      throw LabError("\(kind) does not greet on port \(port):\n\(said)")
    }
  }
}
