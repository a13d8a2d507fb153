// Greylist, rate and duplicate as the machine asks them: forms of questions and answers, what is
// written and what is not, and failures.
import Foundation
import PolicyMemory
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite final class MemoryCheckTests {
  private let folder: String
  private let services: LiveServices

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/live-memory-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    services = LiveServices(.init(stateDirectory: folder))
  }

  deinit {
    services.stop()
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func ask(
    _ kind: CheckKind, _ arguments: [String], isDry: Bool = false
  ) async throws -> CheckAnswer {
    let check: any LiveCheck =
      switch kind {
      case .greylist: GreylistCheck(try services.readyMemory())
      case .rate: RateCheck(try services.readyMemory())
      case .knownSender: KnownSenderCheck(try services.readyMemory())
      default: DuplicateCheck(try services.readyMemory())
      }
    return await check.answer(
      CheckRequest(
        id: 1, kind: kind, name: "x", arguments: arguments, timeoutMilliseconds: 60_000,
        isDry: isDry))
  }

  private static let greylist = ["300", "14400", "3600", "24", "64", "0"]

  private static func count(_ records: any RecordStore, _ now: Int64) throws(MemoryFailure) -> Int {
    guard let file = records as? RecordFile else { return -1 }
    return try file.totals().reduce(0) { $0 + $1.records }
  }

  @Test func greylist() async throws {
    let triple = ["192.0.2.1", "ann@example.org", "bob@example.com"]
    let wait = CheckAnswer.fields(["wait": "300"])
    for _ in 0..<2 {
      #expect(try await ask(.greylist, Self.greylist + triple, isDry: true) == wait)
    }
    #expect(try services.memory.use(Self.count) == 0)
    #expect(try await ask(.greylist, Self.greylist + triple) == wait)
    // With no delay it passes, from the network of the first.
    let passing = ["0"] + Self.greylist.dropFirst() + ["192.0.2.77"] + triple.dropFirst()
    #expect(try await ask(.greylist, passing) == .fields(["wait": "0"]))
    #expect(try await ask(.greylist, Self.greylist + triple) == .fields(["wait": "0"]))
  }

  @Test func rate() async throws {
    func count(_ amount: String, _ unit: String = "bytes", isDry: Bool = false) async throws
      -> CheckAnswer
    {
      try await ask(.rate, ["100", "3600", unit, amount, "key"], isDry: isDry)
    }
    #expect(try await count("101", isDry: true) == .truth(true))
    #expect(try await count("60") == .truth(false))
    #expect(try await count("40") == .truth(false))
    #expect(try await count("1") == .truth(true))
    #expect(try await count("1", "messages") == .truth(false))
  }

  @Test func duplicate() async throws {
    let question = ["handle", "3600", "", "id-1"]
    #expect(try await ask(.duplicate, question) == .truth(false))
    #expect(try await ask(.duplicate, question) == .truth(false))
    try services.noteDuplicate(question)
    #expect(try await ask(.duplicate, question) == .truth(true))
    #expect(try await ask(.duplicate, ["other", "3600", "", "id-1"]) == .truth(false))
  }

  @Test func knownSenders() async throws {
    #expect(try await ask(.knownSender, ["ann@example.org"]) == .fields(["count": "0"]))
    for _ in 0..<2 { try services.note(SenderNote(from: "ann@example.org")) }
    try services.note(SenderNote(to: ["Ann@example.org", "bob@example.org"]))
    for (address, count) in [("ann@example.org", "2"), ("bob@example.org", "0")] {
      guard case .fields(let fields) = try await ask(.knownSender, [address]) else {
        Issue.record("no answer about \(address)")
        continue
      }
      #expect(fields["count"] == count)
      #expect((fields["first"] == nil) == (count == "0"))
      #expect(fields["wrote"] != nil)
    }
  }

  @Test(arguments: [
    (CheckKind.greylist, ["300"]), (.rate, ["1", "2", "lines", "1", "k"]),
    (.duplicate, ["", "x", "", "v"]), (.knownSender, []),
  ])
  func whatIsNoQuestion(kind: CheckKind, arguments: [String]) async throws {
    #expect(
      try await ask(kind, arguments) == .failed(.store, reason: "the question cannot be read"))
  }

  @Test func withoutAFolderThePolicyIsRefused() {
    let services = LiveServices(.init(stateDirectory: folder + "/none"))
    defer { services.stop() }
    #expect(throws: LiveFailure.self) { try services.readyMemory() }
  }

  @Test func aMemoryThatGoesAwayIsAFailureOfTheStore() async throws {
    _ = try services.readyMemory()
    let answer = await services.remember { (_, _) throws(MemoryFailure) in throw .full("disk") }
    #expect(answer == .failed(.store, reason: "no room: disk"))
  }
}
