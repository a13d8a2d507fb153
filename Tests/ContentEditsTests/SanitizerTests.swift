// What stays of a page and what goes.

import ContentEdits
import Testing

@Suite struct SanitizerTests {
  @Test(arguments: [
    ("plain", "plain"), ("<p>a<p>b", "<p>a</p><p>b</p>"),
    ("<b>x<i>y</b>z</i>", "<b>x<i>y</i></b><i>z</i>"),
    ("<script>alert(1)</script>after", "after"),
    ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"),
    (
      "<table><tr><td>a<td>b<tr><td>c</table>",
      "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    ),
    ("<a href=\"javascript:x\">t</a>", "t"),
    (
      "<a href=http://a.example/?b=1&amp;c=2>t</a>",
      "<a href=\"http://a.example/?b=1&amp;c=2\" rel=\"noopener noreferrer\">t</a>"
    ),
    ("<img src=cid:a@b onerror=x>", "<img src=\"cid:a@b\">"),
    ("<img src=http://x/y alt='a \"b\"'>", "<img alt=\"a &quot;b&quot;\">"),
    (
      "<p style='color:red;background:url(x);position:fixed;width:calc(1px * 2)'>",
      "<p style=\"color:red;width:calc(1px * 2)\"></p>"
    ),
    ("a < b & c > d &copy; &lt", "a &lt; b &amp; c &gt; d &copy; &lt;"),
    (
      "<html><body bgcolor=white>x</body></html>\n",
      "<html><body bgcolor=\"white\">x\n</body></html>"
    ),
  ])
  func pages(_ page: String, _ expected: String) {
    #expect(sanitized(page) == expected)
    #expect(sanitized(expected) == expected)
  }
}
