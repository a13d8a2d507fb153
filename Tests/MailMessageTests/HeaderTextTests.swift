// Header values as text: unfolding and encoded words (RFC 2047 §8 has some of the examples).

import MailMessage
import Testing

@Suite struct HeaderTextTests {
  @Test(arguments: [
    ("plain", "plain"),
    (" \t outer blanks \t", "outer blanks"),
    ("folded\n text\n\tmore", "folded text\tmore"),
    ("=?ISO-8859-1?Q?a?=", "a"),
    ("(=?ISO-8859-1?Q?a?= b)", "(a b)"),
    ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"),
    ("=?ISO-8859-1?Q?a?=\n    =?ISO-8859-1?Q?b?=", "ab"),
    ("=?ISO-8859-1?Q?a_b?=", "a b"),
    ("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b"),
    ("=?utf-8?b?w6Q=?=", "ä"),
    ("=?UTF-8*de?Q?=c3=a4?=", "ä"),
    ("=?utf-8?q?=C3?= =?utf-8?q?=A4?=", "ä"),
    ("=?utf-8?b?w?= =?utf-8?b?6Q=?=", "\u{FFFD}"),
    ("=?utf-8?b?ww==?= =?UTF-8?q?=A4?= x", "ä x"),
    ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
    ("x=?utf-8?q?a?=y", "xay"),
    ("=?utf-8?q?a b?=", "a b"),
    ("=?utf-8?q?a", "=?utf-8?q?a"),
    ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
    ("=?utf-8?q?=41?=", "A"),
    ("=?utf-8?q??= x", " x"),
    ("=??q?a?=", "=??q?a?="),
    ("=?utf-8?q?what??=", "what?"),
    ("=?utf-8?q?=4?= =?utf-8?q?=zz?=", "=4=zz"),
    ("=?koi8-r?b?8NLJ18XU?=", "Привет"),
    ("=?x-none?q?a=FF=C3=A4?=", "a\u{FFFD}ä"),
    ("=?../../etc/passwd?q?a?=", "a"),
    ("=?utf-8//TRANSLIT?q?a=FF?=", "a\u{FFFD}"),
    ("=?iso-2022-jp?b?GyRCJCIbKEI=?=", "あ"),
    ("räw", "räw"),
    ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
  ])
  func decoded(_ value: String, _ expected: String) {
    #expect(MailMessage(text: "Subject: \(value)\n\n").decoded("subject") == expected)
  }

  @Test func rawBytesThatAreNoText() {
    let message = MailMessage(Array("Subject: a".utf8) + [0xE4, 0xC3] + Array("b\r\n\r\n".utf8))
    #expect(message.decoded("subject") == "a\u{FFFD}\u{FFFD}b")
  }

  @Test func unfoldedKeepsBytes() throws {
    let message = MailMessage(
      Array("A:  =?x?q?y?=\r\n\tb\rc".utf8) + [0xFF] + Array(" \r\n\r\n".utf8))
    var bytes: [UInt8] = [1]
    message.appendUnfolded(try #require(message.headers.first), to: &bytes)
    #expect(bytes == [1] + Array("=?x?q?y?=\tb\rc".utf8) + [0xFF])
  }

  @Test(arguments: [
    ("", "", 0), ("a", "A", 0), ("a", "b", -1), ("B", "a", 1), ("ab", "a", 1), ("a", "AB", -1),
    ("[", "{", -1), ("@", "`", -1), ("Ä", "ä", -1),
  ])
  func comparison(_ one: String, _ two: String, _ expected: Int) {
    let left = Array(one.utf8)
    let right = Array(two.utf8)
    #expect(ASCII.compare(left.span, right.span) == expected)
    #expect(ASCII.isEqual(left.span, right.span) == (expected == 0))
  }

  @Test(arguments: [
    ("", "x", 0), ("x", "", nil), ("bC", "aBc", 1), ("c", "abC", 2), ("aab", "aaaab", 2),
    ("abc", "ab", nil), ("d", "abc", nil),
  ])
  func search(_ needle: String, _ hay: String, _ expected: Int?) {
    #expect(ASCII.firstIndex(of: Array(needle.utf8).span, in: Array(hay.utf8).span) == expected)
  }
}
