// What can be wrong with a list file, and its words: the compiler says them with file and line, the
// daemon writes them into its log.

package import RuleBytecode

package enum TableMistake: Error, Equatable, Sendable {
  /// It is nothing of the table's type.
  case entry(String)
  /// `10.0.0.1/8`: bits set behind the prefix.
  case hostBits(String, network: String)
  /// A map's key without a value.
  case valueMissing(String)
  /// The key stands there already; the first one holds.
  case duplicate(String)
  case section(String)
  case control(UInt8)
  case lineTooLong(max: Int)
  case fileTooLarge(max: Int)
  case tooManyEntries(max: Int)
  case tooManySections(max: Int)
  /// PCRE2 says what is wrong.
  case pattern(String, String)
  /// `/x/` as Postfix writes patterns.
  case slashes(String)
  /// A sender can make it as slow as he likes; a text that shows it.
  case explosive(String, attack: String)
  /// Nobody can say what it costs, for a feature or its size.
  case unjudged(String, feature: String?)
  case patternsTooCostly(max: Int)

  /// It runs, and has a meaning.
  package var isWarning: Bool {
    switch self {
    case .hostBits, .duplicate: true
    default: false
    }
  }
}

package struct TableProblem: Equatable, Sendable {
  /// From 1.
  package let line: Int
  package let mistake: TableMistake

  package init(line: Int, mistake: TableMistake) {
    self.line = line
    self.mistake = mistake
  }
}

extension TableMistake {
  /// One line, for a table of that type.
  package func message(_ type: TableType) -> String {
    switch self {
    case .entry(let text): "'\(text)' cannot stand in a table of type '\(type.name)'"
    case .hostBits(let text, let network):
      "'\(text)' has bits set behind its prefix: it means \(network)"
    case .valueMissing(let key): "the key '\(key)' has no value"
    case .duplicate(let key): "'\(key)' stands there twice; the first one holds"
    case .section(let text): "'\(text)' is no section: write [ann@example.com]"
    case .control(let byte): "the line holds the control character \(byte)"
    case .lineTooLong(let max): "the line is longer than \(max) bytes"
    case .fileTooLarge(let max): "the file is larger than \(max) bytes"
    case .tooManyEntries(let max): "there are more than \(max) entries"
    case .tooManySections(let max): "there are more than \(max) sections"
    default: patternMessage
    }
  }

  private var patternMessage: String {
    switch self {
    case .pattern(let text, let why): "'\(text)' is no pattern: \(why)"
    case .slashes(let text): "'\(text)': patterns stand here without slashes around them"
    case .explosive(let text, let attack):
      "'\(text)' can be made to take for ever, as with \(attack)"
    case .unjudged(let text, let feature):
      "what '\(text)' costs cannot be told" + (feature.map { ": it has \($0)" } ?? "")
    case .patternsTooCostly(let max):
      "the patterns up to here cost more than \(max) steps for a byte"
    default: preconditionFailure("\(self) has its words above")
    }
  }
}
