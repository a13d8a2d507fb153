// Received fields as servers write them, and as senders forge them.
import RuleBytecode
import Testing

@testable import RuleVM

struct ReceivedHopTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    /// An address, with the verified name behind it; `local`, or `unreadable`.
    let hop: String
    var testDescription: String { text }

    init(_ text: String, _ hop: String) {
      self.text = text
      self.hop = hop
    }
  }

  static let cases: [Case] = [
    // Postfix.
    Case(
      " from helo.example (mail.example.org [192.0.2.1])\r\n\t(using TLSv1.3 with cipher X (256/256"
        + " bits))\r\n\t(No client certificate requested)\r\n\tby mx.example.net (Postfix) with"
        + " ESMTPS id 4Q; Sun, 1 Mar 2026 12:00:00 +0000", "192.0.2.1 mail.example.org"),
    Case(" from [198.51.100.9] (unknown [192.0.2.1]) by mx (Postfix)", "192.0.2.1"),
    Case(" from a (unknown [IPv6:2001:db8::1]) by mx", "2001:db8::1"),
    Case(" by mx.example.net (Postfix, from userid 1000)\r\n\tid 4Q; now", "local"),
    // sendmail.
    Case(
      " from a (mail.example.org [192.0.2.1] (may be forged))\r\n\tby mx (8.17/8.17) id 1",
      "192.0.2.1"),
    Case(" from a (ann@mail.example.org [192.0.2.1]) by mx", "192.0.2.1 mail.example.org"),
    Case(" from a ([192.0.2.1]) by mx", "192.0.2.1"),
    Case(" from a ([IPv6:2001:db8::1]) by mx", "2001:db8::1"),
    Case(" (from ann@localhost)\r\n\tby mx.example.net (8.17/8.17/Submit) id 1", "local"),
    // Exim.
    Case(
      " from mail.example.org ([192.0.2.1]:2525 helo=other.example)\r\n\tby mx with esmtp",
      "192.0.2.1 mail.example.org"),
    Case(" from mail.example.org ([192.0.2.1]) by mx with esmtps", "192.0.2.1"),
    Case(" from [192.0.2.1] (helo=[198.51.100.9]) by mx with esmtp", "192.0.2.1"),
    Case(" from [192.0.2.1] (port=2525 helo=a) by mx with esmtp", "192.0.2.1"),
    Case(" from [2001:db8::1] (helo=a) by mx with esmtp", "2001:db8::1"),
    Case(" from ann by mx.example.net with local (Exim 4.96)", "local"),
    // Exchange.
    Case(
      " from mail.example.org (192.0.2.1) by mx.example.net (10.0.0.1) with Microsoft SMTP Server",
      "192.0.2.1"),
    Case(
      " from mail.example.org (2001:db8::1) by mx (::1) with Microsoft SMTP Server", "2001:db8::1"),
    // Case and blanks.
    Case("FROM a (mail.example.org\t[192.0.2.1])BY mx", "192.0.2.1 mail.example.org"),
    Case(" from a (b.example [192.0.2.1]) (deep (er \\) x) y) by mx", "192.0.2.1 b.example"),
    // What a greeting or a name in the DNS might want to be taken for.
    Case(" from [198.51.100.9] by mx with esmtp", "unreadable"),
    Case(" from a by mx with esmtp", "unreadable"),
    Case(" from a by mx with local-esmtp", "unreadable"),
    Case(" from [198.51.100.9] (helo=x.example [192.0.2.1]) by mx", "192.0.2.1"),
    Case(" from a (x [198.51.100.9]@mail.example.org [192.0.2.1]) by mx", "unreadable"),
    Case(" from a (odd=name [192.0.2.1]) by mx", "192.0.2.1"),
    Case(" from [198.51.100.9] (odd=name) by mx", "unreadable"),
    Case(" from a (mail.example.org [192.0.2.1]:x) by mx", "unreadable"),
    Case(" from a (mail.example.org) by mx", "unreadable"),
    Case(" from a () by mx", "unreadable"),
    Case(" from a (b [192.0.2.1]", "unreadable"),
    Case(" from a (b [192.0.2.1])", "unreadable"),
    Case(" from a (b [192.0.2.1]) via mx", "unreadable"),
    Case(" from a (b [192.0.2.256]) by mx", "unreadable"),
    Case(" from (b [192.0.2.1]) by mx", "unreadable"),
    Case(" (b [192.0.2.1]) by mx", "unreadable"),
    Case(" (from ann@localhost) at mx", "unreadable"),
    Case("", "unreadable"), Case(" ;", "unreadable"), Case(" from", "unreadable"),
    Case(" from a" + String(repeating: " (c)", count: 9) + " by mx", "unreadable"),
  ]

  @Test(arguments: cases)
  func reads(_ test: Case) {
    let shown =
      switch ReceivedHop(test.text.utf8) {
      case .host(let address, let name): address.readable + (name.map { " " + $0 } ?? "")
      case .local: "local"
      case .unreadable: "unreadable"
      }
    #expect(shown == test.hop)
  }

  @Test func isReadNoFurtherThanItsLimit() {
    let comment = " (" + String(repeating: "x", count: ReceivedHop.bytesMax) + ")"
    let field = " from a (b [192.0.2.1])"
    #expect(ReceivedHop((field + comment + " by mx").utf8) == .unreadable)
    let short = " (" + String(repeating: "x", count: ReceivedHop.bytesMax - 29) + ")"
    let whole = field + short + " by"
    #expect(whole.utf8.count == ReceivedHop.bytesMax)
    #expect(ReceivedHop(whole.utf8) != .unreadable)
    #expect(ReceivedHop((whole.replacing("(b", with: "(bb")).utf8) == .unreadable)
  }
}
