// Header changes that a scanner asks for, as text in its answer and back: an answer's fields are
// texts, and what a rule does with them (`apply_scan_headers`) comes later.
internal import RuleBytecode

/// One change of the header.
package enum ScanHeaderEdit: Sendable, Equatable {
  /// - Parameter position: among the fields, 0 on top; nil is the end.
  case add(name: String, value: String, position: Int?)
  /// - Parameter occurrence: 0 is all of that name, 1 the first, -1 the last.
  case remove(name: String, occurrence: Int)
}

package enum ScanHeaderEdits {
  /// More are not read.
  package static let countMax = ScanHeaderCaps.countMax
  /// Of all names and values.
  package static let bytesMax = ScanHeaderCaps.bytesMax

  /// Four texts for each, each of them ended by NUL, which no header has.
  package static func text(_ edits: [ScanHeaderEdit]) -> String {
    edits.map { edit in
      let words: [String] =
        switch edit {
        case .add(let name, let value, let position):
          ["+", name, value, position.map { String($0) } ?? ""]
        case .remove(let name, let occurrence): ["-", name, "", String(occurrence)]
        }
      return words.map { $0 + "\0" }.joined()
    }.joined()
  }

  /// Nil for what is none, or too much: half of what is asked for is not what is asked for.
  package static func edits(_ text: String) -> [ScanHeaderEdit]? {
    guard text.utf8.count <= bytesMax else { return nil }
    let words = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard words.last?.isEmpty == true, words.count % 4 == 1, words.count / 4 <= countMax else {
      return nil
    }
    var edits: [ScanHeaderEdit] = []
    for start in stride(from: 0, to: words.count - 1, by: 4) {
      let (name, value, number) = (words[start + 1], words[start + 2], words[start + 3])
      switch words[start] {
      case "+": edits.append(.add(name: name, value: value, position: Int(number)))
      case "-":
        guard let occurrence = Int(number) else { return nil }
        edits.append(.remove(name: name, occurrence: occurrence))
      default: return nil
      }
    }
    return edits
  }
}
