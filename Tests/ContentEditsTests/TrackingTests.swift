// What tracking leaves behind in addresses, and that nothing else changes.

import ContentEdits
import Testing

@Suite struct TrackingTests {
  @Test(arguments: [
    ("https://a.example/?utm_source=x", "https://a.example/"),
    ("https://a.example/?a=1&utm_source=x", "https://a.example/?a=1"),
    ("https://a.example/?utm_source=x&a=1", "https://a.example/?a=1"),
    ("https://a.example/?a=1&utm_source=x&UTM_Medium=y&b=2#f", "https://a.example/?a=1&b=2#f"),
    ("https://a.example/?fbclid=x#top", "https://a.example/#top"),
    ("https://a.example/?gclid=x&mc_eid=y#?utm_source=z", "https://a.example/#?utm_source=z"),
    ("see HTTP://a.example/?utm_source=x, and", "see HTTP://a.example/, and"),
    ("(https://a.example/?b=1&utm_id=x).", "(https://a.example/?b=1)."),
    ("utm_source=x ?utm_source=x", "utm_source=x ?utm_source=x"),
    (
      "https://a.example/?myutm_source=1&utm=2&utm_", "https://a.example/?myutm_source=1&utm=2&utm_"
    ),
    ("ftp://a.example/?utm_source=x", "ftp://a.example/?utm_source=x"),
    (
      "https://a.example/?utm_a=1\nhttps://b.example/?q=http://c.example/?utm_b=1",
      "https://a.example/\nhttps://b.example/?q=http://c.example/?utm_b=1"
    ),
  ])
  func texts(_ given: String, _ expected: String) {
    #expect(text(PlainTextEdit.withoutTracking(bytes(given))) == expected)
  }

  @Test(arguments: [
    (
      "<a href=\"https://a.example/?a=1&amp;utm_source=x&amp;b=2\">t</a>",
      "<a href=\"https://a.example/?a=1&amp;b=2\">t</a>"
    ),
    ("<A HREF=https://a.example/?utm_x=1&a=2>", "<A HREF=https://a.example/?a=2>"),
    ("<img src=' http://a.example/i.png?mc_eid=1 '>", "<img src=' http://a.example/i.png '>"),
    ("&lt;https://a.example/?utm_x=1&gt; x", "&lt;https://a.example/&gt; x"),
    ("https://a.example/?a=1&#38;utm_x=1&nbsp;x", "https://a.example/?a=1&nbsp;x"),
    ("<!-- https://a.example/?utm_x=1 -->", "<!-- https://a.example/?utm_x=1 -->"),
    (
      "<script>'https://a.example/?utm_x=1'</script>",
      "<script>'https://a.example/?utm_x=1'</script>"
    ),
    ("a<img src=https://a.example/open width=1 height='1'>b", "ab"),
    ("a<img src=https://a.example/o style='width:1px; height:0'>b", "ab"),
    ("<img src=cid:a width=1 height=1>", "<img src=cid:a width=1 height=1>"),
    (
      "<img src=https://a.example/i width=1 height=10>",
      "<img src=https://a.example/i width=1 height=10>"
    ),
    (
      "<img src=https://a.example/i width=1 height=1 style='width:100px'>",
      "<img src=https://a.example/i width=1 height=1 style='width:100px'>"
    ),
  ])
  func pages(_ given: String, _ expected: String) {
    #expect(text(HTMLEdit.withoutTracking(bytes(given))) == expected)
  }
}
