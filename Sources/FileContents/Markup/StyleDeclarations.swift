// What style declarations do to text (CSS 2.1 and what mail programs know of CSS 3), as far as it
// makes text unreadable.
// Trusts nothing: one pass over the text of one attribute or one rule.

/// How declarations change the text of an element.
struct StyleEffect: Equatable {
  /// Nothing inside of it is shown.
  var isHidden = false
  /// Letters of no size; what is inside can have a size of its own.
  var isTiny: Bool?
  var color: StyleColor?
  var background: StyleColor?

  var changesText: Bool { isHidden || isTiny != nil || color != nil || background != nil }

  /// Letters in the colour of their background are as good as none; `transparent` always is.
  var isUnreadable: Bool {
    if isHidden || isTiny == true || color == .transparent { return true }
    guard let color, let background, case .opaque = color else { return false }
    return color == background
  }

  /// What comes later, or further inside, decides.
  mutating func join(_ other: StyleEffect) {
    isHidden = isHidden || other.isHidden
    isTiny = other.isTiny ?? isTiny
    color = other.color ?? color
    if other.background != .transparent { background = other.background ?? background }
  }
}

enum StyleDeclarations {
  private enum Property {
    case display, visibility, opacity, fontSize, font, color, background, backgroundImage
    case height, width, overflow, indent, position, offset, clip, transform, outlook
  }

  private static let properties: [MarkupName: Property] = {
    let names: [(String, Property)] = [
      ("display", .display), ("visibility", .visibility), ("opacity", .opacity),
      ("font-size", .fontSize), ("font", .font), ("color", .color),
      ("background", .background), ("background-color", .background),
      ("background-image", .backgroundImage), ("height", .height), ("max-height", .height),
      ("width", .width), ("max-width", .width), ("overflow", .overflow),
      ("overflow-x", .overflow), ("overflow-y", .overflow), ("text-indent", .indent),
      ("position", .position), ("left", .offset), ("top", .offset), ("right", .offset),
      ("bottom", .offset), ("margin-left", .offset), ("margin-top", .offset), ("clip", .clip),
      ("clip-path", .clip), ("transform", .transform), ("mso-hide", .outlook),
    ]
    return Dictionary(uniqueKeysWithValues: names.map { (MarkupName($0.0), $0.1) })
  }()

  /// What needs more than one declaration.
  private struct State {
    var effect = StyleEffect()
    var hasNoSize = false
    var cutsOverflow = false
    var isPlaced = false
    var isFarAway = false
    var isClipped = false
  }

  /// The text is one that character references are resolved in.
  static func effect(of text: [UInt8]) -> StyleEffect {
    let plain = StyleText.plain(text)
    var state = State()
    var start = 0
    while start < plain.count {
      let end = plain[start...].firstIndex(of: 59) ?? plain.count
      if let colon = plain[start..<end].firstIndex(of: 58) {
        let name = MarkupName(StyleText.trimmed(plain[start..<colon]))
        if let property = properties[name] {
          declare(property, StyleText.value(plain[(colon + 1)..<end]), &state)
        }
      }
      start = end + 1
    }
    if state.hasNoSize, state.cutsOverflow { state.effect.isHidden = true }
    if state.isPlaced, state.isFarAway || state.isClipped { state.effect.isHidden = true }
    return state.effect
  }

  private static func declare(
    _ property: Property, _ value: ArraySlice<UInt8>, _ state: inout State
  ) {
    let word = MarkupName(value)
    switch property {
    case .display: state.effect.isHidden = word == none || state.effect.isHidden
    case .visibility where word == hidden || word == collapse: state.effect.isHidden = true
    case .outlook where word == all: state.effect.isHidden = true
    case .opacity:
      if let size = StyleSize(value), size.isAtMost(50) { state.effect.isHidden = true }
    case .fontSize: state.effect.isTiny = StyleSize(value).map(\.isTiny) ?? false
    case .font:
      for word in value.split(separator: 32) {
        if let size = StyleSize(word), size.hasUnit { state.effect.isTiny = size.isTiny }
      }
    case .color: state.effect.color = StyleColor.read(value) ?? state.effect.color
    case .background: state.effect.background = StyleColor.background(value)
    case .backgroundImage where word != none: state.effect.background = .unknown
    case .height, .width:
      if let size = StyleSize(value), size.isAtMost(0) { state.hasNoSize = true }
    case .overflow: state.cutsOverflow = state.cutsOverflow || word == hidden
    case .indent: if let size = StyleSize(value), size.isFarOut { state.effect.isHidden = true }
    case .position: state.isPlaced = word == absolute || word == fixed
    case .offset: if let size = StyleSize(value), size.isFarOut { state.isFarAway = true }
    case .clip: state.isClipped = state.isClipped || StyleText.clipsAll(value)
    case .transform where StyleText.begins(value, "scale(0)"): state.effect.isHidden = true
    default: break
    }
  }

  private static let none = MarkupName("none")
  private static let hidden = MarkupName("hidden")
  private static let collapse = MarkupName("collapse")
  private static let absolute = MarkupName("absolute")
  private static let fixed = MarkupName("fixed")
  private static let all = MarkupName("all")
}

/// A length, in thousandths of its unit.
struct StyleSize {
  private let thousandths: Int
  private let unit: MarkupName

  /// Nil when the value is not a single number.
  init?(_ value: ArraySlice<UInt8>) {
    var index = value.startIndex
    var isNegative = false
    if index < value.endIndex, value[index] == 45 || value[index] == 43 {
      isNegative = value[index] == 45
      index += 1
    }
    var number = 0
    var decimals = 0
    var isFraction = false
    let start = index
    while index < value.endIndex {
      let byte = value[index]
      if byte == 46, !isFraction {
        isFraction = true
      } else if byte &- 48 < 10 {
        if isFraction, decimals == 3 {
          index += 1
          continue
        }
        number = min(number * 10 + Int(byte - 48), 1 << 40)
        if isFraction { decimals += 1 }
      } else {
        break
      }
      index += 1
    }
    guard index > start else { return nil }
    for _ in decimals..<3 { number *= 10 }
    thousandths = isNegative ? -number : number
    unit = MarkupName(value[index...])
  }

  private static let percent = MarkupName("%")
  private static let points: Set<MarkupName> = Set(["", "px", "pt"].map { MarkupName($0) })
  private static let relative: Set<MarkupName> = Set(
    ["em", "rem", "ex", "ch"].map { MarkupName($0) })

  var hasUnit: Bool { unit.count > 0 }

  func isAtMost(_ limit: Int) -> Bool { thousandths <= limit }

  /// A pixel or a point is too small to be read, and so is a tenth of what is around it.
  var isTiny: Bool {
    if unit == Self.percent { return thousandths <= 10_000 }
    if Self.relative.contains(unit) { return thousandths <= 100 }
    return thousandths <= (Self.points.contains(unit) ? 1_000 : 0)
  }

  /// Beyond the edge of any window.
  var isFarOut: Bool {
    if Self.relative.contains(unit) { return thousandths <= -20_000 }
    return thousandths <= (unit == Self.percent ? -100_000 : -200_000)
  }
}
