// The configuration files of both mail servers. They relay everything to the sink, look nothing up
// outside the machine, and treat the milter as the manual of this project tells administrators to.
import Foundation

struct ServerPlan {
  let directory: LabDirectory
  let port: UInt16
  let sinkPort: UInt16
  let milterPort: UInt16?
  /// The milter listens on ::1, not on 127.0.0.1.
  var isMilterOnIPv6 = false
  /// How long the milter may take for a word; nil: as administrators are told to set it.
  var patienceSeconds: Int?

  static let sendmailProgram = Laboratory.cache + "/sendmail/usr/libexec/sendmail/sendmail"

  private var path: String { directory.path }

  // MARK: sendmail

  func writeSendmail() throws {
    try directory.makeDirectory("queue")
    try directory.makeDirectory("submit-queue")
    try directory.write("etc/service.switch", "hosts files\naliases files\npasswd files\n")
    try directory.write("statistics", "")
    try makeSendmailConfiguration("sendmail", sendmailSource)
    try makeSendmailConfiguration("submit", submitSource)
  }

  private func makeSendmailConfiguration(_ name: String, _ source: String) throws {
    let macros = Laboratory.cache + "/sendmail/usr/share/sendmail/cf/"
    let input = try directory.write(name + ".mc", source)
    // m4 writes warnings too (an open relay is what we want here): only its output counts.
    let command = "exec m4 -D_CF_DIR_=\"$0\" \"$0/m4/cf.m4\" \"$1\" 2>\"$1.errors\""
    let status = try ChildProcess.run(
      ["sh", "-c", command, macros, input], outputPath: "\(path)/\(name).cf")
    guard status == .code(0) else {
      throw LabError("m4: \(status) \(directory.text(name + ".mc.errors"))")
    }
  }

  private var sendmailCommon: String {
    """
    divert(0)dnl
    OSTYPE(`linux')dnl
    define(`confDOMAIN_NAME', `\(MailServer.hostName)')dnl
    define(`confDONT_PROBE_INTERFACES', `true')dnl
    define(`confSERVICE_SWITCH_FILE', `\(path)/etc/service.switch')dnl
    define(`STATUS_FILE', `\(path)/statistics')dnl
    define(`ALIAS_FILE', `')dnl
    define(`confTO_IDENT', `0s')dnl
    define(`confREFUSE_LA', `1000')dnl
    define(`confQUEUE_LA', `1000')dnl
    define(`confDELAY_LA', `1000')dnl
    define(`confMCI_CACHE_SIZE', `0')dnl
    define(`confLOG_LEVEL', `14')dnl
    FEATURE(`no_default_msa')dnl
    FEATURE(`nocanonify')dnl
    FEATURE(`accept_unresolvable_domains')dnl
    FEATURE(`accept_unqualified_senders')dnl

    """
  }

  private var sendmailSource: String {
    // `relay:` keeps the smart host although [127.0.0.1] is a local name of class w.
    let address = isMilterOnIPv6 ? ("inet6", "::1") : ("inet", "127.0.0.1")
    let socket =
      milterPort.map { "\(address.0):\($0)@\(address.1)" } ?? "unix:\(path)/run/milter"
    return sendmailCommon + """
      define(`QUEUE_DIR', `\(path)/queue')dnl
      define(`confPID_FILE', `\(path)/sendmail.pid')dnl
      define(`confDELIVERY_MODE', `background')dnl
      define(`confBAD_RCPT_THROTTLE', `0')dnl
      define(`confAUTH_MECHANISMS', `CRAM-MD5 PLAIN LOGIN')dnl
      define(`SMART_HOST', `relay:[127.0.0.1]')dnl
      define(`RELAY_MAILER_ARGS', `TCP $h \(sinkPort)')dnl
      FEATURE(`promiscuous_relay')dnl
      DAEMON_OPTIONS(`Port=\(port), Addr=127.0.0.1, Name=MTA')dnl
      INPUT_MAIL_FILTER(`defang', `S=\(socket), F=T, T=\(sendmailPatience)')dnl
      MAILER(`smtp')dnl

      """
  }

  /// The submission program: hands everything to the server above by SMTP. Both greet with one
  /// name; mailer flag k says that this is no loop.
  private var submitSource: String {
    sendmailCommon + """
      define(`QUEUE_DIR', `\(path)/submit-queue')dnl
      define(`confPID_FILE', `\(path)/submit.pid')dnl
      define(`confDELIVERY_MODE', `interactive')dnl
      define(`SMART_HOST', `relay:[127.0.0.1]')dnl
      define(`RELAY_MAILER_ARGS', `TCP $h \(port)')dnl
      define(`RELAY_MAILER_FLAGS', `k')dnl
      MAILER(`smtp')dnl

      """
  }

  // MARK: Postfix

  func writePostfix() throws {
    try directory.makeDirectory("etc/postfix/sasl")
    try directory.write(
      "etc/postfix/sasl/smtpd.conf", directory.text("etc/sasl2/Sendmail.conf"))
    try directory.write("etc/postfix/main.cf", postfixMain)
    try directory.write("etc/postfix/master.cf", postfixMaster)
    try makePostfixQueue()
  }

  private func makePostfixQueue() throws {
    let own = [
      "incoming", "active", "deferred", "defer", "bounce", "flush", "trace", "hold", "corrupt",
      "saved", "private",
    ]
    for name in own.map({ "queue/" + $0 }) + ["data"] {
      let full = try directory.makeDirectory(name)
      try Posix.setOwner(full, user: "postfix", group: nil)
      try Posix.setMode(full, 0o700)
    }
    try directory.makeDirectory("queue/pid")
    for (name, mode) in [("queue/maildrop", UInt32(0o1730)), ("queue/public", 0o2710)] {
      let full = try directory.makeDirectory(name)
      try Posix.setOwner(full, user: "postfix", group: "postdrop")
      try Posix.setMode(full, mode)
    }
  }

  private var postfixMain: String {
    let host = isMilterOnIPv6 ? "[::1]" : "127.0.0.1"
    let socket = milterPort.map { "inet:\(host):\($0)" } ?? "unix:\(path)/run/milter"
    return """
      compatibility_level = 3.6
      queue_directory = \(path)/queue
      data_directory = \(path)/data
      command_directory = \(Laboratory.cache)/postfix/usr/sbin
      daemon_directory = /usr/lib/postfix/sbin
      mail_owner = postfix
      setgid_group = postdrop
      myhostname = \(MailServer.hostName)
      myorigin = \(MailServer.hostName)
      mydestination =
      local_recipient_maps =
      alias_maps =
      alias_database =
      inet_interfaces = 127.0.0.1
      inet_protocols = \(isMilterOnIPv6 ? "all" : "ipv4")
      mynetworks = 0.0.0.0/0
      smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
      relayhost = [127.0.0.1]:\(sinkPort)
      smtp_host_lookup = native
      smtpd_error_sleep_time = 0
      smtpd_hard_error_limit = 1000
      smtpd_authorized_xclient_hosts = 127.0.0.0/8
      smtpd_sasl_auth_enable = yes
      cyrus_sasl_config_path = /etc/postfix/sasl
      append_dot_mydomain = no
      biff = no
      smtpd_milters = \(socket)
      non_smtpd_milters = \(socket)
      milter_default_action = tempfail
      \(postfixPatience)

      """
  }

  private var sendmailPatience: String {
    patienceSeconds.map { "C:\($0)s;S:\($0)s;R:\($0)s;E:2m" } ?? "C:10s;S:10s;R:30s;E:2m"
  }

  private var postfixPatience: String {
    guard let seconds = patienceSeconds else { return "" }
    return ["connect", "command", "content"]
      .map { "milter_\($0)_timeout = \(seconds)s" }.joined(separator: "\n")
  }

  /// Nothing runs in a chroot: the milter's socket is outside the queue.
  private var postfixMaster: String {
    """
    127.0.0.1:\(port) inet n - n - - smtpd
    pickup unix n - n 60 1 pickup
    cleanup unix n - n - 0 cleanup
    qmgr unix n - n 300 1 qmgr
    tlsmgr unix - - n 1000? 1 tlsmgr
    rewrite unix - - n - - trivial-rewrite
    bounce unix - - n - 0 bounce
    defer unix - - n - 0 bounce
    trace unix - - n - 0 bounce
    verify unix - - n - 1 verify
    flush unix n - n 1000? 0 flush
    proxymap unix - - n - - proxymap
    smtp unix - - n - - smtp
    relay unix - - n - - smtp
    showq unix n - n - - showq
    error unix - - n - - error
    retry unix - - n - - error
    discard unix - - n - - discard
    local unix - n n - - local
    virtual unix - n n - - virtual
    anvil unix - - n - 1 anvil
    scache unix - - n - 1 scache

    """
  }
}
