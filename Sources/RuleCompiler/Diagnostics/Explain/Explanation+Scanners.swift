// Texts of family D about scanners.

extension Explanation {
  static let scanners: [Explanation] = [
    Explanation(
      .scannerLacks, "a scanner that cannot do this",
      """
      An option of 'scanner', or a command that names a scanner, asks for something that
      scanners of its kind do not have.
      """,
      in: .file,
      wrong: """
        on_error :scanner "tempfail";
        scanner :clamd "unix:/run/clamav/clamd.ctl" "clamav";
        phase eom { rule "trap" { if scan "clamav" { train :spam "clamav"; } } }
        """,
      right: """
        on_error :scanner "tempfail";
        scanner :rspamd "inet:11334@localhost" "rspamd";
        phase eom { rule "trap" { if scan "rspamd" { train :spam "rspamd"; } } }
        """,
      why: """
        What is written and never happens would be worse than an error: spamd and rspamd
        learn from mail and write header fields, a virus scanner does neither.
        """),
    Explanation(
      .exitCodeTwice, "an exit code with two meanings",
      """
      The same exit code of a program stands twice among the lists of a 'scanner'.
      """,
      in: .file,
      wrong: """
        on_error :scanner "tempfail";
        program ["/usr/bin/savscan", "%f"] "savscan";
        scanner :program "savscan" :infected ["3"] :suspicious ["2", "3"] "sophos";
        phase eom { rule "virus" { if scan "sophos" { reject "Infected"; } } }
        """,
      right: """
        on_error :scanner "tempfail";
        program ["/usr/bin/savscan", "%f"] "savscan";
        scanner :program "savscan" :infected ["3"] :suspicious ["2"] "sophos";
        phase eom { rule "virus" { if scan "sophos" { reject "Infected"; } } }
        """,
      why: """
        A program that ends has one exit code, and that has one meaning. Codes that no list
        names are errors, so they need not be listed.
        """),
  ]
}
