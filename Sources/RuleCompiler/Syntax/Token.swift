// Tokens of RFC 5228 §8.1. Small and flat: values are read from the source when they are wanted.

/// A token: what it is and where.
struct Token: Equatable, BitwiseCopyable {
  enum Kind: UInt8, BitwiseCopyable {
    case identifier, tag, number, quotedString, multiLineString
    case leftBracket, rightBracket, leftParenthesis, rightParenthesis
    case leftBrace, rightBrace, comma, semicolon
    /// Bytes that are no token; they have been reported.
    case unknown
    case endOfFile
  }

  let kind: Kind
  private let lower: UInt32
  private let upper: UInt32

  /// `range` is inside a source file and so below 2^32 (`SourceFile.init`).
  init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.lower = UInt32(range.lowerBound)
    self.upper = UInt32(range.upperBound)
  }

  var range: Range<Int> { Int(lower)..<Int(upper) }
  var start: Int { Int(lower) }
  var end: Int { Int(upper) }
  var isString: Bool { kind == .quotedString || kind == .multiLineString }
}

/// What the lexer makes of one source file.
struct TokenList {
  /// Ends with exactly one `endOfFile`.
  var tokens: [Token] = []
  var comments: [Comment] = []
  /// An open string, comment or text swallowed source: closing brackets may be missing for that.
  var isTruncated = false
}
