// Where something stands in the sources of a policy. Trusts nothing: a range is only an address;
// `SourceSet` and `SourceFile` clamp it to the bytes there are when they are asked about it.

/// A piece of one source file, in bytes. Line and column are computed when a diagnostic is printed.
package struct SourceRange: Hashable, Sendable {
  /// Index of the file in the `SourceSet` of this run.
  package let file: Int
  /// Offsets of bytes in that file. May be empty: then it is a place between two bytes.
  package let bytes: Range<Int>

  package init(file: Int, bytes: Range<Int>) {
    self.file = file
    self.bytes = bytes
  }

  /// The place just behind this range.
  package var end: SourceRange {
    SourceRange(file: file, bytes: bytes.upperBound..<bytes.upperBound)
  }

  /// The place just before this range.
  package var start: SourceRange {
    SourceRange(file: file, bytes: bytes.lowerBound..<bytes.lowerBound)
  }

  /// From the first byte of this range to the last of `other`, which must not begin before it.
  package func through(_ other: SourceRange) -> SourceRange {
    let upper = max(bytes.lowerBound, other.bytes.upperBound)
    return SourceRange(file: file, bytes: bytes.lowerBound..<upper)
  }
}

extension SourceRange: Comparable {
  package static func < (left: SourceRange, right: SourceRange) -> Bool {
    (left.file, left.bytes.lowerBound, left.bytes.upperBound)
      < (right.file, right.bytes.lowerBound, right.bytes.upperBound)
  }
}
