// From the paths of the configuration to a verified program. Rules are compiled by a process of its
// own.
internal import FileTrust
internal import RuleBytecode

struct PolicyLoader {
  let paths: [String]
  let compiler: String?

  /// - Throws: 65 for an image that is refused.
  static func verified(_ image: [UInt8]) throws(StartFailure) -> VerifiedProgram {
    do throws(Flaw) {
      return try VerifiedProgram(image: image)
    } catch {
      throw StartFailure(code: 65, message: "the policy is refused: \(error.message)")
    }
  }

  /// The image that the paths stand for, not verified.
  func image() async throws(StartFailure) -> [UInt8] {
    guard paths.count == 1, paths[0].hasSuffix(".drc") else {
      return try await CompilerChild(path: compiler).output(
        ["--guarded", "-o", "-"] + paths, limit: ImageFormat.bytesMax,
        or: "the policy does not compile", code: 65)
    }
    if let doubt = FileTrust.doubt(about: paths[0], as: .rules) {
      throw StartFailure(code: 78, message: "the policy is refused: \(doubt.message)")
    }
    guard let bytes = FileBytes.read(paths[0], limit: ImageFormat.bytesMax) else {
      throw StartFailure(code: 66, message: "\(paths[0]) cannot be read")
    }
    return bytes
  }
}
