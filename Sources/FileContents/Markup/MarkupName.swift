// Names of elements, attributes and style properties, packed into a word: a page has many of them,
// and comparing words costs nothing.

/// The first sixteen bytes of a name in lower case; a longer one is like none of those we know.
package struct MarkupName: Hashable, BitwiseCopyable, Sendable {
  static let bytesMax = 16

  private var bits: UInt128 = 0
  package private(set) var count = 0

  package init() {}

  package init(_ text: some StringProtocol) {
    for byte in text.utf8 { append(byte) }
  }

  init(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes { append(byte) }
  }

  /// A name whose letters are what they are.
  init(exactly text: String) {
    for byte in text.utf8 { append(exactly: byte) }
  }

  mutating func append(exactly byte: UInt8) {
    bits = count < Self.bytesMax ? bits << 8 | UInt128(byte) : .max
    count &+= 1
  }

  /// NUL is nothing to the programs that it was meant to deceive.
  package mutating func append(_ byte: UInt8) {
    guard byte != 0 else { return }
    let folded = byte &- 65 < 26 ? byte | 0x20 : byte
    if count < Self.bytesMax {
      bits = bits << 8 | UInt128(folded)
    } else {
      bits = .max
    }
    count &+= 1
  }

  mutating func removeAll() { self = MarkupName() }

  var isLong: Bool { count > Self.bytesMax }

  /// `onload` and the like. The shortest of them has five letters.
  var isHandler: Bool {
    guard count >= 5 else { return false }
    if isLong { return false }
    let head = bits >> UInt128(8 * (count - 2))
    return head == UInt128(UInt8(ascii: "o")) << 8 | UInt128(UInt8(ascii: "n"))
  }
}

/// Elements that mean something to us.
package enum MarkupElement: Sendable {
  case script, style, iframe, frame, object, form, meta, svg, math, foreignObject, animation
  case title, textarea, xmp, noembed, noframes, noscript, plaintext, paragraph, link, template
  /// Has no content.
  case void
  /// Ends SVG and MathML where it stands inside (HTML Living Standard §13.2.6.5).
  case breakout

  static let table: [MarkupName: MarkupElement] = {
    var table: [MarkupName: MarkupElement] = [:]
    for (element, names) in names {
      for name in names.split(separator: " ") { table[MarkupName(name)] = element }
    }
    return table
  }()

  private static let names: [(MarkupElement, String)] = [
    (.script, "script"), (.style, "style"), (.iframe, "iframe"),
    (.frame, "frame frameset portal fencedframe ilayer layer"),
    (.object, "object embed applet"), (.form, "form isindex"), (.meta, "meta"), (.svg, "svg"),
    (.math, "math"), (.foreignObject, "foreignobject desc annotation-xml"),
    (.animation, "animate set animatemotion animatecolor"), (.title, "title"),
    (.textarea, "textarea"), (.xmp, "xmp"), (.noembed, "noembed"), (.noframes, "noframes"),
    (.noscript, "noscript"), (.plaintext, "plaintext"), (.paragraph, "p"), (.link, "link"),
    (.template, "template"),
    (.void, "area base basefont bgsound br col hr img input keygen param source track wbr"),
    (
      .breakout,
      """
      b big blockquote body center code dd div dl dt em h1 h2 h3 h4 h5 h6 head i li listing menu \
      nobr ol pre ruby s small span strong strike sub sup table tt u ul var
      """
    ),
  ]

  /// How its content is read: up to its end tag, whatever stands there (§13.2.5.1).
  var isRaw: Bool {
    switch self {
    case .script, .style, .iframe, .title, .textarea, .xmp, .noembed, .noframes: true
    default: false
    }
  }
}

/// Attributes that mean something to us.
enum MarkupAttribute: Sendable {
  /// Holds one address.
  case address
  /// A list of addresses, each of which an animation puts somewhere.
  case values
  /// The address of a picture behind the text.
  case picture
  case formAction, document, content, style, hidden, `class`, id, color, background, type
  case download, attributeName

  static let table: [MarkupName: MarkupAttribute] = {
    var table: [MarkupName: MarkupAttribute] = [:]
    for (attribute, names) in names {
      for name in names.split(separator: " ") { table[MarkupName(name)] = attribute }
    }
    return table
  }()

  private static let names: [(MarkupAttribute, String)] = [
    (
      .address,
      """
      href src action data poster lowsrc dynsrc code codebase archive classid manifest \
      longdesc usemap cite profile ping srcset imagesrcset from to by icon folder url
      """
    ),
    (.values, "values"), (.picture, "background"), (.formAction, "formaction"),
    (.document, "srcdoc"),
    (.content, "content"), (.style, "style"), (.hidden, "hidden"), (.class, "class"), (.id, "id"),
    (.color, "color text"), (.background, "bgcolor"), (.type, "type"), (.download, "download"),
    (.attributeName, "attributename"),
  ]
}
