// Files that are given for policies: a message among them is one mistake, not one for each word.

import ArgumentParser
import Foundation
import RuleCompiler
import Testing

@testable import RuleCommands

struct PolicyFilesTests {
  private func sources(_ text: String) throws -> Int {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).txt")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try PolicyFiles.sources([file.path]).files.count
  }

  @Test(arguments: [
    "Received: from a\r\n\tby b\r\n\r\nHi", "From ann@example.com Mon Jan  6\nTo: b\n", "X-A: 1",
  ])
  func messages(_ text: String) {
    #expect(throws: Exit.usage) { try sources(text) }
  }

  @Test(arguments: [
    "require \"defang\";", "# To: all\nstop;", "phase eom { log \"a: b\"; }", "", "if:is \"a\"",
    "rule \"a: b\" {}",
  ])
  func others(_ text: String) throws {
    #expect(try sources(text) == 1)
  }
}
