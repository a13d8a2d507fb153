// Carrying out fix-its: `defang-rulec --check --fix`, and the tests. Edits of one diagnostic belong
// together: all of them are done, or none. Trusts nothing about ranges.

/// The sources with the fix-its of some diagnostics carried out.
package struct FixApplication: Sendable {
  /// How many diagnostics were mended.
  package private(set) var mendedCount = 0
  /// The new bytes of each file, in the order of the sources.
  package private(set) var files: [[UInt8]]
  /// Edits taken so far, by file, sorted by place; disjoint.
  private var taken: [[Diagnostic.FixIt]]

  /// Applies what fits together: of two fixes that touch each other only the first, and an edit
  /// that two diagnostics ask for once.
  package static func apply(_ diagnostics: [Diagnostic], to sources: SourceSet) -> FixApplication {
    var application = FixApplication(sources)
    for diagnostic in diagnostics { application.take(diagnostic.fixIts) }
    application.write()
    return application
  }

  private init(_ sources: SourceSet) {
    files = sources.files.map(\.bytes)
    taken = sources.files.map { _ in [] }
  }

  /// The diagnostics of one run are at most a hundred, so a plain search is enough.
  private mutating func take(_ fixIts: [Diagnostic.FixIt]) {
    guard !fixIts.isEmpty else { return }
    var new: [Diagnostic.FixIt] = []
    for fixIt in fixIts {
      guard files.indices.contains(fixIt.range.file),
        fixIt.range.bytes.upperBound <= files[fixIt.range.file].count
      else { return }
      let others = taken[fixIt.range.file]
      if others.contains(fixIt) { continue }
      if others.contains(where: { Self.touch($0.range.bytes, fixIt.range.bytes) }) { return }
      new.append(fixIt)
    }
    for fixIt in new { taken[fixIt.range.file].append(fixIt) }
    mendedCount += 1
  }

  /// Overlapping, or two insertions at one place, whose order nobody knows.
  private static func touch(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
    if left.isEmpty || right.isEmpty {
      return left.lowerBound <= right.upperBound && right.lowerBound <= left.upperBound
    }
    return left.overlaps(right)
  }

  private mutating func write() {
    for file in files.indices {
      for fixIt in taken[file].sorted(by: { $0.range > $1.range }) {
        files[file].replaceSubrange(fixIt.range.bytes, with: fixIt.replacement.utf8)
      }
    }
  }
}
