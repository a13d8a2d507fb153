// The daemon's life: load the policy, listen, say READY, serve, reload on HUP, end on TERM.
internal import Checks
internal import LiveChecks
internal import Logging
internal import MilterBridge
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import Submission
internal import TableFiles
internal import UnixSignals

struct Daemon {
  private let command: DaemonCommand
  private let settings: Settings
  private let logger: Logger
  private let state: DaemonState
  private let services: LiveServices

  init(_ command: DaemonCommand, _ settings: Settings) throws(StartFailure) {
    self.command = command
    self.settings = settings
    let directory = settings.state.value
    state = DaemonState(
      DaemonState.Settings(
        directory: directory, server: try Self.server(settings.submit),
        hostName: settings.hostname.value))
    var live = LiveServices.Settings(stateDirectory: directory)
    live.nameServers = settings.dns.value
    live.hostName = settings.hostname.value ?? SystemHost.name
    live.log = { Console.log($0) }
    live.sharedMemory = try Self.sharedMemory(settings.memory)
    services = LiveServices(live)
    logger = Logger(label: "defangd") { _ in ConsoleLog() }
  }

  func run() async throws(StartFailure) {
    ProcessRights.raiseDescriptors()
    let slot = PolicySlot()
    let doors = try Doors.open(settings, slot, logger)
    do throws(StartFailure) {
      try await serve(at: doors, slot)
    } catch {
      doors.abandon()
      throw error
    }
  }

  private func serve(at doors: Doors, _ slot: PolicySlot) async throws(StartFailure) {
    let pid = settings.pid.value.map(PIDFile.init)
    try pid?.write()
    defer { pid?.remove() }
    try state.become(user: settings.user.value, group: settings.group.value)
    let answers = try standIns()
    let policy = try await load(settings.rules.value, answers)
    let current = CurrentPolicy(
      policy, state: state, isTraced: settings.trace.on, observes: settings.observe.on
    ) { [state, services] served in
      var errands = ErrandRunner(state: state, keys: served.keys)
      if served.desk.kinds.contains(.duplicate) {
        errands.noteDuplicate = { (question) throws(LiveFailure) in
          try services.noteDuplicate(question)
        }
      }
      if served.desk.kinds.contains(.knownSender) {
        errands.noteSenders = { (senders) throws(LiveFailure) in try services.note(senders) }
      }
      return AnswerService(answers: answers, errands: errands, desk: served.desk)
    }
    slot.set(current)
    // Trapped before the front end runs: libmilter would end at a HUP.
    let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
    try await doors.listen()
    Console.log(
      "listening on \(doors.names), policy \(policy.policy.program.digest.prefix(8).hex)")
    SystemdNotice.send("READY=1")
    let watch = ListWatch(current) { Console.log($0) }
    let upkeep = Task { [state, services] in
      await Upkeep(state: state, services: services, lists: watch) { current.current }.run()
    }
    let jobs = JobClock(current) { Console.log($0) }
    jobs.restart()
    for await signal in signals {
      guard signal == .sighup else { break }
      if await reload(current, answers) { jobs.restart() }
    }
    jobs.stop()
    SystemdNotice.send("STOPPING=1")
    await doors.close(graceSeconds: settings.grace.value)
    upkeep.cancel()
    await state.stop()
    services.stop()
    Console.log("ended")
  }

  /// Whether the policy could be served here. Nothing is made or changed.
  func tryPolicy() async throws(StartFailure) {
    let answers = try standIns()
    let program = try await PolicyLoader(
      paths: settings.rules.value, compiler: command.compiler
    ).load()
    try check(program, answers)
    _ = try suffixes(program.program, answers)
    _ = try tables(of: program.program, answers)
  }

  private static func server(_ submit: Settings.Submit) throws(StartFailure) -> SMTPServer {
    do throws(SMTPServer.Problem) {
      var server = try SMTPServer(
        submit.value, security: SMTPServer.Security(rawValue: submit.tls) ?? .opportunistic)
      server.verifiedName = submit.name
      server.certificatesPath = submit.authorities
      server.credentialsPath = submit.credentials
      return server
    } catch {
      throw StartFailure(code: 78, message: "submit: \(error)")
    }
  }

  /// Nil for a file of this host.
  private static func sharedMemory(
    _ memory: Settings.Memory
  ) throws(StartFailure) -> RedisMemorySettings? {
    guard memory.value != "sqlite" else { return nil }
    let pieces = memory.value.split(separator: ":", maxSplits: 1)
    do throws(LiveFailure) {
      guard pieces.count == 2, pieces[0] == "redis" else {
        throw LiveFailure("it is sqlite or redis:ADDRESS")
      }
      var shared = try RedisMemorySettings(String(pieces[1]))
      shared.prefix = memory.prefix
      shared.user = memory.user
      shared.secretPath = memory.secret
      return shared
    } catch {
      throw StartFailure(code: 78, message: "memory \(memory.value): \(error.message)")
    }
  }

  private func standIns() throws(StartFailure) -> StandInAnswers {
    guard let path = command.answers else { return StandInAnswers() }
    guard let bytes = FileBytes.read(path, limit: 16 << 20) else {
      throw StartFailure(code: 66, message: "\(path) cannot be read")
    }
    do throws(StandInAnswers.Mistake) {
      return try StandInAnswers(json: bytes)
    } catch {
      throw StartFailure(code: 78, message: "\(path): \(error.message)")
    }
  }

  /// The policy with its lists, if this process can serve it.
  private func load(
    _ paths: [String], _ answers: StandInAnswers
  ) async throws(StartFailure) -> ServedPolicy {
    let program = try await PolicyLoader(paths: paths, compiler: command.compiler).load()
    try check(program, answers)
    try prepare(for: program.program, answers)
    let suffixes = try suffixes(program.program, answers)
    let desk = try desk(program.program, suffixes, answers)
    // Nothing is signed where nothing is done.
    let keys = settings.observe.on ? .none : try SigningKeys.load(for: program.program)
    let (tables, lists) = try tables(of: program.program, answers)
    let policy = LoadedPolicy(program, tables: tables, suffixes: suffixes)
    return ServedPolicy(policy: policy, desk: desk, keys: keys, lists: lists)
  }

  /// The lists in files, and the files as they were just before they were read.
  private func tables(
    of program: Program, _ answers: StandInAnswers
  ) throws(StartFailure) -> (TableStore, [String: FileFacts]) {
    var lists: [String: FileFacts] = [:]
    let (tables, troubles) = TableStore.load(
      program, skipping: answers.tableNames
    ) { path, limit in
      lists[path] = FileFacts.of(path)
      return FileBytes.read(path, limit: limit)
    }
    if let fatal = troubles.first(where: \.isFatal) {
      throw StartFailure(code: 78, message: fatal.message)
    }
    for trouble in troubles { Console.error("defangd: \(trouble.message)") }
    return (tables, lists)
  }

  private func suffixes(
    _ program: Program, _ answers: StandInAnswers
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
    _ program: Program, _ suffixes: PublicSuffixList?, _ answers: StandInAnswers
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
    _ policy: VerifiedProgram, _ answers: StandInAnswers
  ) throws(StartFailure) {
    let needs = ProgramNeeds(policy.program)
    let gaps = settings.observe.on ? [] : DaemonGap.all(in: policy.program)
    if let first = gaps.first {
      let more = gaps.count > 1 ? "; \(gaps.count - 1) more like it" : ""
      throw StartFailure(
        code: 78,
        message: "the policy asks for \(first.shown), which this version decides and reports"
          + " but does not carry out\(more)")
    }
    try checkQuestions(of: policy.program, answers)
    if needs.readsContentTypes, !TypeOracle().isUsable {
      throw StartFailure(
        code: 78, message: "libmagic's database cannot be loaded, but the policy asks file types")
    }
  }

  /// The folder of what it keeps.
  private func prepare(
    for program: Program, _ answers: StandInAnswers
  ) throws(StartFailure) {
    let needs = ProgramNeeds(program)
    if !settings.observe.on { try state.prepare(for: needs) }
    // Also a policy that only observes asks what is remembered.
    let isShared = services.settings.sharedMemory != nil
    if !isShared, !needs.checks.intersection(CheckKind.ofMemory).isSubset(of: answers.kinds) {
      try state.prepareFolder()
    }
  }

  /// Whatever a rule asks that nothing here can answer or look into.
  private func checkQuestions(
    of program: Program, _ answers: StandInAnswers
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

  /// False when the old policy stays.
  private func reload(_ current: CurrentPolicy, _ answers: StandInAnswers) async -> Bool {
    SystemdNotice.send("RELOADING=1")
    defer { SystemdNotice.send("READY=1") }
    do throws(StartFailure) {
      let next = try await SettingsLoader(command: command).load()
      let policy = try await load(next.rules.value, answers)
      current.replace(policy)
      let waiting = settings.differences(from: next)
      if !waiting.isEmpty {
        Console.log("a restart is needed for: \(waiting.joined(separator: ", "))")
      }
      Console.log("reloaded, policy \(policy.policy.program.digest.prefix(8).hex)")
      return true
    } catch {
      Console.error("defangd: reload refused, the old policy stays: \(error.message)")
      return false
    }
  }
}
