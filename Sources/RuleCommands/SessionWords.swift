// `--rcpt-arg` and `--macro` after a `--to` belong to that recipient. Option parsers forget the
// order of different options, so the order is noted in the values before they are parsed.

enum SessionWords {
  private static let mark: Character = "\u{1}"
  private static let bound: Set<String> = ["--rcpt-arg", "--macro"]

  /// The words with each bound value preceded by the number of its recipient (0: none yet).
  static func marked(_ words: [String]) -> [String] {
    var recipients = 0
    var result: [String] = []
    var isBound = false
    for word in words {
      if isBound {
        result.append("\(recipients)\(mark)\(word)")
        isBound = false
        continue
      }
      if word == "--to" || word.hasPrefix("--to=") { recipients += 1 }
      if let equals = word.firstIndex(of: "="), bound.contains(String(word[..<equals])) {
        let value = word[word.index(after: equals)...]
        result += [String(word[..<equals]), "\(recipients)\(mark)\(value)"]
        continue
      }
      isBound = bound.contains(word)
      result.append(word)
    }
    return result
  }

  /// The recipient's number and the value.
  static func split(_ word: String) -> (recipient: Int, value: String) {
    guard let at = word.firstIndex(of: mark), let number = Int(word[..<at]) else {
      return (0, word)
    }
    return (number, String(word[word.index(after: at)...]))
  }
}
