// What makes the reader look at a part again: signs, noticed in passing, that mail programs may
// read the same bytes in another way. Ordinary mail has none of them, and so pays nothing.

/// The doubts about one part.
struct Doubts: OptionSet, Sendable {
  let rawValue: UInt16

  /// The Content-Type is broken, doubled or unreadable, or the boundary is in conflict.
  static let type = Doubts(rawValue: 1 << 0)
  /// A valid Content-Type that programs are known to misread: comments, escapes, pieces.
  static let boundary = Doubts(rawValue: 1 << 1)
  /// No type is declared, and the content begins with what looks like a delimiter.
  static let guess = Doubts(rawValue: 1 << 2)
  /// A line begins like a delimiter of this multipart, and goes on.
  static let prefix = Doubts(rawValue: 1 << 3)
  /// Delimiters of this multipart follow its end.
  static let afterEnd = Doubts(rawValue: 1 << 4)
  /// A delimiter of this multipart ended a multipart inside that was still open.
  static let crossed = Doubts(rawValue: 1 << 5)
  /// A delimiter of this multipart stands among the header lines of a part.
  static let inHeader = Doubts(rawValue: 1 << 6)
  /// Lines of the header are no plain fields, or where it ends is not plain.
  static let header = Doubts(rawValue: 1 << 7)
  /// The encoding is unknown, doubled or not plainly written.
  static let encoding = Doubts(rawValue: 1 << 8)
  /// A message or a multipart is declared as encoded.
  static let nested = Doubts(rawValue: 1 << 9)
  /// The boundary and an outer one begin alike: a line may be a delimiter of either.
  static let alike = Doubts(rawValue: 1 << 10)
  /// A MIME field stands before the first part of this multipart, or behind its end.
  static let outside = Doubts(rawValue: 1 << 11)
  /// A message of a kind that has no parts of its own, by its name.
  static let message = Doubts(rawValue: 1 << 12)
}
