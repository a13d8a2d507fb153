// By the clock: what is past its time goes, once an hour; lists of what is held go out when they
// are due; lists of the policy that changed are read again; memory that is free is given back.
internal import LiveChecks
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import RuleVM
internal import Stores
internal import Submission

struct Upkeep: Sendable {
  let state: DaemonState
  let services: LiveServices
  let lists: ListWatch
  let history: HistoryKeeper?
  /// The policy as it is now.
  let policy: @Sendable () -> LoadedPolicy

  static let expirySeconds = 3_600
  static let digestSeconds = 60
  static let memorySeconds = 2

  /// Runs until it is cancelled.
  func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await every(Self.expirySeconds) { expire() } }
      group.addTask { await every(Self.digestSeconds) { sendDigests() } }
      group.addTask { await every(ListWatch.seconds) { lists.look() } }
      group.addTask { await every(Self.memorySeconds) { ProcessRights.giveBackFreeMemory() } }
    }
  }

  private func every(_ seconds: Int, _ work: @escaping @Sendable () -> Void) async {
    while !Task.isCancelled {
      try? await NIOSingletons.posixBlockingThreadPool.runIfActive { work() }
      try? await Task.sleep(for: .seconds(seconds))
    }
  }

  private func expire() {
    let now = WallClock.seconds
    services.expireMemory()
    history?.expire()
    if let line = services.resolverReport() { Console.log(line) }
    if let quarantine = state.current?.quarantine {
      report("quarantine") { () throws(StoreFailure) in try quarantine.expire(nowSeconds: now) }
    }
    let program = policy().program.program
    for declared in program.declarations where declared.role == .store {
      let said = program.arguments(of: declared)
      func value(_ name: String) -> String? { said.first { $0.name == name }?.value }
      guard let path = value("directory"), let seconds = value("expire").flatMap({ Int64($0) })
      else { continue }
      let folder = StoreFolder(path, expireSeconds: seconds)
      // One that nothing was put into yet has nothing to lose.
      guard FileBytes.read(path + "/.defang-store", limit: 1 << 16) != nil else { continue }
      report("store \(path)") { () throws(StoreFailure) in try folder.expire(nowSeconds: now) }
    }
  }

  private func report(_ name: String, _ work: () throws(StoreFailure) -> ExpiryReport) {
    do throws(StoreFailure) {
      let removed = try work()
      if removed.entries > 0 { Console.log("\(name): \(removed.entries) past their time") }
    } catch {
      Console.log("\(name): \(error.message)")
    }
  }

  private func sendDigests() {
    guard let opened = state.current else { return }
    let policy = policy()
    let plans = DigestPlan.all(in: policy.program.program)
    guard !plans.isEmpty else { return }
    let runner = DigestRunner(
      office: opened.office, plans: plans, source: HeldMail(quarantine: opened.quarantine),
      daemonAddress: policy.setting("daemon"), mayWriteTo: { policy.isOwnRecipient($0) })
    do {
      try runner.run(now: WallClock.seconds)
    } catch {
      Console.log("digest: \(error)")
    }
  }
}
