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
    out.program.rules = [RuleInfo(name: out.string("first"), phase: .connect, place: place)]
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
    part(&out, empty)
    end(&out)
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
    let zones = out.set(.ordered, ["zen.example.org", "bl.example.net"])
    out.program.checks = [CheckSpec(kind: .dnsbl, arguments: zones, timeoutMilliseconds: 3_000)]
    out.phase(.connect)
    out.mark(7)
    out.emit(.group, c: 0)
    out.emit(.rule, c: 0)
    out.emit(.ipIn, a: t0, b: UInt16(IPSide.client.rawValue), c: networks)
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
    out.emit(.matchEnvelope, a: t1, b: UInt16(EnvelopePart.to.rawValue), c: listed)
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
    out.program.headerEdits = [
      HeaderEditSpec(kind: .add, name: out.string("X-Seen"), last: false, index: 0, spec: 0),
      HeaderEditSpec(
        kind: .delete, name: out.string("X-Seen"), last: true, index: 1, spec: built + 1),
    ]
    out.phase(.headers)
    out.emit(.matchHeader, a: t0, b: UInt16(names), c: captured)
    out.emit(.textGroup, a: s0, c: 1)
    out.emit(.matchAddress, a: t0, b: UInt16(names), c: built)
    out.emit(.headerExists, a: t0, c: names)
    out.emit(.editHeader, a: s0, c: 0)
    out.emit(.editHeader, a: s0, c: 1)
    out.emit(.halt)
  }

  private static func part(_ out: inout Assembler, _ empty: UInt32) {
    let bad = out.spec(.list, set: out.set(.folded, ["exe", "js", "vbs"]))
    out.program.partEdits = [
      PartEditSpec(kind: .replace, type: out.string("text/plain"), name: empty, disposition: empty),
      PartEditSpec(kind: .drop, type: empty, name: empty, disposition: empty),
    ]
    out.phase(.part)
    out.emit(.matchPart, a: t0, b: UInt16(PartField.extension.rawValue), c: bad)
    out.emit(.partIs, a: t1, b: UInt16(PartQuestion.lying.rawValue))
    out.emit(.partSize, a: n0)
    out.emit(.textConstant, a: s0, c: out.string("Removed."))
    out.emit(.editPart, a: s0, c: 0)
    out.emit(.editPart, a: s0, c: 1)
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
    out.emit(.matchText, a: t0, b: UInt16(s0), c: exact)
    out.emit(.log, a: s0, c: UInt32(LogLevel.info.rawValue))
    out.emit(.verdict, a: s0, c: 2)
  }

  static func range(_ first: String, _ last: String) -> [UInt8] {
    [first, last].flatMap { IPAddress($0)?.bytes ?? [] }
  }
}
