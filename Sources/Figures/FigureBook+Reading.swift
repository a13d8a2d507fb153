// What stands in the book, for those of this process who show it.

extension FigureBook {
  /// A counter's or gauge's value, in seconds where it is a time.
  package struct Reading: Sendable, Equatable {
    package let labels: [String]
    package let value: Double
  }

  /// How many values a histogram has up to each bound, all at the end; and their sum.
  package struct HistogramReading: Sendable, Equatable {
    package let labels: [String]
    package let counts: [Int64]
    package let nanoseconds: Int64
    /// Half of them took at most that; of a hundred, ninety-nine. Nil without any.
    package let medianNanoseconds: Double?
    package let p99Nanoseconds: Double?
  }

  /// The series of a figure, by their labels; none of a histogram.
  package func readings(_ name: String) -> [Reading] {
    guard let family = family(name) else { return [] }
    return family.series.compactMap { labels, cell in
      switch cell {
      case .counter(let counter):
        let scale = family.info.isTime ? 1e-9 : 1
        return Reading(labels: labels, value: Double(counter.value) * scale)
      case .gauge(let gauge): return Reading(labels: labels, value: gauge.value)
      case .histogram: return nil
      }
    }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
  }

  package func histograms(_ name: String) -> [HistogramReading] {
    guard let family = family(name) else { return [] }
    return family.series.compactMap { labels, cell -> HistogramReading? in
      guard case .histogram(let histogram) = cell else { return nil }
      let (counts, nanoseconds) = histogram.totals
      return HistogramReading(
        labels: labels, counts: counts, nanoseconds: nanoseconds,
        medianNanoseconds: histogram.quantile(0.5), p99Nanoseconds: histogram.quantile(0.99))
    }.sorted { $0.labels.lexicographicallyPrecedes($1.labels) }
  }
}
