// A process that is killed at each step of storing something: what is left is whole, the same asked
// again succeeds, and upkeep leaves no trace.

import Foundation
import RuleBytecode
import Synchronization
import Testing

@testable import Stores

/// One thing that is stored.
enum KillJob: String, CaseIterable, Codable, Sendable {
  case message, part, knownContent, link, secondName, copy, value

  /// What was there before.
  func prepare(_ path: String) throws {
    switch self {
    case .knownContent:
      _ = try QuarantineStore(directory: "\(path)/quarantine")
        .keep(Self.order("old", nil, "old@example.net"), content: Sample.message())
    case .secondName: _ = try Self.links(path, .untold).put(try LinkTests.order("old.pdf"))
    case .value: try Self.set("before", path, .untold)
    default: break
    }
  }

  func carryOut(_ path: String, _ steps: StoreSteps = .untold) throws {
    switch self {
    case .message, .knownContent:
      _ = try Self.quarantine(path, steps).keep(Self.order("s-1"), content: Sample.message())
    case .part:
      let part = HeldPart(path: "1.2", name: "a.docm", type: "application/x")
      _ = try Self.quarantine(path, steps)
        .keep(Self.order("s-1.p1.2", part), content: [1, 2, 3])
    case .link, .secondName: _ = try Self.links(path, steps).put(try LinkTests.order("a.pdf"))
    case .copy:
      _ = try CopyStore(StoreFolder("\(path)/store", steps: steps)).put(CopyTests.order("s-1"))
    case .value: try Self.set("after", path, steps)
    }
  }

  /// Does not end while the tests look.
  private static func order(
    _ id: String, _ part: HeldPart? = nil, _ sender: String = "a@example.net"
  ) -> QuarantineOrder {
    var order = Sample.order(id, Sample.envelope(sender), part: part)
    order.expiresSeconds = 9_000_000_000
    return order
  }

  private static func quarantine(_ path: String, _ steps: StoreSteps) throws -> QuarantineStore {
    try QuarantineStore(directory: "\(path)/quarantine", steps: steps)
  }

  private static func links(_ path: String, _ steps: StoreSteps) -> LinkStore {
    LinkStore(StoreFolder("\(path)/store", steps: steps))
  }

  private static func set(_ value: String, _ path: String, _ steps: StoreSteps) throws {
    try SwitchStore(directory: path, steps: steps)
      .set("lockdown", to: value, by: Sample.actor, nowSeconds: Sample.now)
  }

  var isOfQuarantine: Bool { [.message, .part, .knownContent].contains(self) }
}

struct KillTests {
  private static let later = Int64(Date().timeIntervalSince1970) + 7_200

  /// The steps of a job, by doing it.
  private static func steps(of job: KillJob) throws -> [StoreStep] {
    let folder = try TestFolder()
    try job.prepare(folder.path)
    let seen = Mutex<[StoreStep]>([])
    try job.carryOut(folder.path, StoreSteps { step in seen.withLock { $0.append(step) } })
    return seen.withLock { $0 }
  }

  @Test func jobsHaveTheStepsThatMatter() throws {
    let file: [StoreStep] = [.temporaryMade, .written, .synced, .renamed, .folderSynced]
    let index: [StoreStep] = [.transactionBegun, .inserted, .committed]
    #expect(try Self.steps(of: .message) == file + index)
    #expect(try Self.steps(of: .part) == file + index)
    #expect(try Self.steps(of: .knownContent) == [.folderSynced] + index)
    #expect(try Self.steps(of: .link) == [.folderMade] + file + file)
    #expect(try Self.steps(of: .secondName) == [.folderMade] + file + [.renamed])
    #expect(try Self.steps(of: .copy) == [.folderMade, .folderMade, .folderMade] + file + file)
    #expect(try Self.steps(of: .value) == file)
  }

  @Test(arguments: KillJob.allCases)
  func nothingHalfIsLeft(job: KillJob) async throws {
    for last in 1...(try Self.steps(of: job).count) {
      let folder = try TestFolder()
      try job.prepare(folder.path)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [
          job = job as KillJob, last = last as Int, path = folder.path as String
        ] in
        let count = Atomic<Int>(0)
        let steps = StoreSteps { _ in
          if count.add(1, ordering: .relaxed).newValue == last { TestDoor.die() }
        }
        try job.carryOut(path, steps)
      }
      try Self.expectWhole(job, folder)
      try job.carryOut(folder.path)
      try Self.expectDone(job, folder)
    }
  }

  /// After the death, before anything else was done.
  private static func expectWhole(_ job: KillJob, _ folder: TestFolder) throws {
    if job.isOfQuarantine {
      let store = try folder.store()
      for entry in try store.entries() { _ = try store.content(of: entry.id) }
      #expect(try store.check(nowSeconds: Int64(Date().timeIntervalSince1970)).faults == [])
    }
    for name in folder.files {
      if name.hasSuffix("/a.pdf") {
        #expect(try folder.bytes(name) == [1, 2, 3])
        #expect(folder.files.contains { $0.hasSuffix("/.a.pdf.json") })
      }
      if name.hasSuffix(".eml") {
        #expect(try folder.bytes(name) == Sample.message())
        #expect(folder.files.contains { $0.hasSuffix("/s-1.json") })
      }
    }
    if job == .value {
      let value = SwitchStore(directory: folder.path).values()["lockdown"]
      #expect(value == "before" || value == "after")
    }
  }

  /// After it was asked again, and upkeep.
  private static func expectDone(_ job: KillJob, _ folder: TestFolder) throws {
    if job.isOfQuarantine {
      let store = try folder.store()
      let id = job == .part ? "s-1.p1.2" : "s-1"
      #expect(try store.content(of: id) == (job == .part ? [1, 2, 3] : Sample.message()))
      _ = try store.expire(nowSeconds: later)
      #expect(folder.contents.count == 1)
      #expect(try store.check(nowSeconds: later).faults == [])
    } else if job == .value {
      #expect(SwitchStore(directory: folder.path).values() == ["lockdown": "after"])
      return
    } else {
      _ = try StoreFolder("\(folder.path)/store").expire(nowSeconds: later)
    }
    #expect(!folder.files.contains { $0.contains(".new-") })
  }
}
