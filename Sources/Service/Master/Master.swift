// The process that stays. It opens the sockets, has the policy compiled, and starts the worker that
// serves them; a trap in the worker ends that process alone. It holds the last good image, so that
// a policy that somebody is just editing costs no worker its start; it remembers what was in hand
// when a worker died, and kills one that does not turn any more.
//
// One task takes all news in order: there is no lock, and no two things are decided at once.
internal import JSONOutput
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import UnixSignals

/// What the master was told, and when it acts by itself.
struct MasterPlan: Sendable {
  let command: DaemonCommand
  var settings: Settings
  var graceSeconds: Int { settings.grace.value }

  /// The words that a worker is started with: those of the master. The settings go by the link.
  var words: [String] { Array(CommandLine.arguments.dropFirst()) }
}

final class Master {
  enum News: Sendable {
    case signal(UnixSignal)
    case worker(Int, WorkerProcess.News)
    case compiled(Result<Compiled, StartFailure>)
    case shadow(Question?, Result<KeptShadow, StartFailure>)
    case shadowed(Question?, KeptShadow, StartFailure?)
    case tried(Question, Result<Trial, StartFailure>)
    case question(Question)
    case tick
  }

  enum Phase { case starting, running, stopping }

  var plan: MasterPlan
  let listeners: [OpenListener]
  private let refuser: Refuser
  private let key = HandKey.random()
  private let news: AsyncStream<News>
  let tell: AsyncStream<News>.Continuation

  private(set) var phase = Phase.starting
  private(set) var workers: [Int: WorkerProcess] = [:]
  private var numbers = 0
  private(set) var suspects = Suspects()
  private(set) var deaths = 0
  var latestReload = ReloadReport()
  let began = ContinuousClock.now
  /// The image that new workers get.
  var image: NamedImage
  /// What a worker has yet to take.
  var offered: Offer?
  var reloads: UInt64 = 0
  /// Who waits for the reload that is under way, and for the one after it.
  var reloading: [Question]?
  var reloadingNext: [Question]?
  /// Settings of the file that only a restart takes over.
  var restartNeeds: [String] = []
  let hub = EventHub()
  var asked = AskedWorkers()
  var tuning = Tuning()
  var tuningEnds = TuningEnds()
  var load = LoadRing()
  var shadow: KeptShadow?
  var conditions = Conditions()
  private var restart = RestartPause()
  private var stopBegan: ContinuousClock.Instant?
  private var ticks = 0

  /// - Parameter image: verified.
  init(_ plan: MasterPlan, image: NamedImage, listeners: [OpenListener]) {
    self.plan = plan
    self.image = image
    self.listeners = listeners
    refuser = Refuser(listeners)
    (news, tell) = AsyncStream.makeStream()
  }

  /// Serves until it is told to end.
  func run() async throws(StartFailure) {
    let tell = tell
    let signals = await UnixSignalsSequence(trapping: .sighup, .sigterm, .sigint)
    let watch = Task { for await signal in signals { tell.yield(.signal(signal)) } }
    let clock = Task {
      while !Task.isCancelled {
        try? await Task.sleep(for: .seconds(1))
        tell.yield(.tick)
      }
    }
    defer {
      watch.cancel()
      clock.cancel()
    }
    let control = ControlServer(at: listeners, hub: hub, answering: answering())
    do {
      try await control?.start()
    } catch {
      throw StartFailure(code: 78, message: "the control socket: \(error)")
    }
    try await start(image, plan.settings)
    for await news in news {
      try await handle(news)
      if phase == .stopping, workers.isEmpty { break }
    }
    await refuser.stop()
    await control?.stop()
    Console.log("ended")
  }

  private func handle(_ news: News) async throws(StartFailure) {
    switch news {
    case .signal(.sighup): reload(nil)
    case .signal: stop()
    case .worker(let number, .frame(let frame)): try await heard(frame, from: number)
    case .worker(let number, .closed): try await died(number)
    case .compiled(let result): await compiled(result)
    case .shadow(let question, let result): compiledShadow(question, result)
    case .shadowed(let question, let kept, let failure): took(kept, question, failure)
    case .tried(let question, let result): tried(question, result)
    case .question(let question): await answer(question)
    case .tick: await tick()
    }
  }

  // MARK: Workers

  /// - Returns: its number.
  @discardableResult
  func start(_ image: NamedImage, _ settings: Settings) async throws(StartFailure) -> Int {
    numbers += 1
    let tell = tell
    let worker = try await WorkerProcess.start(
      number: numbers, words: plan.words, settings: settings.json, listeners: listeners,
      key: key
    ) { number, news in tell.yield(.worker(number, news)) }
    workers[worker.number] = worker
    let deaths = suspects.bytes
    worker.link.send(LinkFrame(kind: .tune, bytes: tuning.json))
    if !deaths.isEmpty { worker.link.send(LinkFrame(kind: .suspects, bytes: deaths)) }
    worker.link.send(LinkFrame(kind: .policy, bytes: image.bytes))
    if shadow != nil { tellShadow(worker) }
    return worker.number
  }

  var serving: WorkerProcess? { workers.values.first { $0.stage == .serving } }

  private func heard(_ frame: LinkFrame, from number: Int) async throws(StartFailure) {
    guard let worker = workers[number] else { return }
    switch frame.kind {
    case .taken where frame.number == 0:
      try await began(worker, StartFailure(answer: frame.bytes))
    case .taken: took(by: .frame(frame.number), StartFailure(answer: frame.bytes))
    case .serving: serves(worker)
    case .quiet:
      workers[number]?.isListening = false
      await tellToServe()
    case .pong: workers[number]?.answered = .now
    case .pulse: Pulse(frame.bytes).map(heard)
    case .answer: asked.answered(frame.number, frame.bytes)
    case .cleared:
      if let mark = Suspects.mark(frame.bytes) { suspects.clear(mark) }
    default: break
    }
  }

  /// A new worker has the policy, or cannot serve it.
  private func began(
    _ worker: WorkerProcess, _ failure: StartFailure?
  ) async throws(StartFailure) {
    guard let failure else {
      let able = workers.values.filter { $0.stage == .serving || $0.stage == .ready }
      // One that was begun before another has what was in force then.
      if able.contains(where: { $0.number > worker.number }) { return drain(worker) }
      for old in able { drain(old) }
      workers[worker.number]?.stage = .ready
      workers[worker.number]?.readySince = .now
      return await tellToServe()
    }
    worker.link.close()
    if offered?.taker == .worker(worker.number) {
      // It ends as it should, with nothing in hand.
      workers[worker.number]?.stage = .draining
      return took(by: .worker(worker.number), failure)
    }
    // The first one: nothing is served yet, and whoever starts the daemon should see why.
    if phase == .starting { throw failure }
    Console.error("defangd: a new worker cannot serve the policy: \(failure.message)")
  }

  /// Never two at once: both would wake for each connection, and one of them in vain, which NIO
  /// built for debugging does not survive. What comes meanwhile waits at the socket.
  private func tellToServe() async {
    guard let next = workers.values.first(where: { $0.stage == .ready && !$0.isListening }),
      let since = next.readySince,
      !workers.values.contains(where: \.isListening) || .now - since > Self.quietWait
    else { return }
    await refuser.endListening()
    workers[next.number]?.isListening = true
    next.link.send(LinkFrame(kind: .serve))
  }

  /// For a worker that was told to end and does not turn.
  private static let quietWait = Duration.seconds(2)

  private func serves(_ worker: WorkerProcess) {
    // It may have been told to end meanwhile.
    guard worker.stage == .ready else { return }
    workers[worker.number]?.stage = .serving
    // Who is ending still keeps house.
    let isAlone = workers.values.allSatisfy {
      $0.number == worker.number || $0.stage == .starting || $0.stage == .ready
    }
    if isAlone { worker.link.send(LinkFrame(kind: .keepHouse)) }
    Task { [refuser] in await refuser.stop() }
    if phase == .starting {
      phase = .running
      let places = listeners.filter { $0.role == .milter }.map(\.name).joined(separator: ", ")
      Console.log("listening on \(places), policy \(image.name)")
      tellReady()
      beginShadow()
      WorkerDoor.giveBackProgram()
    } else {
      Console.log("worker \(worker.process) serves, policy \(image.name)")
    }
    hub.tell(ControlEvent("worker-serves", [("process", .number(Int(worker.process)))]))
    took(by: .worker(worker.number), nil)
  }

  private func drain(_ worker: WorkerProcess) {
    workers[worker.number]?.stage = .draining
    worker.link.send(
      LinkFrame(
        kind: .drain, number: phase == .running ? LinkFrame.replaced : 0,
        bytes: Array("\(plan.graceSeconds)".utf8)))
  }

  private func died(_ number: Int) async throws(StartFailure) {
    guard let worker = workers.removeValue(forKey: number) else { return }
    let end = await worker.reap()
    worker.link.close()
    asked.died(number)
    if end != .exited(0) || worker.stage != .draining && phase != .stopping { blame(worker, end) }
    if phase == .starting {
      throw StartFailure(code: 70, message: "the worker did not start: \(end.text)")
    }
    if offered?.taker == .worker(number) {
      took(
        by: .worker(number), StartFailure(code: 70, message: "the new worker died: \(end.text)"))
    }
    await tellToServe()
    guard phase == .running, serving == nil, worker.stage != .draining else {
      // The one that came in its place keeps house from now on.
      if let heir = serving { heir.link.send(LinkFrame(kind: .keepHouse)) }
      return
    }
    if let offer = offered {
      // The one that begins with what was offered takes this one's place, too.
      if case .worker = offer.taker { return }
      took(
        by: offer.taker,
        StartFailure(code: 70, message: "the worker died when it took the policy"))
    }
    restart.died(servedSince: worker.stage == .serving ? worker.started : nil)
    if restart.isDue() { await startAnother() }
  }

  /// Says what was in hand, and remembers it.
  private func blame(_ worker: WorkerProcess, _ end: WorkerDoor.End) {
    deaths += 1
    let inHand = worker.pages.entries
    endShadow(ifInHand: inHand)
    let names = inHand.prefix(Self.namesShownMax).map(\.name).joined(separator: ", ")
    Console.error(
      "defangd: worker \(worker.process) died: \(end.text); in hand:"
        + " \(inHand.isEmpty ? "nothing" : names)\(inHand.count > Self.namesShownMax ? ", …" : "")")
    hub.tell(
      ControlEvent(
        "worker-died",
        [
          ("process", .number(Int(worker.process))), ("end", .text(end.text)),
          ("in_hand", .texts(inHand.prefix(Self.namesShownMax).map(\.name))),
        ]))
    tellKept(inHand)
    for poison in suspects.strike(inHand, nowSeconds: WallClock.seconds) {
      Console.error(
        "defangd: \(poison.name) was in hand at \(Suspects.deathsMax) deaths: from now on it gets"
          + " the policy's answer for internal failures, unseen")
      hub.tell(ControlEvent("poison", [("queue_id", .text(poison.name))]))
    }
  }

  private static let namesShownMax = 20

  /// Another takes the place of the one that serves, which ends when its messages are done.
  func replaceWorker() async {
    // A reload is just about to do it.
    if case .worker = offered?.taker { return }
    await startAnother()
  }

  private func startAnother() async {
    restart.tried()
    do throws(StartFailure) {
      try await start(image, plan.settings)
    } catch {
      Console.error("defangd: \(error.message)")
    }
  }

  // MARK: Time

  private func tick() async {
    ticks += 1
    SystemdNotice.send("WATCHDOG=1")
    endTuning()
    await tellToServe()
    if serving == nil, phase == .running {
      let areEnding = workers.values.allSatisfy { $0.stage == .draining }
      if areEnding, restart.isDue() { await startAnother() }
      if restart.isLong() { await refuser.start() }
    }
    if let began = stopBegan, ContinuousClock.now - began > patience {
      for worker in workers.values { WorkerDoor.kill(worker.process) }
    }
    guard ticks.isMultiple(of: 5) else { return }
    suspects.expire(nowSeconds: WallClock.seconds)
    for worker in workers.values { await examine(worker) }
  }

  /// For a worker that was told to end.
  private var patience: Duration { .seconds(plan.graceSeconds + 10) }

  private func examine(_ worker: WorkerProcess) async {
    worker.link.send(LinkFrame(kind: .ping))
    let silence = ContinuousClock.now - worker.answered
    let bounds = plan.settings.worker
    if worker.stage == .serving, silence > .seconds(bounds.silence) {
      Console.error(
        "defangd: worker \(worker.process) has not turned for \(silence.components.seconds) s:"
          + " it is killed")
      WorkerDoor.kill(worker.process)
    } else if worker.stage == .serving, workers.count == 1,
      let bytes = ProcessFacts.residentBytes(of: worker.process), bytes > bounds.memory
    {
      Console.error(
        "defangd: worker \(worker.process) has \(bytes >> 20) MiB of \(bounds.memory >> 20):"
          + " another takes its place")
      await replaceWorker()
    }
  }

  private func stop() {
    guard phase != .stopping else { return }
    phase = .stopping
    stopBegan = .now
    SystemdNotice.send("STOPPING=1\nSTATUS=finishing what is in hand")
    Listeners.remove(listeners)
    // Also those that are replaced, whose sessions had longer.
    for worker in workers.values { drain(worker) }
  }
}
