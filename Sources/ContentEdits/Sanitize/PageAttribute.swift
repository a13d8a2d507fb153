// The attributes that a sanitised page may have. Gone are all others: handlers, what sends or
// fetches, `class`, `id` and `name` (a web mailer's own style sheets and scripts go by them),
// `target` and `tabindex` (they move the reader).
internal import FileContents

struct PageAttribute {
  /// What its value may be.
  enum Kind {
    /// Any text.
    case text
    /// A number, a colour, a keyword, names of fonts.
    case plain
    case style
    case link
    case picture
  }

  let kind: Kind
  /// Its bit among those that the tag has already: of two the browser takes the first.
  let bit: UInt64
  let name: [UInt8]
  /// The elements that may have it; nil for all.
  let only: ElementSet?

  static let table: [MarkupName: PageAttribute] = {
    var table: [MarkupName: PageAttribute] = [:]
    var bit: UInt64 = 1
    for (kind, only, names) in groups {
      for name in names.split(separator: " ") {
        table[MarkupName(name)] = PageAttribute(
          kind: kind, bit: bit, name: Array(name.utf8), only: only)
        bit <<= 1
      }
    }
    return table
  }()

  private static let groups: [(Kind, ElementSet?, String)] = [
    // Said to people.
    (.text, nil, "title"), (.text, [.img], "alt"), (.text, [.table], "summary"),
    (.text, [.td, .th], "abbr"),
    // What language it is in, which way it is written, what it is for who listens.
    (.plain, nil, "lang dir role"),
    // Looks, as HTML 4 has them; mail uses them more than style sheets.
    (
      .plain, nil,
      "align valign width height bgcolor color border cellpadding cellspacing hspace vspace"
    ),
    (.plain, [.font], "face size"), (.plain, [.hr], "noshade"),
    (.plain, [.table], "rules frame bordercolor"),
    (.plain, [.body], "text link vlink alink topmargin leftmargin marginwidth marginheight"),
    (.plain, [.td, .th, .col, .colgroup], "colspan rowspan span nowrap scope"),
    (.plain, [.ol, .ul, .li, .dir, .menu], "type start value compact reversed"),
    (.plain, [.br], "clear"), (.plain, [.time, .ins, .del], "datetime"),
    (.style, nil, "style"), (.link, [.a], "href"), (.picture, [.img], "src"),
  ]

  /// Letters, digits and what stands in colours, sizes and names of fonts: nothing that has a
  /// meaning in HTML, in style sheets or in addresses.
  static func isPlain(_ value: [UInt8]) -> Bool {
    value.count <= 256
      && value.allSatisfy { byte in
        switch byte {
        case 48...57, 65...90, 97...122: true
        // blank # % ' + , - . _
        case 32, 35, 37, 39, 43, 44, 45, 46, 95: true
        default: byte >= 128
        }
      }
  }
}
