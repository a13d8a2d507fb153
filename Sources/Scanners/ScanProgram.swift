// A program as a scanner: no shell, a folder of its own that is gone with it, the content as
// standard input and, where a word says `%f`, as a file; what it found by its exit code, under
// which name by the first line that it writes.
internal import FoundationEssentials
internal import NIOCore
internal import NIOPosix
internal import Programs
internal import Synchronization

/// A program of the policy, and what its ends mean.
package struct ScanProgram: Sendable, Hashable {
  package let name: String
  /// The program and its arguments; `%f` in one is the path of the content's file.
  package let words: [String]
  package let timeoutMilliseconds: Int
  /// Any other exit code is a failure.
  package let meanings: [Int32: ScanResult.Word]

  package init(
    name: String, words: [String], timeoutMilliseconds: Int,
    meanings: [Int32: ScanResult.Word] = [0: .clean, 1: .infected]
  ) {
    self.name = name
    self.words = words
    self.timeoutMilliseconds = timeoutMilliseconds
    self.meanings = meanings
  }
}

/// "Asks" the program; whose turn it is has no connection.
struct ProgramDialect: ScanDialect {
  private let program: ScanProgram
  private let limits: ScannerLimits
  private let threads: ProgramThreads

  init(_ program: ScanProgram, _ limits: ScannerLimits) {
    self.program = program
    self.limits = limits
    threads = ProgramThreads(count: limits.callsMax)
  }

  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer {
    let (program, limits, deadline) = (program, limits, ask.deadline)
    let leash = ProgramLeash()
    let end = await withTaskCancellationHandler {
      try? await threads.pool.runIfActive {
        ProgramRun(program, limits, job.bytes, deadline, leash).end()
      }
    } onCancel: {
      leash.giveUp()
    }
    guard let end else { throw .cancelled }
    return .result(try result(of: end))
  }

  func probe(_ ask: Asking) async throws(ScanFailure) -> String {
    let path = program.words.first ?? ""
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw .unreachable("\(path) is no program")
    }
    return path
  }

  private func result(of end: ProgramEnd) throws(ScanFailure) -> ScanResult {
    switch end {
    case .exited(let code, let output):
      guard let word = program.meanings[code] else { throw .refused("it ended with \(code)") }
      var result = ScanResult(word)
      if word != .clean { result.name = name(in: output) }
      return result
    // Whether it is to blame or the mail, nobody knows: one that always ends so is left alone.
    case .signalled(let signal): throw .unreachable("signal \(signal) ended it")
    case .timedOut: throw .timedOut(.answer)
    case .tooMuch: throw .tooLong
    case .givenUp: throw .cancelled
    case .failed(let reason): throw .unreachable(reason)
    }
  }

  /// What stands in its first line.
  private func name(in output: [UInt8]) -> String? {
    let line = output.prefix { $0 != 10 }.prefix(limits.replyLineBytesMax)
    let text = ScannerText.trimmed(String(decoding: line, as: UTF8.self))
    return text.isEmpty ? nil : ScannerText.line(text, bytesMax: limits.nameBytesMax)
  }
}

/// As many threads as programs may run at once; gone with the scanner.
private final class ProgramThreads: Sendable {
  let pool: NIOThreadPool

  init(count: Int) {
    pool = NIOThreadPool(numberOfThreads: count)
    pool.start()
  }

  deinit { pool.shutdownGracefully { _ in } }
}

/// Tells a thread that waits for a program that nobody else does.
private final class ProgramLeash: Sendable {
  private let state = Atomic<Bool>(false)

  var isGivenUp: Bool { state.load(ordering: .relaxed) }
  func giveUp() { state.store(true, ordering: .relaxed) }
}

/// One run; blocks.
private struct ProgramRun {
  private let program: ScanProgram
  private let limits: ScannerLimits
  private let content: [UInt8]
  private let deadline: NIODeadline
  private let leash: ProgramLeash

  init(
    _ program: ScanProgram, _ limits: ScannerLimits, _ content: [UInt8], _ deadline: NIODeadline,
    _ leash: ProgramLeash
  ) {
    self.program = program
    self.limits = limits
    self.content = content
    self.deadline = deadline
    self.leash = leash
  }

  func end() -> ProgramEnd {
    let left = (deadline - .now()).nanoseconds / 1_000_000
    let patience = min(Int(left), program.timeoutMilliseconds)
    guard patience > 0 else { return .timedOut }
    let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    guard let folder = ProgramDoor.makeFolder(in: parent) else {
      return .failed("no folder can be made in \(parent)")
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard let words = words(in: folder) else {
      return .failed("the content cannot be written into \(folder)")
    }
    return ProgramDoor.run(
      words, input: content, outputBytesMax: limits.replyBodyBytesMax,
      timeoutMilliseconds: patience, in: folder, isGivenUp: { leash.isGivenUp })
  }

  /// With the content's file for `%f`, which is written only for one that wants it.
  private func words(in folder: String) -> [String]? {
    guard program.words.dropFirst().contains(where: { $0.contains("%f") }) else {
      return program.words
    }
    let path = folder + "/content"
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(content), attributes: [.posixPermissions: 0o600])
    guard isWritten else { return nil }
    return program.words.enumerated().map { index, word in
      index == 0 ? word : word.replacing("%f", with: path)
    }
  }
}
