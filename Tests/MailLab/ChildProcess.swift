// Child processes that never outlive the tests.
import Foundation
import Synchronization

/// Starts every child from one thread that lives as long as the process: the kernel sends a
/// parent-death signal when the *thread* that forked ends, and threads of a pool come and go.
private final class Spawner: Sendable {
  private final class Job: Sendable {
    let request: SpawnRequest
    let result = Mutex<Result<Int32, SystemError>?>(nil)
    let done = DispatchSemaphore(value: 0)

    init(_ request: SpawnRequest) { self.request = request }
  }

  static let shared = Spawner()

  private let jobs = Mutex<[Job]>([])
  private let wake = DispatchSemaphore(value: 0)

  private init() {
    Thread.detachNewThread { [self] in
      while true {
        wake.wait()
        guard let job = jobs.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) else { continue }
        let result = Result { () throws(SystemError) in try Posix.spawn(job.request) }
        job.result.withLock { $0 = result }
        job.done.signal()
      }
    }
  }

  func start(_ request: SpawnRequest) throws(SystemError) -> Int32 {
    let job = Job(request)
    jobs.withLock { $0.append(job) }
    wake.signal()
    job.done.wait()
    guard let result = job.result.withLock({ $0 }) else {
      preconditionFailure("the job was signalled done without a result")
    }
    return try result.get()
  }
}

/// How a child ended.
package enum ExitStatus: Equatable, Sendable {
  case code(Int32)
  case signal(Int32)

  init(waitStatus: Int32) {
    let number = waitStatus & 0x7f
    self = number == 0 ? .code((waitStatus >> 8) & 0xff) : .signal(number)
  }
}

/// A running program; its output, errors included, goes to a file.
package final class ChildProcess: Sendable {
  package let processID: Int32
  private let status = Mutex<ExitStatus?>(nil)

  enum Ending {
    /// The kernel kills it when we are gone, however that comes.
    case killedWithUs
    /// It watches its standard input by itself.
    case byItself
  }

  init(
    _ arguments: [String], environment: [String: String] = [:], input: Descriptor? = nil,
    outputPath: String, ending: Ending = .killedWithUs
  ) throws {
    var variables = ProcessInfo.processInfo.environment
    variables.merge(environment) { _, new in new }
    let prefix = ending == .killedWithUs ? ["setpriv", "--pdeathsig", "KILL", "--"] : []
    let request = SpawnRequest(
      arguments: prefix + arguments, environment: variables,
      input: try input ?? Posix.openFile("/dev/null", O_RDONLY),
      output: try Posix.openFile(outputPath, O_WRONLY | O_CREAT | O_APPEND))
    processID = try Spawner.shared.start(request)
  }

  deinit {
    guard exitStatus() == nil else { return }
    Posix.signal(processID, SIGKILL)
    _ = wait(timeoutSeconds: 5)
  }

  /// Nil while it runs.
  package func exitStatus() -> ExitStatus? {
    status.withLock { known in
      if known == nil, let now = Posix.reap(processID) { known = ExitStatus(waitStatus: now) }
      return known
    }
  }

  /// Nil when it still runs after that time.
  package func wait(timeoutSeconds: Double) -> ExitStatus? {
    _ = Laboratory.waitUntil(timeoutSeconds: timeoutSeconds) { exitStatus() != nil }
    return exitStatus()
  }

  package func signal(_ number: Int32) {
    // A number that was reaped may belong to another process by now.
    guard exitStatus() == nil else { return }
    Posix.signal(processID, number)
  }

  /// Runs a program to its end.
  static func run(
    _ arguments: [String], inputPath: String = "/dev/null", outputPath: String,
    timeoutSeconds: Double = 20
  ) throws -> ExitStatus {
    let child = try ChildProcess(
      arguments, input: Posix.openFile(inputPath, O_RDONLY), outputPath: outputPath)
    guard let status = child.wait(timeoutSeconds: timeoutSeconds) else {
      throw LabError("\(arguments[0]) did not end within \(timeoutSeconds) s")
    }
    return status
  }
}
