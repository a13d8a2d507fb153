// Every limit of the edits at its value and one past it.

import ContentEdits
import Testing

@Suite struct LimitTests {
  private func sanitized(
    _ page: String, _ set: (inout ContentEditLimits) -> Void
  ) -> String {
    var limits = ContentEditLimits()
    set(&limits)
    return text(HTMLEdit.sanitized(bytes(page), limits: limits))
  }

  private func plain(_ page: String, _ set: (inout ContentEditLimits) -> Void) -> String {
    var limits = ContentEditLimits()
    set(&limits)
    return text(HTMLEdit.plainText(of: bytes(page), limits: limits))
  }

  @Test func pageIsCutAndClosed() {
    let page = "<div><b>abcü"
    #expect(sanitized(page) { $0.htmlBytesMax = 13 } == "<div><b>abcü</b></div>")
    #expect(sanitized(page) { $0.htmlBytesMax = 12 } == "<div><b>abc</b></div>")
    #expect(sanitized(page) { $0.htmlBytesMax = 7 } == "<div></div>")
    #expect(plain(page) { $0.htmlBytesMax = 13 } == "abcü\n")
    #expect(plain(page) { $0.htmlBytesMax = 12 } == "abc\n")
  }

  @Test func nesting() {
    let page = "<div><b><i>x</i></b></div>y"
    #expect(sanitized(page) { $0.nestingMax = 3 } == page)
    #expect(sanitized(page) { $0.nestingMax = 2 } == "<div><b>x</b></div>y")
    let deep = String(repeating: "<div>", count: 100_000) + "x"
    let levels = ContentEditLimits().nestingMax
    let expected =
      String(repeating: "<div>", count: levels) + "x" + String(repeating: "</div>", count: levels)
    #expect(sanitized(deep) { _ in } == expected)
  }

  @Test func attributes() {
    let page = "<p title=\"abcd\" style=\"color:red;width:1px\">x</p>"
    #expect(sanitized(page) { $0.attributeBytesMax = 19 } == page)
    #expect(sanitized(page) { $0.attributeBytesMax = 18 } == "<p title=\"abcd\">x</p>")
    #expect(sanitized(page) { $0.declarationsMax = 2 } == page)
    #expect(
      sanitized(page) { $0.declarationsMax = 1 } == "<p title=\"abcd\" style=\"color:red\">x</p>")
    let picture = "<img src=\"data:image/png;base64,AAAAAAAA\">"
    #expect(sanitized(picture) { $0.attributeBytesMax = 1 } == picture)
  }

  @Test func reopenedTags() {
    let page = "<p><b>x</p><p>y</p>z"
    let all = "<p><b>x</b></p><p><b>y</b></p><b>z</b>"
    #expect(sanitized(page) { $0.reopenedTagsMax = 2 } == all)
    #expect(sanitized(page) { $0.reopenedTagsMax = 1 } == "<p><b>x</b></p><p><b>y</b></p>z")
    #expect(sanitized(page) { $0.reopenedTagBytesMax = 3 } == all)
    #expect(sanitized(page) { $0.reopenedTagBytesMax = 2 } == "<p><b>x</b></p><p>y</p>z")
  }

  @Test func levelsOfText() {
    let quoted = "<blockquote>a<blockquote>b"
    #expect(plain(quoted) { $0.textLevelsMax = 2 } == "> a\n>\n> > b\n")
    #expect(plain(quoted) { $0.textLevelsMax = 1 } == "> a\n>\n> b\n")
    let listed = "<ul><li>a<ul><li>b"
    #expect(plain(listed) { $0.textLevelsMax = 2 } == "* a\n  * b\n")
    #expect(plain(listed) { $0.textLevelsMax = 1 } == "* a\n* b\n")
  }

  @Test func hiding() {
    let styled = "<style>.a{display:none} .b{display:none}</style>x<i class=b>y</i><i class=a>z</i>"
    #expect(plain(styled) { $0.hidingSelectorsMax = 2 } == "x\n")
    #expect(plain(styled) { $0.hidingSelectorsMax = 1 } == "xy\n")
    let nested = "a<p style='color:red'><b style='display:none'>b</b>c"
    #expect(plain(nested) { $0.hidingElementsMax = 2 } == "a\n\nc\n")
  }
}
