// The lines that a mail server wants for the filter's listeners, as they are pasted.
internal import UnixAddress

struct MTALines {
  let milters: [SocketAddressText]
  let patience: NeededPatience

  /// For sendmail.mc.
  func sendmail() -> [String] {
    guard let first = milters.first else { return [] }
    // R is per answer and E for the whole end of a message; C covers a daemon that is restarted.
    let reply = max(30, patience.commandSeconds)
    let end = max(120, patience.endSeconds)
    var lines = [
      "dnl Into /etc/mail/sendmail.mc, before the MAILER lines; then",
      "dnl   make -C /etc/mail && systemctl restart sendmail",
      "dnl F=T: mail comes again when the filter is away; without it mail passes unfiltered.",
      "dnl The macros that the policy reads, the filter asks for itself.",
      "INPUT_MAIL_FILTER(`defang', `S=\(first), F=T, T=C:10s;S:10s;R:\(reply)s;E:\(end)s')dnl",
    ]
    if case .unix = first.place {
      lines.insert("dnl sendmail refuses a socket below a folder that others may write.", at: 3)
    }
    lines += milters.dropFirst().map { "dnl It listens here, too: S=\($0)" }
    return lines
  }

  /// For main.cf.
  func postfix(queue: String, isChrooted: Bool) -> [String] {
    let reachable = milters.first { address(of: $0, queue, isChrooted) != nil }
    guard let reachable, let address = address(of: reachable, queue, isChrooted) else {
      return unreachable(queue)
    }
    return [
      "# Into /etc/postfix/main.cf; then  systemctl reload postfix",
      "# tempfail: mail comes again when the filter is away; accept would let it pass unfiltered.",
      "# The macros that the policy reads, the filter asks for itself, with protocol 6.",
      "smtpd_milters = \(address)",
      "# Mail that is handed in on this machine.",
      "non_smtpd_milters = \(address)",
      "milter_default_action = tempfail",
      "milter_protocol = 6",
      "milter_command_timeout = \(max(30, patience.commandSeconds))s",
      "milter_content_timeout = \(max(300, patience.endSeconds))s",
    ]
  }

  /// As Postfix writes it; nil for a path that a chroot does not have.
  private func address(
    of milter: SocketAddressText, _ queue: String, _ isChrooted: Bool
  ) -> String? {
    switch milter.place {
    case .unix(let path):
      // A relative path begins in the queue directory, in a chroot and without one.
      if path.hasPrefix(queue + "/") { return "unix:" + path.dropFirst(queue.count + 1) }
      return isChrooted ? nil : "unix:" + path
    case .inet(let host, let port): return "inet:\(host):\(port)"
    case .inet6(let host, let port): return "inet:[\(host)]:\(port)"
    }
  }

  /// What to do first where Postfix runs in a chroot, as on Debian.
  private func unreachable(_ queue: String) -> [String] {
    [
      "# Postfix's services run in a chroot, \(queue), and no listener is in there.",
      "# As root:",
      "#   install -d -o defang -g postfix -m 2750 \(queue)/defang",
      "# In the filter's configuration, then  systemctl restart defangd",
      "#   listen \"unix:\(queue)/defang/defang.sock\" :mode \"0660\";",
      "# and call this again.",
    ]
  }
}
