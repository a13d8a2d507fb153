// What keeps Postfix from asking the filter, or lets mail pass when it does not answer.
internal import UnixAddress

struct PostfixExam {
  let files: PostfixFiles
  let milters: [SocketAddressText]
  let patience: NeededPatience

  private static let lines = "defangctl mta-config postfix"

  var findings: [Finding] {
    var found: [Finding] = []
    let servers = files.servers
    var seen: Set<String> = []
    for service in servers.isEmpty ? [nil] : servers.map(Optional.some) {
      let list = files.milters("smtpd_milters", for: service)
      let name = service.map { "its service \($0.name)" } ?? "Postfix"
      for finding in examine(list, "smtpd_milters", of: name, service)
      where seen.insert(finding.text).inserted {
        found.append(finding)
      }
    }
    let local = files.milters("non_smtpd_milters", for: files.cleanup)
    if !local.contains(where: { match($0, files.cleanup) != nil }) {
      found.append(
        .warning(
          "Postfix does not ask the filter about mail that is handed in on this machine"
            + " (non_smtpd_milters)", fix: "postconf -e 'non_smtpd_milters = $smtpd_milters'"))
    }
    return found + settings
  }

  /// The list of one service.
  private func examine(
    _ list: [PostfixFiles.Milter], _ parameter: String, of name: String,
    _ service: PostfixFiles.Service?
  ) -> [Finding] {
    guard let ours = list.first(where: { match($0, service) != nil }) else {
      return [misses(list, parameter, name, service)]
    }
    var found = waits(of: ours, service)
    if let path = match(ours, service)?.path {
      let owner = files.value("mail_owner")
      if let account = Account(owner), let obstacle = SocketExam.obstacle(to: path, for: account) {
        found.append(obstacle)
      }
    }
    return found
  }

  private struct Match {
    /// Of a unix socket, as the whole machine sees it.
    let path: String?
  }

  /// The place that an entry of a list means, if it is one of ours.
  private func match(
    _ milter: PostfixFiles.Milter, _ service: PostfixFiles.Service?
  ) -> Match? {
    guard let address = try? SocketAddressText(milter.address) else { return nil }
    guard case .unix(let path) = address.place else {
      return milters.contains { Self.isSame($0, address) } ? Match(path: nil) : nil
    }
    let real = resolved(path, service)
    let isOurs = milters.contains {
      if case .unix(let own) = $0.place { own == real } else { false }
    }
    return isOurs ? Match(path: real) : nil
  }

  /// Relative paths begin in the queue directory; in a chroot so do absolute ones.
  private func resolved(_ path: String, _ service: PostfixFiles.Service?) -> String {
    let queue = files.value("queue_directory")
    if !path.hasPrefix("/") { return "\(queue)/\(path)" }
    return service?.isChrooted == true ? queue + path : path
  }

  private static func isSame(_ own: SocketAddressText, _ other: SocketAddressText) -> Bool {
    switch (own.place, other.place) {
    case (.inet(let ownHost, let ownPort), .inet(let host, let port)),
      (.inet6(let ownHost, let ownPort), .inet6(let host, let port)),
      (.inet6(let ownHost, let ownPort), .inet(let host, let port)):
      let named = host == "localhost" ? ["127.0.0.1", "::1", host] : [host]
      return ownPort == port && (named.contains(ownHost) || ["0.0.0.0", "::"].contains(ownHost))
    default: return false
    }
  }

  /// Why none of the list is ours.
  private func misses(
    _ list: [PostfixFiles.Milter], _ parameter: String, _ name: String,
    _ service: PostfixFiles.Service?
  ) -> Finding {
    for milter in list {
      guard case .unix(let path)? = (try? SocketAddressText(milter.address))?.place,
        milters.contains(where: { $0.place == .unix(path: path) })
      else { continue }
      return .error(
        "Postfix (\(name)) looks for the filter at \(resolved(path, service)): it runs in a chroot,"
          + " where \(path) is another place",
        fix: "a listener below \(files.value("queue_directory")), see: \(Self.lines)")
    }
    let value = list.map(\.address).joined(separator: ", ")
    return .error(
      "Postfix (\(name)) does not ask the filter: \(parameter) is"
        + " \(value.isEmpty ? "empty" : "'\(value)', none of its listeners")", fix: Self.lines)
  }

  private func waits(
    of milter: PostfixFiles.Milter, _ service: PostfixFiles.Service?
  ) -> [Finding] {
    let wanted = [
      ("command_timeout", patience.commandSeconds), ("content_timeout", patience.endSeconds),
    ]
    return wanted.compactMap { option, seconds in
      let parameter = "milter_" + option
      let text = milter.options[option] ?? files.value(parameter, for: service)
      guard let waits = PostfixFiles.seconds(text), waits < seconds else { return nil }
      return .error(
        "Postfix waits \(waits) s for an answer (\(parameter)), the filter may take longer: it"
          + " needs \(seconds) s", fix: "postconf -e '\(parameter) = \(seconds)s'")
    }
  }

  private var settings: [Finding] {
    var found: [Finding] = []
    let action = files.value("milter_default_action")
    if action == "accept" {
      found.append(
        .warning(
          "mail passes unfiltered while the filter is away (milter_default_action = accept)",
          fix: "postconf -e 'milter_default_action = tempfail'"))
    }
    let version = files.value("milter_protocol").prefix { $0.isNumber }
    if let version = Int(version), version < 6 {
      found.append(
        .error(
          "Postfix speaks version \(version) of the protocol: the filter cannot ask it for the"
            + " macros that the policy reads", fix: "postconf -e 'milter_protocol = 6'"))
    }
    return found
  }
}
