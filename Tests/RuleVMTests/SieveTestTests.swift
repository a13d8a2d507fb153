// Sieve's tests on header, dates, content, envelope and session: each is asked of one message.

import MailMessage
import RuleBytecode
import Testing

@testable import RuleVM

struct SieveTestTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let test: String
    let expected: Bool
    var testDescription: String { test }

    init(_ test: String, _ expected: Bool) {
      self.test = test
      self.expected = expected
    }
  }

  private static let message = """
    Received: from a by b; Wed, 12 Nov 2014 18:18:31 +0100
    Received: from c by d;
     Wed, 12 Nov 2014 18:18:29 +0100
    X-A: First
    Date: Mon, 20 Jul 2009 21:44:43 +0300
    X-B: B
    X-A: Second
    Invalid-Date: Moo, 34 Juul 3060 25:30:42 +6600
    From: Ann <ann+lists@example.com>
    To: bob@example.org, "x y+z"@example.net, undisclosed:;
    X-A:  Third
     =?utf-8?q?_=C3=A4?=\u{20}
    Empty:
    Content-Type: multipart/mixed; boundary=o

    before
    --o
    Content-Type: text/plain; charset=utf-8; method=REQUEST
    Content-Disposition: inline; filename="frop.exe"; title="Frop!"
    X-Part: one

    Hello
    --o
    Content-Type: text/html
    X-Part: two

    <p>Hello <b>W</b>orld &amp; all</p>
    --o
    Content-Type: message/rfc822

    From: inner@example.com
    X-Part: three

    Inner
    --o--
    behind

    """

  private func answer(_ test: String, _ set: (PolicySession) -> Void = { _ in }) throws -> Bool {
    let session = try TestPolicy.session(
      #"""
      table :inline ["a"] "known";
      phase eom { rule "t" { if \#(test) { log "yes"; } else { log "no"; } } }
      """#
    )
    set(session)
    #expect(session.endOfMessage(Self.message).isUndecided)
    return session.logged == ["yes"]
  }

  static let fields = [
    Case(#"header :index 2 "X-A" "second""#, true), Case(#"header :index 2 "X-A" "first""#, false),
    Case(#"header :index 1 :last "X-A" "Third  ä""#, true),
    Case(#"header :last :index 3 "X-A" "First""#, true),
    Case(#"header :index 4 "X-A" ["First", "Second"]"#, false),
    Case(#"header :index 1 ["X-A", "X-B"] "b""#, true),
    Case(#"header :index 2 ["X-A", "X-B"] "b""#, false),
    Case(#"header "Empty" """#, true), Case(#"header :is "X-None" """#, false),
    Case(#"header :contains "X-B" """#, true),
    Case(#"address :index 1 "To" "bob@example.org""#, true),
    Case(#"header :mime "X-Part" "one""#, false), Case(#"header :mime "X-B" "B""#, true),
    Case(#"header :mime :anychild "X-Part" "one""#, true),
    Case(#"header :mime :anychild "X-Part" "three""#, true),
    Case(#"header :mime :anychild :index 2 "X-Part" "two""#, true),
    Case(#"header :mime :anychild :index 1 :last "X-Part" "three""#, true),
    Case(#"header :mime :type "Content-Type" "multipart""#, true),
    Case(#"header :mime :subtype "Content-Type" "mixed""#, true),
    Case(#"header :mime :contenttype "Content-Type" "multipart/mixed""#, true),
    Case(#"header :mime :param "boundary" "Content-Type" "o""#, true),
    Case(#"header :mime :anychild :type "Content-Disposition" "inline""#, true),
    Case(#"header :mime :anychild :subtype "Content-Disposition" """#, true),
    Case(#"header :mime :anychild :param ["method", "Title"] "Content-Disposition" "frop!""#, true),
    Case(#"header :mime :anychild :param "none" "Content-Disposition" """#, false),
    Case(#"exists :mime "X-Part""#, false),
    Case(#"exists :mime :anychild ["X-Part", "X-A"]"#, true),
    Case(#"exists :mime :anychild ["X-Part", "X-None"]"#, false),
    Case(#"address :mime :anychild "From" "inner@example.com""#, true),
    Case(#"address :mime "From" "inner@example.com""#, false),
  ]

  static let addresses = [
    Case(#"address :user "From" "ann""#, true), Case(#"address :detail "From" "lists""#, true),
    Case(#"address :localpart "From" "ann+lists""#, true),
    Case(#"address :user "To" "bob""#, true), Case(#"address :detail :contains "To" """#, true),
    Case(#"address :detail :index 1 :is "To" "z""#, true),
    Case(#"address :all :contains "To" "undisclosed""#, false),
    Case(#"address :domain "To" "example.net""#, true),
  ]

  static let dates = [
    Case(#"date :originalzone "Date" "std11" "mon, 20 jul 2009 21:44:43 +0300""#, true),
    Case(#"date "Date" "hour" "18""#, true), Case(#"date :zone "+0200" "Date" "hour" "20""#, true),
    Case(#"date :zone "-0330" "Date" "zone" "-0330""#, true),
    Case(#"date :index 1 "Received" "second" "31""#, true),
    Case(#"date :index 1 :last "Received" "second" "31""#, false),
    Case(#"date :matches "Invalid-Date" "year" "*""#, false),
    Case(#"date :matches "X-None" "year" "*""#, false),
    Case(#"date "Date" "WEEKDAY" "1""#, true),
    Case(#"currentdate "iso8601" "1970-01-01T00:00:00+00:00""#, true),
    Case(#"currentdate :zone "-0100" "date" "1969-12-31""#, true),
  ]

  static let content = [
    Case(#"body :raw :contains "--o""#, true), Case(#"body :raw :contains "X-A""#, false),
    Case(#"body :text :contains "hello world & all""#, true), Case(#"body :contains "<p>""#, false),
    Case(#"body :contains "Inner""#, true), Case(#"body :contains "before""#, false),
    Case(#"body :content "text" :contains "<p>""#, true),
    Case(#"body :content "text/plain" :is "Hello""#, true),
    Case(#"body :content "multipart" :is "before""#, true),
    Case(#"body :content "multipart" :contains "behind""#, true),
    Case(#"body :content "message/rfc822" :contains "X-Part: three""#, true),
    Case(#"body :content ["image", ""] :is "Inner""#, true),
    Case(#"body :content "text/" :contains """#, false),
    Case(#"body :content "application/pdf" :contains """#, false),
    Case(#"allof (header :matches "X-B" "*", body :matches "H*o", string "${1}" "B")"#, true),
  ]

  static let others = [
    Case(#"environment "name" "Defang""#, true), Case(#"environment "location" "mta""#, true),
    Case(#"environment "phase" "pre""#, true), Case(#"environment :contains "version" ".""#, true),
    Case(#"environment "remote-ip" "192.0.2.7""#, true), Case(#"environment "host" """#, true),
    Case(#"environment :matches "vnd.defang.policy" "????????*""#, true),
    Case(#"environment "vnd.defang.auth-user" """#, true),
    Case(#"valid_ext_list "table:known""#, true),
    Case(#"valid_ext_list ["table:known", "table:other"]"#, false),
    Case(#"valid_ext_list "known""#, false),
  ]

  @Test(arguments: fields + addresses + dates + content + others)
  func answers(_ example: Case) throws {
    #expect(try answer(example.test) == example.expected)
  }

  @Test(arguments: [
    ("A: b", false), ("A: b\n", false), ("A: b\n\n", true), ("A: b\n\nc", true),
  ])
  func bodyOfNothing(_ message: String, _ expected: Bool) throws {
    let session = try TestPolicy.session(
      #"phase eom { rule "t" { if body :raw :contains "" { log "yes"; } } }"#)
    #expect(session.endOfMessage(message).isUndecided)
    #expect(session.logged == (expected ? ["yes"] : []))
  }

  @Test func hostAndDomainOfTheServer() throws {
    let found = try answer(
      #"allof (environment "host" "mx.example.net", environment "domain" "example.net")"#
    ) { $0.set(.serverName, "mx.example.net".utf8) }
    #expect(found)
  }

  /// What rules change is what later tests see.
  @Test func editedFields() throws {
    let session = try TestPolicy.session(
      #"""
      phase eom {
        rule "e" {
          setheader "Content-Type" "text/x; a=b";
          addheader "Date" "Thu, 1 Jan 1970 00:00:07 +0000";
          if header :mime :param "a" "Content-Type" "b" { log "param"; }
          if date :index 1 "Date" "second" "07" { log "date"; }
          addheader "To" "new+d@example.com";
          if address :index 1 :detail "To" "d" { log "detail"; }
        }
      }
      """#)
    #expect(session.endOfMessage(Self.message).isUndecided)
    #expect(session.logged == ["param", "date", "detail"])
  }

  @Test func mimeIsOfTheRunsPart() throws {
    let session = try TestPolicy.session(
      #"""
      phase part {
        rule "a" { if header :mime :matches "X-Part" "*" { log "part ${1}"; } }
        rule "b" { if header :mime :anychild :matches "X-Part" "t*" { log "child ${0}"; } }
        rule "c" { if header "X-Part" "one" { log "message"; } }
      }
      phase eom {
        rule "l" { foreverypart { if header :mime :matches "X-Part" "*" { log "loop ${1}"; } } }
      }
      """#)
    #expect(session.endOfMessage(Self.message).isUndecided)
    #expect(
      session.logged == [
        "child two", "part one", "part two", "child two", "child three", "part three",
        "child three", "loop one", "loop two", "loop three",
      ])
  }
}
