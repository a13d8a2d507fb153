// `include [:once] [:optional] [:personal|:global] SCRIPT;` (RFC 6609). At the top of a policy it
// brings in another file; in a plain Sieve script it runs another script at its place.

import RuleBytecode

enum CommandInclude {
  static let signature = Signature(
    name: "include", availability: .oursOr("include"),
    tags: [
      TagSignature("personal", group: "location"), TagSignature("global", group: "location"),
      TagSignature("once"), TagSignature("optional"),
    ],
    positional: [.init("script", .string)])
}

/// A script that runs at the place of its `include`.
struct CheckedInclusion: Sendable {
  let file: Int
  /// Not where it ran before.
  let isOnce: Bool
  let body: [CheckedStatement]
}

/// A script and how many loops it stands in: a loop of its own goes through what is inside theirs.
struct IncludedBody: Hashable {
  let file: Int
  let loops: Int
}

extension CheckContext {
  /// What an `include` brings; nil when there is nothing, or a mistake was reported.
  mutating func inclusion(_ command: Command) -> (file: Int, isOnce: Bool)? {
    guard let call = ArgumentBinder.bind(command, CommandInclude.signature, &self),
      let literal = call.string(0), constant(literal, "script", of: "include") != nil
    else {
      hasHoles = true
      return nil
    }
    switch linked.inclusions[command.name.range] {
    case .file(let file): return (file, call.has("once"))
    case .nothing: return nil
    case nil:
      hasHoles = true
      return nil
    }
  }

  /// A script that a plain script includes, as statements; checked once for each
  /// depth of loops around it.
  mutating func includedStatement(_ command: Command) -> CheckedInclusion? {
    guard let (index, isOnce) = inclusion(command) else { return nil }
    if scopes[index].isPolicy {
      let name = sources.files[index].name
      report(.declaration(.policyInScript(name)), at: command.range)
      hasHoles = true
      return nil
    }
    if isOnce { onceFiles.insert(index) }
    return CheckedInclusion(file: index, isOnce: isOnce, body: includedBody(index))
  }

  private mutating func includedBody(_ index: Int) -> [CheckedStatement] {
    let key = IncludedBody(file: index, loops: loops.count)
    if let known = includedBodies[key] { return known }
    // A circle was reported; the body being checked is not needed in itself.
    includedBodies[key] = []
    let (outerFile, outerCaptures, outerAround, outerAnswers) =
      (file, captures, loopsAround, innerAnswers)
    (file, captures, loopsAround, innerAnswers) =
      (scopes[index], CaptureScope(), loops.count, FailureAnswers())
    let commands = linked.scripts[index].commands.filter { $0.name.text != "require" }
    let (body, _) = StatementChecker.check(commands, in: .topLevel, &self)
    (file, captures, loopsAround, innerAnswers) =
      (outerFile, outerCaptures, outerAround, outerAnswers)
    includedBodies[key] = body
    return body
  }
}

extension BlockEmitter {
  mutating func inclusion(_ checked: CheckedInclusion) {
    let end = label()
    if let flag = onceFlags[checked.file] {
      if checked.isOnce { jump(.jumpIfTrue, a: flag, to: end) }
      emit(.truthConstant, a: flag, c: 1)
    }
    let outerEnd = scriptEnd
    scriptEnd = end
    statements(checked.body)
    scriptEnd = outerEnd
    bind(end)
  }

  /// Whether a script was included already, for those that ask.
  mutating func beginInclusions(_ files: Set<Int>) {
    onceFlags = [:]
    for file in files.sorted() {
      let flag = truth()
      emit(.truthConstant, a: flag, c: 0)
      onceFlags[file] = flag
    }
  }
}
