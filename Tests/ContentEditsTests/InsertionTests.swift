// Where fragments go, and which declarations of a charset are written anew.

import ContentEdits
import Testing

@Suite struct InsertionTests {
  @Test(arguments: [
    ("a", "a[E]"), ("<body>a</body>", "<body>a[E]</body>"), ("a</html>", "a[E]</html>"),
    ("<html><body>a</BODY ></html>\n", "<html><body>a[E]</BODY ></html>\n"),
    ("<body>a<!-- </body> -->b</body>", "<body>a<!-- </body> -->b[E]</body>"),
    ("a<script>'</body>'</script>b", "a<script>'</body>'</script>b[E]"),
    ("a<p title='</body>'>b", "a<p title='</body>'>b[E]"),
    ("a<textarea></body></textarea>b", "a<textarea></body></textarea>b[E]"),
    ("<body>a</body><p>b</body>c", "<body>a</body><p>b[E]</body>c"),
    ("a<!-- open", "a[E]<!-- open"), ("a<style>open", "a[E]<style>open"),
    ("a<p title='open", "a[E]<p title='open"), ("a<plaintext>b</body>", "a[E]<plaintext>b</body>"),
    ("", "[E]"), ("a</body", "a[E]</body"),
  ])
  func end(_ page: String, _ expected: String) {
    #expect(text(HTMLEdit.inserting(bytes("[E]"), into: bytes(page), at: .end)) == expected)
  }

  @Test(arguments: [
    ("a", "[B]a"), ("<body>a", "<body>[B]a"),
    ("<html><body class='>'>a", "<html><body class='>'>[B]a"),
    ("<!doctype html>a", "<!doctype html>[B]a"), ("<html>a", "<html>[B]a"),
    ("<head><title><body></title></head>a", "<head><title><body></title></head>[B]a"),
    ("<!-- <body> -->a", "[B]<!-- <body> -->a"), ("", "[B]"),
  ])
  func beginning(_ page: String, _ expected: String) {
    #expect(text(HTMLEdit.inserting(bytes("[B]"), into: bytes(page), at: .beginning)) == expected)
  }

  @Test(arguments: [
    ("<meta charset=latin1>x", "<meta charset=utf-8>x"),
    ("<META CHARSET = 'koi8-r' />", "<META CHARSET = 'utf-8' />"),
    (
      "<meta http-equiv=Content-Type content=\"text/html; charset=iso-8859-1\">",
      "<meta http-equiv=Content-Type content=\"text/html; charset=utf-8\">"
    ),
    (
      "<meta content='text/html;charset=gb2312;x' http-equiv='content-type'>",
      "<meta content='text/html;charset=utf-8;x' http-equiv='content-type'>"
    ),
    (
      "<meta name=description content='the charset=latin1'>",
      "<meta name=description content='the charset=latin1'>"
    ),
    (
      "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><html>",
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><html>"
    ),
    (
      "<meta http-equiv=content-type content='text/html; ch&#97;rset=x&#45;y'>",
      "<meta http-equiv=content-type content='text/html; ch&#97;rset=x&#45;y'>"
    ),
    ("<!-- <meta charset=x> -->", "<!-- <meta charset=x> -->"), ("plain", "plain"),
  ])
  func charset(_ page: String, _ expected: String) {
    #expect(text(HTMLEdit.declaringUTF8(bytes(page))) == expected)
  }

  @Test func escaped() {
    #expect(
      text(HTMLEdit.escaped(bytes("<a href='x'>\"&amp;ü")))
        == "&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;ü")
  }
}
