// HTML without its markup, the parts that a content type picks, and what is compared of them.

import MailMessage
import Testing

@Suite struct ReadableTextTests {
  @Test(arguments: [
    ("plain", "plain"), ("", ""), ("a  b\r\n\tc", "a b c"), (" a ", "a"),
    ("<html><body>This is HTML</body></html>", "This is HTML"),
    ("V<b>ia</b>g<i></i>ra", "Viagra"), ("a<br>b", "a\r\nb"), ("<p>a</p> <p>b</p>", "a\r\nb"),
    ("<td>a</td><td>b</td>", "a b"), ("a<span title='x>y'>b</span>c", "abc"),
    ("a<span title=\"x>y\" z>b", "ab"), ("a<x y=z'>b", "ab"), ("a<x 'y>b", "ab"),
    ("a<!-- b --> c", "a c"), ("a<!-->b", "ab"), ("a<!--->b", "ab"), ("a<!-- x --!>b", "ab"),
    ("a<!-- - -- > -->b", "ab"), ("a<!DOCTYPE x>b", "ab"), ("a<?x?>b", "ab"), ("a<!", "a"),
    ("a<!-- b", "a"), ("a<b", "a"), ("a<b c='d", "a"), ("a<", "a<"), ("a </", "a"),
    ("1 < 2 <3", "1 < 2 <3"), ("<script>a<b></script x>c", "c"), ("<SCRIPT>a</Script>c", "c"),
    ("<script>a</scripty>b</script>c", "c"), ("<style>a", ""), ("<style/>a</style>b", "b"),
    ("<scripty>a", "a"), ("&amp;&lt;&gt;&quot;&apos;", "&<>\"'"), ("&#65;&#x42;&#X43", "ABC"),
    ("&eacute;&Eacute;&euro;&yuml;", "éÉ€ÿ"), ("&nbsp;a&nbsp;&nbsp;b", "a b"),
    ("so&shy;ft", "soft"), ("&ampb &copyx", "&ampb &copyx"), ("&copy b", "© b"),
    ("&euro b", "&euro b"),
    ("&nope;", "&nope;"), ("&", "&"), ("&#", "&#"), ("&#x;", "&#x;"), ("&#0;", "\u{FFFD}"),
    ("&#xD800;", "\u{FFFD}"), ("&#99999999999999999999;", "\u{FFFD}"), ("&#128;", "€"),
    ("ä", "ä"),
  ])
  func html(_ html: String, _ expected: String) {
    var output = Array("<".utf8)
    HTMLText.append(Array(html.utf8).span, to: &output)
    #expect(text(output) == "<" + expected)
  }

  @Test(arguments: [
    ("", "text/plain", true), ("text", "text/plain", true), ("TEXT", "text/html", true),
    ("text/plain", "text/plain", true), ("Text/HTML", "text/html", true),
    ("text/plain", "text/html", false), ("plain", "text/plain", false),
    ("/plain", "text/plain", false), ("text/", "text/plain", false), ("/", "text/plain", false),
    ("text/plain/x", "text/plain", false), ("application", "text/plain", false),
  ])
  func contentPattern(_ pattern: String, _ type: String, _ isMatch: Bool) {
    let words = type.split(separator: "/").map(String.init)
    let type = ContentType(type: words[0], subtype: words[1])
    #expect(ContentPattern(pattern).matches(type) == isMatch)
  }

  @Test(arguments: [
    ("A: b\n\n", true), ("A: b\n\nc", true), ("A: b\n", false), ("A: b", false), ("\n", true),
    ("", false), ("A: b\nno field\n", true),
  ])
  func body(_ message: String, _ hasBody: Bool) {
    #expect(MailMessage(text: message).hasBody == hasBody)
  }

  static let nested = """
    Content-Type: multipart/mixed; boundary=o

    before
    --o
    Content-Type: multipart/alternative; boundary=i

    --i

    Hello
    --i
    Content-Type: text/html

    <b>Hi</b>
    --i--

    after
     all
    --o
    Content-Type: message/rfc822

    From: a
    Subject: b

    Inner
    --o
    Content-Type: text/plain/odd

    Odd
    --o
    Content-Type: text/plain
    Content-Transfer-Encoding: rot13

    Uryyb
    --o--
    behind

    """

  @Test(arguments: [
    ("multipart/mixed", ["before", "behind|"]), ("multipart/alternative", ["|after| all"]),
    ("text/plain", ["Hello", "Inner"]), ("text/html", ["<b>Hi</b>"]),
    ("message/rfc822", ["From: a|Subject: b|"]), ("application/octet-stream", ["Uryyb"]),
    ("image", []),
  ])
  func pieces(_ pattern: String, _ expected: [String]) {
    let message = MailMessage(text: Self.nested)
    let parts = message.parts.indices.filter {
      ContentPattern(pattern).matches(message.parts[$0].comparedType)
    }
    #expect(parts.flatMap(message.bodyPieces).map { show($0, message) } == expected)
  }

  private func show(_ piece: BodyPiece, _ message: MailMessage) -> String {
    switch piece {
    case .raw(let range): String(text(message.bytes[range]).map { $0.isNewline ? "|" : $0 })
    case .decoded(let part): message.content(of: part)
    }
  }

  @Test(arguments: [
    ("Content-Type: multipart/mixed; boundary=b\n\nno parts", ["no parts"]),
    ("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx", []),
    ("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--", []),
    ("Content-Type: message/rfc822\n\nA: b", ["A: b"]),
    ("Content-Type: message/rfc822\n\n\nx", [""]),
    ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogYg==", ["A: b"]),
  ])
  func oddPieces(_ source: String, _ expected: [String]) {
    let message = MailMessage(text: source)
    let found = message.bodyPieces(of: 0).map { show($0, message) }
    // A multipart without a delimiter has its whole body as its one part.
    let inner = message.parts.count > 1 && found.isEmpty ? message.content(of: 1) : nil
    #expect(found == expected || [inner] == expected)
  }

  @Test(arguments: [
    ("text/html; charset=iso-8859-1", "<p>gr\u{FC}n</p>", "grün", true),
    ("application/xhtml+xml", "<p>x</p>", "x", true), ("text/x", "<p>", "<p>", true),
    ("application/pdf", "<p>", "", false),
  ])
  func readable(_ type: String, _ content: String, _ expected: String, _ isText: Bool) {
    let latin = content.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    let message = MailMessage(Array("Content-Type: \(type)\r\n\r\n".utf8) + latin)
    var output: [UInt8] = []
    let result = message.appendReadableText(of: 0, to: &output)
    #expect(text(output) == expected && result.isComplete)
    #expect(message.parts[0].isText == isText)
  }

  @Test(arguments: [(0, 0), (1, 1), (2, 3), (3, 6), (4, 10), (5, 11), (6, 11), (-1, 0)])
  func firstCharacters(_ characters: Int, _ byteCount: Int) {
    let bytes = Array("aä€😀b".utf8)
    #expect(UTF8Text.byteCount(ofFirst: characters, in: bytes.span) == byteCount)
  }

  /// Any bytes give valid UTF-8 of no more than three times their length.
  @Test func anyBytes() {
    var random = SplitMix(state: 5)
    let pieces = ["<", ">", "&", "#x", "41;", "<!--", "-->", "<script", "</", "p", "'", "\"", "ä "]
    for _ in 0..<300 {
      var html = ""
      for _ in 0..<Int.random(in: 0..<40, using: &random) {
        html += pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      var output: [UInt8] = []
      HTMLText.append(Array(html.utf8).span, to: &output)
      #expect(String(validating: output, as: UTF8.self) != nil)
      #expect(output.count <= 3 * html.utf8.count)
    }
  }
}
