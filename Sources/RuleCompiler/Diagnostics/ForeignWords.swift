// Words that people bring from elsewhere: other languages, MIMEDefang's Perl, milter callbacks, and
// plain English. What is meant is mostly clear, and nearer than the name that is spelled alike.

/// What a word from elsewhere is called here.
enum ForeignWords {
  /// The command that is meant.
  static let commands: [String: String] = [
    "action_accept": "accept", "action_bounce": "reject", "action_discard": "discard",
    "action_tempfail": "tempfail", "action_drop": "drop", "action_quarantine": "quarantine",
    "action_replace_with_warning": "replace", "action_drop_with_warning": "drop",
    "action_replace_with_url": "replace_with_link", "action_add_header": "addheader",
    "action_add_part": "addpart", "action_change_header": "setheader",
    "action_delete_header": "deleteheader", "action_delete_all_headers": "deleteheader",
    "action_insert_header": "insertheader", "action_notify_administrator": "notify",
    "action_notify_sender": "notify", "action_defang": "rename",
    "action_external_filter":
      "filter_program", "action_quarantine_entire_message": "quarantine",
    "add_recipient": "addrcpt", "delete_recipient": "delrcpt", "change_sender": "setsender",
    "append_text_boilerplate": "disclaimer", "bounce": "reject", "deny": "reject",
    "refuse": "reject", "block": "reject", "defer": "tempfail", "deferral": "tempfail",
    "temporary": "tempfail", "allow": "accept", "permit": "accept", "pass": "accept",
    "ok": "accept", "exit": "stop", "quit": "stop", "end": "stop", "next": "continue",
    "dunno": "continue", "skip": "continue", "remove": "drop", "delete": "drop",
    "strip": "drop", "removeheader": "deleteheader", "remove_header": "deleteheader",
    "delheader": "deleteheader", "replaceheader": "setheader", "changeheader": "setheader",
    "change_header": "setheader", "print": "log", "echo": "log", "syslog": "log",
    "md_syslog": "log", "let": "set", "var": "set", "forward": "redirect", "copy": "redirect",
    "function": "define", "sub": "define", "macro": "define", "import": "include",
    "foreach": "foreverypart", "for": "foreverypart", "elif": "elsif", "elseif": "elsif",
    "elsfi": "elsif",
  ]

  /// What to write for a command that is none.
  static let commandHelp: [String: String] = [
    "while": "there are no loops but foreverypart and for_each_rcpt",
    "unless": "write if not TEST { … }",
    "switch_case": "write if … { … } elsif … { … } else { … }",
    "then": "leave it out: a block stands in '{' and '}'",
    "try": "what happens when a check fails says on_error",
  ]

  /// What to write for a test that is none.
  static let testHelp: [String: String] = [
    "subject": "write header :is \"Subject\" \"text\"",
    "from": "write address :is \"From\" \"user@example.com\", or envelope :is \"from\" …",
    "to": "write address :is \"To\" \"user@example.com\", or envelope :is \"to\" …",
    "sender": "write envelope :is \"from\" \"user@example.com\"",
    "rcpt": "write envelope :is \"to\" \"user@example.com\"",
    "helo": "write string :is \"${helo}\" \"name\"",
    "mime": "write part :is \"declared\" \"type/subtype\", in phase part",
    "attachment": "write part :is \"extension\" \"exe\", in phase part",
    "filename": "write part :is \"name\" \"file.txt\", in phase part",
    "extension": "write part :is \"extension\" \"exe\", in phase part",
    "contains": "it is a tag: header :contains \"Subject\" \"text\"",
    "matches": "it is a tag: header :matches \"Subject\" \"*text*\"",
    "regex": "it is a tag: header :regex \"Subject\" \"pattern\"",
    "rbl": "write dnsbl \"zone.example\"",
    "spam": "declare a scanner, and write scan \"name\"",
    "virus": "declare a scanner, and write scan \"name\"",
    "client": "write ip \"client\" \"192.0.2.0/24\"",
    "relay": "write ip \"client\" \"192.0.2.0/24\"",
    "auth": "write authenticated",
    "or": "write anyof (a, b)", "and": "write allof (a, b)",
  ]

  /// What to write for a tag that is none.
  static let tagHelp: [String: String] = [
    "not": "put 'not' before the test: not header …",
    "equals": "write :is, for the whole text", "equal": "write :is, for the whole text",
    "exact": "write :is, for the whole text",
    "starts": "write :matches \"text*\"", "startswith": "write :matches \"text*\"",
    "starts_with": "write :matches \"text*\"", "begins": "write :matches \"text*\"",
    "prefix": "write :matches \"text*\"", "ends": "write :matches \"*text\"",
    "endswith": "write :matches \"*text\"", "ends_with": "write :matches \"*text\"",
    "suffix": "write :matches \"*text\"", "like": "write :matches, with * and ?",
    "glob": "write :matches, with * and ?", "wildcard": "write :matches, with * and ?",
    "regexp": "write :regex", "pcre": "write :regex", "table": "write :list \"table:NAME\"",
    "in": "write :list \"table:NAME\"", "icase": "case counts with :comparator \"i;octet\" only",
    "nocase": "case counts with :comparator \"i;octet\" only",
    "ignorecase": "case counts with :comparator \"i;octet\" only",
  ]

  /// The phase that is meant.
  static let phases: [String: String] = [
    "filter_relay": "connect", "filter_helo": "helo", "filter_sender": "mail",
    "filter_recipient": "rcpt", "filter_begin": "message", "filter": "part",
    "filter_multipart": "part", "filter_end": "eom", "filter_wrapup": "eom",
    "body": "message", "end": "eom", "end_of_message": "eom", "endofmessage": "eom",
    "eoh": "headers", "end_of_headers": "headers", "mailfrom": "mail", "mail_from": "mail",
    "envfrom": "mail", "from": "mail", "sender": "mail", "rcptto": "rcpt", "rcpt_to": "rcpt",
    "envrcpt": "rcpt", "recipient": "rcpt", "to": "rcpt", "attachment": "part", "mime": "part",
    "content": "message",
  ]

  /// The field of `part` that is meant.
  static let partFields: [String: String] = [
    "filename": "name", "file": "name", "ext": "extension", "type": "declared",
    "mime": "declared", "mimetype": "declared", "content-type": "declared",
    "contenttype": "declared", "magic": "sniffed", "hash": "sha256", "length": "size",
  ]

  /// The field of an archive's member that is meant.
  static let memberFields: [String: String] = [
    "name": "member", "filename": "member", "file": "member", "ext": "extension",
    "type": "sniffed",
  ]

  /// The setting of a configuration that is meant: names of other filters.
  static let settings: [String: String] = [
    "socket": "listen", "bind": "listen", "bind_socket": "listen", "port": "listen",
    "policy": "rules", "rule": "rules", "policies": "rules", "config": "rules",
    "log_level": "log", "loglevel": "log", "syslog": "log", "logging": "log",
    "timeout": "limits", "timeouts": "limits", "max_sessions": "limits", "limit": "limits",
    "max_message_size": "limits", "pidfile": "pid", "pid_file": "pid", "username": "user",
    "workers": "threads", "processes": "threads", "resolver": "dns", "nameserver": "dns",
    "spool": "state", "state_dir": "state", "statedir": "state", "workdir": "state",
    "metrics": "listen", "control": "listen", "redis": "memory", "smtp": "submit",
    "relay": "submit", "dry_run": "observe", "test_mode": "observe",
  ]

  /// The part of the envelope that is meant.
  static let envelopeParts: [String: String] = [
    "sender": "from", "mail": "from", "mailfrom": "from", "mail_from": "from", "rcpt": "to",
    "recipient": "to", "recipients": "to", "rcptto": "to", "rcpt_to": "to", "user": "auth",
  ]

  /// The relation that is meant.
  static let relations: [String: String] = [
    ">": "gt", ">=": "ge", "<": "lt", "<=": "le", "=": "eq", "==": "eq", "!=": "ne", "<>": "ne",
    "gte": "ge", "lte": "le",
  ]

  /// The kind of encrypted parts that is meant.
  static let encrypted: [String: String] = [
    "zip": "archive", "rar": "archive", "7z": "archive", "word": "office", "excel": "office",
    "smime": "mail", "pgp": "mail", "gpg": "mail",
  ]

  /// The fact that is meant: names of other filters and of mail servers.
  static let facts: [String: String] = [
    "client.hostname": "client.name", "client.host": "client.name", "client.addr": "client.ip",
    "client.address": "client.ip", "client_addr": "client.ip", "client_address": "client.ip",
    "helo_name": "helo", "ehlo": "helo", "mail_from": "sender", "mailfrom": "sender",
    "envelope.from": "sender", "envelope_from": "sender", "envfrom": "sender",
    "sender.address": "sender", "rcpt_to": "rcpt", "rcptto": "rcpt", "recipient": "rcpt",
    "envelope.to": "rcpt", "envelope_to": "rcpt", "rcpt.address": "rcpt",
    "header.subject": "subject", "message.subject": "subject", "queue_id": "queue.id",
    "sender_address": "sender", "sender_address_domain": "sender.domain",
    "sender_address_local_part": "sender.local", "sender_host_address": "client.ip",
    "sender_host_name": "client.name", "sender_helo_name": "helo", "client_name": "client.name",
    "relayaddress": "client.ip", "relayhostname": "client.name", "recipient_domain": "rcpt.domain",
    "sasl_username": "auth.user", "authenticated_id": "auth.user", "message_size": "message.size",
    "from": "from.address", "h_subject": "subject",
    "spam.score": "score", "part.filename": "part.name", "part.type": "part.declared",
  ]
}
