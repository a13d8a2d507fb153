// `defangctl doctor`: the usual faults of a set-up, each with its remedy. It looks and changes
// nothing.
internal import ArgumentParser
internal import JSONOutput
internal import Programs

struct DoctorCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look for faults around the filter: daemon, sockets, mail servers, time-outs.",
    discussion: """
      Each fault comes with what to do about it. Mail servers are looked for where their
      configuration is; root sees most. Nothing is changed.

      Examples:
        defangctl doctor
        defangctl doctor --json
        defangctl doctor --postfix /etc/postfix-out --config /etc/defang/out.conf

      Exit status: 0 nothing is wrong, 1 something is, 78 the configuration has mistakes.
      """)

  @OptionGroup var places: MailServerOptions
  @Option(help: "The daemon's control socket; that of the configuration if left out.")
  var control: String?
  @Flag(help: "Print a JSON array of what is wrong.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let settings = try FilterSettings.read(places.config)
    let policy = PolicyOnDisk(settings.rules.value)
    let patience = NeededPatience(settings.limits, policy?.program)
    var findings = Self.checked(places.config)
    let daemon = DaemonExam(settings: settings, control: control, policyName: policy?.name)
    findings += daemon.findings
    findings += SocketExam(milters: settings.milters).findings(isRunning: daemon.isRunning)
    let servers = servers(settings, patience)
    findings += servers.findings
    if json {
      output.line(OrderedJSON.list(findings.map(\.json)).line)
    } else {
      for line in findings.flatMap(\.lines) { output.line(line) }
      if findings.isEmpty { output.line("nothing is wrong: \(servers.names)") }
    }
    output.foundFaults = !findings.isEmpty
  }

  /// Those of `defangd --check-config`: files, users, folders, what others may write.
  private static func checked(_ config: String) -> [Finding] {
    let program = OwnPrograms.path("defangd")
    let there = PlaceFacts.of(config) == nil ? [] : ["--config", config]
    let words = ["sh", "-c", "exec \"$@\" 2>&1", "sh", program, "--check-config"] + there
    let end = Compiler.run(Array(words.dropFirst()), of: "/bin/sh")
    guard case .exited(let status, let bytes) = end else {
      return [.error("\(program) cannot be run", fix: "install the package again")]
    }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    let weight: Finding.Weight = status == 0 ? .warning : .error
    guard !lines.isEmpty else { return [] }
    return [
      Finding(
        weight: weight, text: "configuration or policy: " + lines.joined(separator: "\n  "),
        fix: "what is named, then: defangd --check-config"
          + (there.isEmpty ? "" : " --config \(config)"))
    ]
  }

  private func servers(
    _ settings: FilterSettings, _ patience: NeededPatience
  ) -> (findings: [Finding], names: String) {
    let postfix = PostfixFiles(places.postfix)
    let sendmail = SendmailFile(places.sendmail)
    var findings: [Finding] = []
    if let postfix {
      findings +=
        PostfixExam(files: postfix, milters: settings.milters, patience: patience).findings
    }
    if let sendmail {
      findings +=
        SendmailExam(file: sendmail, milters: settings.milters, patience: patience).findings
    }
    let names = [postfix.map { _ in "Postfix" }, sendmail.map { _ in "sendmail" }].compactMap { $0 }
    if names.isEmpty {
      findings.append(
        .warning(
          "no mail server is set up here: neither \(places.postfix)/main.cf nor \(places.sendmail)"
            + " is there", fix: "name them: --postfix FOLDER, --sendmail FILE"))
    }
    return (findings, (["configuration", "daemon", "sockets"] + names).joined(separator: ", "))
  }
}
