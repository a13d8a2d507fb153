// "Did you mean": the name nearest to a wrong one.

/// Finds the nearest of the known names.
package enum Nearest {
  /// Longer names are not compared: the cost is quadratic in their length.
  private static let nameBytesMax = 64

  /// A name that is near.
  package struct Found {
    package let name: String
    /// How many letters are other.
    package let distance: Int
    /// No other name is as near.
    package var isAlone = true
  }

  /// The known name with the fewest edits to `wrong`, or nil when none is near: one edit for up to
  /// four letters, two for up to eight, else three. Among equals the first in order of bytes.
  /// Case does not count.
  package static func found(to wrong: String, among known: some Sequence<String>) -> Found? {
    let letters = wrong.utf8.map(lowercased)
    guard !letters.isEmpty && letters.count <= nameBytesMax else { return nil }
    let allowed = letters.count <= 4 ? 1 : letters.count <= 8 ? 2 : 3
    var best: Found?
    for candidate in known {
      let other = candidate.utf8.map(lowercased)
      guard abs(other.count - letters.count) <= allowed, other.count <= nameBytesMax else {
        continue
      }
      let distance = distance(letters, other)
      guard distance <= allowed && distance < max(letters.count, other.count) else { continue }
      if let found = best, found.distance == distance, found.name != candidate {
        let name = min(found.name, candidate)
        best = Found(name: name, distance: distance, isAlone: false)
      } else if best.map({ distance < $0.distance }) ?? true {
        best = Found(name: candidate, distance: distance)
      }
    }
    return best
  }

  package static func name(to wrong: String, among known: some Sequence<String>) -> String? {
    found(to: wrong, among: known)?.name
  }

  /// Whether `wrong` is `right` with a slip of the hand, and nobody's other word: names of five
  /// letters and more with the same beginning and the same digits, in which one letter is wrong.
  package static func isSlip(_ wrong: String, for right: String) -> Bool {
    let (left, right) = (wrong.utf8.map(lowercased), right.utf8.map(lowercased))
    if left == right { return true }
    guard right.count >= slipBytesMin, right.count <= nameBytesMax, left.first == right.first,
      abs(left.count - right.count) <= 1
    else { return false }
    return left.filter(isDigit) == right.filter(isDigit) && distance(left, right) == 1
  }

  /// Shorter names are too near to each other.
  private static let slipBytesMin = 5

  /// Damerau and Levenshtein: insert, delete, replace, or swap two neighbours (the variant in
  /// which no piece is edited twice, "optimal string alignment").
  package static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let replace = last[column] + (left[row] == right[column] ? 0 : 1)
        var cost = min(replace, last[column + 1] + 1, current[column] + 1)
        if row > 0 && column > 0 && left[row] == right[column - 1]
          && left[row - 1] == right[column]
        {
          cost = min(cost, beforeLast[column - 1] + 1)
        }
        current.append(cost)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (65...90).contains(byte) ? byte + 32 : byte
  }
}
