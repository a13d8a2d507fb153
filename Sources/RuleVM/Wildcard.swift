// Names as administrators write them, with wildcards; the rules' own wildcards do the work.

package enum Wildcard {
  /// Comparisons for one value; past them it is taken for another.
  static let stepsMax = 100_000

  /// `*` is any run of characters, `?` one; letters of ASCII are compared without regard to case.
  package static func matches(_ value: String, _ pattern: String) -> Bool {
    let subject = Array(value.utf8)
    let folded = pattern.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
    var glob = Glob(stepsMax: stepsMax)
    return glob.match(subject.span, folded.span, fold: true)
  }
}
