// The style declarations that a sanitised page may have (CSS 2.1 and a little of CSS 3).
// A declaration stays if its property is in the table and its value is made of words, numbers,
// strings and colours. Nothing is repaired: what needs an escape, a comment or an address goes.

enum PageStyle {
  /// Looks of text and boxes. Gone are what fetches (`background-image`, `list-style-image`,
  /// `content`, `cursor`), what runs (`behavior`, `-moz-binding`), what leaves its place and could
  /// cover something else (`position`, `z-index`, `transform`, `clip`, `opacity`), what moves
  /// (`animation`, `transition`), and Word's own, which can hold fields.
  private static let properties = WordSet(
    """
    color background background-color font font-family font-size font-style font-variant \
    font-weight font-stretch line-height letter-spacing word-spacing text-align text-decoration \
    text-decoration-line text-decoration-color text-decoration-style text-indent text-transform \
    text-align-last white-space word-break word-wrap overflow-wrap hyphens \
    vertical-align direction unicode-bidi tab-size \
    margin margin-top margin-right margin-bottom margin-left \
    padding padding-top padding-right padding-bottom padding-left \
    border border-top border-right border-bottom border-left border-width border-style \
    border-color border-top-width border-right-width border-bottom-width border-left-width \
    border-top-style border-right-style border-bottom-style border-left-style \
    border-top-color border-right-color border-bottom-color border-left-color \
    border-radius border-top-left-radius border-top-right-radius border-bottom-left-radius \
    border-bottom-right-radius border-collapse border-spacing box-sizing \
    width height min-width min-height max-width max-height \
    display visibility float clear overflow overflow-x overflow-y \
    list-style list-style-type list-style-position table-layout caption-side empty-cells \
    mso-line-height-rule mso-table-lspace mso-table-rspace mso-hide
    """)

  /// Colours and sums.
  private static let functions = WordSet("rgb rgba hsl hsla calc")
  private static let important = Array("important".utf8)

  /// Appends the declarations that may stay, between semicolons; returns whether there are any.
  static func append(_ style: [UInt8], max: Int, to output: inout [UInt8]) -> Bool {
    var left = max
    var start = 0
    let before = output.count
    while start < style.count, left > 0 {
      let end = style[start...].firstIndex(of: 59) ?? style.count
      let whole = start..<end
      start = end + 1
      guard let colon = style[whole].firstIndex(of: 58) else { continue }
      let name = trimmed(style, whole.lowerBound..<colon)
      let value = trimmed(style, colon + 1..<whole.upperBound)
      guard properties.contains(style.span, name), isHarmless(style, value) else { continue }
      if output.count > before { output.append(59) }
      for index in name { output.append(WordSet.lower(style[index])) }
      output.append(58)
      for index in value {
        // A quote of the other kind needs no reference in the attribute.
        output.append(style[index] == 34 ? 39 : (style[index] <= 32 ? 32 : style[index]))
      }
      left -= 1
    }
    return output.count > before
  }

  private static func trimmed(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, isBlank(text[lower]) { lower += 1 }
    while upper > lower, isBlank(text[upper - 1]) { upper -= 1 }
    return lower..<upper
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 9 || byte == 10 || byte == 12 || byte == 13
  }

  /// Words, numbers, strings, commas, and functions of the table; brackets and quotes in pairs. No
  /// colon, backslash, star, brace, `@`, `<` or `>`: so no address, escape, comment or rule.
  private static func isHarmless(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    var quote: UInt8?
    var depth = 0
    var word = range.lowerBound..<range.lowerBound
    for index in range {
      let byte = text[index]
      switch byte {
      case 48...57, 65...90, 97...122, 45, 95, 128...:
        if quote == nil {
          word = (word.upperBound == index ? word.lowerBound : index)..<index + 1
        }
      case 9, 10, 12, 13, 32, 35, 37, 43, 44, 46, 47: break
      case 34, 39:
        if quote == byte { quote = nil } else if quote == nil { quote = byte } else { return false }
      case 40:
        guard quote == nil, word.upperBound == index, functions.contains(text.span, word) else {
          return false
        }
        depth += 1
      case 41:
        depth -= 1
        guard quote == nil, depth >= 0 else { return false }
      case 42: guard depth > 0, quote == nil, text[index - 1] != 47 else { return false }
      case 33: return quote == nil && depth == 0 && isImportant(text, index + 1..<range.upperBound)
      default: return false
      }
    }
    return quote == nil && depth == 0 && !range.isEmpty
  }

  private static func isImportant(_ text: [UInt8], _ range: Range<Int>) -> Bool {
    trimmed(text, range).map { WordSet.lower(text[$0]) } == important
  }
}
