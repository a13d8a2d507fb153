// How an expectation compares a text. Plain: no case folding, so that a test sees each letter.

struct TextPattern: Equatable, Sendable {
  enum Match: String, CaseIterable, Sendable {
    case `is`, contains, matches
  }

  let match: Match
  let text: String

  func accepts(_ subject: String) -> Bool {
    switch match {
    case .is: subject == text
    case .contains: Self.contains(Array(subject.utf8), Array(text.utf8))
    case .matches: Self.matches(Array(subject.unicodeScalars), Array(text.unicodeScalars))
    }
  }

  /// As a failing test shows it.
  var shown: String {
    switch match {
    case .is: text
    case .contains: "…\(text)…"
    case .matches: "like \(text)"
    }
  }

  private static func contains(_ subject: [UInt8], _ needle: [UInt8]) -> Bool {
    guard needle.count <= subject.count else { return false }
    return (0...subject.count - needle.count).contains { start in
      subject[start..<start + needle.count].elementsEqual(needle)
    }
  }

  /// `*` and `?` as in RFC 5228 §2.7.1, over characters; a backslash takes the next literally.
  /// At most subject × pattern steps, no recursion.
  private static func matches(_ subject: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    var (s, p) = (0, 0)
    var star: (pattern: Int, subject: Int)?
    while s < subject.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p + 1, s)
        p += 1
        continue
      }
      let isEscaped = p + 1 < pattern.count && pattern[p] == "\\"
      let literal = isEscaped ? p + 1 : p
      let isAny = !isEscaped && p < pattern.count && pattern[p] == "?"
      if isAny || (literal < pattern.count && pattern[literal] == subject[s]) {
        p = literal + 1
        s += 1
      } else if let last = star {
        star = (last.pattern, last.subject + 1)
        (p, s) = (last.pattern, last.subject + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
