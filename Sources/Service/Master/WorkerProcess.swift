// One worker as the master knows it: its process, the link to it, and the pages that say what it
// has in hand.
internal import MilterBridge
internal import NIOCore
internal import NIOPosix

struct WorkerProcess: Sendable {
  enum Stage: Sendable {
    case starting
    /// It has the policy, and takes connections when nobody else does.
    case ready
    case serving, draining
  }

  /// What comes from a worker.
  enum News: Sendable {
    case frame(LinkFrame)
    case closed
  }

  let number: Int
  let process: Int32
  let link: FrameLink
  let pages: HandPages
  let started: ContinuousClock.Instant
  var stage = Stage.starting
  /// It was told to take connections, and has not said that it takes no more.
  var isListening = false
  /// Since when it has the policy.
  var readySince: ContinuousClock.Instant?
  var answered: ContinuousClock.Instant

  /// Starts one: it has the listeners, but takes no connection before it is told to.
  /// - Parameters:
  ///   - words: of the command line that every worker needs.
  ///   - settings: as JSON.
  static func start(
    number: Int, words: [String], settings: [UInt8], listeners: [OpenListener], key: HandKey,
    news: @escaping @Sendable (Int, News) -> Void
  ) async throws(StartFailure) -> WorkerProcess {
    let listeners = listeners.filter { $0.role != .control }
    do {
      let pages = try HandPages(key: key)
      let ends = try WorkerDoor.socketPair()
      let places = WorkerPlaces(
        link: ends.theirs, hands: pages.descriptor,
        listeners: listeners)
      let passed = [ends.theirs, pages.descriptor] + listeners.map { $0.socket.descriptor }
      let process = try WorkerDoor.start(
        ["defangd"] + words + ["--worker", places.text], passing: passed)
      WorkerDoor.close(ends.theirs)
      let link = try await FrameLink.open(ends.ours, on: NIOSingletons.posixEventLoopGroup) {
        news(number, .frame($0))
      } closed: {
        news(number, .closed)
      }
      link.send(LinkFrame(kind: .settings, bytes: settings))
      let now = ContinuousClock.now
      return WorkerProcess(
        number: number, process: process, link: link, pages: pages, started: now, answered: now)
    } catch {
      throw StartFailure(code: 70, message: "no worker can be started: \(error)")
    }
  }

  /// Waits for its end, which has begun: the link is closed. Kills it when that takes too long.
  func reap() async -> WorkerDoor.End {
    let end = ContinuousClock.now + .seconds(2)
    while true {
      if let how = WorkerDoor.end(of: process) { return how }
      if ContinuousClock.now > end { WorkerDoor.kill(process) }
      try? await Task.sleep(for: .milliseconds(10))
    }
  }
}

/// The descriptors that a worker is started with, as a word of its command line.
struct WorkerPlaces: Sendable {
  let link: Int32
  let hands: Int32
  let listeners: [OpenListener]

  var text: String {
    (["\(link)", "\(hands)"]
      + listeners.map { "\($0.role.rawValue)=\($0.socket.descriptor)=\($0.name)" })
      .joined(separator: "\n")
  }

  init(link: Int32, hands: Int32, listeners: [OpenListener]) {
    self.link = link
    self.hands = hands
    self.listeners = listeners
  }

  /// Nil for a text that no master writes.
  init?(_ text: String) {
    let words = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard words.count >= 2, let link = Int32(words[0]), let hands = Int32(words[1]) else {
      return nil
    }
    var listeners: [OpenListener] = []
    for word in words.dropFirst(2) {
      let pieces = word.split(separator: "=", maxSplits: 2)
      guard pieces.count == 3, let role = OpenListener.Role(rawValue: String(pieces[0])),
        let descriptor = Int32(pieces[1])
      else { return nil }
      let name = String(pieces[2])
      listeners.append(
        OpenListener(
          role: role, name: name,
          socket: .adopted(descriptor, name: name)))
    }
    self.init(link: link, hands: hands, listeners: listeners)
  }

  var descriptors: Set<Int32> {
    Set([link, hands] + listeners.map { $0.socket.descriptor })
  }
}
