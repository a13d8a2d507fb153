// The door to the process that reads archives: started for one archive, given its bytes, and killed
// when it is done or its time is up. What it says is bounded and not trusted.
//
// posix_spawn(3) and not fork: the daemon has threads. The child has no environment to speak of,
// and one end of a pair of sockets as input and output: where it dies early, that is an error here
// and no signal. It closes what else it may have inherited.

internal import Glibc

/// What became of a child.
enum ChildResult: Equatable {
  case output([UInt8])
  case missing
  case timedOut
  case tooMuch
  /// Something of the system was not to be had.
  case failed(String)
}

enum ChildProcess {
  /// Runs a program to its end.
  static func run(
    _ path: String, _ arguments: [String], input: [UInt8], outputBytesMax: Int,
    timeoutMilliseconds: Int
  ) -> ChildResult {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return .failed("no descriptor") }
    let child = start(path, arguments, stream: ends[1])
    close(ends[1])
    guard let child else {
      close(ends[0])
      return .missing
    }
    var talk = ChildTalk(
      child: child, stream: ends[0], deadline: ChildTalk.now() + timeoutMilliseconds)
    return talk.result(of: input, outputBytesMax)
  }

  private static func start(_ path: String, _ arguments: [String], stream: Int32) -> pid_t? {
    var actions = unsafe posix_spawn_file_actions_t()
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, stream, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, stream, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    var environment = unsafe [strdup("LC_ALL=C.UTF-8"), nil]
    defer {
      for index in unsafe words.indices { unsafe free(words[index]) }
      for index in unsafe environment.indices { unsafe free(environment[index]) }
    }
    var child: pid_t = 0
    let status = unsafe posix_spawn(&child, path, &actions, nil, &words, &environment)
    return status == 0 ? child : nil
  }
}

/// What goes to and fro while a child runs.
private struct ChildTalk {
  let child: pid_t
  let stream: Int32
  let deadline: Int
  private var sentBytes = 0
  private var isSent = false
  private var received: [UInt8] = []

  init(child: pid_t, stream: Int32, deadline: Int) {
    self.child = child
    self.stream = stream
    self.deadline = deadline
  }

  /// Milliseconds that never go back.
  static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  mutating func result(of input: [UInt8], _ outputBytesMax: Int) -> ChildResult {
    let trouble = exchange(input, outputBytesMax)
    close(stream)
    // Whatever it did: nobody outlives its answer.
    kill(child, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    return trouble ?? .output(received)
  }

  /// Nil when the child has said all.
  private mutating func exchange(_ input: [UInt8], _ outputBytesMax: Int) -> ChildResult? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let left = deadline - Self.now()
      guard left > 0 else { return .timedOut }
      var wait = pollfd(
        fd: stream, events: Int16(isSent ? POLLIN : POLLIN | POLLOUT), revents: 0)
      let ready = unsafe poll(&wait, 1, Int32(clamping: left))
      if ready < 0, errno != EINTR { return .failed("poll") }
      guard ready > 0 else { continue }
      if Int32(wait.revents) & ~POLLOUT != 0 {
        let count = unsafe recv(stream, &buffer, buffer.count, Self.flags)
        // One that dies with input unread resets its end.
        if count == 0 || (count < 0 && errno == ECONNRESET) { return nil }
        if count < 0, errno != EINTR, errno != EAGAIN { return .failed("recv") }
        received += buffer[..<max(0, count)]
        guard received.count <= outputBytesMax else { return .tooMuch }
      }
      if !isSent, Int32(wait.revents) & POLLOUT != 0 { send(input) }
    }
  }

  private static let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)

  /// As much as the child takes now; behind the last byte its input ends.
  private mutating func send(_ input: [UInt8]) {
    let rest = input[sentBytes...]
    var count = 0
    if !rest.isEmpty {
      count = unsafe rest.withUnsafeBytes { bytes -> Int in
        guard let base = bytes.baseAddress else { return 0 }
        return unsafe Glibc.send(stream, base, bytes.count, Self.flags)
      }
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    sentBytes += max(0, count)
    guard count < 0 || sentBytes == input.count else { return }
    isSent = true
    shutdown(stream, Int32(SHUT_WR))
  }
}
