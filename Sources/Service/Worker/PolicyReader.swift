// From the bytes of an image to a policy that this process can serve: verified, with its lists,
// keys and those who answer its checks; or why not. Nothing that is live changes meanwhile.
internal import Checks
internal import FileTrust
internal import LiveChecks
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import TableFiles

struct PolicyReader {
  let answers: StandInAnswers
  /// Nothing is done, only listed.
  let observes: Bool

  /// The policy with its lists, if this process can serve it.
  func load(
    _ image: [UInt8], _ state: DaemonState, _ services: LiveServices
  ) throws(StartFailure) -> ServedPolicy {
    let program = try PolicyLoader.verified(image)
    try check(program)
    try prepare(for: program.program, state, services)
    let suffixes = try suffixes(program.program)
    let desk = try desk(program.program, suffixes, services)
    // Nothing is signed where nothing is done.
    let keys = observes ? .none : try SigningKeys.load(for: program.program)
    let (tables, lists) = try tables(of: program.program)
    let policy = LoadedPolicy(program, tables: tables, suffixes: suffixes)
    return ServedPolicy(policy: policy, desk: desk, keys: keys, lists: lists)
  }

  /// Whether it could be served here. Nothing is made or changed.
  func examine(_ image: [UInt8]) throws(StartFailure) {
    let program = try PolicyLoader.verified(image)
    try check(program)
    _ = try suffixes(program.program)
    _ = try tables(of: program.program)
  }

  /// The lists in files, and the files as they were just before they were read.
  private func tables(
    of program: Program
  ) throws(StartFailure) -> (TableStore, [String: FileFacts]) {
    var lists: [String: FileFacts] = [:]
    var doubt: FileDoubt?
    let (tables, troubles) = TableStore.load(
      program, skipping: answers.tableNames
    ) { path, limit in
      doubt = doubt ?? FileTrust.doubt(about: path, as: .list)
      lists[path] = FileFacts.of(path)
      return FileBytes.read(path, limit: limit)
    }
    if let doubt {
      throw StartFailure(code: 78, message: "a list of the policy is refused: \(doubt.message)")
    }
    if let fatal = troubles.first(where: \.isFatal) {
      throw StartFailure(code: 78, message: fatal.message)
    }
    for trouble in troubles { Console.error("defangd: \(trouble.message)") }
    return (tables, lists)
  }

  private func suffixes(
    _ program: Program
  ) throws(StartFailure) -> PublicSuffixList? {
    let asksPolicies = ProgramNeeds(program).checks.subtracting(answers.kinds).contains(.dmarc)
    do throws(SuffixFile.Missing) {
      return try SuffixFile.list(for: program, asksPolicies: asksPolicies)
    } catch {
      throw StartFailure(code: 78, message: error.message)
    }
  }

  /// Those who answer what the policy asks of the world.
  private func desk(
    _ program: Program, _ suffixes: PublicSuffixList?, _ services: LiveServices
  ) throws(StartFailure) -> LiveDesk {
    do throws(LiveFailure) {
      return try LiveDesk.make(
        for: program, services, suffixes: suffixes, except: answers.kinds)
    } catch {
      throw StartFailure(code: 78, message: error.message)
    }
  }

  /// A policy that this process cannot serve is refused before it is live.
  private func check(
    _ policy: VerifiedProgram
  ) throws(StartFailure) {
    let needs = ProgramNeeds(policy.program)
    let gaps = observes ? [] : DaemonGap.all(in: policy.program)
    if let first = gaps.first {
      let more = gaps.count > 1 ? "; \(gaps.count - 1) more like it" : ""
      throw StartFailure(
        code: 78,
        message: "the policy asks for \(first.shown), which a mail filter decides and reports but"
          + " cannot carry out\(more)")
    }
    try checkQuestions(of: policy.program)
    if needs.readsContentTypes, !TypeOracle().isUsable {
      throw StartFailure(
        code: 78, message: "libmagic's database cannot be loaded, but the policy asks file types")
    }
  }

  /// The folder of what it keeps.
  private func prepare(
    for program: Program, _ state: DaemonState, _ services: LiveServices
  ) throws(StartFailure) {
    let needs = ProgramNeeds(program)
    if !observes { try state.prepare(for: needs) }
    // Also a policy that only observes asks what is remembered.
    let isShared = services.settings.sharedMemory != nil
    if !isShared, !needs.checks.intersection(CheckKind.ofMemory).isSubset(of: answers.kinds) {
      try state.prepareFolder()
    }
  }

  /// Whatever a rule asks that nothing here can answer or look into.
  private func checkQuestions(
    of program: Program
  ) throws(StartFailure) {
    let answered = answers.kinds
    let open = program.openQuestions.filter { !answered.contains($0.kind) }
    if !open.isEmpty {
      let lines = open.prefix(Self.questionsShownMax).map(\.text)
      let more = open.count > lines.count ? ["and \(open.count - lines.count) more"] : []
      throw StartFailure(
        code: 78,
        message: "the policy is refused; answers to checks can be given by --answers\n"
          + (lines + more).joined(separator: "\n"))
    }
  }

  private static let questionsShownMax = 20
}
