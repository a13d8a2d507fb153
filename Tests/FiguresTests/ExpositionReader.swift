// A strict reader of Prometheus' text form, version 0.0.4, as its description says: an independent
// judge of what the filter gives.

struct Exposition {
  struct Sample: Equatable {
    let name: String
    let labels: [String: String]
    let value: Double
  }

  struct Fault: Error { let line: String }

  private(set) var types: [String: String] = [:]
  private(set) var samples: [Sample] = []

  init(_ text: String) throws(Fault) {
    guard text.isEmpty || text.hasSuffix("\n") else { throw Fault(line: "no end") }
    var helped: Set<String> = []
    var family = ""
    var seen: Set<String> = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let line = String(line)
      if line.hasPrefix("# HELP ") {
        guard let found = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/),
          helped.insert(String(found.1)).inserted
        else { throw Fault(line: line) }
      } else if line.hasPrefix("#") {
        let form = /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/
        guard let found = line.wholeMatch(of: form), types[String(found.1)] == nil,
          helped.contains(String(found.1))
        else { throw Fault(line: line) }
        family = String(found.1)
        types[family] = String(found.2)
      } else {
        let sample = try Self.sample(line)
        guard let type = types[family], Self.belongs(sample.name, to: family, type),
          seen.insert("\(sample.name)\(sample.labels.sorted { $0.key < $1.key })").inserted
        else { throw Fault(line: line) }
        samples.append(sample)
      }
    }
    for (name, type) in types where type == "histogram" { try checkHistograms(name) }
  }

  private static func belongs(_ name: String, to family: String, _ type: String) -> Bool {
    type == "histogram"
      ? ["_bucket", "_sum", "_count"].map { family + $0 }.contains(name) : name == family
  }

  private static func sample(_ line: String) throws(Fault) -> Sample {
    let label = /[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"/
    let form =
      /([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? ([+-]Inf|-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)/
    guard let found = line.wholeMatch(of: form), let value = Double(found.3) else {
      throw Fault(line: line)
    }
    var labels: [String: String] = [:]
    var rest = found.2 ?? ""
    while !rest.isEmpty {
      guard let next = rest.prefixMatch(of: label) else { throw Fault(line: line) }
      let parts = next.output.split(separator: "=", maxSplits: 1)
      let value = read(parts[1].dropFirst().dropLast())
      guard labels.updateValue(value, forKey: String(parts[0])) == nil else {
        throw Fault(line: line)
      }
      rest = rest[next.range.upperBound...]
      if rest.isEmpty { break }
      guard rest.first == ",", rest.count > 1 else { throw Fault(line: line) }
      rest = rest.dropFirst()
    }
    return Sample(name: String(found.1), labels: labels, value: value)
  }

  private static func read(_ text: Substring) -> String {
    String(text).replacing("\\\\", with: "\u{1}").replacing("\\n", with: "\n")
      .replacing("\\\"", with: "\"").replacing("\u{1}", with: "\\")
  }

  /// Buckets grow, the last is the count.
  private func checkHistograms(_ name: String) throws(Fault) {
    var groups: [[String: String]: [(Double, Double)]] = [:]
    for sample in samples where sample.name == name + "_bucket" {
      var labels = sample.labels
      guard let bound = labels.removeValue(forKey: "le") else { throw Fault(line: name) }
      guard let limit = bound == "+Inf" ? .infinity : Double(bound) else { throw Fault(line: name) }
      groups[labels, default: []].append((limit, sample.value))
    }
    for (labels, buckets) in groups {
      let isRising = zip(buckets, buckets.dropFirst()).allSatisfy { $0.0 < $1.0 && $0.1 <= $1.1 }
      guard isRising, buckets.last?.0 == .infinity,
        buckets.last?.1 == value(name + "_count", labels), value(name + "_sum", labels) != nil
      else { throw Fault(line: "\(name) \(labels)") }
    }
  }

  func value(_ name: String, _ labels: [String: String] = [:]) -> Double? {
    samples.first { $0.name == name && $0.labels == labels }?.value
  }
}
