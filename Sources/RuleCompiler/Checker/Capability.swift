// The names that `require` knows.

/// Capabilities (RFC 5228 §2.10.5): those that are there, and those that are no job of a filter
/// at the MTA.
enum Capability {
  /// Our own dialect.
  static let ours = "defang"

  static let known: Set<String> = [
    ours, "envelope", "variables", "extlists", "editheader", "reject", "ereject", "fileinto",
    "copy", "replace", "enclose", "foreverypart",
    "body", "date", "duplicate", "environment", "envelope-deliverby", "envelope-dsn", "index",
    "mime", "extracttext", "spamtest", "spamtestplus", "virustest", "relational", "subaddress",
    "regex", "encoded-character", "ihave", "include",
    "comparator-i;octet", "comparator-i;ascii-casemap", "comparator-i;ascii-numeric",
    "comparator-i;unicode-casemap",
  ]

  /// They belong to final delivery: mailboxes, flags, answers by the recipient.
  static let refused: Set<String> = [
    "vacation", "vacation-seconds", "imap4flags", "imapflags", "enotify", "notify",
    "mailbox", "mailboxid", "mboxmetadata", "servermetadata", "special-use", "fcc", "imapsieve",
    "redirect-dsn", "redirect-deliverby",
  ]

  /// What the refused ones would bring: their commands and tests.
  static let refusedNames: [String: String] = [
    "vacation": "vacation", "setflag": "imap4flags", "addflag": "imap4flags",
    "removeflag": "imap4flags", "hasflag": "imap4flags", "mark": "imapflags",
    "unmark": "imapflags", "mailboxexists": "mailbox", "mailboxidexists": "mailboxid",
    "metadata": "mboxmetadata", "metadataexists": "mboxmetadata",
    "servermetadata": "servermetadata", "servermetadataexists": "servermetadata",
    "specialuse_exists": "special-use", "valid_notify_method": "enotify",
    "notify_method_capability": "enotify",
  ]
}
