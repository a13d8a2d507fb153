// The texts of family L, L024 and up: what declarations hold.

import RuleBytecode

extension Explanation {
  static let settingLiterals: [Explanation] = [
    Explanation(
      .badSocketAddress, "no socket address",
      """
      A service is asked at a socket, and this text is not the address of one.
      """,
      in: .file,
      wrong: """
        scanner :clamd "/run/clamav/clamd.ctl" "clamav";
        phase eom { on_error :scanner "tempfail"; rule "note" { log "${scan.clamav.result}"; } }
        """,
      right: """
        scanner :clamd "unix:/run/clamav/clamd.ctl" "clamav";
        phase eom { on_error :scanner "tempfail"; rule "note" { log "${scan.clamav.result}"; } }
        """,
      why: """
        Addresses are written as mail servers write them: unix:/path, inet:PORT@HOST,
        inet6:PORT@HOST.
        """),
    Explanation(
      .badURL, "no URL",
      """
      A URL of one of the named kinds is wanted here: scheme, ://, host, and the rest in
      printable ASCII.
      """,
      in: .file,
      wrong: """
        scanner :icap "icap:av.example.org/avscan" "gateway";
        phase eom { on_error :scanner "tempfail"; rule "note" { log "${scan.gateway.result}"; } }
        """,
      right: """
        scanner :icap "icap://av.example.org/avscan" "gateway";
        phase eom { on_error :scanner "tempfail"; rule "note" { log "${scan.gateway.result}"; } }
        """,
      why: """
        A URL that cannot be right would fail with the first mail, not now.
        """),
    Explanation(
      .badPath, "no path of a file",
      """
      The path is empty, ends in a slash, or holds control characters; or it is that of a
      program, which must be a whole path.
      """,
      in: .file,
      wrong: """
        program ["savscan", "-s"] :timeout 60 "sophos";
        scanner :program "sophos" "sophos";
        phase eom { on_error :scanner "tempfail"; rule "note" { log "${scan.sophos.result}"; } }
        """,
      right: """
        program ["/usr/local/bin/savscan", "-s"] :timeout 60 "sophos";
        scanner :program "sophos" "sophos";
        phase eom { on_error :scanner "tempfail"; rule "note" { log "${scan.sophos.result}"; } }
        """,
      why: """
        Programs run without a shell and without a search path, so that the environment
        does not choose which one it is. Other paths begin in the folder of their policy.
        """),
    Explanation(
      .badSetting, "a value that a setting cannot have",
      """
      The text is too long for what it sets, has control characters, or is of another form
      than wanted: a file mode is three or four octal digits.
      """,
      in: .file,
      wrong: """
        switch "lockdown" "off
        ";
        phase mail { rule "locked" { log "lockdown is ${switch.lockdown}"; } }
        """,
      right: """
        switch "lockdown" "off";
        phase mail { rule "locked" { log "lockdown is ${switch.lockdown}"; } }
        """,
      why: """
        Settings are shown in one line of reports and changed by one line of a command.
        """),
  ]
}
