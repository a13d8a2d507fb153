// Sessions of `.rulestest` files and what they expect: what passes, and what fails with which
// difference.
import Testing

@testable import PolicyTests

struct RulesTestTests {
  private static let policy = """
    require ["defang", "envelope", "variables"];
    on_error :dns "tempfail";
    phase connect {
      rule "listed" { if dnsbl "zen.example" { reject :code "554" "listed by ${dnsbl.zone}"; } }
      rule "bad-client" { if ip "client" "192.0.2.66" { reject "go away"; } }
    }
    phase helo { rule "helo" { if string :is "${helo}" "liar.example" { reject "liar"; } } }
    phase mail {
      rule "sender" {
        if envelope :is "from" "bad@example.org" { tempfail "later"; }
        log "from ${sender} ${sender.arg.SIZE} ${auth.user} ${macro.x} ${now}";
      }
    }
    phase rcpt {
      rule "nobody" { if envelope :is "to" "nobody@example.com" { reject :code "550" "who?"; } }
      rule "mailer" { if string :is "${rcpt.mailer}" "local" { score "1.5" "LOCAL"; } }
    }
    phase eom {
      rule "spam" { if header :contains "Subject" "spam" { discard; } }
      rule "bill" {
        if header :contains "Subject" "bill" {
          notify :sender :subject "a bill" "please look";
          event "bill" ["${sender}", "1"];
        }
      }
      rule "tag" { addheader "X-Seen" "by ${sender}"; setheader "Subject" "[seen]"; }
    }
    """

  /// Steps and expectations that hold.
  @Test(arguments: [
    #"connect; expect :verdict "accept";"#,
    #"answer :dnsbl "zen.example" []; connect; expect :not :error "dns";"#,
    #"connect :ip "192.0.2.66"; expect :verdict "reject" :phase "connect" :rule "bad-client";"#,
    // What the connection got, each message of it gets.
    #"connect :ip "192.0.2.66"; mail "a@b.example"; rcpt "c@d.example"; expect :text "go away";"#,
    #"helo "liar.example"; expect :phase "helo"; helo "true.example"; expect :not :phase "helo";"#,
    #"mail "bad@example.org"; expect :verdict "tempfail" :code "451" :enhanced "4.7.1";"#,
    #"mail "bad@example.org"; rset; mail "good@example.org"; expect :verdict "accept";"#,
    #"mail :args "SIZE=7" :auth_user "u" "a@b.example"; expect :log :contains "a@b.example 7 u";"#,
    #"macro "x" "m"; now "2026-02-03T04:05:06+01:00"; mail "a@b.example";"#
      + #"expect :log :matches "* m 2026-02-03T03:05:06Z";"#,
    #"rcpt ["nobody@example.com", "c@d.example"]; expect :verdict "accept";"#
      + #"expect :recipient "nobody@example.com" :verdict "reject" :text "who?" :code "550";"#
      + #"expect :recipient "c@d.example" :verdict "accept";"#,
    #"rcpt "nobody@example.com"; data; expect :verdict "reject" :phase "rcpt";"#,
    #"rcpt :mailer "local" "c@d.example"; expect :score "1.5"; expect :score :over "1";"#
      + #"expect :score :under "2"; expect :not :score :over "1.5";"#,
    // Sender and recipients of a message that says them.
    """
    message text:
    From: w@example.org
    To: nobody@example.com
    .
    ; expect :verdict "reject" :rule "nobody";
    """,
    #"message "Subject: a spam"; expect :verdict "discard"; expect :not :action "addheader";"#,
    // Two messages in one session, then another connection.
    #"mail "x@b.example"; message "Subject: spam"; expect :verdict "discard";"#
      + #"mail "y@b.example"; message "Subject: fine"; expect :header "X-Seen" "by y@b.example";"#
      + #"connect :ip "192.0.2.66"; expect :verdict "reject";"#,
    #"message "Subject: =?utf-8?q?caf=C3=A9?="; expect :header "Subject" "[seen]";"#
      + #"expect :header "subject" :index 1 :count 1 :contains "seen"; expect :not :header "Z";"#
      + #"expect :action "setheader" :name "subject" :value :contains "seen" :rule "tag";"#
      + #"expect :action "addheader" :count 1; expect :not :unchanged;"#
      + #"expect :rules ["sender", "tag"]; expect :rule "tag"; expect :not :rule "spam";"#
      + #"expect :message :contains "X-Seen: by"; expect :not :message "x";"#,
    #"mail :auth_user "u" "a@b.example"; message "Subject: bill";"#
      + #"expect :action "notify" :name "a bill" :value :contains "look" :rule "bill" :count 1;"#
      + #"expect :action "event" :name "bill" :value "a@b.example 1";"#,
    // Nobody knows whose name that is, so nobody is written to.
    #"mail "a@b.example"; message "Subject: bill"; expect :not :action "notify" :rule "bill";"#
      + #"expect :action "event";"#,
    #"answer :dnsbl "zen.example" "127.0.0.2"; connect; expect :code "554" :text :is"#
      + #" "listed by zen.example";"#,
    #"answer :dnsbl "zen.example"; connect; expect :verdict "accept";"#,
    #"fail :dnsbl "zen.example"; connect; expect :error "dns"; expect :verdict "tempfail";"#,
    #"timeout :dnsbl "zen.example"; connect; expect :error "dns";"#,
    "answers text:\n{\"dnsbl\": {\"zen.example\": [\"127.0.0.2\"]}}\n.\n; connect;"
      + #"expect :verdict "reject";"#,
  ]) func passes(_ steps: String) {
    let result = run(
      """
      defaults { answer :dnsbl "zen.example"; }
      test "t" { \(steps) }
      """, on: Self.policy)
    #expect(result.diagnostics == "")
    #expect(result.results.map(\.failures) == [[]])
  }

  @Test(arguments: [
    (
      #"rcpt "nobody@example.com"; data; expect :verdict "accept" :code "250";"#,
      [
        Difference("verdict", expected: "accept", got: "reject"),
        Difference("code", expected: "250", got: "550"),
      ]
    ),
    (#"connect; expect :code "550";"#, [Difference("code", expected: "550", got: "none")]),
    (
      #"connect; expect :not :verdict "accept";"#,
      [Difference("verdict", expected: "not so", got: "accept")]
    ),
    (
      #"connect; expect :recipient "a@b.example" :verdict "accept";"#,
      [Difference("recipient", expected: "a@b.example", got: "none")]
    ),
    (
      #"message "Subject: x"; expect :rules "tag"; "#,
      [Difference("rules", expected: "tag", got: "sender, tag")]
    ),
    (
      #"message "Subject: x"; expect :header "Subject" "x";"#,
      [Difference("header Subject", expected: "x", got: "[seen]")]
    ),
    (
      #"message "Subject: spam"; expect :message :contains "x";"#,
      [Difference("message", expected: "…x…", got: "not delivered")]
    ),
    (#"connect; expect :score "1";"#, [Difference("score", expected: "1.0", got: "0.0")]),
    (#"connect; expect :log "x";"#, [Difference("log", expected: "x", got: "nothing")]),
    (#"connect; expect :error "dns";"#, [Difference("errors", expected: "dns", got: "none")]),
    (
      #"connect; expect :action "drop" :part "1.2";"#,
      [Difference("actions", expected: "drop part 1.2", got: "none")]
    ),
  ]) func fails(_ steps: String, _ expected: [Difference]) {
    let result = run(
      """
      defaults { answer :dnsbl "zen.example"; }
      test "t" { \(steps) }
      """, on: Self.policy)
    #expect(result.results.first?.failures.flatMap(\.differences) == expected)
  }

  /// At the limit and on both sides of it, whatever is left for the last line.
  @Test(arguments: [13, 14, 15, 16, 89, 90, 91, 168, 169, 170, 512 * 1024])
  func messageIsFilledUp(_ size: Int) {
    let policy = """
      require "defang";
      phase message { rule "size" { log "${message.size}"; } }
      """
    let mail = "To: a@b.c\n\n"
    let result = run(
      #"test "t" { message :size \#(size) "\#(mail)"; expect :log "\#(size)"; }"#, on: policy)
    #expect(result.diagnostics == "")
    #expect(result.results.flatMap(\.failures) == [])
  }

  /// A check that nobody answered has failed; the network is never asked.
  @Test func unansweredCheckFails() {
    let result = run(#"test "t" { connect; expect :error "dns"; }"#, on: Self.policy)
    #expect(result.results.map(\.isPassed) == [true])
  }

  /// Each test begins anew, with the defaults, and says more than they do.
  @Test func defaultsAreFilledIn() {
    let result = run(
      """
      test "own" { connect :name "n.example"; expect :verdict "reject"; }
      test "other" { connect :ip "192.0.2.1"; mail "a@b.example"; expect :log :contains "SZ"; }
      defaults {
        answer :dnsbl "zen.example";
        connect :ip "192.0.2.66";
        mail :args "SIZE=SZ" "c@d.example";
      }
      """, on: Self.policy)
    #expect(result.results.map(\.failures) == [[], []])
  }

  @Test func filterChoosesByName() {
    let result = run(
      #"test "a" { connect; expect :verdict "accept"; } test "b" { connect; expect :rule "tag"; }"#,
      on: Self.policy, filter: { $0 == "b" })
    #expect(result.results.map(\.name) == ["b"])
  }

  @Test func placesAreThoseOfTheExpectation() throws {
    let result = run(
      "policy \"\(#filePath)\";\ntest \"t\" {\n  connect;\n  expect :rule \"tag\";\n}\n",
      on: Self.policy)
    let failure = try #require(result.results.first?.failures.first)
    #expect(failure.place == TestPlace(file: "t.rulestest", line: 4, column: 3))
    #expect(failure.source == "  expect :rule \"tag\";")
  }
}
