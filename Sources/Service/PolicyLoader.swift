// From the paths on the command line to a verified program. Rules are compiled by a process of its
// own, so that a bad policy cannot hurt the daemon, which links no compiler.
internal import RuleBytecode
internal import Subprocess
internal import SystemPackage

struct PolicyLoader {
  let paths: [String]
  let compiler: String?

  func load() async throws(StartFailure) -> VerifiedProgram {
    let image = try await self.image()
    do throws(Flaw) {
      return try VerifiedProgram(image: image)
    } catch {
      throw StartFailure(
        code: 65, message: "\(paths.joined(separator: ", ")) is refused: \(error.message)")
    }
  }

  private func image() async throws(StartFailure) -> [UInt8] {
    guard paths.count == 1, paths[0].hasSuffix(".drc") else { return try await compiled() }
    guard let bytes = FileBytes.read(paths[0], limit: ImageFormat.bytesMax) else {
      throw StartFailure(code: 66, message: "\(paths[0]) cannot be read")
    }
    return bytes
  }

  private func compiled() async throws(StartFailure) -> [UInt8] {
    let program = compiler ?? FileBytes.sibling("defang-rulec")
    do {
      let result = try await Subprocess.run(
        .path(FilePath(program)), arguments: Arguments(["-o", "-"] + paths),
        output: .bytes(limit: ImageFormat.bytesMax), error: .string(limit: 1 << 20))
      let complaints = result.standardError
      if !complaints.isEmpty { Console.error(complaints) }
      guard case .exited(let code) = result.terminationStatus, code == 0 else {
        throw StartFailure(code: 65, message: "the policy does not compile")
      }
      return result.standardOutput
    } catch let failure as StartFailure {
      throw failure
    } catch {
      throw StartFailure(code: 70, message: "\(program) cannot be run: \(error)")
    }
  }
}
