// The macro strings of RFC 7208 §7.1: what records and explanations are made of. A string is read
// when it is checked and again when it is needed, so nothing of it is kept; both are one pass.

/// A term that is not as RFC 7208 §12 has it.
struct SPFSyntaxError: Error, Equatable {
  var term: ArraySlice<UInt8> = []
}

/// `%{LETTER digits r delimiters}`.
struct MacroValue: Equatable {
  /// In lower case.
  let letter: UInt8
  /// Written with a capital letter.
  let isEscaped: Bool
  let labelsKept: Int?
  let isReversed: Bool
  /// One bit for each of `MacroReader.delimiters`.
  let delimiters: UInt8
}

struct MacroReader {
  enum Piece: Equatable {
    case literal(ArraySlice<UInt8>)
    /// `%%`, `%_` or `%-`.
    case escape(ArraySlice<UInt8>)
    case value(MacroValue)
  }

  enum Place {
    /// A name: no spaces, and none of the letters c, r and t.
    case name
    /// The value of a modifier that nobody knows: all letters, no spaces.
    case modifier
    /// A text: all letters, and spaces.
    case explanation
  }

  static let delimiters = Array(".-+,/_=".utf8)
  /// More labels than a name can have are as good as all.
  private static let labelsKeptMax = 255

  private let bytes: ArraySlice<UInt8>
  private let place: Place
  private var index: Int

  init(_ bytes: ArraySlice<UInt8>, _ place: Place) {
    self.bytes = bytes
    self.place = place
    index = bytes.startIndex
  }

  mutating func next() throws(SPFSyntaxError) -> Piece? {
    guard index < bytes.endIndex else { return nil }
    if bytes[index] == .percent { return try expansion() }
    let start = index
    while index < bytes.endIndex, bytes[index] != .percent {
      guard (0x21...0x7E).contains(bytes[index]) || place == .explanation && bytes[index] == .space
      else { throw SPFSyntaxError() }
      index += 1
    }
    return .literal(bytes[start..<index])
  }

  private mutating func expansion() throws(SPFSyntaxError) -> Piece {
    index += 1
    guard let kind = take() else { throw SPFSyntaxError() }
    switch kind {
    case UInt8(ascii: "%"): return .escape([.percent])
    case UInt8(ascii: "_"): return .escape([.space])
    case UInt8(ascii: "-"): return .escape([.percent, UInt8(ascii: "2"), UInt8(ascii: "0")])
    case UInt8(ascii: "{"): return .value(try value())
    default: throw SPFSyntaxError()
    }
  }

  private mutating func value() throws(SPFSyntaxError) -> MacroValue {
    let letters = place == .name ? "slodiphv" : "slodiphvcrt"
    guard let letter = take(), letters.utf8.contains(letter.lowercased) else {
      throw SPFSyntaxError()
    }
    let kept = try labelsKept()
    let isReversed = index < bytes.endIndex && bytes[index].lowercased == UInt8(ascii: "r")
    if isReversed { index += 1 }
    var delimiters: UInt8 = 0
    while index < bytes.endIndex, let bit = Self.delimiters.firstIndex(of: bytes[index]) {
      delimiters |= 1 << UInt8(bit)
      index += 1
    }
    guard take() == UInt8(ascii: "}") else { throw SPFSyntaxError() }
    return MacroValue(
      letter: letter.lowercased, isEscaped: letter != letter.lowercased, labelsKept: kept,
      isReversed: isReversed, delimiters: delimiters)
  }

  /// RFC 7208 §7.3: it must not be zero.
  private mutating func labelsKept() throws(SPFSyntaxError) -> Int? {
    let start = index
    var number = 0
    while index < bytes.endIndex, bytes[index].isDigit {
      number = min(number * 10 + Int(bytes[index] - 0x30), Self.labelsKeptMax)
      index += 1
    }
    if index == start { return nil }
    guard number > 0 else { throw SPFSyntaxError() }
    return number
  }

  private mutating func take() -> UInt8? {
    guard index < bytes.endIndex else { return nil }
    defer { index += 1 }
    return bytes[index]
  }
}

extension MacroReader {
  /// Whether it is a `domain-spec`: one that ends in a macro, or in a dot and a top label.
  static func isDomain(_ bytes: ArraySlice<UInt8>) -> Bool {
    var reader = MacroReader(bytes, .name)
    var last: Piece?
    do {
      while let piece = try reader.next() { last = piece }
    } catch {
      return false
    }
    guard let last else { return false }
    guard case .literal(var tail) = last else { return true }
    if tail.last == .dot { tail.removeLast() }
    guard let dot = tail.lastIndex(of: .dot) else { return false }
    return isTopLabel(tail[(dot + 1)...])
  }

  static func isText(_ bytes: ArraySlice<UInt8>, _ place: Place) -> Bool {
    var reader = MacroReader(bytes, place)
    do {
      while try reader.next() != nil {}
      return true
    } catch {
      return false
    }
  }

  /// Whether expanding it needs the names of the address: `p` (RFC 7208 §7.3).
  static func needsNames(_ bytes: ArraySlice<UInt8>, _ place: Place) -> Bool {
    var reader = MacroReader(bytes, place)
    while let piece = try? reader.next() {
      if case .value(let value) = piece, value.letter == UInt8(ascii: "p") { return true }
    }
    return false
  }

  private static func isTopLabel(_ label: ArraySlice<UInt8>) -> Bool {
    guard let first = label.first, first.isLetterOrDigit, label.last?.isLetterOrDigit == true
    else { return false }
    let dash = UInt8(ascii: "-")
    return label.allSatisfy { $0.isLetterOrDigit || $0 == dash }
      && label.contains { $0.isLetter || $0 == dash }
  }
}
