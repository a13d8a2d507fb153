// The text of a page.

import ContentEdits
import Testing

@Suite struct PageTextTests {
  @Test(arguments: [
    ("", ""), ("  ", ""), ("Hello <b>you</b>!", "Hello you!\n"),
    ("<p>one</p><p>two<br>three</p>", "one\n\ntwo\nthree\n"),
    ("<div>one</div><div>two</div>", "one\ntwo\n"),
    ("a<br><br><br><br>b", "a\n\nb\n"),
    ("<h1>Title</h1>text", "Title\n\ntext\n"),
    ("<ul><li>a<li>b</ul>c", "* a\n* b\n\nc\n"),
    ("<ol><li>a<li>b<ul><li>c</ul></ol>", " 1. a\n 2. b\n    * c\n"),
    (
      "<blockquote>said<p>more<blockquote>first</blockquote></blockquote>mine",
      "> said\n>\n> more\n>\n> > first\n\nmine\n"
    ),
    ("<a href=https://x.example/a>here</a>", "here <https://x.example/a>\n"),
    ("<a href=https://x.example/>x.example</a>", "x.example <https://x.example/>\n"),
    ("<a href='https://x.example/'>https://x.example</a>", "https://x.example\n"),
    ("<a href=mailto:a@b.example>a@b.example</a>", "a@b.example\n"),
    ("<a href='javascript:x'>here</a>", "here\n"),
    ("<img src=x alt='A  cat'>", "[A cat]\n"),
    ("<table><tr><th>a<th>b<tr><td>1<td>2</table>", "a | b\n1 | 2\n"),
    ("<table><tr><td><p>a</p></td><td><p>b</p></td></table>", "a\n\nb\n"),
    ("x<script>y</script><style>z</style><title>t</title>", "x\n"),
    ("x<p style='display:none'>y</p><span hidden>z</span>w", "x\n\nw\n"),
    ("<pre>a  b\n  c</pre>", "a  b\n  c\n"),
    ("&Alpha;&omega;&sum;&diams;&rang;&rarr;&lbrack;", "Αω∑♦\u{27E9}→[\n"),
    ("&lt;b&gt; &amp; &euro;&nbsp;5", "<b> & € 5\n"),
    ("one<hr>two", "one\n\n----------------------------------------\n\ntwo\n"),
  ])
  func pages(_ page: String, _ expected: String) {
    #expect(text(HTMLEdit.plainText(of: bytes(page))) == expected)
  }

  /// Lines are filled to 78 columns, and nothing is longer than a line of mail may be.
  @Test func lines() {
    let words = Array(repeating: "word", count: 40).joined(separator: " ")
    let filled = text(HTMLEdit.plainText(of: bytes("<blockquote><ul><li>\(words)</ul>")))
    let lines = filled.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines.allSatisfy { $0.count <= 78 && $0.count > 30 })
    #expect(lines[0].hasPrefix("> * word") && lines[1].hasPrefix(">   word"))
  }

  @Test(arguments: [
    String(repeating: "x", count: 5_000), String(repeating: "漢", count: 5_000),
    String(repeating: "<br>&#x1F642;", count: 900), "<pre>" + String(repeating: "x ", count: 3_000),
    String(repeating: "🙂", count: 5_000), String(repeating: "<blockquote>a", count: 500),
    String(repeating: "<ol><li>a", count: 500), "<a href=\"https://a.example/\(Self.long)\">x</a>",
  ])
  func noLineIsLong(_ page: String) {
    let result = HTMLEdit.plainText(of: bytes(page))
    #expect(String(validating: result, as: UTF8.self) != nil)
    #expect(result.split(separator: 10).allSatisfy { $0.count <= 998 })
    #expect(result.count > 900)
  }

  private static let long = String(repeating: "y", count: 3_000)

  @Test func ideographsFillLines() {
    let result = text(HTMLEdit.plainText(of: bytes(String(repeating: "漢字", count: 50))))
    #expect(result.split(separator: "\n").map(\.count) == [39, 39, 22])
  }
}
