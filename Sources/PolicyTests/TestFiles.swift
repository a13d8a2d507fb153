// Reading what tests name, with bounds and one-line reasons.
internal import FoundationEssentials
internal import RuleCompiler

package enum TestFiles {
  package struct Trouble: Error, Equatable {
    package let reason: String
  }

  /// Bytes of one message or script.
  static let bytesMax = 256 << 20

  static func read(_ path: String, limit: Int = bytesMax) -> Result<[UInt8], Trouble> {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes else { return .failure(Trouble(reason: "there is no such file")) }
    if attributes[.type] as? FileAttributeType == .typeDirectory {
      return .failure(Trouble(reason: "it is a directory"))
    }
    if let size = attributes[.size] as? Int, size > limit {
      return .failure(Trouble(reason: "it is larger than \(limit) bytes"))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      return .failure(Trouble(reason: "it cannot be read (permission?)"))
    }
    return .success(Array(data))
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Not through a symbolic link, so that a search ends; a path with a slash at its end is
  /// followed.
  static func isDirectory(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
      == .typeDirectory
  }

  /// A path that a file names, seen from where we are.
  static func path(_ path: String, besideFile file: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let slash = file.lastIndex(of: "/") else { return path }
    return String(file[...slash]) + path
  }

  /// How the compiler reads what a policy or script names.
  static let access = FileAccess { path, limit in
    guard exists(path) else { return .missing }
    switch read(path, limit: limit) {
    case .success(let bytes): return .bytes(bytes)
    case .failure(let trouble): return .unreadable(trouble.reason)
    }
  }

  /// Sources of a suite: scripts that it includes stand in folders beside it.
  static func sources(ofSuite suite: String) -> SourceSet {
    var sources = SourceSet(access: access)
    sources.folders = IncludeFolders(
      personal: path("included", besideFile: suite),
      global: path("included-global", besideFile: suite), ending: ".sieve")
    return sources
  }

  /// The test files below a directory, in lexical order of their paths.
  static func tests(below directory: String) -> [String] {
    let base = directory.hasSuffix("/") ? directory : directory + "/"
    var found: [String] = []
    var folders = [base]
    while let folder = folders.popLast() {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for name in names where !name.hasPrefix(".") {
        let path = folder + name
        if isTest(name) {
          found.append(path)
        } else if isDirectory(path) {
          folders.append(path + "/")
        }
      }
    }
    return found.sorted()
  }

  static func isTest(_ path: String) -> Bool {
    path.hasSuffix(".rulestest") || path.hasSuffix(".svtest")
  }
}
