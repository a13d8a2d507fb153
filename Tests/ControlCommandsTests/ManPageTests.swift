// The manual page: no mistake that mandoc finds, commands and options as the command line parser
// has them. DEFANG_RECORD=1 writes the chapter COMMANDS anew and fails that run.

import ArgumentParser
import Foundation
import Testing

@testable import ControlCommands

struct ManPageTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "docs/man/defangctl.8")
  /// Installed by tools/install-needs.sh.
  private static let mandoc = "/usr/bin/mandoc"
  private static let marks = (begin: "\n.\\\" begin\n", end: ".\\\" end\n")

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: mandoc)))
  func mandocFindsNoFault() throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.mandoc)
    process.arguments = ["-T", "lint", "-W", "warning", Self.file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(String(decoding: output, as: UTF8.self))")
  }

  @Test func commandsAreThoseOfTheParser() throws {
    let page = try String(contentsOf: Self.file, encoding: .utf8)
    let begin = try #require(page.range(of: Self.marks.begin))
    let end = try #require(page.range(of: Self.marks.end))
    let made = try ControlManual.text()
    if ProcessInfo.processInfo.environment["DEFANG_RECORD"] != nil {
      let text = page[..<begin.upperBound] + made + page[end.lowerBound...]
      try Data(text.utf8).write(to: Self.file, options: .atomic)
      Issue.record("docs/man/defangctl.8 was recorded: review it")
      return
    }
    let old = page[begin.upperBound..<end.lowerBound].split(separator: "\n")
    let new = made.split(separator: "\n")
    let line = zip(old, new).prefix { $0 == $1 }.count
    #expect(
      old == new,
      "line \(line + 1) of COMMANDS; DEFANG_RECORD=1 swift test --filter ControlCommandsTests")
  }

  /// Each command says by examples how it is used.
  @Test func helpHasExamples() throws {
    for command in try ControlManual.leaves() {
      #expect(
        command.discussion?.contains("Examples:\n  defangctl \(command.path)") == true,
        "\(command.path)")
    }
  }
}

/// What `ArgumentParser` says about the commands.
private enum ControlManual {
  struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let subcommands: [Command]?
    let arguments: [Argument]?
  }

  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String
    }

    let kind: String
    let shouldDisplay: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
  }

  struct Leaf {
    /// As it is typed: `quarantine list`.
    let path: String
    let abstract: String
    let discussion: String?
    let arguments: [Argument]
  }

  private struct Tool: Decodable { let command: Command }

  static func leaves() throws -> [Leaf] {
    let root = try JSONDecoder().decode(Tool.self, from: Data(Defangctl._dumpHelp().utf8)).command
    var leaves: [Leaf] = []
    for command in inner(root) {
      let parts = inner(command)
      if parts.isEmpty { leaves.append(leaf(command, command.commandName)) }
      leaves += parts.map { leaf($0, "\(command.commandName) \($0.commandName)") }
    }
    return leaves
  }

  private static func inner(_ command: Command) -> [Command] {
    (command.subcommands ?? []).filter { $0.commandName != "help" }
  }

  private static func leaf(_ command: Command, _ path: String) -> Leaf {
    let arguments = (command.arguments ?? []).filter {
      $0.shouldDisplay && $0.names?.contains { ["help", "version"].contains($0.name) } != true
    }
    return Leaf(
      path: path, abstract: command.abstract ?? "", discussion: command.discussion,
      // Positional arguments first, then options as the help lists them.
      arguments: arguments.filter { $0.kind == "positional" }
        + arguments.filter { $0.kind != "positional" })
  }

  static func text() throws -> String {
    try leaves().map { leaf in
      ".Ss \(leaf.path)\n\(escaped(leaf.abstract))\n.Bl -tag -width Ds\n"
        + leaf.arguments.map(item).joined() + ".El\n"
    }.joined()
  }

  private static func item(_ argument: Argument) -> String {
    let value = argument.valueName ?? "value"
    var head = ".It"
    if argument.kind == "positional" {
      head += " Ar \(value)" + (argument.isRepeating ? " ..." : "")
    } else {
      head += (argument.names ?? []).map { " Fl \($0.kind == "long" ? "-" : "")\($0.name)" }
        .joined(separator: " ,")
      if argument.kind == "option" { head += " Ar \(value)" }
    }
    var lines = [head, escaped(argument.abstract ?? "")]
    if let values = argument.allValues, !values.isEmpty {
      lines.append("One of " + escaped(values.joined(separator: ", ")) + ".")
    }
    if let value = argument.defaultValue, argument.kind != "flag", !["", "[]"].contains(value) {
      lines.append("Default: " + escaped(value) + ".")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every sentence on a line of its own; nothing that roff would act on.
  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("--", with: "\\-\\-")
    return plain.replacing(". ", with: ".\n").split(separator: "\n")
      .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0) }
      .joined(separator: "\n")
  }
}
