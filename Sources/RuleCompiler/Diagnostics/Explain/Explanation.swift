// The long text of each code, for `defang-rulec explain`, SARIF and the manual. One table, in files
// by family; `ExplanationTests` compiles every example, so an example cannot lie.

package import RuleBytecode
internal import Spelling

/// What a code means, with an example of the mistake and of its remedy.
package struct Explanation: Sendable {
  /// What stands around an example to make it a policy.
  package enum Frame: Equatable, Sendable {
    /// The example is a whole policy.
    case whole
    /// It is a file without its `require`.
    case file
    /// It is a configuration of the daemon.
    case configuration
    /// It is what stands in this phase.
    case phase(Phase)
  }

  package struct Example: Sendable {
    package let frame: Frame
    package let wrong: String
    package let right: String
  }

  package let code: ProblemCode
  /// A few words, for headings and lists.
  package let title: String
  /// What it means.
  package let meaning: String
  /// Nil where a few lines cannot show the mistake.
  package let example: Example?
  /// Why it is a mistake, or what to do.
  package let reason: String

  init(
    _ code: ProblemCode, _ title: String, _ meaning: String, in frame: Frame,
    wrong: String, right: String, why reason: String
  ) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.reason = reason
    example = Example(frame: frame, wrong: wrong, right: right)
  }

  init(_ code: ProblemCode, _ title: String, _ meaning: String, why reason: String) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.reason = reason
    example = nil
  }

  /// Every text, in the order of the codes.
  package static let all: [Explanation] =
    syntaxWords + syntaxStructure + syntaxLists + syntaxLimits + names + argumentShapes
    + argumentValues + addressLiterals + textLiterals + settingLiterals + phases + declarations
    + declaredNames + loops + tables + includes + scanners + flow + meanings + failures + tests
    + patterns + configuration

  private static let byCode = Dictionary(
    all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })

  /// The text of a code; nil for a code without one, which a test excludes.
  package static func of(_ code: ProblemCode) -> Explanation? { byCode[code] }

  /// The code of that name, in either case.
  package static func code(named name: String) -> ProblemCode? {
    ProblemCode(rawValue: name.uppercasedASCII)
  }

  /// The code nearest to a wrong one.
  package static func nearest(to name: String) -> String? {
    Nearest.name(to: name, among: ProblemCode.allCases.map(\.rawValue))
  }
}

extension Explanation.Example {
  /// The example of a mistake as a whole policy.
  package var wrongPolicy: String { frame.policy(wrong) }
  /// The example of the remedy as a whole policy.
  package var rightPolicy: String { frame.policy(right) }
}

extension Explanation.Frame {
  func policy(_ text: String) -> String {
    let names = Capability.known.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    let head = "require [\(names)];\n"
    return switch self {
    case .whole, .configuration: text + "\n"
    case .file: head + text + "\n"
    case .phase(let phase): head + "phase \(phase.name) {\n\(text)\n}\n"
    }
  }
}
