// Patterns of `:matches` taken apart at compile time (RFC 5228 §2.7.1): `*` is any text, `?` one
// character, `\` takes the next byte as it is. Most are a prefix, a suffix or a substring, and can
// be compared with each other.

/// A pattern with wildcards that is none of the simple shapes.
struct Glob: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    case literal([UInt8])
    case star, one
  }

  let pieces: [Piece]

  /// Literal pieces are joined, neighbouring stars are one.
  init(_ pattern: [UInt8]) {
    var pieces: [Piece] = []
    var literal: [UInt8] = []
    var index = 0
    func flush() {
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = []
    }
    while index < pattern.count {
      switch pattern[index] {
      case UInt8(ascii: "*"):
        flush()
        if pieces.last != .star { pieces.append(.star) }
      case UInt8(ascii: "?"):
        flush()
        pieces.append(.one)
      case UInt8(ascii: "\\") where index + 1 < pattern.count:
        index += 1
        literal.append(pattern[index])
      default: literal.append(pattern[index])
      }
      index += 1
    }
    flush()
    self.pieces = pieces
  }

  /// What stands before the first wildcard.
  var head: [UInt8] { if case .literal(let text) = pieces.first { text } else { [] } }
  /// What stands behind the last one.
  var tail: [UInt8] { if case .literal(let text) = pieces.last { text } else { [] } }

  var literals: [[UInt8]] {
    pieces.compactMap { if case .literal(let text) = $0 { text } else { nil } }
  }

  /// Whether a text matches. `?` takes a character; where that could be several bytes the answer
  /// is not known.
  func matches(_ text: [UInt8]) -> Bool? {
    if pieces.contains(.one), text.contains(where: { $0 >= 0x80 }) { return nil }
    if text.count * pieces.count > Self.workMax { return nil }
    // The ends in `text` that the pieces so far can reach.
    var reached: Set<Int> = [0]
    for piece in pieces {
      reached = Self.step(piece, from: reached, in: text)
      if reached.isEmpty { return false }
    }
    return reached.contains(text.count)
  }

  /// Steps; longer texts are left undecided.
  private static let workMax = 10_000

  private static func step(_ piece: Piece, from reached: Set<Int>, in text: [UInt8]) -> Set<Int> {
    switch piece {
    case .star: return reached.min().map { Set($0...text.count) } ?? []
    case .one: return Set(reached.filter { $0 < text.count }.map { $0 + 1 })
    case .literal(let literal):
      return Set(
        reached.filter { start in
          start + literal.count <= text.count
            && text[start..<start + literal.count].elementsEqual(literal)
        }.map { $0 + literal.count })
    }
  }
}
