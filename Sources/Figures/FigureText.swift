// Figures in the text form that Prometheus reads, version 0.0.4
// (https://prometheus.io/docs/instrumenting/exposition_formats/).

extension FigureBook {
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// All figures as they are now; what is only looked up then is looked up first.
  package func text() -> String {
    runCollectors()
    var text = ""
    for family in families where !family.series.isEmpty { Self.write(family, to: &text) }
    return text
  }

  private static func write(_ family: Family, to text: inout String) {
    let info = family.info
    text += "# HELP \(info.name) \(escaped(info.meaning, quotes: false))\n"
    text += "# TYPE \(info.name) \(info.kind.rawValue)\n"
    let series = family.series.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (values, cell) in series {
      let labels = zip(info.labels, values).map { "\($0)=\"\(escaped($1, quotes: true))\"" }
      switch cell {
      case .counter(let counter):
        let value = counter.value
        text += info.name + shown(labels) + " " + (info.isTime ? seconds(value) : "\(value)") + "\n"
      case .gauge(let gauge): text += info.name + shown(labels) + " " + number(gauge.value) + "\n"
      case .histogram(let histogram): write(histogram, info.name, labels, to: &text)
      }
    }
  }

  private static func write(
    _ histogram: HistogramCell, _ name: String, _ labels: [String], to text: inout String
  ) {
    let (counts, nanoseconds) = histogram.totals
    for (bound, count) in zip(FigureSheet.buckets, counts) {
      text += "\(name)_bucket\(shown(labels + ["le=\"\(seconds(bound))\""])) \(count)\n"
    }
    let all = counts.last ?? 0
    text += "\(name)_bucket\(shown(labels + ["le=\"+Inf\""])) \(all)\n"
    text += "\(name)_sum\(shown(labels)) \(seconds(nanoseconds))\n"
    text += "\(name)_count\(shown(labels)) \(all)\n"
  }

  private static func shown(_ labels: [String]) -> String {
    labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
  }

  /// Nanoseconds as seconds, exactly and without an exponent.
  static func seconds(_ nanoseconds: Int64) -> String {
    let whole = nanoseconds / 1_000_000_000
    var rest = String(nanoseconds % 1_000_000_000)
    if rest == "0" { return "\(whole)" }
    rest = String(repeating: "0", count: 9 - rest.utf8.count) + rest
    while rest.last == "0" { rest.removeLast() }
    return "\(whole).\(rest)"
  }

  /// Whole numbers without a fraction.
  static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
  }

  static func escaped(_ text: String, quotes: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\"" where quotes: result += "\\\""
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
