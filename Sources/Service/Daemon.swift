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
  private let logger: Logger
  private let loader: PolicyLoader
  private let state: DaemonState
  private let services: LiveServices

  init(_ command: DaemonCommand) throws(StartFailure) {
    self.command = command
    state = DaemonState(
      DaemonState.Settings(
        directory: command.state, server: try Self.server(command), hostName: command.hostname))
    var settings = LiveServices.Settings(stateDirectory: command.state)
    settings.nameServers = command.dns
    settings.hostName = command.hostname ?? SystemHost.name
    settings.log = { Console.log($0) }
    settings.sharedMemory = try Self.sharedMemory(command)
    services = LiveServices(settings)
    logger = Logger(label: "defangd") { _ in ConsoleLog() }
    loader = PolicyLoader(paths: command.rules, compiler: command.compiler)
  }

  func run() async throws(StartFailure) {
    let address = try Self.address(command.socket, of: "--socket")
    let socketmap = try command.socketmap.map { (text) throws(StartFailure) in
      try Self.address(text, of: "--socketmap")
    }
    let answers = try standIns()
    let policy = try await load(answers)
    let current = CurrentPolicy(
      policy, state: state, isTraced: command.trace, observes: command.observe
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
    let front = frontEnd(address, current)
    // Trapped before the front end runs: libmilter would end at a HUP.
    let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
    do {
      try await front.start()
    } catch {
      throw StartFailure(code: 78, message: "cannot listen on \(address): \(error)")
    }
    let maps = try await startMaps(at: socketmap, current)
    Console.log("listening on \(address), policy \(policy.policy.program.digest.prefix(8).hex)")
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
    await maps?.stop()
    await front.stop(graceSeconds: command.grace)
    upkeep.cancel()
    await state.stop()
    services.stop()
    Console.log("ended")
  }

  private static func address(
    _ text: String, of option: String
  ) throws(StartFailure) -> SocketAddressText {
    do throws(SocketAddressText.Problem) {
      return try SocketAddressText(text)
    } catch {
      throw StartFailure(code: 78, message: "\(option) \(text): \(error)")
    }
  }

  private static func server(_ command: DaemonCommand) throws(StartFailure) -> SMTPServer {
    do throws(SMTPServer.Problem) {
      var server = try SMTPServer(command.submit, security: command.submitTls)
      server.verifiedName = command.submitName
      server.certificatesPath = command.submitAuthorities
      server.credentialsPath = command.submitCredentials
      return server
    } catch {
      throw StartFailure(code: 78, message: "--submit: \(error)")
    }
  }

  /// Nil for a file of this host.
  private static func sharedMemory(
    _ command: DaemonCommand
  ) throws(StartFailure) -> RedisMemorySettings? {
    guard command.memory != "sqlite" else { return nil }
    let pieces = command.memory.split(separator: ":", maxSplits: 1)
    do throws(LiveFailure) {
      guard pieces.count == 2, pieces[0] == "redis" else {
        throw LiveFailure("it is sqlite or redis:ADDRESS")
      }
      var shared = try RedisMemorySettings(String(pieces[1]))
      shared.prefix = command.memoryPrefix
      shared.user = command.memoryUser
      shared.secretPath = command.memorySecret
      return shared
    } catch {
      throw StartFailure(code: 78, message: "--memory \(command.memory): \(error.message)")
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
  private func load(_ answers: StandInAnswers) async throws(StartFailure) -> ServedPolicy {
    let program = try await loader.load()
    try check(program, answers)
    let suffixes = try suffixes(program.program, answers)
    let desk = try desk(program.program, suffixes, answers)
    var lists: [String: FileFacts] = [:]
    // Nothing is signed where nothing is done.
    let keys = command.observe ? .none : try SigningKeys.load(for: program.program)
    let (tables, troubles) = TableStore.load(
      program.program, skipping: answers.tableNames
    ) { path, limit in
      lists[path] = FileFacts.of(path)
      return FileBytes.read(path, limit: limit)
    }
    if let fatal = troubles.first(where: \.isFatal) {
      throw StartFailure(code: 78, message: fatal.message)
    }
    for trouble in troubles { Console.error("defangd: \(trouble.message)") }
    let policy = LoadedPolicy(program, tables: tables, suffixes: suffixes)
    return ServedPolicy(policy: policy, desk: desk, keys: keys, lists: lists)
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
    let gaps = command.observe ? [] : DaemonGap.all(in: policy.program)
    if let first = gaps.first {
      let more = gaps.count > 1 ? "; \(gaps.count - 1) more like it" : ""
      throw StartFailure(
        code: 78,
        message: "the policy asks for \(first.shown), which this version decides and reports"
          + " but does not carry out\(more)")
    }
    try checkQuestions(of: policy.program, answers)
    if !command.observe { try state.prepare(for: needs) }
    // Also a policy that only observes asks what is remembered.
    let isShared = services.settings.sharedMemory != nil
    if !isShared, !needs.checks.intersection(CheckKind.ofMemory).isSubset(of: answers.kinds) {
      try state.prepareFolder()
    }
    if needs.readsContentTypes, !TypeOracle().isUsable {
      throw StartFailure(
        code: 78, message: "libmagic's database cannot be loaded, but the policy asks file types")
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
      let policy = try await load(answers)
      current.replace(policy)
      Console.log("reloaded, policy \(policy.policy.program.digest.prefix(8).hex)")
      return true
    } catch {
      Console.error("defangd: reload refused, the old policy stays: \(error.message)")
      return false
    }
  }

  private func startMaps(
    at address: SocketAddressText?, _ current: CurrentPolicy
  ) async throws(StartFailure) -> SocketmapServer? {
    guard let address else { return nil }
    let tables = TableAnswers(current: current)
    let maps = SocketmapServer(address) { await tables.answer($0, $1) }
    do {
      try await maps.start(
        mode: UInt32(command.socketMode, radix: 8) ?? 0o660, group: command.socketGroup)
    } catch {
      throw StartFailure(code: 78, message: "cannot listen on \(address): \(error)")
    }
    return maps
  }

  private func frontEnd(
    _ address: SocketAddressText, _ current: CurrentPolicy
  ) -> any MilterFrontEnd {
    let configuration = MilterServerConfiguration(
      address: address, socketMode: UInt32(command.socketMode, radix: 8) ?? 0o660,
      socketGroup: command.socketGroup, policy: { current.sessionPolicy },
      logger: logger, threadCount: command.threads)
    switch command.frontEnd {
    case .nio: return MilterServer(configuration)
    case .libmilter: return LibMilterServer(configuration)
    }
  }
}
