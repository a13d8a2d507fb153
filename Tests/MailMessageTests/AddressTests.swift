// Addresses of header fields and of SMTP paths.

import MailMessage
import Testing

struct AddressCase: CustomTestStringConvertible, Sendable {
  let value: String
  /// `name|local|domain|address`, with a question mark before what is invalid.
  let mailboxes: [String]
  var testDescription: String { value }
}

@Suite struct AddressTests {
  @Test(arguments: valid + obsolete + broken)
  func mailboxes(_ example: AddressCase) throws {
    let message = MailMessage(text: "From: \(example.value)\n\n")
    let found = message.addresses(in: try #require(message.headers.first))
    #expect(found.map(show) == example.mailboxes)
  }

  private func show(_ mailbox: Mailbox) -> String {
    let mark = mailbox.isValid ? "" : "?"
    return mark
      + [mailbox.displayName, mailbox.local, mailbox.domain, mailbox.address]
      .joined(separator: "|")
  }

  static let valid: [AddressCase] = [
    AddressCase(value: "", mailboxes: []),
    AddressCase(value: "a@b.example", mailboxes: ["|a|b.example|a@b.example"]),
    AddressCase(value: "<a@b>", mailboxes: ["|a|b|a@b"]),
    AddressCase(value: "Ann Bee <a@B.Example>", mailboxes: ["Ann Bee|a|B.Example|a@B.Example"]),
    AddressCase(
      value: "\"Bee, Ann <x@y>\" <a@b>, c@d",
      mailboxes: ["Bee, Ann <x@y>|a|b|a@b", "|c|d|c@d"]),
    AddressCase(value: "A\n Bee <a@b>,\n c@d", mailboxes: ["A Bee|a|b|a@b", "|c|d|c@d"]),
    AddressCase(
      value: "=?utf-8?q?=C3=84?= =?utf-8?q?nn?= <a@b>", mailboxes: ["Änn|a|b|a@b"]),
    AddressCase(
      value: "=?utf-8?q?a=40b?=@c", mailboxes: ["|=?utf-8?q?a=40b?=|c|=?utf-8?q?a=40b?=@c"]),
    AddressCase(value: "a@b (Ann \\( (x) Bee)", mailboxes: ["Ann ( (x) Bee|a|b|a@b"]),
    AddressCase(value: "Ann (boss) <a@b> (x)", mailboxes: ["Ann|a|b|a@b"]),
    AddressCase(value: "\"a b\"@c", mailboxes: ["|a b|c|\"a b\"@c"]),
    AddressCase(value: "\"a\\\"b\\\\\"@c", mailboxes: ["|a\"b\\|c|\"a\\\"b\\\\\"@c"]),
    AddressCase(value: "\"ann\"@c", mailboxes: ["|ann|c|ann@c"]),
    AddressCase(value: "a@[192.0.2.1]", mailboxes: ["|a|[192.0.2.1]|a@[192.0.2.1]"]),
    AddressCase(
      value: "Team: a@b, Ann <c@d>;, e@f", mailboxes: ["|a|b|a@b", "Ann|c|d|c@d", "|e|f|e@f"]),
    AddressCase(value: "undisclosed-recipients:;", mailboxes: []),
    AddressCase(value: "Änn <ä@ö.example>", mailboxes: ["Änn|ä|ö.example|ä@ö.example"]),
  ]

  static let obsolete: [AddressCase] = [
    AddressCase(value: "Ann <@x,@y:a@b>", mailboxes: ["Ann|a|b|a@b"]),
    AddressCase(value: "a @ b", mailboxes: ["|a|b|a@b"]),
    AddressCase(value: "Ann B. Cee <a@b>", mailboxes: ["Ann B. Cee|a|b|a@b"]),
    AddressCase(value: ",, a@b ,,", mailboxes: ["|a|b|a@b"]),
  ]

  static let broken: [AddressCase] = [
    AddressCase(value: "ann", mailboxes: ["?|ann||ann"]),
    AddressCase(value: "Ann Bee", mailboxes: ["?|Ann Bee||\"Ann Bee\""]),
    AddressCase(value: "Ann a@b", mailboxes: ["?|a|b|a@b"]),
    AddressCase(value: "a@b <c@d>", mailboxes: ["a@b|c|d|c@d"]),
    AddressCase(value: "<a@b> <c@d>", mailboxes: ["?|a|b|a@b", "|c|d|c@d"]),
    AddressCase(value: "Ann <a@b", mailboxes: ["?Ann|a|b|a@b"]),
    AddressCase(value: "Ann <>", mailboxes: ["?Ann|||"]),
    AddressCase(value: "a@b@c", mailboxes: ["?|a|b@c|a@b@c"]),
    AddressCase(value: "@b", mailboxes: ["?||b|@b"]),
    AddressCase(value: "a@", mailboxes: ["?|a||a"]),
    AddressCase(value: ".a@b", mailboxes: ["?|.a|b|\".a\"@b"]),
    AddressCase(value: "a@b..c", mailboxes: ["?|a|b..c|a@b..c"]),
    AddressCase(value: "a@b>", mailboxes: ["?|a|b|a@b"]),
    AddressCase(value: "\"Ann <a@b>", mailboxes: ["?|Ann <a@b>||\"Ann <a@b>\""]),
    AddressCase(value: "Ann (a@b", mailboxes: ["?a@b|Ann||Ann"]),
    AddressCase(value: "a@b junk", mailboxes: ["?|a|b|a@b"]),
  ]

  @Test(arguments: [
    ("<>", "", "", "", true), ("", "", "", "", true),
    ("<a@b.example>", "a", "b.example", "a@b.example", true),
    ("a@b", "a", "b", "a@b", true), ("<@x,@y:a@b>", "a", "b", "a@b", true),
    ("<\"a b\"@c>", "a b", "c", "\"a b\"@c", true),
    ("<postmaster>", "postmaster", "", "postmaster", true),
    ("  <a@b> ", "a", "b", "a@b", true),
    ("<a@[IPv6:::1]>", "a", "[IPv6:::1]", "a@[IPv6:::1]", true),
    ("<a@b", "a", "b", "a@b", false), ("<a b@c>", "ab", "c", "ab@c", false),
    ("<a@b>c", "a", "b", "a@b", false), ("<a@b c>", "a", "b", "a@b", false),
    ("<a@>", "a", "", "a", false), ("<\"\"@b>", "", "b", "@b", true),
    ("<..a.@b>", "..a.", "b", "..a.@b", true), ("<\".a\"@b>", ".a", "b", "\".a\"@b", true),
    ("<@x..y:a@b>", "a", "b", "a@b", false), ("<@:a@b>", "a", "b", "a@b", false),
    ("<@x@y:a@b>", "a", "b", "a@b", false), ("<@x,y:a@b>", "a", "b", "a@b", false),
    ("<@x,,@[192.0.2.1]:a@b>", "a", "b", "a@b", true), ("<x:a@b>", "xa", "b", "xa@b", false),
  ])
  func path(_ path: String, _ local: String, _ domain: String, _ address: String, _ isValid: Bool) {
    let mailbox = AddressParser.path(path)
    #expect(mailbox.local == local)
    #expect(mailbox.domain == domain)
    #expect(mailbox.address == address)
    #expect(mailbox.isValid == isValid)
  }

  @Test func listLimit() {
    let list = Array("a@b, c@d, e@f".utf8)
    #expect(AddressParser.mailboxes(list.span, limit: 2).map(\.address) == ["a@b", "c@d"])
    #expect(AddressParser.mailboxes(list.span, limit: 3).count == 3)
    #expect(AddressParser.mailboxes(list.span, limit: 0).isEmpty)
  }
}
