// The state that all checks share: diagnostics, names, and where in the policy the check is.

import RuleBytecode
import Spelling

/// What holds for one source file.
struct FileScope: Sendable {
  let file: Int
  /// It says `require "defang"`; else it is plain Sieve.
  var isPolicy = false
  /// It has phases or declarations, which plain Sieve has not.
  var hasShapeOfPolicy = false
  var capabilities: Set<String> = []
  /// Capabilities that are refused, said already.
  var refusedCapabilities: Set<String> = []
  var answers = FailureAnswers()
  /// Capabilities already reported as missing: forgetting one is one mistake.
  var reportedMissing: Set<String> = []
  /// Variables that a plain script sets.
  var plainVariables: Set<String> = []
  var reportedClasses: Set<FailureClass> = []
  /// Where a `require` can be inserted.
  var requirePlace: SourceRange
  /// The last name of the first `require`, behind which more can stand.
  var requireEntry: (range: SourceRange, isOfList: Bool)?
  var isStructureReliable = true
  /// What it requires could not be read: what seems missing may stand there.
  var isRequireUnsure = false
  /// Of rules that say none themselves, from here on.
  var mode: RuleMode? = .enforce
  /// Another file names it in an `include`.
  var isIncluded = false
  /// In plain Sieve: what `global` named so far, and what was used before without that.
  var globals: Set<String> = []
  var ownVariables: Set<String> = []
}

/// The phase or definition whose content is checked.
struct RunPlace: Sendable {
  struct Narrowing: Sendable {
    let name: String
    let range: SourceRange
  }

  /// Nil in a definition, which runs wherever it is used.
  let phase: Phase?
  /// In a definition: where all that was seen so far is possible.
  var possible = PhaseSet.all
  var narrowing: Narrowing?
  /// Functions that the definition calls.
  var callees: Set<Int> = []
  /// In a definition: what keeps it from being called in a loop over recipients.
  var notForTurns: (name: String, range: SourceRange)?

  init(_ phase: Phase?) { self.phase = phase }
}

/// Which match variables there are at a point of a rule (RFC 5229 §3.2); nil without a match.
struct CaptureScope: Sendable {
  /// Groups when the latest test was true, and when it was false.
  var groups: Int?
  var groupsIfFalse: Int?
  /// Matches of this rule that may have set them.
  var live: [Int] = []

  static func larger(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return left ?? right }
    return max(left, right)
  }
}

struct CheckContext {
  var sources: SourceSet
  var diagnostics: Diagnostics
  var names = NameTable()
  var file: FileScope
  var place = RunPlace(nil)
  var captures = CaptureScope()
  /// Answers stated inside the file: by the phase, then the rule.
  var innerAnswers = FailureAnswers()
  var capturedMatches: Set<Int> = []
  /// How the comparison of the test at hand can fail.
  var matchFailures = Failures.none
  /// Functions that each phase calls.
  var callees: [Phase: Set<Int>] = [:]
  /// Something could not be read, so what seems unused may be used in it.
  var hasHoles = false
  /// The definition whose content is checked.
  var openDefinition: String?
  /// The commands of test suites are there.
  var isTestSuite = false
  /// See `CompilerLimits`.
  var addedFieldBytesMax = Int.max
  var isInSuiteTest = false
  /// The job of an `every` is checked: there is neither a client nor a mail.
  var isInTimer = false
  /// The first verdict of each kind that ends a recipient's turn.
  var turnVerdicts: [VerdictKind: SourceRange] = [:]
  /// What can go wrong in the tables that the test at hand asks.
  var tableFailures = Failures.none
  /// How deep the calls of what is checked nest.
  var callDepth = 0
  /// The loops around what is checked, the outermost first.
  var loops: [OpenLoop] = []
  /// How many of them are outside of the included script that is checked.
  var loopsAround = 0
  /// Checks whose facts were read by texts that no test or statement has taken up yet.
  var factChecks: [FactCheck] = []
  /// All files, and what is known of each before it is checked.
  var linked = LinkedScripts()
  var scopes: [FileScope] = []
  var includedBodies: [IncludedBody: [CheckedStatement]] = [:]
  /// Scripts that are included with `:once` somewhere.
  var onceFiles: Set<Int> = []
  private var matchCount = 0
  /// Names that were near to a wrong one, with others as near: none of them is put in its place.
  private var severalNear: Set<String> = []

  init(sources: SourceSet, diagnostics: Diagnostics) {
    self.sources = sources
    self.diagnostics = diagnostics
    file = FileScope(file: 0, requirePlace: SourceRange(file: 0, bytes: 0..<0))
  }

  mutating func report(
    _ problem: Problem, at range: SourceRange, notes: [Diagnostic.Note] = [],
    fixIts: [Diagnostic.FixIt] = []
  ) {
    let edits =
      fixIts.isEmpty
      ? SafeFix.edits(for: problem, at: range, in: sources, unsure: severalNear) : fixIts
    diagnostics.report(problem, at: range, notes: notes, fixIts: edits)
  }

  /// A number for one match, under which its use is found again.
  mutating func newMatch(groups: Int) -> Int {
    defer { matchCount += 1 }
    captures.live.append(matchCount)
    captures.groups = groups
    return matchCount
  }

  /// The known name nearest to a wrong one. Looking through all names for each of many mistakes
  /// would cost their product, so it ends where nothing more is shown.
  mutating func nearest(to wrong: String, among known: some Sequence<String>) -> String? {
    guard diagnostics.errorCount < Self.suggestionsMax,
      let found = Nearest.found(to: wrong, among: known)
    else { return nil }
    if !found.isAlone { severalNear.insert(found.name) }
    return found.name
  }

  private static let suggestionsMax = 200

  /// The command that a word from elsewhere, or a mistyped one, is meant to be.
  mutating func command(meantBy wrong: String, among known: [String]) -> String? {
    if let meant = ForeignWords.commands[wrong], known.contains(meant) { return meant }
    if ForeignWords.commandHelp[wrong] != nil { return nil }
    return nearest(to: wrong, among: known)
  }

  /// A definition is used here.
  mutating func noteCall(of index: Int) {
    if let phase = place.phase {
      callees[phase, default: []].insert(index)
    } else {
      place.callees.insert(index)
    }
  }

  // MARK: Capabilities

  /// False when what brings the name in is missing, which is reported once.
  @discardableResult
  mutating func demand(
    _ availability: Availability, for name: String, at range: SourceRange
  ) -> Bool {
    switch availability {
    case .base: return true
    case .ours: if file.isPolicy { return true }
    case .capability(let capability):
      if file.capabilities.contains(capability) { return true }
    case .oursOr(let capability):
      if file.isPolicy || file.capabilities.contains(capability) { return true }
    }
    let missing =
      switch availability {
      case .capability(let name), .oursOr(let name): name
      case .base, .ours: Capability.ours
      }
    if file.isRequireUnsure { return true }
    // In a policy no `require` helps, which the command says itself.
    if missing == "fileinto", file.isPolicy { return true }
    if Capability.refused.contains(missing) {
      refuse(missing, at: range)
      return false
    }
    guard file.reportedMissing.insert(missing).inserted else { return false }
    let fix = requiring(missing)
    // It would make a plain Sieve script, which runs by other rules, a policy.
    let isSafe = missing != Capability.ours || file.hasShapeOfPolicy
    report(.name(.missingRequire(missing, for: name)), at: range, fixIts: isSafe ? [fix] : [])
    return false
  }

  /// One name more in the `require` that is there, or one of its own.
  private func requiring(_ capability: String) -> Diagnostic.FixIt {
    guard let entry = file.requireEntry, let source = sources.file(of: entry.range) else {
      return Diagnostic.FixIt(replace: file.requirePlace, with: "require \"\(capability)\";\n")
    }
    if entry.isOfList {
      return Diagnostic.FixIt(replace: entry.range.end, with: ", \"\(capability)\"")
    }
    let written = source.text(entry.range.bytes)
    return Diagnostic.FixIt(replace: entry.range, with: "[\(written), \"\(capability)\"]")
  }

  /// A name of a capability that is refused. That it is, is said once a file.
  mutating func isRefused(_ name: String, at range: SourceRange) -> Bool {
    guard let capability = Capability.refusedNames[name] else { return false }
    refuse(capability, at: range)
    return true
  }

  private mutating func refuse(_ capability: String, at range: SourceRange) {
    guard file.refusedCapabilities.insert(capability).inserted else { return }
    report(.name(.refusedCapability(capability)), at: range)
  }

  // MARK: Phases

  /// Whether something possible in `phases` can stand here; in a definition it narrows where
  /// that can be used.
  @discardableResult
  mutating func limit(
    to phases: PhaseSet, as name: String, at range: SourceRange,
    _ problem: (Phase) -> PhaseProblem
  ) -> Bool {
    if let phase = place.phase {
      if phases.contains(phase) { return true }
      report(.phase(problem(phase)), at: range)
      return false
    }
    let narrowed = place.possible.intersection(phases)
    if narrowed != place.possible {
      place.possible = narrowed
      place.narrowing = RunPlace.Narrowing(name: name, range: range)
    }
    return true
  }

  // MARK: Failures

  /// The answers in force here.
  var answers: FailureAnswers { innerAnswers.inside(file.answers) }

  /// Finds what answers each failure of a condition; a class without an answer is reported, once
  /// for each file.
  mutating func policy(for failures: Failures) -> FailurePolicy {
    var stated = answers
    for failure in FailureClass.allCases {
      guard let origin = failures.open[failure], stated[failure] == nil else { continue }
      if let fallback = origin.fallback {
        stated[failure] = fallback
      } else if failure != .limit && failure != .internal && file.isPolicy,
        file.reportedClasses.insert(failure).inserted
      {
        let problem = FailureProblem.missingPolicy(class: failure.name, of: origin.test)
        report(.failure(problem), at: origin.range)
      }
    }
    return stated.policy
  }
}
