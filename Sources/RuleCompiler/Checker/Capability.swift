// The names that `require` knows.

/// Capabilities (RFC 5228 §2.10.5): those that are there, and those that are no job of a filter
/// at the MTA.
enum Capability {
  /// Our own dialect.
  static let ours = "defang"

  static let known: Set<String> = [
    ours, "envelope", "variables", "extlists", "editheader", "reject", "foreverypart",
    "relational",
    "comparator-i;octet", "comparator-i;ascii-casemap",
  ]

  /// They belong to final delivery: mailboxes, flags, answers by the recipient.
  static let refused: Set<String> = [
    "fileinto", "vacation", "vacation-seconds", "imap4flags", "imapflags", "enotify", "notify",
    "mailbox", "mailboxid", "mboxmetadata", "servermetadata", "special-use", "fcc", "imapsieve",
    "redirect-dsn", "redirect-deliverby", "copy",
  ]
}
