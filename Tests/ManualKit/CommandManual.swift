// The chapter COMMANDS of a manual page, made from what the command line parser says about itself.
import Foundation

package struct CommandManual {
  package struct Leaf {
    /// As it is typed: `quarantine list`.
    package let path: String
    package let abstract: String
    package let discussion: String?
    let arguments: [Argument]
  }

  /// As `ArgumentParser` describes a command; only what the page shows.
  private struct Command: Decodable {
    let commandName: String
    let abstract: String?
    let discussion: String?
    let subcommands: [Command]?
    let arguments: [Argument]?

    var inner: [Command] { (subcommands ?? []).filter { $0.commandName != "help" } }

    /// `--help` and `--version` go without saying.
    func leaf(_ path: String) -> Leaf {
      let arguments = (arguments ?? []).filter {
        $0.shouldDisplay && $0.names?.contains { ["help", "version"].contains($0.name) } != true
      }
      return Leaf(
        path: path, abstract: abstract ?? "", discussion: discussion,
        // Positional arguments first, then options as the help lists them.
        arguments: arguments.filter { $0.kind == "positional" }
          + arguments.filter { $0.kind != "positional" })
    }
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

  private struct Tool: Decodable { let command: Command }

  /// Commands that do something: those without commands below them.
  package let leaves: [Leaf]

  /// `dump` is what `_dumpHelp()` of the root command returns.
  package init(dump: String) throws {
    let root = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8)).command
    leaves = root.inner.flatMap { command in
      command.inner.isEmpty
        ? [command.leaf(command.commandName)]
        : command.inner.map { $0.leaf("\(command.commandName) \($0.commandName)") }
    }
  }

  /// The options of a command without commands below it, as a list.
  package init(optionsOf dump: String) throws {
    let root = try JSONDecoder().decode(Tool.self, from: Data(dump.utf8)).command
    leaves = [root.leaf(root.commandName)]
  }

  package var options: String { leaves.map(Self.list).joined() }

  private static func list(_ leaf: Leaf) -> String {
    ".Bl -tag -width Ds\n" + leaf.arguments.map(item).joined() + ".El\n"
  }

  /// Each command with its options, in mdoc(7).
  package var text: String {
    leaves.map { leaf in
      ".Ss \(leaf.path)\n\(Self.escaped(leaf.abstract))\n" + Self.list(leaf)
    }.joined()
  }

  private static func item(_ argument: Argument) -> String {
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
