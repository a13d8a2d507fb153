// The program that the tests of this target bend, truncate and print.

@testable import RuleBytecode

enum SampleProgram {
  /// Instructions of the sample by what tests want to change.
  static let program: Program = make()

  private static let t0 = Assembler.truth(0)
  private static let t1 = Assembler.truth(1)
  private static let n0 = Assembler.number(0)
  private static let n1 = Assembler.number(1)
  private static let s0 = Assembler.text(0)
  private static let s1 = Assembler.text(1)

  private static func make() -> Program {
    var out = Assembler()
    out.program.sourceDigest = SHA256.digest(of: Array("sample".utf8))
    out.program.files = [out.string("sample.rules")]
    let empty = out.string("")
    var tempfail = FailurePolicy()
    tempfail[.dns] = .continue
    out.program.policies = [FailurePolicy(), tempfail]
    let place = SourcePlace(file: 0, line: 7, column: 5)
    out.program.rules = [
      RuleInfo(
        name: out.string("first"), phase: .connect, mode: .observe, severity: empty,
        reference: empty, place: place)
    ]
    out.program.probes = [ProbeInfo(text: out.string("ip \"client\" \"10/8\""), place: place)]
    out.program.numbers = [4_000_000, -1]
    out.program.variables = [
      Variable(name: out.string("v"), scope: .run),
      Variable(name: out.string("w"), scope: .message),
      Variable(name: out.string("x"), scope: .recipient),
    ]
    out.program.replies = [
      Reply(
        kind: .reject, wholeMessage: false, code: out.string("550"), enhanced: out.string("5.7.1")),
      Reply(kind: .accept, wholeMessage: true, code: empty, enhanced: empty),
      Reply(kind: .discard, wholeMessage: true, code: empty, enhanced: empty),
    ]
    functions(&out)
    connect(&out)
    recipient(&out)
    headers(&out)
    part(&out)
    end(&out)
    declare(&out, empty)
    return out.program
  }

  private static func functions(_ out: inout Assembler) {
    out.function("yes")
    out.emit(.truthConstant, a: t0, c: 1)
    out.emit(.return)
    out.function("no")
    out.emit(.call, c: 0)
    out.emit(.truthNot, a: t0, b: UInt16(t0))
    out.emit(.return)
  }

  private static func connect(_ out: inout Assembler) {
    let networks = out.set(.addresses, [range("10.0.0.0", "10.255.255.255")])
    let listed = out.spec(.list, set: networks)
    let zones = out.set(.ordered, ["zen.example.org", "bl.example.net"])
    out.program.checks = [
      CheckSpec(
        kind: .dnsbl, arguments: zones, firstText: s0, textCount: 1, timeoutMilliseconds: 3_000,
        spec: listed + 1, variable: 1)
    ]
    out.phase(.connect)
    out.mark(7)
    out.emit(.group, c: 0)
    out.emit(.rule, c: 0)
    out.ask(
      QuerySpec(.ip, detail: IPSide.client.rawValue, spec: listed + 1), into: t0)
    out.emit(.probe, a: t0, c: 0)
    out.skip(.jumpIfTrue, a: t0, over: 4)
    out.mark(8)
    out.emit(.check, a: t0, c: 0)
    out.emit(.answer, a: t0, c: 1)
    out.skip(.settle, a: t0, b: 0, over: 1)
    out.skip(.jumpIfFalse, a: t0, over: 3)
    out.emit(.numberConstant, a: n0, c: 0)
    out.emit(.addScore, a: n0, c: out.string("ZEN"))
    out.skip(.jump, over: 0)
    out.emit(.halt)
  }

  private static func recipient(_ out: inout Assembler) {
    let users = out.set(.mailboxes, ["@example.com", "ann@"])
    let listed = out.spec(.list, set: users)
    out.phase(.rcpt)
    out.emit(.call, c: 1)
    out.ask(
      QuerySpec(.envelope, detail: EnvelopePart.to.rawValue, spec: listed + 1), into: t1)
    out.emit(.truthAnd, a: t0, b: UInt16(t0), c: UInt32(t1))
    out.emit(.truthOr, a: t0, b: UInt16(t0), c: UInt32(t1))
    out.emit(.truthCopy, a: t1, b: UInt16(t0))
    out.emit(.textNamedFact, a: s0, b: UInt16(FactFamily.macro.rawValue), c: out.string("i"))
    out.emit(.textStore, a: s0, c: 2)
    out.emit(
      .namedFactPresent, a: t0, b: UInt16(FactFamily.rcptArgument.rawValue), c: out.string("NOTIFY")
    )
    out.emit(.textConstant, a: s1, c: out.string("No such user"))
    out.emit(.verdict, a: s1, c: 0)
  }

  private static func headers(_ out: inout Assembler) {
    let names = out.set(.folded, ["from", "sender"])
    let patterns = out.set(.ordered, ["*@*.example", "bob?"])
    let captured = out.spec(.matches, set: patterns, captures: true)
    let built = out.spec(.contains, keys: Int(s0)..<Int(s0) + 2)
    out.phase(.headers)
    out.ask(QuerySpec(.header, names: names + 1, spec: captured + 1), into: t0)
    out.emit(.textGroup, a: s0, c: 1)
    out.ask(QuerySpec(.address, names: names + 1, spec: built + 1), into: t0)
    out.ask(QuerySpec(.exists, names: names + 1), into: t0)
    out.act(ActionSpec(.addheader, firstText: s0, textCount: 2, present: 3))
    out.act(
      ActionSpec(
        .deleteheader, flags: .last, firstText: s0, textCount: 1, present: 1, index: 1,
        spec: built + 1))
    out.emit(.actFailure, a: t0)
    out.emit(.halt)
  }

  private static func part(_ out: inout Assembler) {
    let bad = out.spec(.list, set: out.set(.folded, ["exe", "js", "vbs"]))
    out.phase(.part)
    out.ask(
      QuerySpec(.part, detail: PartField.extension.rawValue, spec: bad + 1), into: t0)
    out.ask(QuerySpec(.partIs, detail: PartQuestion.lying.rawValue), into: t1)
    out.emit(.partSize, a: t0, b: UInt16(n0))
    out.emit(.textPart, a: s0, c: 0)
    out.emit(.textConstant, a: s0, c: out.string("Removed."))
    out.act(ActionSpec(.replace, firstText: s0, textCount: 1, present: 1))
    out.act(ActionSpec(.drop))
    out.emit(.halt)
  }

  private static func end(_ out: inout Assembler) {
    let exact = out.spec(.is, set: out.set(.folded, ["yes"]))
    out.phase(.eom)
    out.mark(40)
    out.emit(.numberFact, a: n0, c: UInt32(Fact.messageSize.rawValue))
    out.emit(.numberScore, a: n1)
    out.emit(.over, a: t0, b: UInt16(n0), c: UInt32(n1))
    out.emit(.under, a: t1, b: UInt16(n0), c: UInt32(n1))
    out.emit(.textFact, a: s0, c: UInt32(Fact.subject.rawValue))
    out.emit(.factPresent, a: t0, c: UInt32(Fact.authUser.rawValue))
    out.emit(.textVariable, a: s1, c: 1)
    out.emit(.numberParse, a: n1, b: UInt16(t1), c: UInt32(s1))
    out.emit(.textBegin)
    out.emit(.textAdd, a: s0)
    out.emit(.textEnd, a: s0)
    out.emit(.textModify, a: s1, b: UInt16(s0), c: UInt32(TextModifier.upper.rawValue))
    out.ask(QuerySpec(.text, firstText: s0, textCount: 2, spec: exact + 1), into: t0)
    loops(&out)
    out.emit(.log, a: s0, c: UInt32(LogLevel.info.rawValue))
    out.emit(.verdict, a: s0, c: 2)
  }

  /// Recipients, and the parts inside each part; and numbers, which have nothing to do with them.
  private static func loops(_ out: inout Assembler) {
    out.skip(.loopBegin, a: 0, b: 1, over: 2)
    out.emit(.textFact, a: s0, b: 1, c: UInt32(Fact.rcpt.rawValue))
    out.emit(.loopNext, a: 0, c: UInt32(out.program.code.count - 1))
    out.skip(.loopBegin, a: 1, b: 0, over: 5)
    out.skip(.loopBegin, a: 0, b: 3, over: 2)
    out.emit(.partSize, a: t0, b: UInt16(n0), c: 1)
    out.emit(.loopNext, a: 0, c: UInt32(out.program.code.count - 1))
    out.act(ActionSpec(.rename, loop: 2, firstText: s0, textCount: 1, present: 1))
    out.emit(.loopNext, a: 1, c: UInt32(out.program.code.count - 4))
    out.emit(.equal, a: t0, b: UInt16(n0), c: UInt32(n1))
    for opcode in [Opcode.numberAdd, .numberSubtract, .numberMultiply] {
      out.emit(opcode, a: n0, b: UInt16(n0), c: UInt32(n1))
    }
    out.emit(.numberText, a: s0, b: UInt16(n0))
    out.emit(.loopLeave, a: 0)
    out.emit(.scriptEnd)
    out.emit(.stop)
  }

  /// What has no instruction of its own.
  private static func declare(_ out: inout Assembler, _ empty: UInt32) {
    let keys = out.set(.folded, ["a", "b"])
    let values = out.set(.ordered, ["1", "2"])
    let none = out.set(.ordered, [String]())
    let words = out.set(.ordered, ["clamd", "unix:/run/clamd.ctl"])
    let options = out.set(.ordered, ["host", "localhost"])
    out.program.tables = [
      TableSpec(
        name: out.string("inline"), type: .map, source: .inline, arguments: none,
        timeoutMilliseconds: 0, entriesMax: 0, keys: keys + 1, values: values + 1),
      TableSpec(
        name: out.string("redis"), type: .set, source: .redis, arguments: options,
        timeoutMilliseconds: 5_000, entriesMax: 0),
    ]
    out.program.sets.append(KeySet(kind: .table, first: 1, count: 1))
    _ = out.set(.patterns, ["^a+b", "2", "(a)\\1", "0c", "[a-z]+@", "9s"])
    out.program.declarations = [
      Declaration(role: .scanner, name: out.string("clamav"), arguments: words),
      Declaration(role: .mode, name: empty, arguments: none),
    ]
    out.program.timers = [Timer(seconds: 60, block: UInt32(out.program.blocks.count))]
    out.program.blocks.append(
      Block(name: out.string("every"), start: UInt32(out.program.code.count)))
    out.emit(.halt)
  }

  static func range(_ first: String, _ last: String) -> [UInt8] {
    [first, last].flatMap { IPAddress($0)?.bytes ?? [] }
  }
}
