// What the checks of all policies share while the process lives: threads, the resolver with its
// cache, the memories. Each is made when the first policy needs it, and outlives reloads, so that
// a new policy begins with what is known.
package import NIOCore
package import NIOPosix
internal import PolicyMemory
package import Resolver
package import RuleBytecode
package import Scanners
internal import Synchronization

package final class LiveServices: Sendable {
  package struct Settings: Sendable {
    /// `address` or `address:port`; none for those of /etc/resolv.conf.
    package var nameServers: [String] = []
    /// Our own name: for SPF's macros, call-outs and Authentication-Results.
    package var hostName = "localhost"
    /// A memory that several hosts share, instead of a file below `stateDirectory`.
    package var sharedMemory: RedisMemorySettings?
    /// Where memories lie; it exists.
    package var stateDirectory: String
    /// Takes one line; for what operators should see: breakers, damaged memories.
    package var log: @Sendable (String) -> Void = { _ in }

    package init(stateDirectory: String) { self.stateDirectory = stateDirectory }
  }

  package let settings: Settings
  package let eventLoops: any EventLoopGroup
  /// For what waits for a disk or a library that blocks; every use is bounded in time.
  package let blocking: NIOThreadPool
  /// The one place of greylists, rates, duplicates and senders.
  package let memory: PolicyRecords
  let memoryThread: NIOThreadPool
  /// What scanners are to learn, of all policies.
  let lessons: LessonQueue
  private let scanners = ScannerShelf()
  /// What of all else is left alone.
  let breakers = BreakerBoard()
  private let made = Mutex(Made())

  private struct Made {
    var resolver: DNSResolver?
    var callouts: Callouts?
  }

  package init(
    _ settings: Settings, eventLoops: any EventLoopGroup = NIOSingletons.posixEventLoopGroup
  ) {
    self.settings = settings
    self.eventLoops = eventLoops
    blocking = NIOThreadPool(numberOfThreads: Self.blockingThreads)
    blocking.start()
    memory = Self.memory(settings, eventLoops, blocking, breakers)
    memoryThread = NIOThreadPool(numberOfThreads: memory.threads)
    memoryThread.start()
    lessons = LessonQueue(eventLoops, log: settings.log)
  }

  private static func memory(
    _ settings: Settings, _ eventLoops: any EventLoopGroup, _ blocking: NIOThreadPool,
    _ breakers: BreakerBoard
  ) -> PolicyRecords {
    guard let shared = settings.sharedMemory else {
      return .file(
        MemoryKeeper(path: settings.stateDirectory + "/memory.sqlite", log: settings.log))
    }
    return .redis(
      RedisRecords(shared, eventLoops, blocking, board: breakers, log: settings.log),
      name: "\(shared.host)")
  }

  private static let blockingThreads = 16

  /// The one resolver, with its cache.
  package func resolver() throws(LiveFailure) -> DNSResolver {
    try made.withLock { (made) throws(LiveFailure) in
      if let resolver = made.resolver { return resolver }
      do throws(ResolverError) {
        let resolver = try DNSResolver(servers: settings.nameServers)
        made.resolver = resolver
        return resolver
      } catch {
        throw LiveFailure("the resolver cannot start: \(error)")
      }
    }
  }

  /// The scanners that a program declares, by name.
  package func scanners(of program: Program) throws(LiveFailure) -> [String: ScanService] {
    try scanners.services(for: program, eventLoops, log: settings.log)
  }

  /// How many hosts of each service are left alone now; of scanners also those that have none.
  package var openBreakers: [(service: String, hosts: Int)] {
    scanners.openBreakers + breakers.all.map { ($0.key, $0.value) }
  }

  /// The same for figures, which need a bounded number of names, and where strangers' hosts that
  /// are down would be nobody's alarm. Tables and the memory tell theirs themselves.
  package var breakerFigures: [(service: String, hosts: Int)] {
    let callouts = breakers.all.filter { $0.key.hasPrefix(BreakerBoard.namedCallout) }
    return scanners.openBreakers + [("call-outs", callouts.values.reduce(0, +))]
  }

  /// So many questions to name servers in a row had no answer at all.
  package var isDNSSilent: Bool {
    resolverLoad.map { $0.unanswered >= Self.unansweredMax } ?? false
  }

  /// A few silent domains are none of the name servers' faults.
  private static let unansweredMax = 10

  /// Nil while no policy asks the DNS.
  var resolverLoad: DNSResolver.Load? { made.withLock { $0.resolver?.load } }

  /// The one desk of call-outs, with what hosts said before.
  func callouts() throws(LiveFailure) -> Callouts {
    let resolver = try resolver()
    return made.withLock { made in
      if let callouts = made.callouts { return callouts }
      var own = Callouts.Settings(hostName: settings.hostName)
      own.log = settings.log
      own.board = breakers
      let callouts = Callouts(own, resolver, eventLoops)
      made.callouts = callouts
      return callouts
    }
  }

  /// Runs what blocks; nil when the process ends.
  package func block<Answer: Sendable>(
    _ work: @escaping @Sendable () -> Answer
  ) async -> Answer? {
    try? await blocking.runIfActive(work)
  }

  /// Runs what blocks and may fail as `Failure`; `stopped` is thrown when the process ends.
  func block<Answer: Sendable, Failure: Error>(
    orThrow stopped: Failure, _ work: @escaping @Sendable () throws(Failure) -> Answer
  ) async throws(Failure) -> Answer {
    guard let result = await block({ Result { () throws(Failure) in try work() } }) else {
      throw stopped
    }
    return try result.get()
  }

  /// Threads outlive nobody who needs them.
  deinit { stop() }

  package func stop() {
    made.withLock { $0.resolver?.stop() }
    blocking.shutdownGracefully { _ in }
    memoryThread.shutdownGracefully { _ in }
  }
}
