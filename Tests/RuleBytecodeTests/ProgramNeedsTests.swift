// What a program needs of the MTA, read from its code.

import Testing

@testable import RuleBytecode

struct ProgramNeedsTests {
  private static func needs(_ phase: Phase, _ build: (inout Assembler) -> Void) -> ProgramNeeds {
    var out = Assembler()
    out.program.policies = [FailurePolicy()]
    out.phase(phase)
    build(&out)
    out.emit(.halt)
    return ProgramNeeds(out.program)
  }

  @Test func aPolicyOnTheClientReadsNoContent() {
    let needs = Self.needs(.connect) { out in
      let set = out.set(.addresses, [SampleProgram.range("10.0.0.0", "10.0.0.255")])
      out.ask(QuerySpec(.ip, spec: out.spec(.list, set: set) + 1), into: 0)
    }
    #expect(needs.phases == PhaseSet([.connect]) && needs.facts == [.clientIP])
    #expect(!needs.readsHeader && !needs.readsBody && needs.verdicts == .none)
  }

  @Test func acceptIsNoVerdictForTheMTA() {
    func verdicts(_ kind: VerdictKind) -> PhaseSet {
      Self.needs(.mail) { out in
        let empty = out.string("")
        out.program.replies = [
          Reply(kind: kind, wholeMessage: false, code: empty, enhanced: empty)
        ]
        out.emit(.verdict, a: Assembler.text(0))
      }.verdicts
    }
    #expect(verdicts(.accept) == .none)
    for kind in [VerdictKind.reject, .tempfail, .discard] {
      #expect(verdicts(kind) == PhaseSet([.mail]))
    }
  }

  @Test func aFactsMacrosAreAskedWithItsPhase() {
    let needs = Self.needs(.rcpt) {
      $0.emit(.textFact, a: Assembler.text(0), c: UInt32(Fact.authUser.rawValue))
      $0.emit(.textFact, a: Assembler.text(0), c: UInt32(Fact.queueID.rawValue))
    }
    #expect(needs.macros[.mail] == ["{auth_authen}", "i"] && needs.macros[.eom] == ["i"])
  }

  @Test func theSampleNeedsEverything() {
    let needs = ProgramNeeds(SampleProgram.program)
    #expect(needs.readsHeader && needs.readsBody && needs.editsHeader && needs.editsBody)
    #expect(needs.readsContentTypes && needs.checks == [.dnsbl, .table])
    #expect(needs.phases == PhaseSet([.connect, .rcpt, .headers, .part, .eom]))
  }
}
