// How much of the traffic a shadow sees: `1/10`, `10%`, or a number that is so many percent.

struct ShadowShare: Equatable, Sendable {
  let count: Int
  let of: Int

  static let standard = "1/10"
  private static let ofMax = 1_000_000

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2 {
      guard let count = Int(parts[0]), let of = Int(parts[1]) else { return nil }
      self.init(count: count, of: of)
    } else {
      guard let percent = Int(text.hasSuffix("%") ? text.dropLast() : text[...]) else {
        return nil
      }
      self.init(count: percent, of: 100)
    }
  }

  private init?(count: Int, of: Int) {
    guard (1...Self.ofMax).contains(of), (1...of).contains(count) else { return nil }
    self.count = count
    self.of = of
  }

  /// Whether it sees the session with that number: as evenly as whole numbers let it.
  func holds(_ number: Int) -> Bool {
    let place = number % of
    return (place + 1) * count / of > place * count / of
  }

  var text: String { "\(count)/\(of)" }
}
