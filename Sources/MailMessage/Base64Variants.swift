// Broken base64 as other decoders read it. Slower than the standard way, and only used for content
// that it found malformed.

/// What is odd about base64 content: which other ways to read it can make a difference.
struct Base64Oddities {
  private var hasForeign = false
  private var hasURLSign = false
  private var hasInnerPadding = false
  private var hasBlankLine = false
  /// Characters of data since the last whole group, and whether a line ended inside of a group.
  private var hasSplitLine = false
  private var hasRest = false

  init(_ bytes: Span<UInt8>) {
    let table = Base64Decoder.classes
    let classes = table.span
    var values = 0
    var hasPadding = false
    var lineValues = 0
    var hasText = false
    for index in bytes.indices {
      let byte = bytes[index]
      switch classes[Int(byte)] {
      case 0..<64:
        values += 1
        lineValues += 1
        if hasPadding { hasInnerPadding = true }
      case Base64Decoder.padding: hasPadding = true
      case Base64Decoder.blank:
        guard byte == ASCII.lineFeed else { continue }
        if lineValues == 0, hasText { hasBlankLine = true }
        if lineValues % 4 != 0 { hasSplitLine = true }
        if lineValues > 0 { hasText = true }
        lineValues = 0
      default:
        hasForeign = true
        if byte == ASCII.dash || byte == Base64Variants.underscore { hasURLSign = true }
      }
    }
    hasRest = !hasPadding && values % 4 != 0
  }

  /// The likeliest first, since a limit may keep the last from being tried; those that only cut the
  /// content short show little that is new.
  var variants: [ContentVariant] {
    var variants: [ContentVariant] = []
    if hasInnerPadding { variants += [.paddingSkipped, .paddingInGroups, .paddingAsZero] }
    if hasSplitLine || hasInnerPadding { variants.append(.linesAlone) }
    if hasURLSign { variants.append(.urlAlphabet) }
    if hasForeign { variants.append(.restOfLineSkipped) }
    if hasBlankLine { variants.append(.afterBlankLine) }
    if hasForeign || hasInnerPadding { variants.append(.withoutFirstLine) }
    if hasInnerPadding { variants += [.escapesFirst, .untilPadding] }
    if hasForeign { variants += [.untilForeign, .foreignAsZero] }
    if hasRest { variants.append(.withoutRest) }
    return variants
  }
}

/// Decodes base64 in one of the other ways.
struct Base64Variants {
  static let underscore: UInt8 = 95

  private let variant: ContentVariant
  private var bits: UInt32 = 0
  private var count = 0
  /// Padding in the group at hand.
  private var padding = 0

  /// Appends what `bytes` decodes to, at most until `output` holds `limitBytes`; returns false when
  /// the limit cut it off.
  static func append(
    _ bytes: Span<UInt8>, as variant: ContentVariant, to output: inout [UInt8], limitBytes: Int
  ) -> Bool {
    if variant == .escapesFirst {
      var plain: [UInt8] = []
      _ = QuotedPrintable.append(bytes, to: &plain)
      var decoder = Base64Decoder()
      return decoder.append(plain.span, to: &output, limitBytes: limitBytes)
    }
    var decoder = Base64Variants(variant: variant)
    decoder.decode(bytes, to: &output, limitBytes: limitBytes)
    guard output.count > limitBytes else { return true }
    output.removeLast(output.count - limitBytes)
    return false
  }

  private init(variant: ContentVariant) { self.variant = variant }

  private mutating func decode(
    _ bytes: Span<UInt8>, to output: inout [UInt8], limitBytes: Int
  ) {
    let table = Base64Decoder.classes
    let classes = table.span
    // Padding and foreign characters behind the data are no data in any way of reading.
    var end = bytes.count
    while end > 0, classes[Int(bytes[end - 1])] >= 64, !isURLSign(bytes[end - 1]) { end -= 1 }
    output.reserve(adding: min(end / 4 * 3, max(0, limitBytes - output.count)) + 3)
    var index = start(bytes)
    while index < end, output.count <= limitBytes {
      let byte = bytes[index]
      index += 1
      switch classes[Int(byte)] {
      case 0..<64: take(classes[Int(byte)], &output)
      case Base64Decoder.padding:
        if variant == .untilPadding { return flush(&output) }
        pad(&output)
      case Base64Decoder.blank:
        if variant == .linesAlone, !ASCII.isBlank(byte) { drop() }
      default:
        if variant == .untilForeign { return flush(&output) }
        if variant == .restOfLineSkipped {
          index =
            ByteScan.firstIndex(of: ASCII.lineFeed, in: bytes, from: index, to: end) ?? end
        }
        takeForeign(byte, &output)
      }
    }
    if variant != .withoutRest, variant != .linesAlone { flush(&output) }
  }

  /// Where the data begins.
  private func start(_ bytes: Span<UInt8>) -> Int {
    guard variant == .withoutFirstLine || variant == .afterBlankLine else { return 0 }
    var line = 0
    var hasText = false
    while let end = ByteScan.firstIndex(
      of: ASCII.lineFeed, in: bytes, from: line, to: bytes.count)
    {
      let isBlank = ASCII.trimmed(bytes, line..<end).isEmpty
      if hasText ? isBlank : !isBlank && variant == .withoutFirstLine { return end + 1 }
      if !isBlank { hasText = true }
      line = end + 1
    }
    return 0
  }

  private func isURLSign(_ byte: UInt8) -> Bool {
    variant == .urlAlphabet && (byte == ASCII.dash || byte == Self.underscore)
  }

  private mutating func takeForeign(_ byte: UInt8, _ output: inout [UInt8]) {
    if isURLSign(byte) { return take(byte == ASCII.dash ? 62 : 63, &output) }
    if variant == .foreignAsZero { take(0, &output) }
  }

  private mutating func take(_ value: UInt8, _ output: inout [UInt8]) {
    bits = bits << 6 | UInt32(value)
    count += 1
    if count + padding == 4 { flush(&output) }
  }

  private mutating func pad(_ output: inout [UInt8]) {
    switch variant {
    case .paddingSkipped: break
    case .paddingAsZero: take(0, &output)
    case .paddingInGroups:
      padding += 1
      if count + padding == 4 { flush(&output) }
    default: flush(&output)
    }
  }

  /// Decodes the group at hand, whole or not.
  private mutating func flush(_ output: inout [UInt8]) {
    if count > 1 {
      let aligned = bits << UInt32(6 * (4 - count))
      for shift in 0..<(count - 1) {
        output.append(UInt8(truncatingIfNeeded: aligned >> UInt32(16 - 8 * shift)))
      }
    }
    drop()
  }

  private mutating func drop() {
    bits = 0
    count = 0
    padding = 0
  }
}
