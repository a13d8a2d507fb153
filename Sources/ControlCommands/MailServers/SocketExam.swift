// Whether mail servers can get to the filter's sockets: the socket's own rights, and those of every
// folder on the way.
internal import UnixAddress

struct SocketExam {
  let milters: [SocketAddressText]

  /// Without a daemon there are none, which is said once, by its exam.
  func findings(isRunning: Bool) -> [Finding] {
    guard isRunning else { return [] }
    return milters.flatMap { milter -> [Finding] in
      guard case .unix(let path) = milter.place else { return [] }
      guard let facts = PlaceFacts.of(path) else {
        return [
          .error(
            "the daemon runs, but its socket \(path) is gone or cannot be seen",
            fix: "systemctl restart defangd")
        ]
      }
      guard facts.mode & 0o002 != 0 else { return [] }
      return [
        .warning(
          "everybody on this machine may connect to \(path)",
          fix: ":mode \"0660\" at its 'listen', and the mail server's group")
      ]
    }
  }

  /// Why that user cannot connect; nil when it can.
  static func obstacle(to path: String, for account: Account) -> Finding? {
    var folder = ""
    for name in path.split(separator: "/").dropLast() {
      folder += "/" + name
      guard let facts = PlaceFacts.of(folder), !facts.lets(account, 1) else { continue }
      return .error(
        "user '\(account.name)' does not get through the folder \(folder) to the socket \(path)",
        fix: "chmod o+x \(folder), or a group that it is in")
    }
    guard let facts = PlaceFacts.of(path), facts.kind == .socket, !facts.lets(account, 2) else {
      return nil
    }
    return .error(
      "user '\(account.name)' may not connect to \(path) (mode \(String(facts.mode, radix: 8)),"
        + " group \(facts.group))",
      fix: "its group at 'listen' (:group), or: adduser \(account.name) defang, and restart both")
  }
}
