// Highlighting for editors, made from the parser's vocabulary: a TextMate grammar and a syntax file
// for Vim. Both know the tokens of RFC 5228 §8.1; names are only coloured, never required.

import Foundation
import RuleCompiler

enum EditorGrammar {
  /// What a name is coloured as.
  struct Words: Sendable {
    let name: String
    let scope: String
    /// The group of Vim that it is linked to.
    let group: String
    let words: [String]
  }

  /// Every name once: a name that is both a command and a test is coloured as a command.
  static let words: [Words] = {
    let all = Vocabulary.language
    let flow: Set = [
      "require", "include", "define", "call", "stop", "continue", "break", "return",
    ]
    let control = all.blockNeeders.union(flow)
    let verdicts: Set = [
      "accept", "reject", "ereject", "tempfail", "discard", "hold", "quarantine",
    ]
    let logic: Set = ["not", "anyof", "allof", "true", "false"]
    let commands = all.commands.subtracting(control).subtracting(verdicts)
    let tests = all.tests.subtracting(all.commands).subtracting(logic)
    return [
      Words(
        name: "control", scope: "keyword.control", group: "Conditional", words: control.sorted()),
      Words(
        name: "verdicts", scope: "keyword.other.verdict", group: "Exception",
        words: verdicts.sorted()),
      Words(
        name: "logic", scope: "keyword.operator.word", group: "Operator", words: logic.sorted()),
      Words(
        name: "commands", scope: "support.function", group: "Statement", words: commands.sorted()),
      Words(name: "tests", scope: "support.type.test", group: "Function", words: tests.sorted()),
    ]
  }()

  // MARK: TextMate

  static let scopeName = "source.defang-rules"
  /// A multi-line text ends with a line of one dot (RFC 5228 §2.4.2).
  private static let textBegin = "(?i)\\btext:(?=[ \\t]*(#.*)?\\r?$)"

  static var textMate: String {
    let grammar: [String: Any] = [
      "name": "Defang rules", "scopeName": scopeName,
      "fileTypes": ["rules", "rulestest", "svtest", "sieve"], "patterns": patterns,
      "repository": ["variable": variable],
    ]
    let options: JSONSerialization.WritingOptions = [
      .prettyPrinted, .sortedKeys, .withoutEscapingSlashes,
    ]
    guard let data = try? JSONSerialization.data(withJSONObject: grammar, options: options) else {
      preconditionFailure("strings, arrays and dictionaries only")
    }
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static var patterns: [[String: Any]] {
    let fixed: [[String: Any]] = [
      ["name": "comment.line.number-sign", "match": "#.*$"],
      ["name": "comment.block", "begin": "/\\*", "end": "\\*/"],
      [
        "name": "string.unquoted.text", "begin": textBegin, "end": "^\\.\\r?$",
        "patterns": [
          // What stands behind `text:` on its line.
          ["name": "comment.line.number-sign", "match": "\\G[ \\t]*#.*$"], ["include": "#variable"],
        ],
      ],
      [
        "name": "string.quoted.double", "begin": "\"", "end": "\"",
        "patterns": [
          ["name": "constant.character.escape", "match": "\\\\."], ["include": "#variable"],
        ],
      ],
      ["name": "entity.other.attribute-name.tag", "match": ":[A-Za-z_][A-Za-z0-9_]*"],
      ["name": "constant.numeric", "match": "\\b[0-9]+[KkMmGg]?\\b"],
    ]
    let names = words.map { group -> [String: Any] in
      ["name": group.scope, "match": "(?i)\\b(?:\(group.words.joined(separator: "|")))\\b"]
    }
    return fixed + names + [["name": "variable.other", "match": "\\b[A-Za-z_][A-Za-z0-9_]*\\b"]]
  }

  /// `${name}`, `${1}`, `${unicode:40}` (RFC 5229 §3, RFC 5228 §2.4.2.4).
  private static var variable: [String: Any] {
    ["name": "variable.other.interpolated", "match": "\\$\\{[^}\"\\n]*\\}"]
  }

  // MARK: Vim

  static var vim: String {
    var lines = [
      "\" Highlighting for policies of Defang and for Sieve; made by tools/make-editor-files.sh.",
      "if exists('b:current_syntax')", "  finish", "endif", "", "syntax case ignore",
      "syntax sync minlines=200", "",
    ]
    for group in words {
      let name = "defang" + group.name.capitalized
      var line = "syntax keyword \(name)"
      for word in group.words {
        if line.count + word.count >= 99 {
          lines.append(line)
          line = "syntax keyword \(name)"
        }
        line += " " + word
      }
      lines.append(line)
    }
    lines += [
      "",
      #"syntax match defangNumber "\<[0-9]\+[KMG]\?\>""#,
      #"syntax match defangTag ":[A-Za-z_][A-Za-z0-9_]*""#,
      #"syntax match defangVariable "\${[^}"]*}" contained"#,
      #"syntax match defangEscape "\\." contained"#,
      #"syntax region defangString start=+"+ skip=+\\.+ end=+"+ "#
        + "contains=defangVariable,defangEscape",
      #"syntax region defangText start="\<text:\ze\s*\(#.*\)\?$" end="^\.\r\?$" "#
        + "contains=defangVariable",
      ##"syntax match defangComment "#.*$""##,
      #"syntax region defangComment start="/\*" end="\*/""#,
      "",
    ]
    let links =
      words.map { ("defang" + $0.name.capitalized, $0.group) } + [
        ("defangNumber", "Number"), ("defangTag", "Type"), ("defangVariable", "Identifier"),
        ("defangEscape", "SpecialChar"), ("defangString", "String"), ("defangText", "String"),
        ("defangComment", "Comment"),
      ]
    lines += links.map { "highlight default link \($0.0) \($0.1)" }
    return (lines + ["", "let b:current_syntax = 'defang'"]).joined(separator: "\n") + "\n"
  }
}
