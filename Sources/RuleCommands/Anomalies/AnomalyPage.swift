// The long text of each anomaly: `defang-rulec explain NAME` prints it, and docs/ANOMALIES.md is
// made of the same texts (a test compares the two).
internal import RuleBytecode

/// What there is to say about one oddity.
struct AnomalyPage {
  /// What it is, in two or three sentences.
  let what: String
  /// A piece of a message that has it, controls shown as <CR>, <NUL> …
  let example: String
  /// How mail programs differ over it.
  let clients: String
  /// What a policy can do about it.
  let policy: String

  static func of(_ name: AnomalyName) -> AnomalyPage {
    switch name {
    case .bareCR, .bareLF, .nul, .longLine, .smuggling, .missingBlankLine, .headerEndConflict,
      .badHeaderLine, .badHeaderText, .duplicateHeaders:
      ofLines(name)
    case .duplicateContentType, .typeConflict, .boundaryConflict, .missingBoundary, .missingEnd,
      .hiddenPart, .badParameter, .badContinuation, .encodedParameter:
      ofStructure(name)
    case .encodingConflict, .unknownEncoding, .badBase64, .badQuotedPrintable, .encodingMismatch,
      .badEmbedded, .unknownCharset, .riskyCharset:
      ofEncodings(name)
    case .nameConflict, .nameBidi, .nameDoubleExtension, .namePadding, .namePath, .nameControl,
      .nameDisguise:
      ofNames(name)
    case .zipDirectoryMismatch, .zipSeveralDirectories, .zipOverlap, .archivePath,
      .archiveDamaged, .officeDamaged, .polyglot:
      ofContent(name)
    }
  }

  // MARK: For a terminal

  static func text(_ name: AnomalyName) -> String {
    let page = of(name)
    let example = indented(page.example, by: 6)
    return "\(name.name)  \(name.meaning)  (\(name.severity.name))\n\n"
      + indented(wrapped(page.what), by: 2) + "\n  Example:\n\n\(example)\n"
      + indented(wrapped(page.clients), by: 2) + "\n" + indented(wrapped(page.policy), by: 2)
  }

  private static func indented(_ text: String, by count: Int) -> String {
    let indent = String(repeating: " ", count: count)
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { ($0.isEmpty ? "" : indent + $0) + "\n" }.joined()
  }

  /// Lines of at most 76 characters.
  static func wrapped(_ text: String) -> String {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 76 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.joined(separator: "\n")
  }

  // MARK: The document

  static var document: String {
    introduction + AnomalyName.allCases.map(section).joined(separator: "\n")
  }

  private static let introduction = """
    # Anomalies

    What can be odd about a message, by the names that the tests `anomaly` and `part :anomaly` take.
    `defang-rulec explain NAME` prints a section of this page, `defang-rulec parts FILE` shows which
    of them a message has, and where.

    Each has a severity. **High**: mail programs can see different content, so that a filter that
    reads in one way misses what a program that reads in another way opens. **Medium**: correct
    programs do not write it, and readers mend it in different ways. **Low**: sloppy, and common in
    honest mail. Valid mail has none of them.

    An anomaly is a remark: rules see every part that any of the readings shows, whether or not they
    ask for anomalies. Where this page speaks of programs, it means how mail programs and the
    libraries that they are built with were seen to read such mail; they change from release to
    release, which is why every reading is inspected.

    A policy that trusts nothing odd begins with

        phase message {
          rule "odd" { if anomaly :severity "high" { quarantine "programs differ over it"; } }
        }


    """

  private static func section(_ name: AnomalyName) -> String {
    let page = of(name)
    return """
      ## \(name.name)

      *\(name.severity.name)*: \(name.meaning).

      \(wrapped(page.what))

      \(indented(page.example, by: 4))
      \(wrapped(page.clients))

      \(wrapped(page.policy))

      """
  }
}
