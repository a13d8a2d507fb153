// Databases in files, and the filter's own memory: not there, damaged, cut, locked by others, or
// replaced while they are used.
import Foundation
import MailLab
import Synchronization

@testable import PolicyMemory

enum FailingFile {
  /// - Parameter make: writes the database, with the value or without it.
  static func service(
    _ fault: FailureFault,
    _ make: @Sendable (_ path: String, _ hasKey: Bool, TestFolder) throws -> Void
  ) throws -> FailureService {
    let folder = try TestFolder()
    let path = folder.path + "/t"
    switch fault {
    case .absent: break
    case .garbage: try folder.write("t", String(repeating: "no database ", count: 3_000))
    case .cut:
      try make(path, true, folder)
      let bytes = try Data(contentsOf: URL(filePath: path))
      try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
    default:
      // What comes later has the key: only who takes the new file finds it.
      try make(path, fault != .restarted, folder)
      try make(folder.path + "/new", true, folder)
    }
    let lock = DatabaseLock()
    return FailureService(
      words: ["path": path],
      ready: { if fault == .silent { try lock.take(path) } },
      restart: {
        try folder.replace("t", with: "new")
        // Answers of files are kept for a second.
        try await Task.sleep(for: .milliseconds(1_200))
      },
      stop: { lock.release() })
  }
}

/// A program that changes an SQLite database, and takes its time.
private final class DatabaseLock: Sendable {
  private let program = Mutex<(Process, Pipe)?>(nil)

  func take(_ path: String) throws {
    let (process, input, output) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = [path]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(
      contentsOf: Data("begin exclusive; select 'held';\n".utf8))
    guard output.fileHandleForReading.availableData == Data("held\n".utf8) else {
      throw LabError("sqlite3 does not hold \(path)")
    }
    program.withLock { $0 = (process, input) }
  }

  func release() {
    // Not by the end of its input: other children may hold the pipe open, too.
    program.withLock { $0?.0.terminate() }
  }
}

enum FailingMemory {
  static func service(_ fault: FailureFault) throws -> FailureService {
    let folder = try TestFolder()
    let path = folder.path + "/memory.sqlite"
    let lock = MemoryLock()
    if fault == .garbage {
      try folder.write("memory.sqlite", String(repeating: "no memory ", count: 1_000))
    }
    return FailureService(
      stateDirectory: fault == .absent ? folder.path + "/none" : folder.path,
      ready: { if fault == .silent { try lock.take(path) } },
      restart: { try FileManager.default.removeItem(atPath: folder.path) },
      stop: {
        lock.release()
        try? FileManager.default.removeItem(atPath: folder.path)
      })
  }
}

/// Another process's transaction, played by a thread.
private final class MemoryLock: Sendable {
  private let end = DispatchSemaphore(value: 0)
  private let isHeld = Mutex(false)

  func take(_ path: String) throws {
    let begun = DispatchSemaphore(value: 0)
    let end = self.end
    let file = try RecordFile(path: path) { step in
      guard step == .begun else { return }
      begun.signal()
      end.wait()
    }
    isHeld.withLock { $0 = true }
    Thread.detachNewThread {
      let question = DuplicateQuestion(uniqueID: "x", handle: "", seconds: 60, isFromLast: false)
      _ = try? DuplicateMemory(file).isDuplicate(question, nowSeconds: 1_800_000_000)
    }
    begun.wait()
  }

  func release() { if isHeld.withLock({ $0 }) { end.signal() } }
}
