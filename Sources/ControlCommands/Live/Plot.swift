// Plots of characters: bars, and lines of little bars. Where a terminal shows no more than ASCII,
// they are of that.
internal import FoundationEssentials

struct Plot {
  let isPlain: Bool

  init(isPlain: Bool = Plot.isPlainWanted) { self.isPlain = isPlain }

  /// What the locale says, as setlocale(3) reads it.
  static var isPlainWanted: Bool {
    let variables = ProcessInfo.processInfo.environment
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let said = names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty } ?? ""
    return !["UTF-8", "UTF8"].contains { said.uppercased().contains($0) }
  }

  /// As long as its share of the largest; never empty, since none is none.
  func bar(_ count: Int, of most: Int, width: Int = 40) -> String {
    let length = min(width, max(1, count * width / max(1, most)))
    return String(repeating: isPlain ? "#" : "█", count: count > 0 ? length : 0)
  }

  private static let steps: [Character] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let plainSteps: [Character] = [" ", ".", ".", ":", "-", "=", "+", "*", "#"]

  /// A character for each value, the largest as high as a line.
  func line(_ values: [Int]) -> String {
    let most = max(1, values.max() ?? 1)
    let steps = isPlain ? Self.plainSteps : Self.steps
    return String(
      values.map { value in
        guard value > 0 else { return steps[0] }
        return steps[max(1, value * (steps.count - 1) / most)]
      })
  }
}

/// Numbers as people read them in a narrow column.
enum Figure {
  /// Of microseconds: `870 µs`, `12.3 ms`, `4.50 s`.
  static func time(_ microseconds: Int) -> String {
    switch microseconds {
    case ..<1_000: "\(microseconds) µs"
    case ..<1_000_000: "\(tenths(microseconds / 100)) ms"
    default: "\(tenths(microseconds / 100_000)) s"
    }
  }

  /// A number of tenths, as `12.3`.
  static func tenths(_ tenths: Int) -> String { "\(tenths / 10).\(tenths % 10)" }

  /// So many in a time, for each second.
  static func rate(_ count: Int, seconds: Int) -> String { tenths(count * 10 / max(1, seconds)) }

  static func span(_ seconds: Int) -> String {
    switch seconds {
    case ..<120: "\(seconds) s"
    case ..<7_200: "\(seconds / 60) min"
    case ..<172_800: "\(seconds / 3_600) h"
    default: "\(seconds / 86_400) days"
    }
  }

  /// Groups of three digits.
  static func grouped(_ number: Int) -> String {
    let digits = String(number)
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { result.append(" ") }
      result.append(digit)
    }
    return result
  }
}
