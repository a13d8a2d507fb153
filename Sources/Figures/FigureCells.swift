// Where values are counted: words that threads add to without a lock. They are also the handlers of
// swift-metrics, so that targets which know only its interface count here.
internal import CoreMetrics
internal import Synchronization

package final class CounterCell: CounterHandler, FloatingPointCounterHandler {
  private let count = Atomic<Int64>(0)
  /// What a floating-point count is multiplied by: times come in seconds and are kept in
  /// nanoseconds.
  private let scale: Double

  package init(isTime: Bool = false) { scale = isTime ? 1e9 : 1 }

  package var value: Int64 { count.load(ordering: .relaxed) }

  package func increment(by amount: Int64) {
    guard amount > 0 else { return }
    count.wrappingAdd(amount, ordering: .relaxed)
  }

  package func increment(by amount: Double) {
    guard amount.isFinite, amount > 0, amount * scale < 9e18 else { return }
    increment(by: Int64(amount * scale))
  }

  package func reset() { count.store(0, ordering: .relaxed) }

  /// For counts that are kept elsewhere: never goes back.
  package func raise(to total: Int64) {
    _ = count.max(total, ordering: .relaxed)
  }
}

package final class GaugeCell: MeterHandler, RecorderHandler {
  private let bits = Atomic<UInt64>(0)

  package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  package func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
  package func set(_ value: Int64) { set(Double(value)) }
  package func record(_ value: Int64) { set(Double(value)) }
  package func record(_ value: Double) { set(value) }
  package func increment(by amount: Double) { add(amount) }
  package func decrement(by amount: Double) { add(-amount) }

  private func add(_ amount: Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = (Double(bitPattern: old) + amount).bitPattern
      let (exchanged, original) = bits.weakCompareExchange(
        expected: old, desired: new, ordering: .relaxed)
      if exchanged { return }
      old = original
    }
  }
}

package final class HistogramCell: TimerHandler, RecorderHandler {
  /// One more than there are bounds: for what is above the last.
  private let counts: [CounterCell]
  private let sum = Atomic<Int64>(0)

  init() { counts = (0...FigureSheet.buckets.count).map { _ in CounterCell() } }

  package func recordNanoseconds(_ duration: Int64) {
    let time = max(0, duration)
    // Few enough for a plain search; most values are among the first.
    let index = FigureSheet.buckets.firstIndex { time <= $0 } ?? FigureSheet.buckets.count
    counts[index].increment(by: Int64(1))
    sum.wrappingAdd(time, ordering: .relaxed)
  }

  package func record(_ seconds: Int64) { record(Double(seconds)) }

  package func record(_ seconds: Double) {
    guard seconds.isFinite, abs(seconds) < 9e9 else { return }
    recordNanoseconds(Int64(seconds * 1e9))
  }

  /// How many were at most each bound, then all; and their sum in nanoseconds.
  package var totals: (counts: [Int64], nanoseconds: Int64) {
    var running: Int64 = 0
    let totals = counts.map { cell in
      running += cell.value
      return running
    }
    return (totals, sum.load(ordering: .relaxed))
  }

  /// An estimate of the time that so great a share took at most, in nanoseconds; as Prometheus does
  /// it: straight lines between bounds. Nil when nothing was recorded.
  package func quantile(_ share: Double) -> Double? {
    let (counts, _) = totals
    guard let all = counts.last, all > 0 else { return nil }
    let rank = share * Double(all)
    guard let index = counts.firstIndex(where: { Double($0) >= rank }),
      index < FigureSheet.buckets.count
    else { return FigureSheet.buckets.last.map(Double.init) }
    let lower = index == 0 ? 0 : Double(FigureSheet.buckets[index - 1])
    let below = index == 0 ? 0 : Double(counts[index - 1])
    let within = Double(counts[index]) - below
    let upper = Double(FigureSheet.buckets[index])
    return within > 0 ? lower + (upper - lower) * (rank - below) / within : upper
  }
}
