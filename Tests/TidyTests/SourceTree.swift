// The files that the house's limits hold for, read once. Trusts the layout of the package.

import Foundation

/// One file of ours.
struct SourceText: Sendable {
  /// From the package's root: `Sources/RuleVM/Machine.swift`.
  let path: String
  let text: String

  var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
  var isSwift: Bool { path.hasSuffix(".swift") }
  var isInSources: Bool { path.hasPrefix("Sources/") }

  /// `RuleVM` for a file of `Sources/RuleVM`.
  var target: String {
    let parts = path.split(separator: "/")
    return parts.count > 2 ? String(parts[1]) : ""
  }

  /// `RuleVM/Machine.swift`: how lists below name a file of `Sources`.
  var shortPath: String { String(path.dropFirst("Sources/".count)) }
}

enum SourceTree {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// What is written by hand as a program, a policy or a script.
  private static let extensions: Set = ["swift", "h", "c", "rules", "sh", "ebnf"]
  private static let folders = [
    "Sources", "Tests", "Benchmarks", "Fuzz", "rules", "tools", "grammar",
  ]

  static let files: [SourceText] = folders.flatMap(read).sorted { $0.path < $1.path }

  /// Swift files, and the same with comments and strings blanked out.
  static let swift: [(file: SourceText, code: SwiftCode)] = files.filter(\.isSwift).map {
    ($0, SwiftCode($0.text))
  }

  private static func read(_ folder: String) -> [SourceText] {
    // Builds of other packages lie in hidden folders.
    let options: FileManager.DirectoryEnumerationOptions = [.skipsHiddenFiles]
    let base = root.appending(path: folder)
    let walk = FileManager.default.enumerator(
      at: base, includingPropertiesForKeys: nil, options: options)
    var files: [SourceText] = []
    while let url = walk?.nextObject() as? URL {
      // Policies of tests are data: some are wrong on purpose.
      let isData = folder == "Tests" && url.pathExtension == "rules"
      guard !isData, extensions.contains(url.pathExtension), let data = try? Data(contentsOf: url)
      else { continue }
      let path = url.path.dropFirst(root.path.count).drop { $0 == "/" }
      files.append(SourceText(path: String(path), text: String(decoding: data, as: UTF8.self)))
    }
    return files
  }
}
