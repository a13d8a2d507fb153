// Every setting there is, with its values, their ranges and what holds without it. The manual page
// and the example have this order.

package enum SettingSheet {
  package static let standardPath = "/etc/defang/defangd.conf"

  /// How the value behind a name is called in what `defang-rulec settings` prints.
  static let valueName = "value"
  /// The same of a setting that is only said or not.
  static let switchName = "on"

  package static let all: [Setting] = [policy, listen, process, service, watch].flatMap { $0 }

  package static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static func value(
    _ form: SettingForm, isList: Bool = false, standard: SettingValue? = SettingValue.none,
    _ meaning: String
  ) -> SettingArgument {
    SettingArgument(valueName, form, isList: isList, standard: standard, meaning)
  }

  private static let policy: [Setting] = [
    Setting(
      "rules", "The policy; several files are one policy, in that order.",
      value: value(
        .path, isList: true, standard: .texts(["/etc/defang/policy.rules"]),
        "Files of rules, or one image (.drc).")),
    Setting(
      "shadow", "A second policy beside the live one: compared and counted, never applied.",
      value: value(.path, isList: true, standard: .texts([]), "Files of rules, or one image."),
      tags: [
        SettingArgument(
          "share", .number(1...100), standard: .number(10), "Percent of sessions that it sees.")
      ]),
    Setting("observe", "Evaluate and log everything, do nothing.", isSwitch: true),
    Setting(
      "trace", "Log what each rule tested and did, for every message.",
      tags: [
        SettingArgument(
          "only", .traceFilter, isList: true, standard: .texts([]),
          "Only for these: client=NET sender=A recipient=A rule=NAME share=1/N.")
      ], isSwitch: true),
  ]

  private static let listen: [Setting] = [
    Setting(
      "listen", "Where mail servers, or others by one of the first tags, connect; may be repeated.",
      value: value(
        .listener, standard: .text("unix:/run/defang/defang.sock"),
        "unix:PATH, inet:PORT@HOST or inet6:PORT@HOST."),
      tags: [
        SettingArgument(
          "socketmap", .flag, group: "purpose", "Mail servers ask the policy's tables there."),
        SettingArgument("control", .flag, group: "purpose", "defangctl asks there."),
        SettingArgument(
          "metrics", .flag, group: "purpose", "Prometheus asks for figures there, on this host."),
        SettingArgument("mode", .fileMode, standard: .text("0660"), "Mode of a unix socket."),
        SettingArgument("group", .account, "Group of a unix socket; the daemon's if left out."),
        SettingArgument("remote", .flag, "Other hosts may connect, which no password protects."),
      ], repeats: true),
    Setting(
      "engine", "Which program part speaks the milter protocol.",
      value: value(
        .word(["nio", "libmilter"]), standard: .text("nio"),
        "nio is our own; libmilter serves one listener.")),
  ]

  private static let process: [Setting] = [
    Setting(
      "user", "The user to become once the sockets are open.",
      value: value(.account, "A name or a number; who started it if left out.")),
    Setting(
      "group", "The group to become.",
      value: value(.account, "A name or a number; the user's if left out.")),
    Setting(
      "state", "Folder of the quarantine, of mail that waits to be sent, of memories and switches.",
      value: value(.path, standard: .text("/var/lib/defang"), "Made when it is missing.")),
    Setting(
      "pid", "File that holds the number of the process while it runs.",
      value: value(.path, "None if left out.")),
    Setting(
      "threads", "Threads of the engine nio.",
      value: value(.number(1...256), "One for each processor if left out.")),
    Setting(
      "grace", "Seconds that messages in hand get when the daemon is told to end.",
      value: value(.number(0...3_600), standard: .number(30), "0 ends at once.")),
    Setting(
      "worker", "When the process that serves is replaced by another.",
      tags: [
        SettingArgument(
          "silence", .number(5...3_600), standard: .number(30),
          "Seconds without a turn of its event loops after which it is killed."),
        SettingArgument(
          "memory", .number(16_777_216...1_099_511_627_776), standard: .number(4_294_967_296),
          "Bytes of memory beyond which another takes its place; it finishes its messages."),
      ]),
    Setting(
      "limits", "What sessions may cost, and how long each side may take.", tags: limits),
    Setting(
      "overload", "What messages get beyond the limits of sessions or memory.",
      value: value(
        .word(["tempfail", "accept"]), standard: .text("tempfail"),
        "accept lets mail pass unfiltered."),
      tags: [
        SettingArgument(
          "reserve", .number(0...90), standard: .number(10),
          "Percent of sessions and memory kept for clients on this host and mail of our own.")
      ]),
  ]

  private static let limits: [SettingArgument] = [
    SettingArgument(
      "sessions", .number(1...100_000), standard: .number(10_000),
      "Connections of mail servers at once; those beyond it get the answer of overload."),
    SettingArgument(
      "memory", .number(16_777_216...1_099_511_627_776), standard: .number(1_073_741_824),
      "Bytes of all messages in hand; new ones beyond it get the answer of overload."),
    SettingArgument(
      "message", .number(65_536...2_147_483_647), standard: .number(67_108_864),
      "Bytes that are kept of one message."),
    SettingArgument(
      "idle", .number(330...86_400), standard: .number(7_210),
      "Seconds of silence between messages after which a connection is closed."),
    SettingArgument(
      "packet", .number(5...3_600), standard: .number(60),
      "Seconds until a packet of the mail server must be whole."),
    SettingArgument(
      "command", .number(1...300), standard: .number(8),
      "Seconds until each command but the last of a message is answered."),
    SettingArgument(
      "end", .number(1...290), standard: .number(60),
      "Seconds until the end of a message is answered."),
  ]

  private static let service: [Setting] = [
    Setting(
      "hostname", "This host's name in mail of our own and in fields that we add.",
      value: value(.host, "The system's if left out.")),
    Setting(
      "dns", "Name servers.",
      value: value(
        .nameServer, isList: true, standard: .texts([]),
        "ADDRESS or ADDRESS:PORT; those of /etc/resolv.conf if left out.")),
    Setting(
      "submit", "Mail server that takes our own mail.",
      value: value(
        .mailServer, standard: .text("127.0.0.1:25"), "HOST:PORT, [IPV6]:PORT or unix:PATH."),
      tags: [
        SettingArgument(
          "tls", .word(["off", "opportunistic", "required"]), standard: .text("opportunistic"),
          "Encryption to that server."),
        SettingArgument(
          "name", .host, "The name that its certificate must be for; its host if left out."),
        SettingArgument(
          "authorities", .path,
          "PEM file of the authorities to trust for it; those of the system if left out."),
        SettingArgument(
          "credentials", .path, "File of mode 0600 with two lines, user and password."),
      ]),
    Setting(
      "memory", "Where policies remember: greylists, rates, duplicates, senders.",
      value: value(
        .memory, standard: .text("sqlite"),
        "sqlite is a file in the state folder; redis:ADDRESS is shared by several hosts."),
      tags: [
        SettingArgument("secret", .path, "File of mode 0600 with the password of that Redis."),
        SettingArgument("user", .account, "The user to log in as; its default user if left out."),
        SettingArgument(
          "prefix", .keyPrefix, standard: .text("defang"),
          "What the names of keys begin with; hosts with the same one share."),
      ]),
  ]

  private static let watch: [Setting] = [
    Setting(
      "log", "Where lines of the log go, and which.",
      value: value(
        .word(["stderr", "syslog", "journal"]), standard: .text("stderr"),
        "syslog is /dev/log, with the facility mail."),
      tags: [
        SettingArgument(
          "format", .word(["text", "json"]), standard: .text("text"),
          "QUEUEID: key=value …, or one JSON object a line."),
        SettingArgument(
          "level", .word(["debug", "info", "notice", "warning", "error"]),
          standard: .text("info"), "What is below is left out; verdicts are info."),
        SettingArgument(
          "events", .word(["message", "recipient", "graphdefang"]), standard: .text("message"),
          "Lines of events: one a message, one a recipient, or as graphdefang reads."),
      ]),
    Setting(
      "history", "Keep a history for defangctl why, history and report.",
      tags: [
        SettingArgument(
          "days", .number(1...3_650), standard: .number(30), "Days that it goes back."),
        SettingArgument(
          "entries", .number(1...100_000_000), standard: .number(1_000_000),
          "Messages that it keeps at most."),
        SettingArgument(
          "folder", .path, "Where it lies; the state folder if left out."),
      ], isSwitch: true),
    Setting(
      "faults", "Messages on which the filter itself failed are kept, to be traced.",
      tags: [
        SettingArgument(
          "count", .number(0...1_000), standard: .number(100),
          "Messages at most, the oldest go; 0 keeps none."),
        SettingArgument(
          "size", .number(65_536...1_099_511_627_776), standard: .number(268_435_456),
          "Bytes of all of them."),
      ]),
  ]
}

extension SettingSheet {
  /// The commands as the binder of arguments takes them. Tags may stand behind the value: who
  /// writes a listener says the address first.
  static let signatures: [String: Signature] = Dictionary(
    uniqueKeysWithValues: all.map { setting in
      var signature = Signature(
        name: setting.name,
        tags: setting.tags.map { TagSignature($0.name, $0.kind, group: $0.group) })
      signature.positional =
        setting.value.map { [PositionalSignature($0.label, $0.positionalKind)] } ?? []
      signature.tagsStandAnywhere = true
      return (setting.name, signature)
    })

  static let vocabulary = Vocabulary(
    commands: Set(signatures.keys), tests: [], testTakers: [], testNeeders: [], blockNeeders: [])
}

extension SettingArgument {
  fileprivate var kind: ValueKind? {
    switch form {
    case .flag: nil
    case .number: .number
    default: isList ? .strings : .string
    }
  }

  /// What messages call the value behind the name.
  fileprivate var label: String {
    switch form {
    case .word, .flag: "word"
    case .number: "number"
    case .line: "text"
    case .path: "path"
    case .fileMode: "mode"
    case .listener, .nameServer, .mailServer: "address"
    case .host: "host name"
    case .memory: "place"
    case .keyPrefix: "prefix"
    case .account: "name"
    case .traceFilter: "filter"
    }
  }

  fileprivate var positionalKind: ValueKind { kind ?? .string }
}
