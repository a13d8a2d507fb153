// What keeps sendmail from asking the filter, or lets mail pass when it does not answer.
internal import UnixAddress

struct SendmailExam {
  let file: SendmailFile
  let milters: [SocketAddressText]
  let patience: NeededPatience

  private static let lines = "defangctl mta-config sendmail"

  var findings: [Finding] {
    var found: [Finding] = []
    let source = file.path.hasSuffix(".cf") ? String(file.path.dropLast(2)) + "mc" : file.path
    if let made = PlaceFacts.of(file.path), let written = PlaceFacts.of(source),
      written.changedSeconds > made.changedSeconds
    {
      found.append(
        .warning(
          "\(file.path) is older than \(source)",
          fix: "make -C /etc/mail && systemctl restart sendmail"))
    }
    guard let filter = file.filters.first(where: isOurs) else {
      let others = file.filters.map(\.address).joined(separator: ", ")
      let what = others.isEmpty ? "it has no filter" : "its filters are at \(others)"
      return found + [.error("sendmail does not ask the filter: \(what)", fix: Self.lines)]
    }
    if !file.asked.contains(filter.name) {
      found.append(
        .error(
          "sendmail knows the filter '\(filter.name)' but does not ask it (InputMailFilters)",
          fix: "INPUT_MAIL_FILTER in place of MAIL_FILTER, see: \(Self.lines)"))
    }
    return found + flags(filter) + waits(filter) + folders(filter)
  }

  private func isOurs(_ filter: SendmailFile.Filter) -> Bool {
    guard let address = try? SocketAddressText(filter.address) else { return false }
    return milters.contains { $0.place == address.place }
  }

  private func flags(_ filter: SendmailFile.Filter) -> [Finding] {
    guard !filter.flags.contains(where: { "TR4".contains($0) }) else { return [] }
    return [
      .warning(
        "mail passes unfiltered while the filter is away (the line of '\(filter.name)' has no F=T)",
        fix: Self.lines)
    ]
  }

  /// R is per answer, and begins anew when the filter says that it works on; E is for all of the
  /// end.
  private func waits(_ filter: SendmailFile.Filter) -> [Finding] {
    let wanted: [(Character, Int)] = [("R", patience.commandSeconds), ("E", patience.endSeconds)]
    return wanted.compactMap { letter, seconds in
      guard let waits = filter.seconds(letter), waits < seconds else { return nil }
      return .error(
        "sendmail waits \(waits) s for an answer (T=\(letter)), the filter may take longer: it"
          + " needs \(seconds) s", fix: Self.lines)
    }
  }

  /// Its own check of the way to a socket: no folder that others or a group may write.
  private func folders(_ filter: SendmailFile.Filter) -> [Finding] {
    guard case .unix(let path)? = (try? SocketAddressText(filter.address))?.place else { return [] }
    var folder = ""
    for name in path.split(separator: "/").dropLast() {
      folder += "/" + name
      guard let facts = PlaceFacts.of(folder), facts.mode & 0o022 != 0 else { continue }
      return [
        .error(
          "sendmail refuses the socket \(path): \(folder) may be written by others or by a group",
          fix: "chmod go-w \(folder)")
      ]
    }
    return []
  }
}
