// Texts with `${…}` (RFC 5229 §3), taken apart at compile time.

import RuleBytecode

enum TextPiece: Equatable, Sendable {
  case literal(String)
  /// A fact; of the part or recipient of a loop where one is given.
  case fact(Fact, loop: Int?)
  case named(FactFamily, String)
  case variable(VariableReference)
  case group(Int)
}

/// A text: what is fixed and what is read when it is used.
struct TextValue: Equatable, Sendable {
  var pieces: [TextPiece]
  /// It becomes part of HTML: what is read at run time is escaped.
  var escapesHTML = false

  init(_ literal: String) { pieces = literal.isEmpty ? [] : [.literal(literal)] }
  init(pieces: [TextPiece]) { self.pieces = pieces }

  /// The whole text, when nothing in it is read at run time.
  var constant: String? {
    var text = ""
    for piece in pieces {
      guard case .literal(let literal) = piece else { return nil }
      text += literal
    }
    return text
  }
}

/// Where `${…}` stand in a text.
enum TextScanner {
  struct Reference {
    /// In bytes of the text, from `$` to `}`.
    let range: Range<Int>
    /// Nil when no name can be read.
    let name: String?
  }

  static func references(in text: String) -> [Reference] {
    var text = text
    return text.withUTF8Copy { references(in: $0) }
  }

  private static func references(in bytes: [UInt8]) -> [Reference] {
    var found: [Reference] = []
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "$"), bytes[index + 1] == UInt8(ascii: "{") else {
        index += 1
        continue
      }
      var end = index + 2
      while end < bytes.count, isNameByte(bytes[end]) { end += 1 }
      let isClosed = end < bytes.count && bytes[end] == UInt8(ascii: "}")
      let name = String(decoding: bytes[index + 2..<end], as: UTF8.self)
      let isName = isClosed && isWellFormed(name)
      let last = isClosed ? end + 1 : end
      found.append(Reference(range: index..<last, name: isName ? name : nil))
      index = last
    }
    return found
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// A number, or identifiers joined by dots.
  private static func isWellFormed(_ name: String) -> Bool {
    if name.isEmpty { return false }
    if name.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }) { return true }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first?.utf8.first, first < 48 || first > 57 else { return false }
    return parts.allSatisfy { !$0.isEmpty }
  }
}

extension String {
  /// The bytes, for scans by index; the copy is skipped where there is no `$` at all.
  fileprivate mutating func withUTF8Copy<Result>(_ body: ([UInt8]) -> [Result]) -> [Result] {
    guard utf8.contains(UInt8(ascii: "$")) else { return [] }
    return body(Array(utf8))
  }
}
