// Names of files behind links: one plain path component, whatever the mail says.

import RuleBytecode
import Testing

struct LinkNameTests {
  @Test(arguments: [
    ("a b.pdf", "a b.pdf"), ("", "file"), (".", "_"), ("..", "_."), (".htaccess", "_htaccess"),
    ("../../etc/passwd", "_._.._etc_passwd"), ("a\\b/c", "a_b_c"), ("a\0b\r\n\u{1B}", "a_b___"),
    ("Grüße 日本.txt", "Grüße 日本.txt"), ("exe\u{202E}fdp", "exe_fdp"), ("a\u{2028}b\u{7F}", "a_b_"),
  ])
  func namesAreMadeSafe(name: String, expected: String) {
    #expect(LinkName.safe(name) == expected)
    #expect(LinkName.safe(expected) == expected)
  }

  @Test func longNamesKeepTheirEnding() {
    let most = String(repeating: "a", count: LinkName.bytesMax - 4)
    #expect(LinkName.safe(most + ".pdf") == most + ".pdf")
    #expect(LinkName.safe(most + "b.pdf") == most + ".pdf")
    let wide = String(repeating: "ä", count: LinkName.bytesMax)
    #expect(LinkName.safe(wide).utf8.count == LinkName.bytesMax)
    #expect(LinkName.safe("a" + wide).utf8.count == LinkName.bytesMax - 1)
    let noEnding = "a." + String(repeating: "b", count: LinkName.bytesMax)
    #expect(LinkName.safe(noEnding).utf8.count == LinkName.bytesMax)
  }
}
