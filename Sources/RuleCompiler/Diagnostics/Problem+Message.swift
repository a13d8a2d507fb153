// The way from a mistake to its words. Each family has its own file with one switch for what was
// found and expected, and one for the help line.

extension Problem {
  /// The sentence behind `error:`.
  package var message: String { wording.message }

  /// The words under the caret: what was expected there, or why.
  package var label: String? { wording.label }

  private var wording: Wording {
    switch self {
    case .syntax(let problem): problem.wording
    case .name(let problem): problem.wording
    case .argument(let problem): problem.wording
    case .literal(let problem): problem.wording
    case .phase(let problem): problem.wording
    case .declaration(let problem): problem.wording
    case .flow(let problem): problem.wording
    case .failure(let problem): problem.wording
    case .test(let problem): problem.wording
    case .pattern(let problem): problem.wording
    case .configuration(let problem): problem.wording
    }
  }

  /// What to do about it: the nearest name, the fix, the phase where it works.
  package var help: String? {
    switch self {
    case .syntax(let problem): problem.help
    case .name(let problem): problem.help
    case .argument(let problem): problem.help
    case .literal(let problem): problem.help
    case .phase(let problem): problem.help
    case .declaration(let problem): problem.help
    case .flow(let problem): problem.help
    case .failure(let problem): problem.help
    case .test(let problem): problem.help
    case .pattern(let problem): problem.help
    case .configuration(let problem): problem.help
    }
  }
}
