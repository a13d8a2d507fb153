// The daemon's life: open the sockets, give up rights, have the policy compiled, and stay as the
// master of those who serve.
internal import Checks
internal import Logs
internal import MilterBridge
internal import RuleBytecode

struct Daemon {
  let command: DaemonCommand
  let settings: Settings

  /// The log is whole when this returns.
  func run() async throws(StartFailure) {
    Console.use(LogDesk(settings.logSettings))
    // A reload may have put another one there.
    defer { Console.use(nil)?.stop() }
    WorkerDoor.dieQuietly()
    ProcessRights.raiseDescriptors()
    ProcessRights.tightenMask()
    if let refusal = SettingsCheck(settings: settings).refusal {
      throw StartFailure(code: 78, message: refusal)
    }
    let listeners = try await Listeners.open(settings)
    do throws(StartFailure) {
      try await serve(at: listeners)
    } catch {
      Listeners.remove(listeners)
      throw error
    }
  }

  private func serve(at listeners: [OpenListener]) async throws(StartFailure) {
    let pid = settings.pid.value.map(PIDFile.init)
    try pid?.write()
    defer { pid?.remove() }
    try giveUpRights()
    try settings.checkServices()
    _ = try StandInAnswers.read(command.answers)
    let loader = PolicyLoader(paths: settings.rules.value, compiler: command.compiler)
    let image = try NamedImage(await loader.image())
    let master = Master(
      MasterPlan(command: command, settings: settings), image: image, listeners: listeners)
    try await master.run()
  }

  /// The state folder, if it is not there yet, is made first and given away.
  private func giveUpRights() throws(StartFailure) {
    guard let name = settings.user.value else { return }
    let folder = settings.state.value
    if ProcessRights.isRoot, let user = ProcessRights.user(name), !Folders.exists(folder),
      Folders.make(folder), !Folders.give(folder, to: user)
    {
      throw StartFailure(
        code: 78,
        message: "the state folder \(folder) cannot be given to '\(name)': \(Folders.lastProblem)")
    }
    try ProcessRights.become(user: name, group: settings.group.value)
  }

  /// Whether the policy could be served here. Nothing is made or changed.
  func tryPolicy() async throws(StartFailure) {
    let loader = PolicyLoader(paths: settings.rules.value, compiler: command.compiler)
    let reader = PolicyReader(
      answers: try StandInAnswers.read(command.answers), observes: settings.observe.on)
    try reader.examine(try await loader.image())
  }
}
