// The process that serves: it takes images from the master, answers mail servers on the sockets
// that it was given, and ends when the master says so or is gone. A trap here ends this process and
// no other.
internal import Checks
internal import Figures
internal import LiveChecks
internal import Logs
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM
internal import Submission

final class Worker {
  private let settings: Settings
  private let places: WorkerPlaces
  private let state: DaemonState
  private let services: LiveServices
  private let watch: MailWatch
  private let figures: FigureSources?
  private let answers: StandInAnswers
  private let reader: PolicyReader
  private let link: FrameLink
  private let hands: WorkerHands
  private let faults: FaultKeeper?
  private let load: SessionLoad
  private var pulse: Task<Void, Never>?
  private var current: CurrentPolicy?
  private var front: (any MilterFrontEnd)?
  private let limits: BridgeLimits
  private let lateOrder: LateOrder
  private var maps: [SocketmapServer] = []
  private var figuresServers: [FiguresServer] = []
  private var upkeep: Task<Void, Never>?
  /// What runs by the clock; nil where another worker does it.
  private var jobs: JobClock?

  /// Seconds for the messages in hand when the master is gone.
  private static let orphanGraceSeconds = 4

  /// Serves by what the master has put on the command line and says on the link.
  static func run(_ text: String, _ command: DaemonCommand) async throws(StartFailure) {
    guard let places = WorkerPlaces(text) else {
      throw StartFailure(code: 64, message: "--worker is for the daemon itself")
    }
    WorkerDoor.closeInherited(but: places.descriptors)
    WorkerDoor.keepFromChildren(places.descriptors)
    WorkerDoor.leaveSignalsToMaster()
    let (news, tell) = AsyncStream<LinkFrame>.makeStream()
    let lateOrder = LateOrder()
    let link: FrameLink
    do {
      link = try await FrameLink.open(
        places.link, on: NIOSingletons.posixEventLoopGroup
      ) {
        lateOrder.hear($0)
        tell.yield($0)
      } closed: {
        tell.finish()
      }
    } catch {
      throw StartFailure(code: 70, message: "the master cannot be heard: \(error)")
    }
    var frames = news.makeAsyncIterator()
    guard let first = await frames.next(), first.kind == .settings else { return }
    let settings = try SettingsLoader.settings(first.bytes)
    let log = LogDesk(settings.logSettings)
    Console.use(log)
    defer {
      Console.use(nil)
      log.stop()
    }
    let worker = try Worker(settings, command, places, link, log, lateOrder)
    await worker.serve(&frames)
  }

  private init(
    _ settings: Settings, _ command: DaemonCommand, _ places: WorkerPlaces, _ link: FrameLink,
    _ log: LogDesk, _ lateOrder: LateOrder
  ) throws(StartFailure) {
    self.settings = settings
    self.places = places
    self.link = link
    self.lateOrder = lateOrder
    limits = Self.limits(of: settings)
    load = SessionLoad(limits)
    answers = try StandInAnswers.read(command.answers)
    let directory = settings.state.value
    // Before anybody counts.
    let isCounted = settings.listen.contains { $0.metrics || $0.control }
    figures = isCounted ? FigureSources(book: FigureSources.begin()) : nil
    watch = MailWatch(
      log, trace: settings.traceSelection, book: figures?.book,
      history: try settings.historyKeeper())
    state = DaemonState(
      DaemonState.Settings(
        directory: directory, server: try settings.mailServer(),
        hostName: settings.hostname.value))
    var live = LiveServices.Settings(stateDirectory: directory)
    live.nameServers = settings.dns.value
    live.hostName = settings.hostname.value ?? SystemHost.name
    live.log = { Console.log($0) }
    live.sharedMemory = try settings.sharedMemory()
    services = LiveServices(live)
    reader = PolicyReader(answers: answers, observes: settings.observe.on)
    faults = FaultPlace(settings).map { FaultKeeper($0) }
    do throws(HandPages.Problem) {
      hands = WorkerHands(try HandPages(descriptor: places.hands), faults: faults) {
        link.send(LinkFrame(kind: .cleared, bytes: Suspects.bytes(of: $0)))
      }
    } catch {
      throw StartFailure(code: 70, message: "what is in hand cannot be written down: \(error)")
    }
  }

  /// Serves until the master says otherwise.
  private func serve(_ frames: inout AsyncStream<LinkFrame>.AsyncIterator) async {
    var graceSeconds = Self.orphanGraceSeconds
    var isReplaced = false
    heard: while let frame = await frames.next() {
      switch frame.kind {
      case .suspects: hands.suspect(Suspects.deaths(frame.bytes) ?? [:])
      case .policy: take(frame)
      case .serve: await listen()
      case .keepHouse: keepHouse()
      case .ping: turn()
      case .refused: figures?.refused()
      case .examine: examine(frame)
      case .ask: answer(frame)
      case .shadow: shadow(frame)
      case .tune: tune(Tuning(frame.bytes))
      case .drain:
        isReplaced = frame.number == LinkFrame.replaced
        graceSeconds = Int(String(decoding: frame.bytes, as: UTF8.self)) ?? graceSeconds
        break heard
      default: break
      }
    }
    await end(graceSeconds, isReplaced: isReplaced)
  }

  private func take(_ frame: LinkFrame) {
    var reply = LinkFrame(kind: .taken, number: frame.number)
    do throws(StartFailure) {
      let policy = try reader.load(frame.bytes, state, services)
      if let current { current.replace(policy) } else { current = begin(policy) }
      jobs?.restart()
      figures?.loaded(policy.policy.imageName)
    } catch {
      figures?.refused()
      reply.bytes = error.answer
    }
    link.send(reply)
  }

  private func examine(_ frame: LinkFrame) {
    var reply = LinkFrame(kind: .answer, number: frame.number)
    do throws(StartFailure) { try reader.examine(frame.bytes) } catch { reply.bytes = error.answer }
    link.send(reply)
  }

  private func answer(_ frame: LinkFrame) {
    let answers = WorkerAnswers(
      watch: watch, policy: current?.current, shadow: current?.shadow?.report)
    let line = answers.line(String(decoding: frame.bytes, as: UTF8.self))
    link.send(LinkFrame(kind: .answer, number: frame.number, bytes: Array(line.utf8)))
  }

  /// Another shadow, or none for an order that is empty.
  private func shadow(_ frame: LinkFrame) {
    var reply = LinkFrame(kind: .answer, number: frame.number)
    do throws(StartFailure) {
      guard let current else { throw StartFailure(code: 75, message: "there is no policy yet") }
      let order = try ShadowOrder(frame.bytes)
      // Nothing of it is carried out, so it needs neither keys nor a store.
      let reader = PolicyReader(answers: answers, observes: true)
      let next = try order.map { (order) throws(StartFailure) in
        current.shadow(try reader.load(order.image, state, services), share: order.share)
      }
      current.replace(shadow: next)
    } catch {
      reply.bytes = error.answer
    }
    link.send(reply)
  }

  private func tune(_ tuning: Tuning?) {
    guard let tuning else { return }
    watch.log.level = tuning.level(settings).level
    watch.trace.selection = tuning.selection(settings)
  }

  private func begin(_ policy: ServedPolicy) -> CurrentPolicy {
    let (state, services, answers) = (state, services, answers)
    return CurrentPolicy(
      policy, state: state, hands: hands, watch: watch, observes: settings.observe.on
    ) { served in
      var errands = ErrandRunner(state: state, keys: served.keys)
      errands.lessons = served.desk.lessons
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
  }

  // MARK: Serving

  private func listen() async {
    guard let current else { return }
    do {
      let front = frontEnd(current)
      for listener in places.listeners where listener.role == .socketmap {
        let tables = TableAnswers(current: current)
        let server = SocketmapServer { await tables.answer($0, $1) }
        try await server.start(at: listener.socket)
        maps.append(server)
      }
      figures?.watch(state, services, watch, load)
      for listener in places.listeners where listener.role == .metrics {
        guard let figures else { continue }
        figuresServers.append(try await figures.serve(at: listener.socket))
      }
      try await front.start()
      self.front = front
      let source = PulseSource(watch: watch, load: load, services: services)
      pulse = Task { [link] in
        await source.beat { link.send(LinkFrame(kind: .pulse, bytes: $0.json)) }
      }
      WorkerDoor.giveBackProgram()
      link.send(LinkFrame(kind: .serving))
    } catch {
      Console.error("defangd: cannot listen: \(error)")
      link.close()
    }
  }

  private func frontEnd(_ current: CurrentPolicy) -> any MilterFrontEnd {
    let milters = places.listeners.filter { $0.role == .milter }
    var configuration = MilterServerConfiguration(
      listeners: milters.map { .bound($0.socket) }, limits: limits, load: load,
      policy: { current.sessionPolicy }, logger: watch.log.logger,
      threadCount: settings.threads.value)
    // Without the link the master takes this worker for dead, and it ends.
    configuration.hasFailed = { [link] in link.close() }
    switch settings.engine.value {
    case .nio: return MilterServer(configuration)
    case .libmilter: return LibMilterServer(configuration)
    }
  }

  /// As many sessions as there are descriptors for, and for what they ask.
  private static func limits(of settings: Settings) -> BridgeLimits {
    var limits = settings.bridgeLimits
    let most = ProcessRights.sessionsMax
    if most < limits.sessionsMax {
      Console.log(
        "\(most) sessions at once instead of \(limits.sessionsMax): open files are limited")
      limits.sessionsMax = most
    }
    return limits
  }

  /// What only one worker at a time may do.
  private func keepHouse() {
    guard upkeep == nil, let current else { return }
    state.keepHouse()
    jobs = JobClock(current) { Console.log($0) }
    jobs?.restart()
    let lists = ListWatch(current) { Console.log($0) }
    upkeep = Task { [state, services, history = watch.history] in
      await Upkeep(state: state, services: services, lists: lists, history: history) {
        current.current
      }.run()
    }
  }

  /// Every event loop has to turn before the master is told.
  private func turn() {
    let (link, front) = (link, front)
    Task {
      await front?.turn()
      link.send(LinkFrame(kind: .pong))
    }
  }

  private func end(_ graceSeconds: Int, isReplaced: Bool) async {
    jobs?.stop()
    pulse?.cancel()
    await front?.endListening()
    for server in maps { await server.stop() }
    for server in figuresServers { await server.stop() }
    link.send(LinkFrame(kind: .quiet))
    if let front { lateOrder.isFor(front) }
    await front?.stop(graceSeconds: graceSeconds, isReplaced: isReplaced)
    upkeep?.cancel()
    await state.stop()
    services.stop()
    await watch.history?.stop()
    await faults?.stop()
    link.close()
  }
}
