// Reading and writing files with bounds and clear errors.
internal import FoundationEssentials
internal import RuleCompiler

enum Files {
  /// What cannot be read, in one line.
  struct Trouble: Error { let message: String }

  static func isDirectory(_ path: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
      == .typeDirectory
  }

  /// Reads a file, or standard input for `-`. One byte over the limit is read and no more, so
  /// that the reader's own limit can answer.
  static func read(_ path: String, limit: Int) throws(Trouble) -> [UInt8] {
    if path == "-" {
      guard let bytes = Descriptor.standardInput().read(limit: limit) else {
        throw Trouble(message: "standard input cannot be read")
      }
      return bytes
    }
    guard FileManager.default.fileExists(atPath: path) else {
      throw Trouble(message: "\(path): there is no such file")
    }
    if isDirectory(path) { throw Trouble(message: "\(path) is a directory, a file is wanted") }
    guard let handle = Descriptor(path: path) else {
      throw Trouble(message: "\(path) cannot be read (permission?)")
    }
    guard let bytes = handle.read(limit: limit) else {
      throw Trouble(message: "\(path) cannot be read")
    }
    return bytes
  }

  /// How the compiler reads what a policy names.
  static let access = FileAccess { path, limit in
    guard FileManager.default.fileExists(atPath: path) else { return .missing }
    do throws(Trouble) {
      return .bytes(try read(path, limit: limit))
    } catch {
      return .unreadable(isDirectory(path) ? "it is a directory" : "may it be read?")
    }
  }

  /// The folder of a file as a whole path, so that an image means the same wherever it is loaded.
  static func directory(of path: String) -> String {
    let here = FileManager.default.currentDirectoryPath
    guard let slash = path.lastIndex(of: "/") else { return here }
    if path.hasPrefix("/") { return slash == path.startIndex ? "/" : String(path[..<slash]) }
    return here + "/" + path[..<slash]
  }

  /// The `.rules` files of a directory, in lexical order.
  static func rules(in directory: String) throws(Trouble) -> [String] {
    try sources(in: directory, ending: [".rules"])
  }

  /// The files of a directory with one of these endings, in lexical order; at least one.
  static func sources(in directory: String, ending: [String]) throws(Trouble) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
      throw Trouble(message: "\(directory) cannot be read")
    }
    let base = directory.hasSuffix("/") ? directory : directory + "/"
    let files = names.filter { name in ending.contains { name.hasSuffix($0) } }
      .sorted().map { base + $0 }
    guard !files.isEmpty else {
      let wanted = ending.joined(separator: " or ")
      throw Trouble(message: "\(directory) holds no \(wanted) file")
    }
    return files
  }

  /// Writes a whole file or nothing: a temporary one beside it, then rename.
  static func write(_ bytes: [UInt8], to path: String) throws(Trouble) {
    do {
      try Data(bytes).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw Trouble(message: "\(path) cannot be written")
    }
  }
}
