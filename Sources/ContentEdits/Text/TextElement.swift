// What elements and attributes do to the text of a page.
internal import FileContents

/// Elements that change where text stands; all others are as if they were not there.
enum TextElement {
  case lineEnd, ruler, block, paragraph, quote, ordered, unordered, item, row, cell, preformatted
  case link, picture

  static let table: [MarkupName: TextElement] = {
    var table: [MarkupName: TextElement] = [:]
    for (element, names) in names {
      for name in names.split(separator: " ") { table[MarkupName(name)] = element }
    }
    return table
  }()

  private static let names: [(TextElement, String)] = [
    (.lineEnd, "br"), (.ruler, "hr"),
    (
      .block,
      """
      address article aside body center dd details div dt fieldset figcaption figure footer form \
      head header html legend main nav section summary table tbody tfoot thead caption
      """
    ),
    (.paragraph, "p h1 h2 h3 h4 h5 h6 dl"), (.quote, "blockquote"), (.ordered, "ol"),
    (.unordered, "ul menu dir"), (.item, "li"), (.row, "tr"), (.cell, "td th"),
    (.preformatted, "pre listing"), (.link, "a"), (.picture, "img image"),
  ]
}

enum TextAttribute {
  case href, alternative, style, hidden, `class`, identifier, color, background, backgroundPicture

  static let table: [MarkupName: TextAttribute] = [
    MarkupName("href"): .href, MarkupName("alt"): .alternative, MarkupName("style"): .style,
    MarkupName("hidden"): .hidden, MarkupName("class"): .class, MarkupName("id"): .identifier,
    MarkupName("color"): .color, MarkupName("text"): .color, MarkupName("bgcolor"): .background,
    MarkupName("background"): .backgroundPicture,
  ]
}
