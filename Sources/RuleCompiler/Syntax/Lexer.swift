// Source bytes to tokens: RFC 5228 §8.1, with LF as a line end beside CRLF. Trusts nothing.
// Linear but for a fixed number of second looks at strings that were left open. What is no token
// is reported here and stands in the list as `unknown`, so that the parser knows about the hole.

/// Cuts one source into tokens.
struct Lexer {
  let source: SourceFile
  let file: Int
  let limits: CompilerLimits
  let vocabulary: Vocabulary
  var diagnostics: Diagnostics
  var index = 0
  var result = TokenList()
  var stringRecoveries = 0
  /// A `:regex` stands before in the same test or command.
  var isBehindRegex = false
  /// No line of only a dot stands behind this offset; saves the second search.
  var noDotLineFrom = Int.max
  private var lookalikesLeft = 1_000

  init(
    _ source: SourceFile, file: Int, limits: CompilerLimits, vocabulary: Vocabulary,
    diagnostics: Diagnostics
  ) {
    self.source = source
    self.file = file
    self.limits = limits
    self.vocabulary = vocabulary
    self.diagnostics = diagnostics
    self.index = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// All tokens; ends with `endOfFile`.
  mutating func run() {
    while index < source.bytes.count {
      if result.tokens.count >= limits.tokensMax {
        report(.tooManyTokens(max: limits.tokensMax), index..<index + 1)
        stop()
        break
      }
      step(source.bytes[index])
    }
    let end = source.bytes.count
    result.tokens.append(Token(.endOfFile, end..<end))
  }

  /// Gives up on the rest of the source.
  mutating func stop() {
    result.isTruncated = true
    index = source.bytes.count
  }

  /// Gives up because what begins at `start` never ends. The token tells the parser that its
  /// statement has a hole.
  mutating func stopInside(_ start: Int) {
    emit(.unknown, source.bytes.count - start)
    stop()
  }

  private mutating func step(_ byte: UInt8) {
    switch byte {
    case 0...0x20, 0x7F: index += 1  // White space; other controls are reported by the hygiene.
    case UInt8(ascii: "#"): hashComment()
    case UInt8(ascii: "/"): slash()
    case UInt8(ascii: "\""): quotedString()
    case UInt8(ascii: ":"): tag()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
    case UInt8(ascii: "["): emit(.leftBracket, 1)
    case UInt8(ascii: "]"): emit(.rightBracket, 1)
    case UInt8(ascii: "("): emit(.leftParenthesis, 1)
    case UInt8(ascii: ")"): emit(.rightParenthesis, 1)
    case UInt8(ascii: "{"): emit(.leftBrace, 1)
    case UInt8(ascii: "}"): emit(.rightBrace, 1)
    case UInt8(ascii: ","): emit(.comma, 1)
    case UInt8(ascii: ";"): emit(.semicolon, 1)
    default: if byte.startsName { name() } else { unknownRun() }
    }
  }

  // MARK: Names and numbers

  private mutating func name() {
    let end = nameEnd(from: index)
    if foreignLetter(at: end) != nil { return foreignWord() }
    // `"text:"` of the grammar is one token, so no blank may stand before the colon.
    if end - index == 4 && byte(at: end) == UInt8(ascii: ":") && isTextWord(at: index) {
      multiLineString()
    } else if byte(at: end) == UInt8(ascii: "."), byte(at: end + 1)?.startsName == true {
      dottedName(end)
    } else if isBareText(index..<end) {
      bareText()
    } else {
      emitName(.identifier, nameStart: index, end: end)
    }
  }

  /// `client.ip` without quotes and braces is one mistake.
  private mutating func dottedName(_ firstEnd: Int) {
    var end = firstEnd
    while byte(at: end) == UInt8(ascii: "."), byte(at: end + 1)?.startsName == true {
      end = nameEnd(from: end + 1)
    }
    report(.unknownCharacter(source.text(index..<end)), index..<end)
    emit(.unknown, end - index)
  }

  /// `X-Spam`, `unix:/run/x.sock` without their quotes.
  private func isBareText(_ name: Range<Int>) -> Bool {
    let next = byte(at: name.upperBound + 1)
    switch byte(at: name.upperBound) {
    case UInt8(ascii: "-"), UInt8(ascii: "/"): return next?.startsName == true
    case UInt8(ascii: ":"):
      return next == UInt8(ascii: "/") && byte(at: name.upperBound + 2) != UInt8(ascii: "*")
    default: return false
    }
  }

  /// To its end it is one mistake.
  private mutating func bareText() {
    var end = index
    while let next = byte(at: end), next.continuesName || "/-.:@".utf8.contains(next) { end += 1 }
    let range = index..<end
    let text = source.text(range)
    report(.unknownCharacter(text), range, edit: (range, "\"\(text)\""))
    emit(.unknown, range.count)
  }

  private mutating func tag() {
    let start = index + 1
    guard let first = byte(at: start), first.startsName else {
      reportEmptyTag(index..<start)
      return emit(.unknown, 1)
    }
    emitName(.tag, nameStart: start, end: nameEnd(from: start))
  }

  /// `: is`: blanks between the colon and a name on the same line are taken out.
  private mutating func reportEmptyTag(_ colon: Range<Int>) {
    var end = colon.upperBound
    while let next = byte(at: end), next == 0x20 || next == 0x09 { end += 1 }
    let isName = end > colon.upperBound && byte(at: end)?.startsName == true
    if byte(at: end) == UInt8(ascii: "{") { return report(.emptyTag, colon, edit: (colon, "")) }
    report(.emptyTag, colon, edit: isName ? (colon.upperBound..<end, "") : nil)
  }

  private mutating func emitName(_ kind: Token.Kind, nameStart: Int, end: Int) {
    let length = end - nameStart
    if length > limits.nameBytesMax {
      report(.nameTooLong(bytes: length, max: limits.nameBytesMax), index..<end)
      emit(.unknown, end - index)
    } else {
      emit(kind, end - index)
    }
  }

  /// `number = 1*DIGIT [ QUANTIFIER ]`. Words that begin with a digit and decimals are taken whole,
  /// so that `4.0` is one mistake and not three tokens.
  private mutating func number() {
    let start = index
    var end = start
    while let next = byte(at: end), next.continuesName || next == UInt8(ascii: ".") { end += 1 }
    emitNumber(start..<end)
  }

  private mutating func emitNumber(_ range: Range<Int>) {
    switch Self.value(of: source.bytes[range], max: limits.numberMax) {
    case .value: emit(.number, range.count)
    case .tooBig:
      report(.numberTooBig(source.text(range), max: limits.numberMax), range)
      emit(.unknown, range.count)
    case .malformed:
      let text = source.text(range)
      let edit = SyntaxProblem.unit(text) ?? (Self.isDecimal(text) ? "\"\(text)\"" : nil)
      report(.badNumber(text), range, edit: edit.map { (range, $0) })
      emit(.unknown, range.count)
    }
  }

  /// `4.5`, which is a string here.
  private static func isDecimal(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) }
  }

  enum NumberValue: Equatable {
    case value(Int)
    case tooBig, malformed
  }

  /// K, M and G multiply by 2^10, 2^20 and 2^30 (RFC 5228 §2.4.1). Past `Int.max` a number is that:
  /// nothing that is counted here comes near it.
  static func value(of bytes: ArraySlice<UInt8>, max: UInt64) -> NumberValue {
    var digits = bytes
    var shift = 0
    switch bytes.last.map({ $0 | 0x20 }) {
    case UInt8(ascii: "k"): shift = 10
    case UInt8(ascii: "m"): shift = 20
    case UInt8(ascii: "g"): shift = 30
    default: break
    }
    if shift > 0 { digits.removeLast() }
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return .malformed }
    var value: UInt64 = 0
    for digit in digits {
      let (tens, overTens) = value.multipliedReportingOverflow(by: 10)
      let (sum, overSum) = tens.addingReportingOverflow(UInt64(digit - UInt8(ascii: "0")))
      if overTens || overSum { return .tooBig }
      value = sum
    }
    let (scaled, over) = value.multipliedReportingOverflow(by: 1 << shift)
    return over || scaled > max ? .tooBig : .value(Int(clamping: scaled))
  }

  // MARK: Comments

  private mutating func hashComment() {
    let end = lineEnd(from: index)
    addComment(.hash, index..<end)
    index = end
  }

  /// `/*` … `*/`; they do not nest (RFC 5228 §2.3).
  private mutating func slash() {
    switch byte(at: index + 1) {
    case UInt8(ascii: "*"): bracketComment()
    case UInt8(ascii: "/"):
      // Meant as a comment; taken as one, so that it costs one message.
      let slashes = index..<index + 2
      report(.unknownCharacter("//"), slashes, edit: (slashes, "#"))
      index = lineEnd(from: index)
    case let next? where next.startsName: bareText()
    default: unknownRun()
    }
  }

  private mutating func bracketComment() {
    let bytes = source.bytes
    var end = index + 2
    while end + 1 < bytes.count {
      if bytes[end] == UInt8(ascii: "*") && bytes[end + 1] == UInt8(ascii: "/") {
        addComment(.bracket, index..<end + 2)
        index = end + 2
        return
      }
      end += 1
    }
    report(.unterminatedComment, index..<index + 2)
    stopInside(index)
  }

  mutating func addComment(_ form: Comment.Form, _ range: Range<Int>) {
    let place = SourceRange(file: file, bytes: range)
    result.comments.append(Comment(form: form, range: place))
  }

  // MARK: What is no token

  /// One run of bytes that begin no token is one mistake: `==`, `&&`, `'text'`, `“text”`.
  private mutating func unknownRun() {
    let start = index
    if let blank = UTF8Scan.value(in: source.bytes, at: start), OddBlank.isOne(blank) {
      return oddBlanks(blank)
    }
    if foreignLetter(at: start) != nil { return foreignWord() }
    let quotedEnd = quotedLookalikeEnd(from: start)
    let end =
      quotedEnd ?? signedNumberEnd(from: start) ?? referenceEnd(from: start) ?? runEnd(from: start)
    let range = start..<end
    let isSigned = byte(at: start) == UInt8(ascii: "-") && byte(at: end - 1)?.isDigit == true
    let hasScalar = UTF8Scan.scalar(in: source.bytes, at: start).value != nil
    if isSigned {
      report(.badNumber(source.text(range)), range)
    } else if hasScalar {
      let edit = quotedEnd == nil ? nil : requoted(range)
      report(.unknownCharacter(source.text(range)), range, edit: edit)
    }  // Else it is no UTF-8, which has been reported.
    emit(.unknown, range.count)
  }

  /// `‘text’` with the quotes of the language.
  private func requoted(_ range: Range<Int>) -> (bytes: Range<Int>, text: String)? {
    let inner = source.text(range).dropFirst().dropLast()
    if inner.utf8.contains(where: { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      return nil
    }
    return (range, "\"\(inner)\"")
  }

  private func runEnd(from start: Int) -> Int {
    var end = start
    while let next = byte(at: end), !next.startsToken { end += 1 }
    return max(end, start + 1)
  }

  /// `${name}` outside of a string.
  private func referenceEnd(from start: Int) -> Int? {
    guard byte(at: start) == UInt8(ascii: "$"), byte(at: start + 1) == UInt8(ascii: "{") else {
      return nil
    }
    var end = start + 2
    while let next = byte(at: end), next.continuesName || next == UInt8(ascii: ".") { end += 1 }
    return byte(at: end) == UInt8(ascii: "}") ? end + 1 : nil
  }

  private func signedNumberEnd(from start: Int) -> Int? {
    guard byte(at: start) == UInt8(ascii: "-"), byte(at: start + 1)?.isDigit == true else {
      return nil
    }
    var end = start + 1
    while let next = byte(at: end), next.isDigit || next == UInt8(ascii: ".") { end += 1 }
    // `byte(at: end - 1)` is to be a digit: a dot behind is not taken.
    while byte(at: end - 1) == UInt8(ascii: ".") { end -= 1 }
    return end
  }

  /// Behind the closing mark of `'…'`, `“…”` or `‘…’` on the same line.
  private mutating func quotedLookalikeEnd(from start: Int) -> Int? {
    let pairs = [("'", "'"), ("“", "”"), ("‘", "’"), ("`", "`"), ("«", "»"), ("„", "“")]
    let rest = source.bytes[start...]
    for (open, close) in pairs where rest.starts(with: open.utf8) && lookalikesLeft > 0 {
      let closing = Array(close.utf8)
      var at = start + open.utf8.count
      // A short way only, and not for ever: this is for a good message, and must stay linear.
      let last = min(source.bytes.count, at + 200) - closing.count
      while at <= last && source.bytes[at] != UInt8(ascii: "\n") {
        if source.bytes[at..<at + closing.count].elementsEqual(closing) {
          return at + closing.count
        }
        at += 1
      }
      lookalikesLeft -= 1
    }
    return nil
  }

  // MARK: Helpers

  mutating func emit(_ kind: Token.Kind, _ length: Int) {
    result.tokens.append(Token(kind, index..<index + length))
    noteRegex(kind, index..<index + length)
    index += length
  }

  /// - Parameter edit: bytes with what replaces them, where that mends the mistake.
  mutating func report(
    _ problem: SyntaxProblem, _ range: Range<Int>, edit: (bytes: Range<Int>, text: String)? = nil
  ) {
    let fixIts = edit.map {
      [Diagnostic.FixIt(replace: SourceRange(file: file, bytes: $0.bytes), with: $0.text)]
    }
    diagnostics.report(
      .syntax(problem), at: SourceRange(file: file, bytes: range), fixIts: fixIts ?? [])
  }

  func byte(at offset: Int) -> UInt8? {
    offset < source.bytes.count ? source.bytes[offset] : nil
  }

  /// The offset of the line end (CRLF, LF, or the end of the file) of the line with `start`.
  func lineEnd(from start: Int) -> Int {
    let bytes = source.bytes
    var end = start
    while end < bytes.count && bytes[end] != UInt8(ascii: "\n") { end += 1 }
    if end < bytes.count && end > start && bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return end
  }

  func nameEnd(from start: Int) -> Int {
    var end = start
    while let next = byte(at: end), next.continuesName { end += 1 }
    return end
  }

  private func isTextWord(at start: Int) -> Bool {
    source.bytes[start..<start + 4].map { $0 | 0x20 }.elementsEqual("text".utf8)
  }
}
