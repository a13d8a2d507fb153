// `defangctl quarantine release`: sends what was held to its recipients after all, once.
internal import ArgumentParser
internal import ContentEdits
internal import MailMessage
internal import Stores
internal import Submission

struct QuarantineRelease: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release",
    abstract: "Send entries to their recipients, marked so that the filter lets them by.",
    discussion: """
      The mail server is asked at once and its answer shown; when it does not take the \
      mail, the entry is held as before. A message goes out as it was, under \
      Received and Resent fields, from its own sender; with --attach or --zip, and a \
      part always, as an attachment of a mail of the filter. What was released once is \
      released again only with --again. A token stands in a digest and works once.

      Examples:
        defangctl quarantine release ID
        defangctl quarantine release ID --to ann@example.com --zip
        defangctl quarantine release --token TOKEN
        defangctl quarantine release ID --server mail.example.net:587 --tls required
      """)

  @OptionGroup var state: StateOptions
  @OptionGroup var server: ServerOptions
  @ArgumentParser.Argument(help: "Ids of entries.")
  var ids: [String] = []
  @Option(help: "A one-time token of a digest, in place of ids.")
  var token: String?
  @Option(help: "Send it to this address and not to its recipients; may be repeated.")
  var to: [String] = []
  @Option(help: "Envelope sender; '' is the null sender. The original one if left out.")
  var from: String?
  @Flag(help: "As an attachment, with a text that says what it is.")
  var attach = false
  @Flag(help: "As an attachment in a zip archive.")
  var zip = false
  @Flag(help: "Also what was released before, or whose release was cut short.")
  var again = false
  @Option(help: "Who the filter's own mail is from; postmaster at this host if left out.")
  var daemonAddress: String?

  func validate() throws {
    if ids.isEmpty == (token == nil) { throw ValidationError("ids or a token are wanted") }
    if token != nil, !to.isEmpty { throw ValidationError("a token says who gets the message") }
    if attach, zip { throw ValidationError("--attach and --zip exclude each other") }
  }

  func run() async throws {
    var output = ControlOutput(isTerminal: Descriptor.isTerminal(1))
    var failure: ControlFailure?
    do throws(ControlFailure) { try await carryOut(&output) } catch { failure = error }
    Descriptor.write(output.bytes, to: 1)
    guard let failure else { return }
    Descriptor.write(Array("defangctl: \(failure.message)\n".utf8), to: 2)
    throw ExitCode(failure.code)
  }

  /// One after the other; one that cannot be sent does not keep the others back.
  func carryOut(_ output: inout ControlOutput) async throws(ControlFailure) {
    let store = try state.quarantine()
    let office = try office()
    if let token { return try await redeem(token, store, office, &output) }
    var failure: ControlFailure?
    for id in ids {
      do throws(ControlFailure) {
        try await release(id, to, again: again, store, office, &output)
      } catch {
        if let failure { output.line("defangctl: \(failure.message)") }
        failure = error
      }
    }
    if let failure { throw failure }
  }

  private func office() throws(ControlFailure) -> PostOffice {
    let configuration = PostOfficeConfiguration(
      stateFolder: state.paths.directory, server: try server.place(),
      hostName: server.hostName)
    return try submitting { () throws(StateFault) in try PostOffice(configuration) { _ in } }
  }

  /// The token is used up first: two who hold it at once must not both send. It says by itself that
  /// its recipient has not had the message, whatever others have.
  private func redeem(
    _ text: String, _ store: QuarantineStore, _ office: PostOffice,
    _ output: inout ControlOutput
  ) async throws(ControlFailure) {
    let answer = try submitting { () throws(StateFault) in try office.redeem(text) }
    let token: ReleaseToken
    switch answer {
    case .success(let good): token = good
    case .failure(let problem): throw ControlFailure(65, "the token: \(problem.rawValue)")
    }
    do throws(ControlFailure) {
      let recipients = token.recipient.map { [$0] } ?? []
      try await release(token.entryID, recipients, again: true, store, office, &output)
    } catch {
      try submitting { () throws(StateFault) in try office.giveBack(token) }
      throw error
    }
  }

  private func release(
    _ id: String, _ recipients: [String], again: Bool, _ store: QuarantineStore,
    _ office: PostOffice, _ output: inout ControlOutput
  ) async throws(ControlFailure) {
    let now = UTC.nowSeconds
    let mail = try asking { () throws(StoreFailure) in
      try store.beginRelease(id, by: .current, again: again, nowSeconds: now)
    }
    let sent: SendResult
    do throws(ControlFailure) {
      sent = await office.sendNow(try self.mail(mail, recipients, office), now: now)
    } catch {
      try finish(mail.entry.id, .failed(error.message), store)
      throw error
    }
    let report = ReleaseReport(sent)
    try finish(mail.entry.id, report.result, store)
    if !report.taken.isEmpty {
      output.line("\(mail.entry.id): sent to \(PlainText.line(report.takenText))")
    }
    if let failure = report.failure {
      throw ControlFailure(
        failure.isPermanent ? 69 : 75, "\(mail.entry.id): \(PlainText.line(report.failedText))")
    }
  }

  private func finish(
    _ id: String, _ result: ReleaseResult, _ store: QuarantineStore
  ) throws(ControlFailure) {
    try asking { () throws(StoreFailure) in
      try store.finishRelease(id, result, by: .current, nowSeconds: UTC.nowSeconds)
    }
  }

  // MARK: The mail

  private func mail(
    _ mail: HeldMail, _ recipients: [String], _ office: PostOffice
  ) throws(ControlFailure) -> OutgoingMail {
    let entry = mail.entry
    let held = HeldMessage(
      id: entry.id, sender: entry.envelope.sender, recipients: entry.envelope.recipients,
      subject: entry.subject, reason: entry.reason, receivedSeconds: entry.receivedSeconds,
      content: mail.content, part: entry.part.map { ($0.name, $0.type) })
    let identity = MailIdentity(hostName: office.hostName, daemonAddress: daemonAddress)
    return ReleaseWriter(identity).mail(
      held, to: recipients.isEmpty ? held.recipients : recipients, sender: from,
      as: try form(held))
  }

  private func form(_ held: HeldMessage) throws(ControlFailure) -> ReleaseForm {
    if attach { return .attached }
    guard zip else { return .asItWas }
    let name = held.part.map(\.name) ?? "message.eml"
    let day = CivilDate(daysSince1970: Int(held.receivedSeconds / 86_400))
    guard let archive = ZipFile.archive(held.content, name: name, modified: day) else {
      throw ControlFailure(
        65, "\(held.id) does not get smaller in a zip archive; use --attach")
    }
    return .zipped(archive: archive)
  }
}

/// What became of a release, in words.
struct ReleaseReport {
  let taken: [String]
  let refused: [RecipientResult]
  private let reply: String

  init(_ result: SendResult) {
    taken = result.recipients.filter { $0.failure == nil }.map(\.recipient)
    refused = result.recipients.filter { $0.failure != nil }
    reply = result.reply.map { "\($0)" } ?? ""
  }

  /// The first that can be tried again, else the first.
  var failure: SendFailure? {
    let failures = refused.compactMap(\.failure)
    return failures.first { !$0.isPermanent } ?? failures.first
  }

  var takenText: String {
    taken.map { "<\($0)>" }.joined(separator: ", ") + ": \(reply)"
  }

  var failedText: String {
    refused.map { "not sent to <\($0.recipient)>: \($0.failure.map { "\($0)" } ?? "")" }
      .joined(separator: "; ")
  }

  /// Released once somebody has it: others are told of by the record, and by --to and --again.
  var result: ReleaseResult {
    if taken.isEmpty { return .failed(failedText) }
    return .sent(refused.isEmpty ? takenText : "\(takenText); \(failedText)")
  }
}

/// The mail server that takes our mail.
struct ServerOptions: ParsableArguments {
  @Option(help: "The mail server: HOST:PORT, inet:PORT@HOST or unix:PATH.")
  var server = "127.0.0.1:25"
  @Option(help: "Encryption: off, opportunistic, or required with a certificate for its name.")
  var tls = SMTPServer.Security.opportunistic
  @Option(help: "The name that its certificate must be for; its host if left out.")
  var tlsName: String?
  @Option(help: "PEM file of the authorities to trust; those of the system if left out.")
  var tlsAuthorities: String?
  @Option(help: "File of mode 0600 with two lines, user and password; needs encryption.")
  var credentials: String?
  @Option(help: "The name of this host in mail; the system's if left out.")
  var hostName: String?

  func place() throws(ControlFailure) -> SMTPServer {
    do throws(SMTPServer.Problem) {
      var server = try SMTPServer(self.server, security: tls)
      server.verifiedName = tlsName
      server.certificatesPath = tlsAuthorities
      server.credentialsPath = credentials
      return server
    } catch {
      throw ControlFailure(ControlFailure.usage, "--server: \(error)")
    }
  }
}

extension SMTPServer.Security: ExpressibleByArgument {}
