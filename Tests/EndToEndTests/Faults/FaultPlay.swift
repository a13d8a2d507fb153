// One fault of the daemon, played behind one mail server on one engine: a message is sent, the
// fault comes, the client does what clients do (a message that was refused for now is sent again),
// and in the end it is counted how often it arrived.
import Foundation
import MailLab

final class FaultPlay {
  private let fault: DaemonFault
  private let server: MailServer
  private let daemon: DaemonUnderTest
  private let names: DNSServer
  private let namesPort: UInt16
  private var otherNames: DNSServer?
  private let scanner: ClamServer?
  private let disk: SmallDisk?
  private let folder: LabDirectory
  private let idle: IdlePeers
  private let messageID = "<\(UUID().uuidString)@example.com>"

  init(_ fault: DaemonFault, on server: MailServer, _ frontEnd: FrontEnd) throws {
    self.fault = fault
    self.server = server
    var zone = DNSZone()
    zone.fail("silent.example", .silent)
    names = try DNSServer(zone)
    namesPort = names.port
    scanner = fault.asksScanner ? try ClamServer() : nil
    disk = fault.isOfDisk ? try SmallDisk(kilobytes: 1_024) : nil
    folder = try LabDirectory()
    if fault == .clockSetBack { try Self.makeClock(in: folder) }
    let state = try disk?.path ?? folder.makeDirectory("state")
    idle = IdlePeers(unix: String(server.milterAddress.dropFirst("unix:".count)))
    daemon = try DaemonUnderTest(
      policy: fault.policy.filled(["scanner": "unix:" + (scanner?.socketPath ?? "")]),
      frontEnd: frontEnd, trace: false,
      furtherArguments: ["--dns", names.address, "--state", state, "--history"],
      launcher: fault.launcher(folder.path), address: server.milterAddress)
  }

  func run() throws -> FaultOutcome {
    try daemon.start()
    defer {
      daemon.kill()
      names.stop()
      otherNames?.stop()
    }
    // Mail servers speak with the filter as soon as a client is there.
    if !fault.comesInHand { try begin() }
    let client = try server.connect()
    try client.command("EHLO client.example.com")
    let answer = try send(on: client)
    if fault != .clockSetBack { try end() }
    let again = answer.isPositive ? nil : try sendAgain()
    guard server.waitUntilQueueIsEmpty() else {
      throw LabError("the mail server still holds \(server.queuedFiles())")
    }
    return FaultOutcome(answer: answer, again: again, copies: try copies())
  }

  // MARK: The message

  private var message: [UInt8] {
    let text = """
      From: ann@example.com
      To: bob@example.org
      Date: Sun, 1 Nov 2026 10:00:00 +0000
      Message-ID: \(messageID)
      Subject: \(fault.keepsMessage ? "kept" : "sent")

      Hello

      """
    return Array(text.replacingOccurrences(of: "\n", with: "\r\n").utf8)
  }

  private func send(on client: SMTPClient) throws -> SMTPReply {
    let commands = ["MAIL FROM:<ann@example.com>", "RCPT TO:<bob@example.org>", "DATA"]
    for command in commands {
      let reply = try client.command(command)
      if !reply.isPositive { return reply }
    }
    try client.sendMessage(message)
    if fault.comesInHand {
      let isAsked = Laboratory.waitUntil(timeoutSeconds: 30) { names.count("silent.example") > 0 }
      guard isAsked else { throw LabError("no message is in hand:\n\(daemon.log)") }
      try begin()
      if fault == .clockSetBack { try end() }
    }
    return try client.readReply()
  }

  /// As a mail server does that was told to come again, but sooner.
  private func sendAgain() throws -> SMTPReply {
    var reply: SMTPReply?
    for _ in 0..<40 {
      if let client = try? server.connect(), client.banner.isPositive,
        (try? client.command("EHLO client.example.com"))?.isPositive == true
      {
        let latest = try send(again: client)
        if latest.code / 100 != 4 { return latest }
        reply = latest
      }
      Thread.sleep(forTimeInterval: 0.25)
    }
    throw LabError("still \(String(describing: reply)):\n\(daemon.log)\n\(server.log.suffix(20))")
  }

  private func send(again client: SMTPClient) throws -> SMTPReply {
    try client.send(from: "ann@example.com", to: ["bob@example.org"], message: message)
  }

  /// How often it is in the mailbox, or in the quarantine.
  private func copies() throws -> Int {
    if let disk, fault.keepsMessage {
      let list = try ToolRun(["defangctl", "quarantine", "list", "--state", disk.path, "--json"])
      return list.output.components(separatedBy: messageID).count - 1
    }
    return server.sink.all.count { String(decoding: $0.bytes, as: UTF8.self).contains(messageID) }
  }

  // MARK: The fault

  private func begin() throws {
    switch fault {
    case .workerKilled: daemon.signalWorkers(SIGKILL)
    case .masterKilled: daemon.killMaster()
    case .workerStopped: daemon.signalWorkers(SIGSTOP)
    case .masterStopped: daemon.signalMaster(SIGSTOP)
    case .noDescriptors: try takeDescriptors()
    case .clockSetBack: try folder.write("clock", "-86400")
    case .fullDiskKept, .fullDiskOther: try disk?.fill()
    case .readOnlyKept, .readOnlyOther: try disk?.makeReadOnly()
    case .noNames, .noNamesTempfail: names.stop()
    case .noScanner, .noScannerTempfail: scanner?.stop()
    }
  }

  private func end() throws {
    answerNames()
    switch fault {
    case .workerKilled, .clockSetBack: break
    case .masterKilled: try daemon.start()
    case .workerStopped: daemon.signalWorkers(SIGCONT)
    case .masterStopped: daemon.signalMaster(SIGCONT)
    case .noDescriptors: idle.closeAll()
    case .fullDiskKept, .fullDiskOther: try disk?.makeRoom()
    case .readOnlyKept, .readOnlyOther: try disk?.makeWritable()
    case .noNames, .noNamesTempfail: otherNames = try DNSServer(port: namesPort)
    case .noScanner, .noScannerTempfail: try scanner?.start()
    }
  }

  /// The name that a message in hand waits for is answered from now on.
  private func answerNames() {
    names.change { zone in
      zone.fail("silent.example", nil)
      zone.add("silent.example", .mx(10, "mx.silent.example"))
      zone.add("mx.silent.example", .a(192, 0, 2, 1))
    }
  }

  private static func makeClock(in folder: LabDirectory) throws {
    try folder.write("clock", "0")
    let made = try ToolRun([
      "gcc", "-shared", "-fPIC", "-O1", "-o", folder.path + "/clock-shift.so",
      Laboratory.checkout + "/tools/clock-shift.c",
    ])
    guard made.status == .code(0) else { throw LabError(made.output) }
  }

  private func takeDescriptors() throws {
    let isOut = Laboratory.waitUntil(timeoutSeconds: 30) {
      try? idle.add()
      return daemon.log.contains("no descriptor is left")
    }
    guard isOut else { throw LabError("\(idle.count) connections are not enough:\n\(daemon.log)") }
  }
}
