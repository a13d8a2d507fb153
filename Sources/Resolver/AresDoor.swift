// The door to c-ares and to the thread that it lives on: the one file that imports it. c-ares 1.18
// has no thread of its own, so ours waits in poll(2) for its sockets, its timers, and for a call
// that there is something to ask. It makes questions, ids and ports, repeats, changes servers and
// goes to TCP; what comes back is bytes, which are read elsewhere and are not trusted here.
//
// ares_init_options(3): a channel belongs to one thread at a time; ours never leave this one.
// ares_query(3): each callback comes exactly once, also from ares_destroy, and its bytes live until
// it returns.

internal import CAres
internal import Glibc
internal import Synchronization

/// A thread with c-ares on it.
final class AresThread: Sendable {
  private let shared: Shared
  // pthread_t is a number here.
  private let identity: pthread_t

  init(
    _ work: any AresWork, servers: ServerList, limits: ResolverLimits
  ) throws(ResolverError) {
    // The first channel shows that the next ones can be made; it asks nothing.
    guard ares_library_init(ARES_LIB_INIT_ALL) == 0, let wake = WakeUp(),
      AresChannel(servers, limits) != nil
    else { throw .cannotStart }
    shared = Shared(work: work, wake: wake, servers: servers, limits: limits)
    var identity = pthread_t()
    let context = unsafe Unmanaged.passRetained(shared)
    let status = unsafe pthread_create(&identity, nil, threadMain, context.toOpaque())
    self.identity = identity
    if status != 0 {
      unsafe context.release()
      throw .cannotStart
    }
  }

  /// There is something to ask, or an earlier time to look at. From any thread.
  func wake() { shared.wake.ring() }

  /// Ends the thread, and returns when it has ended; when called on the thread itself, at once.
  func stop() {
    shared.wake.close()
    if pthread_equal(pthread_self(), identity) != 0 {
      pthread_detach(identity)
    } else {
      _ = pthread_join(identity, nil)
    }
  }
}

private final class Shared: Sendable {
  let work: any AresWork
  let wake: WakeUp
  let servers: ServerList
  let limits: ResolverLimits

  init(work: any AresWork, wake: WakeUp, servers: ServerList, limits: ResolverLimits) {
    self.work = work
    self.wake = wake
    self.servers = servers
    self.limits = limits
  }
}

/// A descriptor that becomes readable when someone rings.
private final class WakeUp: Sendable {
  let descriptor: Int32
  private let isRinging = Atomic(false)
  private let isClosing = Atomic(false)

  init?() {
    descriptor = defang_wake_descriptor()
    if descriptor < 0 { return nil }
  }

  deinit { _ = Glibc.close(descriptor) }

  var isClosed: Bool { isClosing.load(ordering: .acquiring) }

  /// One write, however many ring before the thread looks.
  func ring() {
    guard !isRinging.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var one: UInt64 = 1
    _ = unsafe write(descriptor, &one, 8)
  }

  func close() {
    isClosing.store(true, ordering: .releasing)
    ring()
  }

  /// Before the thread looks at its work: who rings after that rings again.
  func silence() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor, &count, 8)
    isRinging.store(false, ordering: .sequentiallyConsistent)
  }
}

private func threadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context else { return nil }
  let shared = unsafe Unmanaged<Shared>.fromOpaque(context).takeRetainedValue()
  // c-ares writes to TCP connections without MSG_NOSIGNAL: blocked here, the signal of a server
  // that is gone stays with this thread and does nothing.
  var signals = sigset_t()
  unsafe sigemptyset(&signals)
  unsafe sigaddset(&signals, SIGPIPE)
  unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  var loop = AresLoop(shared)
  loop.run()
  return nil
}

/// What the thread does.
private struct AresLoop {
  /// Channels that only wait for their last answers; more are not made.
  private static let retiringMax = 4

  private let shared: Shared
  private var current: AresChannel?
  /// For questions that one server could not answer: it goes through all.
  private var thorough: AresChannel?
  private var retiring: [AresChannel] = []

  init(_ shared: Shared) { self.shared = shared }

  mutating func run() {
    while !shared.wake.isClosed {
      let wanted = startQuestions()
      wait(milliseconds: wanted)
      for channel in channels {
        channel.process()
        drain(channel)
      }
      retiring.removeAll { $0.outstanding == 0 }
    }
    for channel in channels {
      channel.close()
      drain(channel)
    }
    shared.work.ended()
  }

  private var channels: [AresChannel] { retiring + [current, thorough].compactMap { $0 } }

  private mutating func drain(_ channel: AresChannel) {
    while !channel.finished.isEmpty {
      let finished = channel.finished
      channel.finished = []
      for one in finished { settle(one, serverCount: channel.serverCount) }
    }
  }

  private mutating func settle(_ finished: Finished, serverCount: Int) {
    if serverCount > 1, finished.first == nil, case .message(let message) = finished.answer,
      Self.isServersTrouble(message), let channel = Self.renew(&thorough, &retiring, shared, true)
    {
      channel.ask(finished.question, first: message)
      return drain(channel)
    }
    shared.work.deliver(finished.answer, to: finished.question)
  }

  /// SERVFAIL, NOTIMP, REFUSED (RFC 1035 §4.1.1): another server may do better.
  private static func isServersTrouble(_ message: [UInt8]) -> Bool {
    message.count > 3 && [2, 4, 5].contains(message[3] & 0xf)
  }

  /// Says when the work wants to be looked at again.
  private mutating func startQuestions() -> Int64? {
    while let question = shared.work.nextQuestion() {
      guard let channel = Self.renew(&current, &retiring, shared, false) else {
        shared.work.deliver(.none(.failed(.local)), to: question)
        continue
      }
      channel.ask(question, first: nil)
      drain(channel)
    }
    return shared.work.settleDeadlines()
  }

  /// The channel for one question more: a new one when it has had its share.
  private static func renew(
    _ channel: inout AresChannel?, _ retiring: inout [AresChannel], _ shared: Shared,
    _ isThorough: Bool
  ) -> AresChannel? {
    if let old = channel {
      if old.asked < shared.limits.questionsPerChannel { return old }
      if old.outstanding > 0 {
        if retiring.count >= retiringMax { return old }
        retiring.append(old)
      }
    }
    channel = AresChannel(shared.servers, shared.limits, isThorough: isThorough)
    return channel
  }

  /// Until something can be read or written, a timer ends, or someone rings.
  private func wait(milliseconds wanted: Int64?) {
    var entries = [pollfd(fd: shared.wake.descriptor, events: Int16(POLLIN), revents: 0)]
    var time = wanted ?? Int64(Int32.max)
    for channel in channels {
      entries += channel.sockets.map { pollfd(fd: $0.key, events: $0.value, revents: 0) }
      time = min(time, channel.timerMilliseconds ?? time)
    }
    let bounded = Int32(clamping: max(0, time))
    let count = unsafe poll(&entries, nfds_t(entries.count), bounded)
    guard count > 0 else { return }
    if entries[0].revents != 0 { shared.wake.silence() }
    let ready = entries.dropFirst().filter { $0.revents != 0 }
    for channel in channels { channel.note(ready: ready.map { ($0.fd, $0.revents) }) }
  }
}

private struct Finished {
  let question: DNSQuestion
  let answer: RawAnswer
  /// What the first server said, when all were asked after it.
  let first: [UInt8]?
}

/// A question on its way, kept by c-ares until its callback.
private final class Asked {
  let channel: AresChannel
  let question: DNSQuestion
  let first: [UInt8]?

  init(_ channel: AresChannel, _ question: DNSQuestion, _ first: [UInt8]?) {
    self.channel = channel
    self.question = question
    self.first = first
  }
}

private func answered(
  _ context: UnsafeMutableRawPointer?, _ status: Int32, _ timeouts: Int32,
  _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int32
) {
  guard let context = unsafe context else { return }
  let asked = unsafe Unmanaged<Asked>.fromOpaque(context).takeRetainedValue()
  var message: [UInt8]?
  if let bytes = unsafe bytes, count > 0 {
    message = unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
  }
  asked.channel.finish(asked, status, message)
}

private func socketChanged(
  _ context: UnsafeMutableRawPointer?, _ socket: Int32, _ readable: Int32, _ writable: Int32
) {
  guard let context = unsafe context else { return }
  let channel = unsafe Unmanaged<AresChannel>.fromOpaque(context).takeUnretainedValue()
  let events = (readable != 0 ? POLLIN : 0) | (writable != 0 ? POLLOUT : 0)
  channel.sockets[socket] = events == 0 ? nil : Int16(events)
}

/// `@safe`: the pointer never leaves, and lives as long as the value or until `close`. c-ares holds
/// the value itself only for callbacks of this channel.
@safe private final class AresChannel {
  private var handle: ares_channel?
  private(set) var outstanding = 0
  private(set) var asked = 0
  private(set) var serverCount = 0
  var finished: [Finished] = []
  /// What c-ares waits for on each.
  var sockets: [Int32: Int16] = [:]
  private var ready: [(socket: Int32, events: Int16)] = []

  /// c-ares tells what code a server gave only when it goes to no other for it (`NOCHECKRESP`);
  /// otherwise all that is left in the end is that none was good. So the first channel does that,
  /// and only what fails there goes to one that asks all.
  init?(_ servers: ServerList, _ limits: ResolverLimits, isThorough: Bool = false) {
    var options = unsafe ares_options()
    let flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_EDNS
    unsafe options.flags = isThorough ? flags : flags | ARES_FLAG_NOCHECKRESP
    unsafe options.timeout = Int32(limits.attemptMilliseconds)
    unsafe options.tries = Int32(limits.attempts)
    unsafe options.ednspsz = Int32(limits.datagramBytes)
    unsafe options.sock_state_cb = socketChanged
    unsafe options.sock_state_cb_data = Unmanaged.passUnretained(self).toOpaque()
    let mask =
      ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ
      | ARES_OPT_SOCK_STATE_CB
    guard unsafe ares_init_options(&handle, &options, mask) == 0 else { return nil }
    if !servers.text.isEmpty {
      guard unsafe ares_set_servers_ports_csv(handle, servers.text) == 0 else { return nil }
    }
    serverCount = countServers()
  }

  deinit { close() }

  private func countServers() -> Int {
    var list: UnsafeMutablePointer<ares_addr_port_node>?
    guard unsafe ares_get_servers_ports(handle, &list) == 0 else { return 1 }
    var (count, next) = unsafe (0, list)
    while let node = unsafe next {
      count += 1
      unsafe next = node.pointee.next
    }
    unsafe ares_free_data(list)
    return count
  }

  /// Ends all questions.
  func close() {
    guard let open = unsafe handle else { return }
    unsafe handle = nil
    unsafe ares_destroy(open)
  }

  func ask(_ question: DNSQuestion, first: [UInt8]?) {
    outstanding += 1
    asked += 1
    let context = unsafe Unmanaged.passRetained(Asked(self, question, first))
    unsafe ares_query(
      handle, question.name.text, 1, Int32(question.type.rawValue), answered, context.toOpaque())
  }

  func finish(_ asked: Asked, _ status: Int32, _ message: [UInt8]?) {
    outstanding -= 1
    let answer = (message ?? asked.first).map(RawAnswer.message) ?? .none(Self.answer(status))
    finished.append(Finished(question: asked.question, answer: answer, first: asked.first))
  }

  /// Without a message.
  private static func answer(_ status: Int32) -> DNSAnswer {
    switch status {
    case ARES_ETIMEOUT: .failed(.timeout)
    case ARES_ECONNREFUSED: .failed(.unreachable)
    case ARES_ESERVFAIL: .failed(.serverFailure)
    case ARES_EREFUSED: .failed(.refused)
    // What c-ares never asks for (RFC 7686: .onion).
    case ARES_ENOTFOUND: .none(.noName, ttlSeconds: nil)
    case ARES_EBADRESP, ARES_EFORMERR, ARES_ENOTIMP: .failed(.garbage)
    case ARES_ECANCELLED, ARES_EDESTRUCTION: .failed(.stopped)
    default: .failed(.local)
    }
  }

  /// Until its next timer.
  var timerMilliseconds: Int64? {
    var room = timeval()
    guard let time = unsafe ares_timeout(handle, nil, &room)?.pointee else { return nil }
    // One more: a timer that is looked at too early would be looked at again and again.
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_usec) / 1_000 + 1
  }

  func note(ready: [(socket: Int32, events: Int16)]) {
    self.ready = ready.filter { sockets[$0.socket] != nil }
  }

  func process() {
    for (socket, events) in ready {
      let isWritable = events & Int16(POLLOUT) != 0
      // An error or the end of a connection is found by reading.
      let isReadable = events & ~Int16(POLLOUT) != 0
      unsafe ares_process_fd(
        handle, isReadable ? socket : ARES_SOCKET_BAD, isWritable ? socket : ARES_SOCKET_BAD)
    }
    ready = []
    unsafe ares_process_fd(handle, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
  }
}
