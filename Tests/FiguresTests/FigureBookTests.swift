// Counting, bounds, and the text that Prometheus reads.

import CoreMetrics
import Testing

@testable import Figures

struct FigureBookTests {
  @Test func whatIsCountedIsGiven() throws {
    let book = FigureBook()
    book.counter("defang_messages_total", ["reject", "in"]).increment(by: Int64(3))
    book.gauge("defang_sessions_open").set(2.5)
    book.gauge("defang_sessions_open").decrement(by: 1)
    book.counter("defang_rule_seconds_total", ["a\"b\\c\nd"]).increment(by: Int64(1_500_000_000))
    for nanoseconds in [1, 50_000, 50_001, 300_000_000_000] as [Int64] {
      book.histogram("defang_phase_seconds", ["eom"]).recordNanoseconds(nanoseconds)
    }
    let given = try Exposition(book.text())
    #expect(given.value("defang_messages_total", ["verdict": "reject", "direction": "in"]) == 3)
    #expect(given.value("defang_sessions_open") == 1.5)
    #expect(given.value("defang_rule_seconds_total", ["rule": "a\"b\\c\nd"]) == 1.5)
    let phase = ["phase": "eom"]
    #expect(given.value("defang_phase_seconds_count", phase) == 4)
    #expect(given.value("defang_phase_seconds_sum", phase) == 300.000100002)
    let bounds: [(String, Double)] = [("0.00005", 2), ("0.0001", 3), ("120", 3), ("+Inf", 4)]
    for (bound, count) in bounds {
      let labels = ["phase": "eom", "le": bound]
      #expect(given.value("defang_phase_seconds_bucket", labels) == count)
    }
    #expect(given.types["defang_phase_seconds"] == "histogram")
    // A figure that nobody counted in is not there.
    #expect(given.types["defang_checks_total"] == nil)
  }

  /// As targets count that know swift-metrics alone.
  @Test func handlersOfSwiftMetrics() throws {
    let book = FigureBook()
    let kind = [("kind", "dnsbl")]
    book.makeCounter(label: "defang_checks_total", dimensions: kind + [("result", "failed")])
      .increment(by: 2)
    book.makeTimer(label: "defang_check_seconds", dimensions: kind).recordNanoseconds(2_000_000)
    book.makeMeter(label: "defang_breakers_open", dimensions: [("service", "x")]).set(1.0)
    book.makeFloatingPointCounter(label: "nio_things", dimensions: []).increment(by: 2.0)
    book.makeRecorder(label: "some_size", dimensions: [], aggregate: false).record(7.0)
    let given = try Exposition(book.text())
    #expect(given.value("defang_checks_total", ["kind": "dnsbl", "result": "failed"]) == 2)
    #expect(given.value("defang_check_seconds_sum", ["kind": "dnsbl"]) == 0.002)
    #expect(given.value("defang_breakers_open", ["service": "x"]) == 1)
    #expect(given.value("nio_things") == 2 && given.value("some_size") == 7)
  }

  @Test func seriesAreBounded() throws {
    let book = FigureBook()
    for number in 0..<1_005 {
      book.counter("defang_rule_hits_total", ["rule \(number)"]).increment(by: Int64(1))
    }
    let given = try Exposition(book.text())
    #expect(given.samples.count { $0.name == "defang_rule_hits_total" } == 1_001)
    #expect(given.value("defang_rule_hits_total", ["rule": "rule 999"]) == 1)
    #expect(given.value("defang_rule_hits_total", ["rule": "other"]) == 5)
    #expect(
      given.value("defang_figures_overflow_total", ["figure": "defang_rule_hits_total"]) == 5)
  }

  @Test(arguments: ["", "1a", "a-b", "a b", "ä", "a\n", String(repeating: "a", count: 101)])
  func namesThatPrometheusDoesNotTake(name: String) throws {
    let book = FigureBook()
    book.makeCounter(label: name, dimensions: []).increment(by: 1)
    book.makeCounter(label: "good", dimensions: [(name, "x")]).increment(by: 1)
    #expect(try Exposition(book.text()).samples.isEmpty)
  }

  /// Labels that are not the sheet's: nothing is given under a name that it does not have.
  @Test func wrongLabelsCountNowhere() throws {
    let book = FigureBook()
    book.counter("defang_messages_total", ["reject"]).increment(by: Int64(1))
    book.gauge("defang_sessions_total").set(1.0)
    #expect(try Exposition(book.text()).samples.isEmpty)
  }

  @Test func foreignFiguresAreBounded() throws {
    let book = FigureBook()
    for number in 0..<200 { book.makeCounter(label: "x\(number)", dimensions: []).increment(by: 1) }
    #expect(try Exposition(book.text()).samples.count == FigureBook.foreignMax)
  }

  @Test func manyThreadsCountExactly() async {
    let book = FigureBook()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for _ in 0..<1_000 {
            book.counter("defang_sessions_total").increment(by: Int64(1))
            book.gauge("defang_sessions_open").increment(by: 1)
            book.histogram("defang_message_seconds").recordNanoseconds(10)
          }
        }
      }
    }
    #expect(book.counter("defang_sessions_total").value == 8_000)
    #expect(book.gauge("defang_sessions_open").value == 8_000)
    #expect(book.histogram("defang_message_seconds").totals.counts.last == 8_000)
  }

  @Test(arguments: [(0.5, 75_000.0), (0.99, 9_900_000.0), (0.0, 0.0)])
  func quantiles(share: Double, nanoseconds: Double) throws {
    let cell = HistogramCell()
    #expect(cell.quantile(share) == nil)
    // Half between 50 and 100 microseconds, up to the middle; the rest between 5 and 10 ms.
    for _ in 0..<50 { cell.recordNanoseconds(share == 0.5 ? 60_000 : 6_000_000) }
    for _ in 0..<50 { cell.recordNanoseconds(share == 0.5 ? 90_000 : 7_000_000) }
    let estimate = try #require(cell.quantile(share))
    let expected = share == 0.99 ? 5_000_000 + 0.99 * 5_000_000 : nanoseconds
    #expect(share == 0.0 ? estimate <= 5_000_000 : abs(estimate - expected) < 1)
  }

  @Test func collectorsRunFirst() throws {
    let book = FigureBook()
    book.collect { book.counter("defang_log_lost_total").raise(to: 7) }
    #expect(try Exposition(book.text()).value("defang_log_lost_total") == 7)
    book.counter("defang_log_lost_total").raise(to: 5)
    #expect(book.counter("defang_log_lost_total").value == 7)
  }

  @Test(
    arguments: [
      (0, "0"), (50_000, "0.00005"), (1_500_000_000, "1.5"), (120_000_000_000, "120"),
      (1, "0.000000001"),
    ] as [(Int64, String)])
  func secondsAreExact(nanoseconds: Int64, text: String) {
    #expect(FigureBook.seconds(nanoseconds) == text)
  }

  @Test func theSheetIsSound() {
    let names = FigureSheet.all.map(\.name)
    #expect(Set(names).count == names.count)
    for info in FigureSheet.all {
      #expect(FigureBook.isName(info.name) && info.labels.allSatisfy(FigureBook.isName))
      #expect((info.kind == .counter) == info.name.hasSuffix("_total"), "\(info.name)")
      #expect(info.meaning.hasSuffix("."), "\(info.name)")
    }
    #expect(FigureSheet.buckets == FigureSheet.buckets.sorted())
  }
}
