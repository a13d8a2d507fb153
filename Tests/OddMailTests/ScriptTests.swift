// The messages are those that the script makes.

import Foundation
import Testing

struct ScriptTests {
  @Test func filesAreThoseOfTheScript() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "odd-mail-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", OddMailFolder.root.appending(path: "tools/make-odd-mail.py").path, folder.path,
    ]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "tools/make-odd-mail.py fails")
    for place in ["Tests/OddMail/evasive", "Tests/OddMail/valid"] {
      let made = try Self.files(folder.appending(path: place))
      let kept = try Self.files(OddMailFolder.root.appending(path: place))
      #expect(!made.isEmpty)
      #expect(Set(made.keys) == Set(kept.keys), "\(place) has other files than the script makes")
      for (name, data) in made where kept[name] != data {
        Issue.record("\(place)/\(name) differs: run tools/make-odd-mail.py")
      }
    }
    for place in ["Tests/OddMail/cases.json", "docs/READINGS.md"] {
      let made = try Data(contentsOf: folder.appending(path: place))
      let kept = try Data(contentsOf: OddMailFolder.root.appending(path: place))
      #expect(made == kept, "\(place) differs: run tools/make-odd-mail.py")
    }
  }

  private static func files(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      files[name] = try Data(contentsOf: folder.appending(path: name))
    }
    return files
  }
}
