// The elements that a sanitised page may have. Whatever is not in this table is gone: its tags
// always, and its content where `LeftOutContent` or the tokenizer says that it is no text.
internal import FileContents

/// An element that may stay. Each group says why.
enum PageElement: UInt8, CaseIterable {
  // The frame of a page: body colours are what many mails stand on.
  case html, body
  // Blocks without behaviour.
  case address, article, aside, blockquote, center, div, figcaption, figure, footer, header, hr
  case main, nav, p, pre, section, h1, h2, h3, h4, h5, h6
  // Text without behaviour.
  case abbr, acronym, b, bdi, bdo, big, br, cite, code, del, dfn, em, font, i, ins, kbd, mark, nobr
  case q, rp, rt, ruby, s, samp, small, span, strike, strong, sub, sup, time, tt, u, `var`, wbr
  // Lists.
  case dd, dir, dl, dt, li, menu, ol, ul
  // Tables: what most mail is laid out with.
  case caption, col, colgroup, table, tbody, td, tfoot, th, thead, tr
  // What has an address; only harmless ones stay (`PageAddress`).
  case a, img

  static let byName: [MarkupName: PageElement] = {
    var table: [MarkupName: PageElement] = [:]
    for element in allCases { table[MarkupName("\(element)")] = element }
    // Browsers read it so (HTML Living Standard §13.2.6.4.7).
    table[MarkupName("image")] = .img
    return table
  }()

  private static let names = allCases.map { Array("\($0)".utf8) }

  var name: [UInt8] { Self.names[Int(rawValue)] }
}

/// A set of elements in one word.
struct ElementSet: ExpressibleByArrayLiteral, Sendable {
  private var bits: UInt128 = 0

  init(arrayLiteral elements: PageElement...) {
    for element in elements { bits |= 1 << UInt128(element.rawValue) }
  }

  @inline(__always)
  func contains(_ element: PageElement) -> Bool { bits >> UInt128(element.rawValue) & 1 != 0 }

  static func + (left: ElementSet, right: ElementSet) -> ElementSet {
    var result = left
    result.bits |= right.bits
    return result
  }
}

// What the tree construction of browsers does with them (HTML Living Standard §13.2.6).
extension ElementSet {
  static let void: ElementSet = [.br, .hr, .img, .col, .wbr]

  static let headings: ElementSet = [.h1, .h2, .h3, .h4, .h5, .h6]

  /// A paragraph ends before these.
  static let endsParagraph: ElementSet =
    [
      .address, .article, .aside, .blockquote, .center, .dir, .div, .dl, .figcaption, .figure,
      .footer, .header, .hr, .main, .menu, .nav, .ol, .p, .pre, .section, .table, .ul, .li, .dd,
      .dt,
    ] + headings

  /// Opened again where something around them is closed first.
  static let formatting: ElementSet = [
    .b, .big, .code, .em, .font, .i, .nobr, .s, .small, .strike, .strong, .tt, .u,
  ]

  /// Blocks that an end tag of inline text does not close.
  static let blocks: ElementSet = endsParagraph + [.body, .html]

  /// No end tag, and no end that another tag implies, reaches through these.
  static let scope: ElementSet = [.html, .body, .table, .td, .th, .caption]
  static let tableScope: ElementSet = [.html, .body, .table]
  static let rowScope: ElementSet = tableScope + [.tr]
  static let listScope: ElementSet = scope + [.ul, .ol, .menu, .dir]
  static let termScope: ElementSet = scope + [.dl]

  static let cells: ElementSet = [.td, .th]
  static let rows: ElementSet = [.tr] + cells
  static let rowGroups: ElementSet = [.tbody, .thead, .tfoot, .caption, .colgroup] + rows
  static let tableParts: ElementSet = rowGroups + [.table]
}
