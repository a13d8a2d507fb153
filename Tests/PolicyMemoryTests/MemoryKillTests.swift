// A process that is killed at each step of a change: the memory is as before or as after.

import Foundation
import Testing

@testable import PolicyMemory

struct MemoryKillTests {
  @Test(arguments: RecordStep.allCases)
  func aDeathLeavesTheFileWhole(step: RecordStep) async throws {
    let folder = try MemoryFolder()
    let rate = RateParameters(limit: 10, windowSeconds: 60)
    let question = GreylistQuestion(client: "192.0.2.1", sender: "a", recipient: "b")
    _ = try RateCounter(folder.open()).count(key: "k", rate, nowSeconds: now)
    _ = try Greylist(folder.open()).decide(question, nowSeconds: now)
    let before = try folder.open().dump()
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = folder.file as String, name = "\(step)" as String] in
      let file = try RecordFile(path: path) { step in
        if "\(step)" == name { kill(getpid(), SIGKILL) }
      }
      // Two records change in it: one goes, one comes.
      let question = GreylistQuestion(client: "192.0.2.1", sender: "a", recipient: "b")
      _ = try Greylist(file).decide(question, nowSeconds: now + 300)
    }
    let file = try folder.open()
    let isDone = step == .committed
    #expect(try (file.dump() == before) == !isDone)
    #expect(try file.count(.waiting) == (isDone ? 0 : 1))
    #expect(try file.count(.known) == (isDone ? 1 : 0))
    let decision = try Greylist(file).decide(question, nowSeconds: now + 301)
    #expect(decision.reason == (isDone ? .known : .cameBack))
    #expect(try RateCounter(file).count(key: "k", rate, nowSeconds: now).total == 2)
    try file.expectSound()
  }
}
