// The compiler as a process of its own: a bad policy or configuration cannot hurt the daemon, which
// links no compiler. Its warnings go to the daemon's log; its errors are the failure's.
internal import Programs
internal import Subprocess
internal import SystemPackage

struct CompilerChild {
  /// The program; our own defang-rulec if nil.
  let path: String?

  /// What the compiler prints for these words.
  /// - Parameters:
  ///   - complaint: what is said when it ends with a mistake.
  ///   - code: the exit code for that.
  func output(
    _ words: [String], limit: Int, or complaint: String, code: Int32
  ) async throws(StartFailure) -> [UInt8] {
    let program = path ?? OwnPrograms.path("defang-rulec")
    do {
      let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: Arguments(words),
        output: .bytes(limit: limit), error: .string(limit: 1 << 20))
      let complaints = result.standardError
      guard case .exited(let status) = result.terminationStatus, status == 0 else {
        let isDistrusted = result.terminationStatus == .exited(78)
        throw StartFailure(
          code: isDistrusted ? 78 : code, message: complaint, details: complaints)
      }
      if !complaints.isEmpty { Console.error(complaints) }
      return result.standardOutput
    } catch let failure as StartFailure {
      throw failure
    } catch {
      throw StartFailure(code: 70, message: "\(program) cannot be run: \(error)")
    }
  }
}
