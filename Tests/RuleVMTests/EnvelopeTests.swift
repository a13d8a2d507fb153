// `envelope`: paths and their parts, and the parameters of MAIL and RCPT (RFC 6009).

import RuleBytecode
import Testing

@testable import RuleVM

struct EnvelopeTests {
  private func logged(
    _ test: String, from: String = "<a@b>", _ mail: [String] = [], to: String = "<c@d>",
    _ rcpt: [String] = []
  ) throws -> [String] {
    let session = try TestPolicy.session(
      """
      phase rcpt { rule "r" { if \(test) { log "rcpt"; } } }
      phase data { rule "d" { if \(test) { log "data"; } } }
      """)
    _ = session.mail(Array(from.utf8), arguments: mail.map { Array($0.utf8) })
    _ = session.recipient(Array(to.utf8), arguments: rcpt.map { Array($0.utf8) })
    _ = session.data()
    return session.logged
  }

  private static let both = ["rcpt", "data"]

  static let paths: [(String, String, Bool)] = [
    (#"envelope "from" """#, "<>", true), (#"envelope :domain "from" """#, "<>", true),
    (#"envelope :user "from" """#, "<>", true), (#"envelope :domain "from" "b""#, "<a@B>", true),
    (#"envelope :user "from" "ann""#, "<ann+x@b>", true),
    (#"envelope :detail "from" "x""#, "<ann+x@b>", true),
    (#"envelope :detail :contains "from" """#, "<ann@b>", false),
    (#"envelope "from" "s@example.org""#, "<<s@example.org>", false),
    (#"envelope "from" "s@example.org""#, "<s@example.org", false),
    (#"envelope "from" "s@example.org""#, "s@example.org>", false),
    (#"envelope :domain :contains "from" "example""#, "<s example.org>", false),
    (#"envelope :localpart "from" "s""#, "<@x.example,@y.example:s@example.org>", true),
    (#"envelope :domain :contains "from" """#, "<x.example:s@example.org>", false),
    (#"envelope :domain :contains "from" """#, "<@.example.org:s@example.org>", false),
    (#"envelope :domain :contains "from" """#, "<@x..nl:s@example.org>", false),
    (#"envelope :domain :contains "from" """#, "<@x.example@y.example:s@example.org>", false),
    (#"envelope :domain :contains "from" """#, "<@x.example,y.example:s@example.org>", false),
    (#"envelope :domain :contains "from" """#, "<@x.example,@y.example,s@example.org>", false),
    (#"envelope "from" "MAILER-DAEMON""#, "<MAILER-DAEMON>", true),
    (#"envelope "from" "MAILER-DAEMON""#, "MAILER-DAEMON@", false),
    (#"envelope :localpart "from" "..a...b..""#, "..a...b..@example.com", true),
  ]

  @Test(arguments: paths)
  func path(_ test: String, _ path: String, _ isTrue: Bool) throws {
    #expect(try logged(test, from: path) == (isTrue ? Self.both : []))
  }

  static let parameters: [(String, [String], [String], Bool)] = [
    (#"envelope "notify" "success""#, [], ["NOTIFY=SUCCESS,FAILURE"], true),
    (#"envelope "notify" "FAILURE""#, [], ["notify=SUCCESS,FAILURE"], true),
    (#"envelope "notify" "DELAY""#, [], ["NOTIFY=SUCCESS,FAILURE"], false),
    (#"envelope :contains "notify" """#, [], [], false),
    (#"envelope "orcpt" "rfc822;a+b@example.com""#, [], ["ORCPT=rfc822;a+2Bb@example.com"], true),
    (#"envelope "ret" "HDRS""#, ["RET=HDRS"], [], true),
    (#"envelope "envid" "a=b""#, ["ENVID=a+3Db"], [], true),
    (#"envelope :contains "ret" """#, ["SIZE=4"], [], false),
    (#"envelope "bymode" "return""#, ["BY=120;R"], [], true),
    (#"envelope "bymode" "notify""#, ["BY=120;NT"], [], true),
    (#"envelope "bytrace" "true""#, ["BY=120;NT"], [], true),
    (#"envelope "bytrace" "false""#, ["BY=120;N"], [], true),
    (#"envelope "bytimerelative" "-30""#, ["BY=-30;R"], [], true),
    (#"envelope "bytimeabsolute" "1970-01-01T00:02:00+00:00""#, ["BY=120;R"], [], true),
    (#"envelope :contains "bymode" """#, ["BY=junk"], [], false),
    (#"envelope ["from", "ret"] "full""#, ["RET=FULL"], [], true),
  ]

  @Test(arguments: parameters)
  func parameter(_ test: String, _ mail: [String], _ rcpt: [String], _ isTrue: Bool) throws {
    #expect(try logged(test, mail, rcpt) == (isTrue ? Self.both : []))
  }

  @Test func everyRecipientsArguments() throws {
    let session = try TestPolicy.session(
      #"""
      phase rcpt { rule "r" { if envelope "notify" "NEVER" { log "${rcpt}"; } } }
      phase data { rule "d" { if envelope "notify" ["NEVER", "DELAY"] { log "some"; } } }
      """#)
    _ = session.mail("<a@b>")
    _ = session.recipient(Array("<c@d>".utf8), arguments: [Array("NOTIFY=DELAY".utf8)])
    _ = session.recipient(Array("<e@f>".utf8), arguments: [Array("NOTIFY=NEVER".utf8)])
    _ = session.recipient("<g@h>")
    _ = session.data()
    #expect(session.logged == ["e@f", "some"])
  }
}
