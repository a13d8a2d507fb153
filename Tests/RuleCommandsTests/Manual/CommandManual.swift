// The chapter COMMANDS of defang-rulec(1), made from what the command line parser says about
// itself.

import ArgumentParser
import Foundation

@testable import RuleCommands

struct CommandManual {
  /// As `ArgumentParser` describes a command; only what the page shows.
  struct Command: Decodable {
    let commandName: String
    let abstract: String?
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
    let isOptional: Bool
    let isRepeating: Bool
    let names: [Name]?
    let valueName: String?
    let defaultValue: String?
    let allValues: [String]?
    let abstract: String?
  }

  private struct Tool: Decodable { let command: Command }

  static func read() throws -> Command {
    try JSONDecoder().decode(Tool.self, from: Data(DefangRulec._dumpHelp().utf8)).command
  }

  /// Each command with its options; `--help` and `--version` go without saying.
  static func text(_ root: Command) -> String {
    let commands = (root.subcommands ?? []).filter { $0.commandName != "help" }
    return commands.map { command in
      let arguments = (command.arguments ?? []).filter {
        $0.shouldDisplay && $0.names?.contains { ["help", "version"].contains($0.name) } != true
      }
      var lines = [".Ss \(command.commandName)", escaped(command.abstract ?? "")]
      lines += [".Bl -tag -width Ds"]
      // Positional arguments first, then options as the help lists them.
      let positional = arguments.filter { $0.kind == "positional" }
      for argument in positional + arguments.filter({ $0.kind != "positional" }) {
        lines += item(argument)
      }
      return (lines + [".El"]).joined(separator: "\n") + "\n"
    }.joined()
  }

  private static func item(_ argument: Argument) -> [String] {
    let value = argument.valueName ?? "value"
    var head = ".It"
    if argument.kind == "positional" {
      head += " Ar \(value)" + (argument.isRepeating ? " ..." : "")
    } else {
      let names = (argument.names ?? []).sorted { $0.name.count < $1.name.count }
      head += names.map { " Fl \($0.kind == "long" ? "-" : "")\($0.name)" }.joined(separator: " ,")
      if argument.kind == "option" { head += " Ar \(value)" }
    }
    var lines = [head, escaped(argument.abstract ?? "")]
    if let values = argument.allValues, !values.isEmpty {
      lines.append("One of " + escaped(values.joined(separator: ", ")) + ".")
    }
    if let value = argument.defaultValue, argument.kind != "flag", !["", "[]"].contains(value) {
      lines.append("Default: " + escaped(value) + ".")
    }
    return lines
  }

  /// Every sentence on a line of its own; nothing that roff would act on.
  private static func escaped(_ text: String) -> String {
    let plain = text.replacing("\\", with: "\\e").replacing("--", with: "\\-\\-")
    let lines = plain.replacing(". ", with: ".\n").split(separator: "\n")
    return lines.map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0) }
      .joined(separator: "\n")
  }
}
