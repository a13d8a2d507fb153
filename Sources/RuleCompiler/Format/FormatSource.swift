// Tokens and, between them, comments and line breaks: all that a layout is decided from. Blanks and
// the number of line breaks beyond two are forgotten here, so that they cannot matter.

struct FormatSource {
  /// Line ends between two neighbours: none, one, or a blank line.
  enum Breaks: UInt8, BitwiseCopyable, Comparable {
    case none, line, blankLine

    static func < (left: Breaks, right: Breaks) -> Bool { left.rawValue < right.rawValue }
  }

  let source: SourceFile
  /// Ends with `endOfFile`.
  let tokens: [Token]
  /// Those between tokens; the comment in a `text:` line is part of its token.
  private(set) var comments: [Range<Int>] = []
  /// For each token the first comment behind the token before it; one more entry for the end.
  private var firstComments: [Int32] = []
  private var tokenBreaks: [Breaks] = []
  private var commentBreaks: [Breaks] = []
  /// Columns of each token; -1 when a line end is in it.
  private var tokenColumns: [Int32] = []
  /// The first line end that is ours to choose decides for all of them.
  private(set) var usesCarriageReturns = false

  init(_ source: SourceFile, limits: CompilerLimits) {
    self.source = source
    var lexer = Lexer(
      source, file: 0, limits: limits, vocabulary: .language,
      diagnostics: Diagnostics(limits: limits))
    lexer.run()
    tokens = lexer.result.tokens
    read(lexer.result.comments.map(\.range.bytes))
  }

  private mutating func read(_ found: [Range<Int>]) {
    var end = markBytes
    var next = 0
    var seesLineEnd = false
    for token in tokens {
      firstComments.append(Int32(comments.count))
      while next < found.count && found[next].lowerBound < token.start {
        commentBreaks.append(breaks(end..<found[next].lowerBound, &seesLineEnd))
        comments.append(found[next])
        end = found[next].upperBound
        next += 1
      }
      tokenBreaks.append(breaks(end..<token.start, &seesLineEnd))
      tokenColumns.append(Int32(columns(token.range) ?? -1))
      end = token.end
      while next < found.count && found[next].lowerBound < end { next += 1 }
    }
    firstComments.append(Int32(comments.count))
  }

  /// A byte order mark is kept.
  var markBytes: Int { source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

  private mutating func breaks(_ range: Range<Int>, _ seesLineEnd: inout Bool) -> Breaks {
    var count: UInt8 = 0
    for index in range where source.bytes[index] == UInt8(ascii: "\n") {
      if !seesLineEnd {
        seesLineEnd = true
        usesCarriageReturns = index > 0 && source.bytes[index - 1] == UInt8(ascii: "\r")
      }
      count = min(2, count + 1)
    }
    return Breaks(rawValue: count) ?? .blankLine
  }

  /// Columns of a piece of the source, nil when it has a line end.
  private func columns(_ range: Range<Int>) -> Int? {
    let bytes = source.bytes[range]
    return bytes.contains(UInt8(ascii: "\n")) ? nil : Self.columns(bytes)
  }

  /// Unicode scalars, counted by their first bytes.
  static func columns(_ bytes: ArraySlice<UInt8>) -> Int { bytes.count { $0 & 0xC0 != 0x80 } }

  // MARK: Asked by the layout

  func comments(before token: Int) -> Range<Int> {
    Int(firstComments[token])..<Int(firstComments[token + 1])
  }

  func breaks(beforeToken token: Int) -> Breaks { tokenBreaks[token] }
  func breaks(beforeComment comment: Int) -> Breaks { commentBreaks[comment] }
  func isHash(_ comment: Int) -> Bool {
    source.bytes[comments[comment].lowerBound] == UInt8(ascii: "#")
  }

  func columns(ofToken token: Int) -> Int? {
    tokenColumns[token] < 0 ? nil : Int(tokenColumns[token])
  }

  /// Columns up to the first line end in it.
  func firstLineColumns(ofToken token: Int) -> Int {
    columns(ofToken: token)
      ?? Self.columns(source.bytes[tokens[token].range].prefix { $0 != UInt8(ascii: "\n") })
  }

  /// Whether a line begins between the token before and this one.
  func startsLine(_ token: Int) -> Bool {
    breaks(beforeToken: token) > .none
      || comments(before: token).contains { breaks(beforeComment: $0) > .none }
  }

  func areOnOneLine(_ first: Int, _ last: Int) -> Bool {
    source.lineStart(ofByte: tokens[first].start) == source.lineStart(ofByte: tokens[last].start)
  }

  func isWord(_ token: Int, oneOf words: [String]) -> Bool {
    let bytes = source.bytes[tokens[token].range]
    return words.contains { word in
      word.utf8.count == bytes.count && zip(bytes, word.utf8).allSatisfy { $0 | 0x20 == $1 }
    }
  }

  /// Columns between the token before and this one when nothing breaks there; nil when something
  /// must. Comments with line ends around or in them must.
  func gapColumns(before token: Int) -> Int? {
    let range = comments(before: token)
    if range.isEmpty { return blanks(before: token) }
    if breaks(beforeToken: token) > .none { return nil }
    var total = blanksBehindLastComment(before: token)
    for (order, comment) in range.enumerated() {
      guard breaks(beforeComment: comment) == .none, let width = columns(comments[comment]) else {
        return nil
      }
      total += width + (order == 0 ? blanksBeforeFirstComment(before: token) : 1)
    }
    return total
  }

  // MARK: Blanks between neighbours on a line

  private func isOpening(_ token: Int) -> Bool {
    token >= 0 && [.leftBracket, .leftParenthesis].contains(tokens[token].kind)
  }

  func blanks(before token: Int) -> Int {
    if isOpening(token - 1) { return 0 }
    let isEmptyBlock =
      token > 0 && tokens[token - 1].kind == .leftBrace
      && tokens[token].kind == .rightBrace
    return isEmptyBlock ? 0 : blanksBehindLastComment(before: token)
  }

  func blanksBeforeFirstComment(before token: Int) -> Int { isOpening(token - 1) ? 0 : 1 }

  func blanksBehindLastComment(before token: Int) -> Int {
    switch tokens[token].kind {
    case .semicolon, .comma, .rightBracket, .rightParenthesis: 0
    default: 1
    }
  }

  // MARK: Comparing

  /// Whether both have the same tokens and comments, byte for byte and in the same order.
  func hasSameWords(as other: FormatSource) -> Bool {
    guard tokens.count == other.tokens.count, comments.count == other.comments.count,
      firstComments == other.firstComments
    else { return false }
    let sameTokens = zip(tokens, other.tokens).allSatisfy { mine, theirs in
      mine.kind == theirs.kind
        && source.bytes[mine.range].elementsEqual(other.source.bytes[theirs.range])
    }
    return sameTokens
      && zip(comments, other.comments).allSatisfy {
        source.bytes[$0].elementsEqual(other.source.bytes[$1])
      }
  }
}
