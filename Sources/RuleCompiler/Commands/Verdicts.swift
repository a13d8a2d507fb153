// What `accept reject tempfail discard` have in common: codes, texts and reach.

import RuleBytecode

/// A verdict's code; the text is built, then the run ends, or the turn of a recipient.
struct VerdictCode: ActionCode {
  let kind: VerdictKind
  var wholeMessage = false
  /// In a loop over recipients.
  var endsTurn = false
  var delaySeconds: Int?
  var code = ""
  var enhanced = ""
  var text = TextValue("")

  func emit(_ out: inout BlockEmitter) {
    if out.isTestSuite {
      SuiteQuestion(command: "do", words: [kind.name, "=text"], texts: [text]).emit(&out)
      return
    }
    if let delaySeconds { CommandDelay.plan(delaySeconds).emit(&out) }
    let text = out.text(text)
    let reply = out.pool.reply(
      kind, wholeMessage: wholeMessage, endsTurn: endsTurn, code: code, enhanced: enhanced)
    out.emit(.verdict, a: text, c: reply)
    if let behind = out.behindVerdict { out.jump(.jump, to: behind) }
  }
}

enum Verdicts {
  static let messageTag = TagSignature("message")
  /// Commands with the tags of a reply.
  static func takesCode(_ command: String) -> Bool {
    ["reject", "ereject", "tempfail"].contains(command)
  }

  static let replyTags = [
    TagSignature("code", .string), TagSignature("enhanced", .string),
    TagSignature("delay", .number),
  ]

  /// Octets of one line of a reply's text (LANGUAGE §7).
  static let replyLineBytesMax = 512

  /// `reject` and `tempfail`: checks code, enhanced code and text.
  static func refusal(
    _ kind: VerdictKind, _ call: Call, _ context: inout CheckContext
  ) -> (any ActionCode)? {
    if !context.file.isPolicy { return plainRefusal(call, &context) }
    var verdict = VerdictCode(kind: kind)
    verdict.code = kind == .reject ? "550" : "451"
    verdict.enhanced = kind == .reject ? "5.7.1" : "4.7.1"
    if let literal = call.tag("code")?.string,
      let code = context.constant(literal, ":code", of: kind.name)
    {
      verdict.code = code
      if !Literals.isReplyCode(code, of: kind) {
        context.report(.literal(.replyCode(code, verdict: kind.name)), at: literal.range)
      }
    }
    checkEnhanced(&verdict, call, &context)
    verdict.delaySeconds = context.delay(of: call)
    verdict.endsTurn = context.noteVerdict(kind, at: call.name.range)
    context.checkCode(in: call.strings(0), of: call.name.text)
    verdict.text = context.replyText(call.strings(0))
    return verdict
  }

  /// In a plain script a refusal is settled at the end, against what else it asks for.
  private static func plainRefusal(
    _ call: Call, _ context: inout CheckContext
  ) -> (any ActionCode)? {
    for tag in call.tags { context.demand(.ours, for: ":" + tag.name, at: tag.range) }
    var action = PlannedAction(call.name.text == "ereject" ? .ereject : .reject)
    action.flags = .plain
    action.set("text", context.replyText(call.strings(0)))
    return action
  }

  private static func checkEnhanced(
    _ verdict: inout VerdictCode, _ call: Call, _ context: inout CheckContext
  ) {
    guard let literal = call.tag("enhanced")?.string,
      let enhanced = context.constant(literal, ":enhanced", of: verdict.kind.name)
    else { return }
    verdict.enhanced = enhanced
    if !Literals.isEnhancedCode(enhanced) {
      context.report(.literal(.enhancedCode(enhanced)), at: literal.range)
    } else if Literals.isReplyCode(verdict.code, of: verdict.kind),
      enhanced.utf8.first != verdict.code.utf8.first
    {
      let problem = LiteralProblem.codeClassMismatch(code: verdict.code, enhanced: enhanced)
      context.report(.literal(problem), at: literal.range)
    }
  }

  /// `accept` and `discard`, which have no text: how far they reach.
  static func silent(
    _ kind: VerdictKind, _ call: Call, _ context: inout CheckContext
  ) -> (any ActionCode)? {
    let wholeMessage = call.has("message")
    let reply = Reply(kind: kind, wholeMessage: wholeMessage, code: 0, enhanced: 0)
    let range = call.tag("message")?.range ?? call.name.range
    let isPossible = context.limit(to: reply.phases, as: kind.name, at: range) {
      .tagNeeded("message", of: kind.name, phase: $0.name)
    }
    guard isPossible else { return nil }
    if wholeMessage {
      // A session has no message yet.
      let possible = PhaseSet.from(.mail)
      let names = kind == .accept ? ["rcpt", "part"] : possible.phases.map(\.name)
      let fits = context.limit(to: possible, as: ":message", at: range) {
        .tagNotPossible("message", of: kind.name, phase: $0.name, possible: names)
      }
      guard fits else { return nil }
    }
    return VerdictCode(
      kind: kind, wholeMessage: wholeMessage,
      endsTurn: context.noteVerdict(kind, at: call.name.range))
  }
}

extension CheckContext {
  /// A verdict stands here; true when it is one on the recipient whose turn it is.
  mutating func noteVerdict(_ kind: VerdictKind, at range: SourceRange) -> Bool {
    if place.phase == nil { place.notForTurns = place.notForTurns ?? (kind.name, range) }
    guard recipientLoop != nil else { return false }
    if turnVerdicts[kind] == nil { turnVerdicts[kind] = range }
    return true
  }

  /// The text of a reply, lines joined by LF: each string of a list is a line, and so is each line
  /// of a `text:`.
  mutating func replyText(_ literals: [StringLiteral]) -> TextValue {
    var pieces: [TextPiece] = []
    for (index, literal) in literals.enumerated() {
      if index > 0 { pieces.append(.literal("\n")) }
      let isBlock = literal.form == .multiLine || !file.isPolicy
      var value = text(literal)
      if isBlock { value = Self.unix(value) }
      checkReply(value, isBlock: isBlock, at: literal.range)
      pieces += value.pieces
    }
    return TextValue(pieces: Self.joined(pieces))
  }

  private mutating func checkReply(_ value: TextValue, isBlock: Bool, at range: SourceRange) {
    for case .literal(let text) in value.pieces {
      let lines = isBlock ? text.split(separator: "\n").map(String.init) : [text]
      for line in lines {
        if let control = Literals.control(in: line) {
          report(.literal(.replyControl(control)), at: range)
        }
        if line.utf8.count > Verdicts.replyLineBytesMax {
          let problem = LiteralProblem.replyLineTooLong(
            bytes: line.utf8.count, max: Verdicts.replyLineBytesMax)
          report(.literal(problem), at: range)
        }
        if line.utf8.contains(where: { $0 >= 0x80 }) {
          report(.literal(.replyNotASCII), at: range)
        }
      }
    }
  }

  /// CRLF to LF, and no line end at the end.
  private static func unix(_ value: TextValue) -> TextValue {
    var pieces = value.pieces.map { piece in
      if case .literal(let text) = piece {
        return TextPiece.literal(String(decoding: text.utf8.filter { $0 != 13 }, as: UTF8.self))
      }
      return piece
    }
    if case .literal(let text) = pieces.last {
      let bytes = Array(text.utf8)
      let end = bytes.lastIndex { $0 != 10 }.map { $0 + 1 } ?? 0
      pieces[pieces.count - 1] = .literal(String(decoding: bytes[..<end], as: UTF8.self))
    }
    return TextValue(pieces: pieces)
  }

  /// Neighbouring literals as one.
  private static func joined(_ pieces: [TextPiece]) -> [TextPiece] {
    var result: [TextPiece] = []
    for piece in pieces {
      if case .literal(let next) = piece, case .literal(let last) = result.last {
        result[result.count - 1] = .literal(last + next)
      } else {
        result.append(piece)
      }
    }
    return result
  }
}
