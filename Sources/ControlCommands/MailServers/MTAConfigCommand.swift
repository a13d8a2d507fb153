// `defangctl mta-config`: the mail server's lines for the filter as it is configured.
internal import ArgumentParser

struct MTAConfigCommand: ControlCommand {
  enum Server: String, ExpressibleByArgument, CaseIterable { case sendmail, postfix }

  static let configuration = CommandConfiguration(
    commandName: "mta-config",
    abstract: "Print the lines that a mail server wants, for the configured listeners.",
    discussion: """
      Time-outs are those that the policy's deadlines need. Exit status 1: Postfix runs
      in a chroot that has none of the listeners; what is printed says what to do.

      Examples:
        defangctl mta-config sendmail
        defangctl mta-config postfix
        defangctl mta-config postfix --config /etc/defang/second.conf
      """)

  @Argument(help: "The mail server.")
  var server: Server
  @OptionGroup var places: MailServerOptions

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let settings = try FilterSettings.read(places.config)
    let policy = PolicyOnDisk(settings.rules.value)
    let lines = MTALines(
      milters: settings.milters, patience: NeededPatience(settings.limits, policy?.program))
    switch server {
    case .sendmail: for line in lines.sendmail() { output.line(line) }
    case .postfix:
      let files = PostfixFiles(places.postfix)
      // Debian's is in a chroot; so is one that cannot be looked at.
      let isChrooted = files.map { $0.servers.contains(where: \.isChrooted) } ?? true
      let queue = files?.value("queue_directory") ?? "/var/spool/postfix"
      let text = lines.postfix(queue: queue, isChrooted: isChrooted)
      for line in text { output.line(line) }
      if text.allSatisfy({ $0.hasPrefix("#") }) { output.foundFaults = true }
    }
  }
}
