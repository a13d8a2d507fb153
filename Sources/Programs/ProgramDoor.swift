// The door to the programs of a policy (`filter_program`, `scanner :program`): started for one
// content, given it, and killed with all that they have started when they are done, their time is
// up or nobody wants them any more. What they write is bounded.
//
// posix_spawn(3) and not fork: the daemon has threads. The child has no environment but the folder
// that it may be given, a process group of its own, and pipes as input and output; what else is
// open here is closed there, since the daemon opens everything close-on-exec.
internal import Glibc
internal import Synchronization

/// What became of a program.
package enum ProgramEnd: Equatable, Sendable {
  case exited(Int32, output: [UInt8])
  case signalled(Int32)
  case timedOut
  case tooMuch
  /// Nobody wanted its answer any more.
  case givenUp
  /// It could not be started, or something of the system was not to be had.
  case failed(String)
}

package enum ProgramDoor {
  /// Runs a program to its end; blocks.
  ///
  /// - Parameters:
  ///   - folder: all of its environment, as `TMPDIR`; none when nil.
  ///   - isGivenUp: asked some times a second.
  package static func run(
    _ words: [String], input: [UInt8], outputBytesMax: Int, timeoutMilliseconds: Int,
    in folder: String? = nil, isGivenUp: () -> Bool = { false }
  ) -> ProgramEnd {
    _ = ignoresPipeSignal
    // One at a time: the child of another thread would inherit a pipe that is not marked yet, and
    // hold it open (pipe2(2) is not to be had here).
    let started = starting.withLock { _ in start(words, in: folder) }
    guard case .running(let child, let toChild, let fromChild) = started else {
      return .failed(started.problem)
    }
    var talk = ProgramTalk(
      child: child, input: toChild, output: fromChild,
      deadline: ProgramTalk.now() + timeoutMilliseconds)
    return talk.end(of: input, outputBytesMax, isGivenUp)
  }

  /// A new folder that is nobody else's (mode 0700); nil where none can be made.
  package static func makeFolder(in parent: String) -> String? {
    var name = Array("\(parent)/defang-program.XXXXXX".utf8CString)
    guard unsafe mkdtemp(&name) != nil else { return nil }
    return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static let starting = Mutex<Void>(())

  private enum Start {
    case running(pid_t, toChild: Int32, fromChild: Int32)
    case refused(Int32)

    var problem: String {
      if case .refused(let code) = self { ProgramDoor.problem(code) } else { "" }
    }
  }

  /// Makes the pipes and starts the program; our ends are in the answer.
  private static func start(_ words: [String], in folder: String?) -> Start {
    var toChild: [Int32] = [-1, -1]
    var fromChild: [Int32] = [-1, -1]
    guard makePipe(&toChild) else { return .refused(errno) }
    guard makePipe(&fromChild) else {
      let code = errno
      for end in toChild { close(end) }
      return .refused(code)
    }
    var child: pid_t = 0
    let status = start(words, in: folder, input: toChild[0], output: fromChild[1], &child)
    close(toChild[0])
    close(fromChild[1])
    guard status == 0 else {
      close(toChild[1])
      close(fromChild[0])
      return .refused(status)
    }
    return .running(child, toChild: toChild[1], fromChild: fromChild[0])
  }

  /// A program that does not read its input ends the pipe, not the daemon.
  private static let ignoresPipeSignal: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return true
  }()

  /// Whose ends no other child gets.
  private static func makePipe(_ ends: inout [Int32]) -> Bool {
    guard unsafe pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return true
  }

  static func problem(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }

  private static func start(
    _ words: [String], in folder: String?, input: Int32, output: Int32, _ child: inout pid_t
  ) -> Int32 {
    guard let path = words.first else { return ENOENT }
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    var list = unsafe words.map { unsafe strdup($0) } + [nil]
    let settings = folder.map { ["TMPDIR=\($0)"] } ?? []
    var environment = unsafe settings.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe list.indices { unsafe free(list[index]) }
      for index in unsafe environment.indices { unsafe free(environment[index]) }
    }
    return unsafe posix_spawn(&child, path, &actions, &attributes, &list, &environment)
  }
}

/// What goes to and fro while a program runs.
private struct ProgramTalk {
  let child: pid_t
  /// Closed and -1 when all has been said.
  private var input: Int32
  private let output: Int32
  private let deadline: Int
  private var sentBytes = 0
  private var received: [UInt8] = []

  init(child: pid_t, input: Int32, output: Int32, deadline: Int) {
    self.child = child
    self.input = input
    self.output = output
    self.deadline = deadline
    _ = fcntl(input, F_SETFL, O_NONBLOCK)
    _ = fcntl(output, F_SETFL, O_NONBLOCK)
  }

  /// Milliseconds that never go back.
  static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000 + time.tv_nsec / 1_000_000
  }

  /// How long it takes at most to see that a program was given up.
  private static let lookMilliseconds = 100

  mutating func end(
    of content: [UInt8], _ outputBytesMax: Int, _ isGivenUp: () -> Bool
  ) -> ProgramEnd {
    var trouble = exchange(content, outputBytesMax, isGivenUp)
    closeInput()
    close(output)
    var status: Int32 = 0
    // It has closed its output and is about to end.
    while trouble == nil, unsafe waitpid(child, &status, WNOHANG) == 0 {
      if Self.now() >= deadline {
        trouble = .timedOut
      } else if isGivenUp() {
        trouble = .givenUp
      } else {
        usleep(2_000)
      }
    }
    // Whatever it has left behind: nobody of its group outlives it.
    kill(-child, SIGKILL)
    if let trouble {
      while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
      return trouble
    }
    // As WIFEXITED and WEXITSTATUS of wait(2) read it.
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF, output: received) : .signalled(signal)
  }

  private mutating func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Nil when the program has closed its output.
  private mutating func exchange(
    _ content: [UInt8], _ outputBytesMax: Int, _ isGivenUp: () -> Bool
  ) -> ProgramEnd? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let left = deadline - Self.now()
      guard left > 0 else { return .timedOut }
      if isGivenUp() { return .givenUp }
      // A descriptor of -1 is passed over.
      var waits = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0),
        pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
      ]
      let ready = unsafe poll(&waits, 2, Int32(min(left, Self.lookMilliseconds)))
      if ready < 0, errno != EINTR { return .failed(ProgramDoor.problem(errno)) }
      guard ready > 0 else { continue }
      if waits[1].revents != 0 { send(content) }
      guard waits[0].revents != 0 else { continue }
      let count = unsafe read(output, &buffer, buffer.count)
      if count == 0 { return nil }
      if count < 0, errno != EINTR, errno != EAGAIN { return .failed(ProgramDoor.problem(errno)) }
      received += buffer[..<max(0, count)]
      guard received.count <= outputBytesMax else { return .tooMuch }
    }
  }

  /// As much as the program takes now; behind the last byte its input ends.
  private mutating func send(_ content: [UInt8]) {
    let rest = content[sentBytes...]
    var count = 0
    if !rest.isEmpty {
      count = unsafe rest.withUnsafeBytes { bytes -> Int in
        guard let base = bytes.baseAddress else { return 0 }
        return unsafe write(input, base, bytes.count)
      }
    }
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    sentBytes += max(0, count)
    // One that reads no further is done with it.
    if count < 0 || sentBytes == content.count { closeInput() }
  }
}

/// Where the other programs of ours are.
package enum OwnPrograms {
  /// From the folder of the program that runs: beside it, as they are built, or as they are
  /// installed (defangd in sbin, defang-rulec in bin, defang-unpack in libexec).
  private static let folders = ["", "../bin/", "../sbin/", "../libexec/defang/"]

  /// The program of that name; beside this one if it is nowhere, for the message that says so.
  package static func path(_ name: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let path = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return name }
    let folder = String(decoding: path[...slash], as: UTF8.self)
    let paths = folders.map { folder + $0 + name }
    return paths.first { unsafe access($0, X_OK) == 0 } ?? paths[0]
  }
}
