// Domain names in one spelling: lower case, and letters beyond ASCII as RFC 3492 writes them.

package enum DomainLabels {
  /// The name as it stands in the DNS; a dot at its end is left out. Nil for an address literal and
  /// for a label that cannot be written.
  package static func ascii(_ name: String) -> String? {
    let name = name.hasSuffix(".") ? name.dropLast() : name[...]
    guard !name.isEmpty, name.first != "[" else { return nil }
    if name.utf8.allSatisfy({ $0 < 0x80 }) { return name.lowercased() }
    var labels: [String] = []
    for label in name.split(separator: ".", omittingEmptySubsequences: false) {
      if label.utf8.allSatisfy({ $0 < 0x80 }) {
        labels.append(label.lowercased())
      } else {
        guard let written = punycode(label.lowercased()) else { return nil }
        labels.append("xn--" + written)
      }
    }
    return labels.joined(separator: ".")
  }

  // RFC 3492 §5.
  private static let base = 36
  private static let scalarsMax = 63

  /// RFC 3492 §6.3. Labels of a domain have at most 63 bytes, so the work is bounded.
  private static func punycode(_ label: String) -> String? {
    let scalars = label.unicodeScalars.map { Int($0.value) }
    guard scalars.count <= scalarsMax else { return nil }
    var output = scalars.filter { $0 < 0x80 }
    let basicCount = output.count
    if basicCount > 0 { output.append(0x2D) }
    var (n, delta, bias, handled) = (0x80, 0, 72, basicCount)
    while handled < scalars.count {
      guard let next = scalars.filter({ $0 >= n }).min() else { return nil }
      delta += (next - n) * (handled + 1)
      n = next
      for scalar in scalars {
        if scalar < n { delta += 1 }
        guard scalar == n else { continue }
        append(delta, bias, to: &output)
        bias = adapted(delta, handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      n += 1
    }
    return String(decoding: output.map { UInt8($0) }, as: UTF8.self)
  }

  /// A number in digits of varying weight.
  private static func append(_ delta: Int, _ bias: Int, to output: inout [Int]) {
    var rest = delta
    var k = base
    while true {
      let threshold = k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias
      guard rest >= threshold else { break }
      output.append(digit(threshold + (rest - threshold) % (base - threshold)))
      rest = (rest - threshold) / (base - threshold)
      k += base
    }
    output.append(digit(rest))
  }

  private static func digit(_ value: Int) -> Int { value < 26 ? 0x61 + value : 0x30 + value - 26 }

  /// RFC 3492 §6.1.
  private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / 700 : delta / 2
    delta += delta / count
    var k = 0
    while delta > 455 {
      delta /= base - 1
      k += base
    }
    return k + base * delta / (delta + 38)
  }
}
