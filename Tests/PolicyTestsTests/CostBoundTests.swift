// Measured fuel against the worst case, as the runner reports it.
import RuleBytecode
import Testing

@testable import PolicyTests

struct CostBoundTests {
  @Test func isSilentUpToTheBound() {
    #expect(CostBound(used: 7, bound: 7).difference == nil)
    #expect(
      CostBound(used: 8, bound: 7).difference
        == Difference("fuel", expected: "at most 7", got: "8"))
  }

  @Test func capsFollowTheMessage() {
    let message = Array("A: b\r\nC: d\r\n\r\nbody\r\n".utf8)
    let caps = CostBound.caps(for: message, recipients: 0)
    #expect(caps.fields == 2 && caps.parts == 1 && caps.recipients == 1)
    #expect(caps.messageBytes == message.count && caps.headerBytes < message.count)
    var wider = InputCaps()
    wider.parts = 0
    wider.fields = 1
    wider.widen(to: caps)
    #expect(wider.parts == 1 && wider.fields == 2 && wider.messageBytes == 64 << 20)
  }
}
