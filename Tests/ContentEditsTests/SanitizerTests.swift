// What stays of a page and what goes, and that it is the same when it is sanitised again.

import ContentEdits
import Testing

@Suite struct SanitizerTests {
  private func check(_ page: String, _ expected: String) {
    #expect(sanitized(page) == expected)
    #expect(sanitized(expected) == expected)
  }

  @Test(arguments: [
    ("", ""), ("plain", "plain"),
    ("a < b & c > d &copy; &lt", "a &lt; b &amp; c &gt; d &copy; &lt;"),
    ("&copy &num &plus; &quot &amp", "© &amp;num &plus; &quot; &amp;"),
    ("<p title='&quest;&num&copy&copy=&lt'>", "<p title=\"?&amp;num©&amp;copy=&lt;\"></p>"),
    ("&heartsuit;&nosuch;&x", "&heartsuit;&nosuch;&amp;x"),
    ("&#60;b&#62 &#0;&#8364", "&lt;b&gt; \u{FFFD}€"),
    ("a\0b\u{1}c\u{c}d\te\r\n", "abc d\te\r\n"),
    ("<b title='a \"b\" &lt;c&gt;'>x</b>", "<b title=\"a &quot;b&quot; &lt;c&gt;\">x</b>"),
    ("<script>alert(1)</script>after", "after"), ("a<!-- b -->c", "ac"),
    ("<title>t</title><style>s</style><noscript>n</noscript>a", "a"),
    ("<form><label>a<input></label><button>b</button></form>", "ab"),
    ("<iframe>a</iframe><object>b</object><video>c</video>", "bc"),
    ("<o:p>a</o:p><unknown>b</unknown>", "ab"),
    ("<p class=a id=b name=c onclick=d lang=e>x</p>", "<p lang=\"e\">x</p>"),
    ("<p lang=a lang=b>x</p>", "<p lang=\"a\">x</p>"),
    ("<td width=100% height='x(y)' bgcolor=#fff>", "<td width=\"100%\" bgcolor=\"#fff\"></td>"),
    (
      "<font face=\"Arial, 'Segoe UI'\" size=+1>x",
      "<font face=\"Arial, 'Segoe UI'\" size=\"+1\">x</font>"
    ),
    (
      "<html><body bgcolor=white>x</body></html>\n",
      "<html><body bgcolor=\"white\">x\n</body></html>"
    ),
    (
      "\n<!doctype HTML PUBLIC \"x\"><html><head><meta charset=x></head><body>y",
      "\n<!DOCTYPE html><html><body>y</body></html>"
    ),
    ("x<!doctype html>", "x"), ("a<p", "a"), ("a<p title='", "a"), ("a</p", "a"), ("a<3", "a&lt;3"),
  ])
  func pages(_ page: String, _ expected: String) { check(page, expected) }

  /// Tags are balanced, near to the tree that a browser makes.
  @Test(arguments: [
    ("<p>a<p>b", "<p>a</p><p>b</p>"), ("<p>a<div>b</p>", "<p>a</p><div>b</div>"),
    ("<b>x<i>y</b>z</i>", "<b>x<i>y</i></b><i>z</i>"),
    ("<p><b>x</p><p>y</p></b>z", "<p><b>x</b></p><p><b>y</b></p>z"),
    ("<b><p>x</b>y</p>z", "<b><p>xy</p></b>z"), ("</b></p></td>x", "x"), ("a</br>b", "a<br>b"),
    ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
    ("<dl><dt>a<dd>b<dt>c</dl>", "<dl><dt>a</dt><dd>b</dd><dt>c</dt></dl>"),
    (
      "<table><tr><td>a<td>b<tr><td>c</table>",
      "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    ),
    (
      "<table><td><b>a</td><td>b</table>c",
      "<table><td><b>a</b></td><td>b</td></table>c"
    ),
    ("<td><table><td></b></table></td>", "<td><table><td></td></table></td>"),
    ("<b><table><td></b>x</table>y", "<b><table><td>x</td></table>y</b>"),
    ("<h1>a<h2>b", "<h1>a</h1><h2>b</h2>"),
    ("<h1><b><h2></b><h3>a", "<h1><b><h2></h2></b></h1><h3>a</h3>"),
    ("<br></br><hr/><wbr>", "<br><br><hr><wbr>"),
    ("<p>a</body>b</html>c", "<p>abc</p>"),
  ])
  func trees(_ page: String, _ expected: String) { check(page, expected) }

  @Test(arguments: [
    ("<svg><p>a</svg>b", "<p>ab</p>"), ("<div><svg><g></div>a", "<div></div>a"),
    ("<div><svg><foreignObject></div>a</foreignObject></svg>b</div>", "<div>b</div>"),
    ("<svg/>a<svg>b</svg>c", "ac"), ("<svg><svg></svg>a</svg>b", "b"),
    ("<div><svg></div><style>a</style>b", "<div></div>b"),
    ("<math><mi>a</mi></math>b", "b"), ("<template>a<template></template>b</template>c", "c"),
    ("<select><option>a</select>b", "b"), ("<select>a<select>b", "b"), ("<select>a<input>b", "b"),
    ("<table><td><select>a</table>b", "<table><td></td></table>b"),
    ("<div><datalist>a</div>b", "<div></div>b"),
    ("<script><!--<script></script>a--></script>b", "b"), ("<plaintext>a</plaintext>b", ""),
    ("<iframe><!--</iframe>b", "b"), ("<textarea><b></textarea>b", "b"),
  ])
  func leftOut(_ page: String, _ expected: String) { check(page, expected) }

  private static let relation = " rel=\"noopener noreferrer\""

  @Test(arguments: [
    (
      "<a href=HTTP://a.example/?b=1&amp;c=2&copy=3>t</a>",
      "HTTP://a.example/?b=1&amp;c=2&amp;copy=3"
    ),
    ("<a href=' https://a.example/\tb\n'>t</a>", "https://a.example/b"),
    (
      "<a href='mailto:a@b.example?subject=x&body=y'>t</a>",
      "mailto:a@b.example?subject=x&amp;body=y"
    ),
    ("<a href='mailto:a@b.example?attach=x'>t</a>", "mailto:a@b.example"),
    ("<a rel=opener target=_top href=http://a.example>t</a>", "http://a.example"),
  ])
  func links(_ page: String, _ address: String) {
    check(page, "<a href=\"\(address)\"\(Self.relation)>t</a>")
    #expect(sanitized(page, links: .text) == "t &lt;\(address)&gt;")
    #expect(sanitized(page, links: .remove) == "t")
  }

  @Test(
    arguments: HTMLEdit.LinkPolicy.allCases,
    [
      "<a href=javascript:x>t</a>", "<a href=ftp://a.example>t</a>", "<a href=tel:1>t</a>",
      "<a href=//a.example>t</a>", "<a href=a.html>t</a>", "<a href=#a>t</a>", "<a name=x>t</a>",
      "<a href='data:image/png;base64,AA=='>t</a>", "<a href='http:\u{1}'>t</a>",
      "<a href=http:>t</a>",
    ])
  func noLinks(_ policy: HTMLEdit.LinkPolicy, _ page: String) {
    #expect(sanitized(page, links: policy) == "t")
  }

  @Test(arguments: [
    ("<a href=https://a.example/>https://a.example/</a>", "https://a.example/"),
    ("<a href=https://a.example/> <b>x</b> </a>", " <b>x</b>  &lt;https://a.example/&gt;"),
    (
      "<a href=https://a.example/>x<p>y<a href=https://b.example/>z",
      "x<p>y</p> &lt;https://a.example/&gt;z &lt;https://b.example/&gt;"
    ),
  ])
  func linksAsText(_ page: String, _ expected: String) {
    #expect(sanitized(page, links: .text) == expected)
    #expect(sanitized(expected, links: .text) == expected)
  }

  @Test(arguments: [
    ("<img src=cid:a@b onerror=x>", "<img src=\"cid:a@b\">"),
    ("<img src=http://x/y alt='a \"b\"' width=5>", "<img alt=\"a &quot;b&quot;\" width=\"5\">"),
    ("<img src=http://x/y>", ""), ("<image src=cid:a>", "<img src=\"cid:a\">"),
    ("<img src='data:image/png;base64,AA=='>", "<img src=\"data:image/png;base64,AA==\">"),
    ("<img src='DATA:image/JPEG;base64,AA=='>", "<img src=\"DATA:image/JPEG;base64,AA==\">"),
    ("<img src='data:image/svg+xml;base64,AA=='>", ""), ("<img src='data:image/png,AA'>", ""),
    ("<img src='data:image/png;base64,A\"A' alt>", "<img alt=\"\">"),
    ("<img srcset='cid:a 1x' src=cid:b>", "<img src=\"cid:b\">"),
    ("<p src=cid:a href=http://x>y</p>", "<p>y</p>"),
  ])
  func pictures(_ page: String, _ expected: String) { check(page, expected) }

  @Test(
    arguments: [
      ("color:red", "color:red"), (" COLOR : Red ; ; width:1px;", "color:Red;width:1px"),
      ("background:url(x);color:red", "color:red"), ("position:fixed;float:left", "float:left"),
      ("width:calc(1px * 2);color:rgb(1,2,3)", "width:calc(1px * 2);color:rgb(1,2,3)"),
      ("font-family:&quot;a b&quot;, serif", "font-family:'a b', serif"),
      ("font:12px/1.5 x;margin:-1px 2%", "font:12px/1.5 x;margin:-1px 2%"),
      ("color:red ! IMPORTANT;width:1px!other", "color:red ! IMPORTANT"),
      ("display:none;mso-hide:all", "display:none;mso-hide:all"),
      ("width:expression(x);height:foo(1);color:re\\64", nil),
      ("color:a:b;width:{x};height:@x", nil),
      ("font-family:'a;color:red", "color:red"), ("width:(1px)", nil), ("width:calc(1px", nil),
      ("color", nil),
      ("color:", nil), ("color:/*x*/red", nil), ("width:calc(1/*x*/)", nil),
    ] as [(String, String?)])
  func styles(_ style: String, _ expected: String?) {
    let kept = expected.map { " style=\"\($0)\"" } ?? ""
    check("<p style=\"\(style)\">x</p>", "<p\(kept)>x</p>")
  }
}
