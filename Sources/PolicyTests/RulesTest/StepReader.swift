// One command of a session, as a step. What a test leaves out comes from `defaults`.
internal import FoundationEssentials
internal import RuleCompiler

struct StepReader {
  /// Reads a file that a test names; the reason when it cannot be.
  let read: (String) -> Result<[UInt8], TestFiles.Trouble>
  /// The commands of `defaults`, by name.
  var defaults: [String: BoundCommand] = [:]

  func kind(_ command: BoundCommand, _ reader: inout SheetReader) -> TestStep.Kind? {
    let command = defaults[command.name.text].map { command.filled(from: $0) } ?? command
    switch command.name.text {
    case "connect": return .connect(client(command))
    case "helo": return .helo(command.string(at: 0)?.value ?? "client.example", tls(command))
    case "mail": return .mail(mail(command))
    case "rcpt": return .rcpt(recipients(command))
    case "data": return .data
    case "message":
      guard let bytes = message(command, &reader) else { return nil }
      return filled(bytes, command, &reader).map(TestStep.Kind.message)
    case "rset": return .rset
    case "every": return .every(command.string(at: 0)?.value ?? "")
    case "macro":
      return .macro(
        name: command.string(at: 0)?.value ?? "", value: command.string(at: 1)?.value ?? "")
    case "now": return command.string(at: 0).flatMap { time($0, &reader) }
    case "expect":
      return ExpectationReader(command: command).expectation(&reader).map(TestStep.Kind.expect)
    default: return AnswerReader(command: command).value(&reader).map(TestStep.Kind.answers)
    }
  }

  private func client(_ command: BoundCommand) -> ClientDescription {
    var client = ClientDescription()
    client.address = command.string("ip")?.value ?? client.address
    client.port = command.number("port")?.value
    client.name = command.string("name")?.value
    client.ptr = command.string("ptr")?.value
    client.serverAddress = command.string("server_ip")?.value
    client.serverPort = command.number("server_port")?.value
    client.serverName = command.string("server_name")?.value
    client.daemon = command.string("daemon")?.value
    client.isLocalSubmission = command.has("local")
    return client
  }

  private func tls(_ command: BoundCommand) -> TLSDescription {
    var tls = TLSDescription()
    tls.version = command.string("tls")?.value
    tls.cipher = command.string("cipher")?.value
    tls.bits = command.number("bits")?.value
    tls.isVerified = command.has("verified")
    tls.subject = command.string("subject")?.value
    tls.issuer = command.string("issuer")?.value
    return tls
  }

  private func mail(_ command: BoundCommand) -> TestStep.Mail {
    var mail = TestStep.Mail()
    mail.sender = command.string(at: 0)?.value
    mail.arguments = command.strings("args")?.map(\.value) ?? []
    mail.login.user = command.string("auth_user")?.value
    mail.login.mechanism = command.string("auth_type")?.value
    mail.login.author = command.string("auth_author")?.value
    mail.login.queueID = command.string("queue_id")?.value
    return mail
  }

  private func recipients(_ command: BoundCommand) -> TestStep.Recipients {
    var recipients = TestStep.Recipients()
    recipients.addresses = command.strings(at: 0)?.map(\.value) ?? []
    recipients.arguments = command.strings("args")?.map(\.value) ?? []
    recipients.mailer.mailer = command.string("mailer")?.value
    recipients.mailer.host = command.string("host")?.value
    recipients.mailer.address = command.string("addr")?.value
    return recipients
  }

  private func message(_ command: BoundCommand, _ reader: inout SheetReader) -> [UInt8]? {
    switch (command.string(at: 0), command.string("file")) {
    case (let text?, nil): return Array(text.value.utf8)
    case (nil, let path?):
      switch read(path.value) {
      case .success(let bytes): return LineEnds.asCRLF(bytes)
      case .failure(let trouble):
        reader.report(
          .test(.unreadableFile(path.value, reason: trouble.reason)), at: path.range)
        return nil
      }
    case (.some, .some(let path)):
      reader.report(.argument(.extra(of: "message")), at: path.range)
      return nil
    case (nil, nil):
      reader.report(
        .argument(.missing("text or :file", expected: .string, of: "message")),
        at: command.name.range)
      return nil
    }
  }

  /// `:size`: with lines behind its text the message has so many octets, with CRLF at the ends of
  /// lines.
  private func filled(
    _ bytes: [UInt8], _ command: BoundCommand, _ reader: inout SheetReader
  ) -> [UInt8]? {
    guard let size = command.number("size") else { return bytes }
    var result = LineEnds.asCRLF(bytes)
    let allowed = result.count...TestFiles.bytesMax
    guard allowed.contains(size.value) else {
      reader.report(
        .argument(.outOfRange(":size", value: size.value, allowed: allowed, of: "message")),
        at: size.range)
      return nil
    }
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 76) + [13, 10]
    result.reserveCapacity(size.value)
    while size.value - result.count >= 2 * line.count { result += line }
    // The rest is one line of up to 155 octets.
    let rest = size.value - result.count
    result += [UInt8](repeating: UInt8(ascii: "x"), count: max(0, rest - 2))
    result += [13, 10].suffix(rest)
    return result
  }

  private func time(_ literal: StringLiteral, _ reader: inout SheetReader) -> TestStep.Kind? {
    guard let date = try? Date(literal.value, strategy: .iso8601) else {
      reader.report(.test(.badTime(literal.value)), at: literal.range)
      return nil
    }
    return .now(Int64(date.timeIntervalSince1970))
  }
}
