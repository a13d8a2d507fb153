// What the suite does not ask: the words of a result, macros, names beyond ASCII, single steps.

import RuleBytecode
import Testing

@testable import SenderPolicy

struct SPFTests {
  @Test(
    arguments: [
      ("v=spf1 ip4:192.0.2.0/24 -all", SPFWord.pass, "ip4:192.0.2.0/24"),
      ("v=spf1 ~IP4:192.0.2.1 -all", .softfail, "~IP4:192.0.2.1"),
      ("v=spf1 include:inc.example.com -all", .pass, "include:inc.example.com"),
      ("v=spf1 -include:inc.example.com all", .fail, "-include:inc.example.com"),
      ("v=spf1 redirect=inc.example.com", .pass, "ip4:192.0.2.1"),
      ("v=spf1 ?all", .neutral, "?all"),
      ("v=spf1 ip4:203.0.113.9", .neutral, nil),
      ("v=spf1 a:gone.example.com", .neutral, nil),
    ] as [(String, SPFWord, String?)])
  func saysWhatMatched(_ record: String, _ word: SPFWord, _ mechanism: String?) {
    let zone = ["x.example TXT \(record)", "inc.example.com TXT v=spf1 ip4:192.0.2.1 ~all"]
    let result = spf(zone, "a@x.example").result
    #expect(result.word == word && result.mechanism == mechanism)
    #expect(result.domain == "x.example" && result.problem == nil)
  }

  @Test(
    arguments: [
      ("v=spf1 a:b", SPFProblem.wrongTerm("a:b")),
      ("v=spf1 ip6:1.2.3.4", .wrongTerm("ip6:1.2.3.4")),
      ("v=spf1 ip6:IPv6:2001:db8::1", .wrongTerm("ip6:IPv6:2001:db8::1")),
      ("v=spf1 ip6:fe80::1%eth0", .wrongTerm("ip6:fe80::1%eth0")),
      ("v=spf1 ip4:192.0.2.1/", .wrongTerm("ip4:192.0.2.1/")),
      ("v=spf1 a/", .wrongTerm("a/")), ("v=spf1 a//", .wrongTerm("a//")),
      ("v=spf1 mx:x.example/24/64", .wrongTerm("mx:x.example/24/64")),
      ("v=spf1 a\u{7}b", .wrongTerm("a?b")), ("v=spf1 exists:%{i0}.x.example", nil),
      ("v=spf1 EXP=x.example exp=x.example", .repeatedModifier("exp=")),
      ("v=spf1 redirect=y.example Redirect=x.example", .repeatedModifier("redirect=")),
      ("v=spf1 include:gone.example", .noPolicy(domain: "gone.example")),
      ("v=spf1 redirect=gone.example", .noPolicy(domain: "gone.example")),
      ("v=spf1 redirect=%{h}", .noPolicy(domain: "localhost")),
    ] as [(String, SPFProblem?)])
  func saysWhatIsWrong(_ record: String, _ problem: SPFProblem?) {
    let result = spf(["x.example TXT \(record)"], "a@x.example", helo: "localhost").result
    #expect(result.word == .permerror)
    #expect(result.problem == problem ?? .wrongTerm("exists:%{i0}.x.example"))
    #expect(result.problem?.message.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
  }

  /// The examples of RFC 7208 §7.4 and some at the edges.
  @Test(arguments: [
    ("%{s}", "strong-bad@email.example.com"), ("%{o}", "email.example.com"),
    ("%{d}", "email.example.com"), ("%{d4}", "email.example.com"), ("%{d3}", "email.example.com"),
    ("%{d2}", "example.com"), ("%{d1}", "com"), ("%{dr}", "com.example.email"),
    ("%{d2r}", "example.email"), ("%{l}", "strong-bad"), ("%{l-}", "strong.bad"),
    ("%{lr}", "strong-bad"), ("%{lr-}", "bad.strong"), ("%{l1r-}", "strong"),
    ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
    ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
    ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
    ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ("%{c} %{r} %{t} %{h}", "192.0.2.3 mx.example.org 1700000000 mail.example.com"),
    ("%{d99999999999999999999}", "email.example.com"), ("%{S}", "strong-bad%40email.example.com"),
    ("%{p}", "unknown"), ("%{l1r-.+,/_=}", "strong"), ("%%%_%-", "% %20"),
    ("%{DR}", "com.example.email"),
  ])
  func expandsMacros(_ text: String, _ expected: String) {
    let zone = [
      "email.example.com TXT v=spf1 -all exp=e.example.com", "e.example.com TXT \(text)",
    ]
    let result = spf(zone, "strong-bad@email.example.com", from: "192.0.2.3").result
    #expect(result.explanation == expected)
  }

  @Test(
    arguments: [
      (
        "2001:db8::cb01", "2001:db8::cb01",
        "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2"
      ),
      ("1:0:0:2:0:0:0:3", "1:0:0:2::3", nil), ("0:1:0:0:2:0:0:3", "0:1::2:0:0:3", nil),
      ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7", nil), ("::", "::", nil), ("1::", "1::", nil),
      ("::ffff:192.0.2.1", "192.0.2.1", "1.2.0.192"),
    ] as [(String, String, String?)])
  func writesAddresses(_ host: String, _ readable: String, _ reversed: String?) {
    let zone = ["x.example TXT v=spf1 -all exp=e.x.example", "e.x.example TXT %{c}|%{ir}"]
    let parts = spf(zone, "a@x.example", from: host).result.explanation?.split(separator: "|")
    #expect(parts?.first.map(String.init) == readable)
    if let reversed { #expect(parts?.last.map(String.init) == reversed) }
  }

  /// RFC 7208 §5.5: of several names the domain itself, then one below it, then any.
  @Test(arguments: [
    (["other.example", "www.x.example", "X.example"], "x.example"),
    (["other.example", "www.x.example"], "www.x.example"), (["other.example"], "other.example"),
    (["forged.example", "other.example"], "other.example"), (["forged.example"], "unknown"),
  ])
  func choosesAmongNames(_ names: [String], _ expected: String) {
    let zone =
      names.map { "1.2.0.192.in-addr.arpa PTR \($0)." }
      + ["other", "www.x", "x"].map { "\($0).example A 192.0.2.1" }
      + ["x.example TXT v=spf1 -all exp=e.x.example", "e.x.example TXT %{p}"]
    #expect(spf(zone, "a@x.example").result.explanation == expected)
  }

  @Test func looksNamesUpOnce() {
    let zone = [
      "x.example TXT v=spf1 ptr:a.example exists:%{p}.b.example ptr:y.example -all exp=e.x.example",
      "1.2.0.192.in-addr.arpa PTR h.example.net", "h.example.net A 192.0.2.1",
      "e.x.example TXT %{p}",
    ]
    let (result, asked) = spf(zone, "a@x.example")
    #expect(result.explanation == "h.example.net")
    #expect(asked.filter { $0.type == .ptr }.count == 1)
    #expect(asked.contains(SenderQuestion("h.example.net.b.example", .a)))
  }

  @Test(arguments: [
    ("", "h.example", SPFWord.pass), ("", "[192.0.2.1]", .none), ("", "localhost", .none),
    ("h.example", "x", .pass), ("@h.example", "x", .pass), ("a@b@h.example", "x", .pass),
    ("a@h.example.", "x", .pass), ("a@H.EXAMPLE", "x", .pass), ("a@", "h.example", .none),
    ("a@h..example", "x", .none), ("a@bücher.example", "x", .none), ("a@h.example ", "x", .none),
  ])
  func findsTheDomain(_ sender: String, _ helo: String, _ word: SPFWord) {
    let result = spf(["h.example TXT v=spf1 +all"], sender, helo: helo).result
    #expect(result.word == word && (result.problem == .noDomain) == (word == .none))
  }

  @Test func writesDomainsBeyondASCII() {
    var check = SPFCheck(
      address: IPAddress(bytes: [UInt8](repeating: 1, count: 16)), sender: "ä@bücher.example",
      helo: "h", receivingHost: "r", timeSeconds: 0,
      asciiDomain: { $0 == "bücher.example" ? "xn--bcher-kva.example" : nil })
    #expect(check.step() == .ask([SenderQuestion("xn--bcher-kva.example", .txt)]))
  }

  /// RFC 8616 §4: such terms match nothing.
  @Test(arguments: ["exists:%{l}.x.example", "include:%{l}.x.example", "a:%{s}.x.example"])
  func localPartsBeyondASCII(_ term: String) {
    let (result, asked) = spf(["x.example TXT v=spf1 \(term) ~all"], "ä@x.example")
    #expect(result.word == .softfail && asked.count == 1)
  }

  @Test func mailHostsAreAskedTogether() {
    let zone = ["x.example TXT v=spf1 mx -all"] + (0..<3).map { "x.example MX m\($0).example" }
    var check = SPFCheck("192.0.2.1", "a@x.example", helo: "h")
    let table = ZoneTable(zone)
    for name in [SenderQuestion("x.example", .txt), SenderQuestion("x.example", .mx)] {
      #expect(check.step() == .ask([name]))
      check.answer(name, table.answer(name))
    }
    let hosts = (0..<3).map { SenderQuestion("m\($0).example", .a) }
    #expect(check.step() == .ask(hosts))
    check.answer(hosts[1], .noData)
    #expect(check.step() == .ask([hosts[0], hosts[2]]))
    check.answer(hosts[0], .noData)
    check.answer(hosts[2], .failure)
    guard case .done(let result) = check.step() else {
      Issue.record("not done")
      return
    }
    #expect(result.word == .temperror && result.problem == .noAnswer(hosts[2]))
  }

  @Test(arguments: [
    "a:late.example", "mx:late.example", "exists:late.example", "include:late.example",
  ])
  func failuresAreTemporary(_ term: String) {
    let zone = ["x.example TXT v=spf1 \(term) -all", "late.example TIMEOUT"]
    let result = spf(zone, "a@x.example").result
    #expect(result.word == .temperror)
  }

  @Test func textIsHarmless() {
    let zone = ["x.example TXT v=spf1 -all exp=e.x.example", "e.x.example TXT no: %{l} %{h}"]
    let result = spf(zone, "ä\r\n250@x.example", helo: "a\u{1B}[2J").result
    #expect(result.explanation == "no: ????250 a?[2J")
  }
}
