// A short run of the protocol fuzzer; the long ones are in docs/FUZZING.md.
import MailLab
import ProtocolFuzz
import Testing

@Suite("Wrong words of a mail server", .serialized)
struct ProtocolFuzzTests {
  @Test("hurt nobody", .timeLimit(.minutes(2)), arguments: FrontEnd.allCases)
  func hurtsNobody(frontEnd: FrontEnd) throws {
    var plan = FuzzPlan()
    plan.frontEnd = frontEnd.rawValue
    plan.connectionsMax = 1_500
    plan.secondsMax = 8
    let report = try FuzzRun(plan).run()
    #expect(report.faults.isEmpty, "\(report)")
    #expect(report.connections > 100)
    #expect(report.honestMessages > 0)
  }

  @Test("are the same for the same seed")
  func repeats() {
    #expect(FuzzInput(seed: 7, number: 3).pieces == FuzzInput(seed: 7, number: 3).pieces)
    #expect(FuzzInput(seed: 7, number: 3).pieces != FuzzInput(seed: 7, number: 4).pieces)
    #expect(FuzzInput(seed: 7, number: 3).pieces != FuzzInput(seed: 8, number: 3).pieces)
  }
}
