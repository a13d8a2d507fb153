// Many threads at one memory: none of their changes is lost, none counts twice.
import Dispatch
import Synchronization
import Testing

@testable import PolicyMemory

enum MemoryRace {
  /// - Parameter store: what a thread works with; some of them share one, as threads of a process
  ///   do, some have their own, as processes do.
  static func run(_ store: @Sendable (_ thread: Int) throws -> any RecordStore) throws {
    let failures = Mutex<[String]>([])
    let news = Mutex<[String: Int]>([:])
    let rate = RateParameters(limit: 1_000, windowSeconds: 3_600)
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      do {
        let records = try store(thread)
        for round in 0..<40 {
          _ = try RateCounter(records).count(key: "k", rate, nowSeconds: now)
          let question = DuplicateQuestion(uniqueID: "v-\(round)")
          if try !DuplicateMemory(records).isDuplicate(question, nowSeconds: now) {
            news.withLock { $0["v-\(round)", default: 0] += 1 }
          }
          if round == 20, let file = records as? RecordFile {
            _ = try file.expire(nowSeconds: now)
          }
        }
      } catch {
        failures.withLock { $0.append("\(error)") }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(try RateCounter(try store(0)).count(key: "k", rate, nowSeconds: now).total == 321)
    #expect(news.withLock { $0.count == 40 && $0.values.allSatisfy { $0 == 1 } })
  }
}
