// "Did you mean": the name nearest to a wrong one.

/// Finds the nearest of the known names.
package enum Nearest {
  /// Longer names are not compared: the cost is quadratic in their length.
  private static let nameBytesMax = 64

  /// The known name with the fewest edits to `wrong`, or nil when none is near: one edit for up to
  /// four letters, two for up to eight, else three. Among equals the first in order of bytes.
  /// Case does not count.
  package static func name(to wrong: String, among known: some Sequence<String>) -> String? {
    let letters = Array(wrong.lowercasedASCII.utf8)
    guard !letters.isEmpty && letters.count <= nameBytesMax else { return nil }
    let allowed = letters.count <= 4 ? 1 : letters.count <= 8 ? 2 : 3
    var best: (name: String, distance: Int)?
    for candidate in known {
      let other = Array(candidate.lowercasedASCII.utf8)
      guard abs(other.count - letters.count) <= allowed, other.count <= nameBytesMax else {
        continue
      }
      let distance = distance(letters, other)
      guard distance <= allowed && distance < max(letters.count, other.count) else { continue }
      if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// Damerau and Levenshtein: insert, delete, replace, or swap two neighbours (the variant in
  /// which no piece is edited twice, "optimal string alignment").
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
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
}
