// Tests about the session, its recipients and numbers.

import RuleBytecode
import Testing

@testable import RuleVM

struct SessionQueryTests {
  static let cases: [OwnCase] =
    numbers + logins + transports + submissions + macros + recipients + failed

  static let numbers = [
    OwnCase(#"number :value "ge" "8.0" "8""#, .yes, in: .mail, first: ""),
    OwnCase(#"number :value "gt" "${sender.local}" "-3""#, .yes, sender: "<-2.5@x.example>"),
    OwnCase(#"number :value "lt" "${sender.local}" "-3""#, .no, sender: "<-2.5@x.example>"),
    OwnCase(#"number :value "eq" "${sender.local}" "2""#, .yes, sender: "<2.000@x.example>"),
    OwnCase(#"number :value "ne" "${sender.local}" "2""#, .yes, sender: "<3@x.example>"),
    OwnCase(#"number :value "le" "2" "${sender.local}""#, .yes, sender: "<2@x.example>"),
    // What is absent or no number compares with nothing, whatever the relation.
    OwnCase(#"number :value "ne" "${auth.user}" "2""#, .no),
    OwnCase(#"number :value "ne" "${sender.local}" "2""#, .no, sender: "<two@x.example>"),
    OwnCase(#"number :value "ne" "2" "${sender.local}""#, .no, sender: "<1e9@x.example>"),
    OwnCase(#"score :value "ge" "5.0""#, .yes, first: #"score "5" "A";"#),
    OwnCase(#"score :value "gt" "5.0""#, .no, first: #"score "5" "A";"#),
    OwnCase(#"score :value "eq" "-1""#, .yes, first: #"score "-1.0" "A";"#),
    OwnCase(
      #"score :value "le" "${t}""#, .yes, first: #"set "t" "5.5"; score "5.5" "A";"#),
    OwnCase(#"score :value "ne" "${t}""#, .no, first: #"set "t" "five"; score "5.5" "A";"#),
    OwnCase(#"score :over "${t}""#, .yes, first: #"set "t" "5.4"; score "5.5" "A";"#),
  ]

  static let logins = [
    OwnCase("authenticated", .no, in: .mail),
    OwnCase("authenticated", .yes, in: .mail, facts: [.authUser: "ann"]),
    OwnCase("authenticated", .yes, facts: [.authType: "EXTERNAL"]),
  ]

  private static let cipher: [Fact: String] = [
    .tlsVersion: "TLSv1.3", .tlsBits: "256", .tlsVerified: "yes",
  ]

  static let transports = [
    OwnCase("tls", .no),
    OwnCase("tls", .yes, facts: cipher),
    OwnCase("tls :bits 256", .yes, facts: cipher),
    OwnCase("tls :bits 257", .no, facts: cipher),
    OwnCase("tls :verified :bits 128", .yes, facts: cipher),
    OwnCase("tls :verified", .no, facts: [.tlsVersion: "TLSv1.2"]),
    OwnCase("tls :bits 1", .no, facts: [.tlsVersion: "TLSv1.2"]),
  ]

  /// The queue id is known at MAIL for mail that did not come by SMTP.
  static let submissions = [
    OwnCase(#"submission "remote""#, .yes, in: .mail),
    OwnCase(
      #"submission "local""#, .yes, in: .mail, facts: [.queueID: "Q1", .clientIP: "127.0.0.1"]),
    OwnCase(#"submission "local""#, .yes, facts: [.queueID: "Q1", .clientIP: "::1"]),
    OwnCase(#"submission "local""#, .yes, facts: [.queueID: "Q1", .clientIP: ""]),
    OwnCase(#"submission "local""#, .no, in: .mail, facts: [.clientIP: "127.0.0.1"]),
    OwnCase(#"submission "local""#, .no, facts: [.queueID: "Q1"]),
    OwnCase(
      #"submission "authenticated""#, .yes,
      facts: [.queueID: "Q1", .clientIP: "127.0.0.1", .authUser: "ann"]),
    OwnCase(#"submission ["authenticated", "local"]"#, .no),
    OwnCase(#"submission ["authenticated", "remote"]"#, .yes),
  ]

  static let macros = [
    OwnCase(#"macro "mail_host""#, .no, in: .mail),
    OwnCase(#"macro "mail_host""#, .yes, in: .mail, macros: ["{mail_host}": "h.example"]),
    OwnCase(#"macro "{mail_host}""#, .yes, in: .mail, macros: ["{mail_host}": "h.example"]),
    OwnCase(
      #"macro :matches "mail_host" "*.example""#, .yes, macros: ["{mail_host}": "h.example"]),
    OwnCase(#"macro "mail_host" "other.example""#, .no, macros: ["{mail_host}": "h.example"]),
    OwnCase(#"macro "Mail_host""#, .no, macros: ["{mail_host}": "h.example"]),
    OwnCase(#"macro "mail_host" """#, .no),
  ]

  private static let two = ["<bob@example.com>", "<eve@example.org>"]

  static let recipients = [
    OwnCase(#"recipient "eve@example.org""#, .yes, recipients: two),
    OwnCase(#"recipient :any :domain "example.org""#, .yes, recipients: two),
    OwnCase(#"recipient :all :domain "example.org""#, .no, recipients: two),
    OwnCase(#"recipient :all :domain ["example.org", "example.com"]"#, .yes, recipients: two),
    OwnCase(#"recipient :localpart :contains "ev""#, .yes, recipients: two),
    OwnCase(#"recipient "eve@example.org""#, .yes, in: .rcpt, recipients: ["<eve@example.org>"]),
    // In `rcpt` it is about this one, not those before.
    OwnCase(
      #"allof (recipient "eve@example.org", recipient "bob@example.com")"#, .no, in: .rcpt,
      recipients: two),
    OwnCase(#"recipient :all "bob@example.com""#, .no, recipients: []),
  ]

  static let failed = [
    OwnCase(#"failed dnsbl "z.example""#, .yes),
    OwnCase(#"failed dnsbl "z.example""#, .no, answers: [.dnsbl: [.values([])]]),
    OwnCase(#"failed dnsbl "z.example""#, .no, answers: [.dnsbl: [.values(["127.0.0.2"])]]),
    OwnCase(#"not failed dnsbl "z.example""#, .no),
    OwnCase(#"failed not dnsbl "z.example""#, .yes),
    OwnCase(#"allof (not failed dnsbl "z.example", dnsbl "z.example")"#, .no),
    OwnCase(#"failed anyof (true, dnsbl "z.example")"#, .no),
    OwnCase(#"failed dnsbl :on_error "tempfail" "z.example""#, .yes),
  ]

  @Test(arguments: cases) func saysWhatTheSessionIs(_ one: OwnCase) throws { try one.check() }

  /// Somebody who plays a session knows how the mail came, whatever id it was given.
  @Test(arguments: [true, false]) func whoeverDrivesMaySayHowItCame(isLocal: Bool) throws {
    let session = try TestPolicy.session(
      #"phase mail { rule "s" { if submission "local" { log "local"; } } }"#)
    session.set(.clientIP, "127.0.0.1".utf8)
    session.set(.queueID, "Q1".utf8)
    session.isLocalSubmission = isLocal
    #expect(session.mail("<a@example.net>").isUndecided)
    #expect(session.logged == (isLocal ? ["local"] : []))
  }
}

/// What rules have recorded so far.
struct VerdictSetTests {
  static let cases = [
    OwnCase("verdict_set", .no),
    OwnCase("verdict_set", .yes, first: #"quarantine "why";"#),
    OwnCase("verdict_set", .yes, first: "hold;"),
    OwnCase(#"verdict_set "hold""#, .no, first: #"quarantine "why";"#),
    OwnCase(#"verdict_set ["hold", "quarantine"]"#, .yes, first: "hold;"),
    OwnCase("verdict_set", .no, first: #"quarantine :copy "why";"#),
    OwnCase(
      #"verdict_set "reject""#, .yes,
      before: #"on_mixed :reject "notify" :tempfail "deliver";"#,
      first: #"for_each_rcpt { if recipient "bob@example.com" { reject "no"; } }"#),
    OwnCase(
      #"verdict_set "tempfail""#, .no,
      before: #"on_mixed :reject "notify" :tempfail "deliver";"#,
      first: #"for_each_rcpt { if recipient "bob@example.com" { reject "no"; } }"#),
  ]

  @Test(arguments: cases) func saysWhatIsRecorded(_ one: OwnCase) throws { try one.check() }
}
