// Timing: the best of several runs, as the other runs were disturbed by something.

/// Runs work until it took long enough to be timed, five times.
/// - Returns: Nanoseconds for one call in the quickest run.
package func nanoseconds(_ work: () -> Void) -> Double {
  work()
  let clock = ContinuousClock()
  var times = 1
  while clock.measure({ for _ in 0..<times { work() } }) < .milliseconds(60) { times *= 2 }
  var best = Double.infinity
  for _ in 0..<5 {
    let took = clock.measure { for _ in 0..<times { work() } }
    best = min(best, took.nanoseconds / Double(times))
  }
  return best
}

extension Duration {
  package var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
  }
}

extension Double {
  /// With so many decimals.
  package func text(_ decimals: Int) -> String {
    let factor = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let value = (self * factor).rounded() / factor
    return decimals == 0 ? String(Int(value)) : String(value)
  }
}

/// One line of the result.
package func report(_ name: String, _ value: String) {
  print(name + String(repeating: " ", count: max(1, 44 - name.count)) + value)
}
