// Several threads, each with a store of its own as processes have, at the same work.

import Dispatch
import Synchronization
import Testing

@testable import Stores

struct TogetherTests {
  private static let threads = 8

  /// Runs `body` on so many threads at once; failures are told.
  private static func together(_ body: @Sendable (Int) throws -> Void) {
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: threads) { number in
      do { try body(number) } catch { failures.withLock { $0.append("\(error)") } }
    }
    #expect(failures.withLock { $0 } == [])
  }

  @Test func theSameAndDifferentMail() throws {
    let folder = try TestFolder()
    let shared = try folder.store()
    Self.together { number in
      let store = number.isMultiple(of: 2) ? shared : try folder.store()
      for message in 0..<6 {
        // Three messages are common to all threads, three are each thread's own.
        let name = message < 3 ? "all-\(message)" : "own-\(number)-\(message)"
        let content = Sample.message(message < 3 ? message : number * 100 + message)
        _ = try store.keep(Sample.order(name), content: content)
      }
    }
    #expect(try shared.entries().count == 3 + 3 * Self.threads)
    #expect(folder.contents.count == 3 + 3 * Self.threads)
    #expect(try shared.check(nowSeconds: Sample.now).faults == [])
  }

  /// Contents come and go while others keep the same ones: no entry is ever without its file.
  @Test func keepingWhileDeleting() throws {
    let folder = try TestFolder()
    let store = try folder.store()
    Self.together { number in
      for round in 0..<6 {
        let id = "s-\(number)-\(round)"
        let envelope = Sample.envelope("\(number)@example.net")
        _ = try store.keep(Sample.order(id, envelope), content: Sample.message(round))
        if number.isMultiple(of: 2) {
          try store.delete([id], by: Sample.actor, nowSeconds: Sample.now)
        }
        if number == 1 { _ = try store.expire(nowSeconds: Sample.now) }
      }
    }
    #expect(try store.totals().entries == 6 * Self.threads / 2)
    #expect(try store.check(nowSeconds: Sample.now).faults == [])
    for entry in try store.entries() { _ = try store.content(of: entry.id) }
  }

  @Test func linksWhileTheyExpire() throws {
    let folder = try TestFolder()
    let store = LinkStore(StoreFolder("\(folder.path)/links", expireSeconds: 60))
    let order = try LinkTests.order("a.pdf")
    _ = try store.put(order)
    Self.together { number in
      for _ in 0..<5 {
        if number == 0 {
          _ = try store.folder.expire(nowSeconds: LinkTests.now + 1_000_000)
        } else {
          _ = try store.put(order)
        }
      }
    }
    _ = try store.put(order)
    #expect(try folder.bytes("links/\(LinkTests.digest)/a.pdf") == [1, 2, 3])
    #expect(!folder.files.contains { $0.contains(".new-") })
  }

  @Test func switches() throws {
    let folder = try TestFolder()
    Self.together { number in
      try SwitchStore(directory: folder.path)
        .set("switch-\(number)", to: "on", by: Sample.actor, nowSeconds: Sample.now)
    }
    #expect(SwitchStore(directory: folder.path).values().count == Self.threads)
  }
}
