// `defangctl trace` and `log-level`: what is logged, changed while the daemon runs.
internal import ArgumentParser
internal import FoundationEssentials

struct TraceCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Change whose mail is traced in the log; without words show it.",
    discussion: """
      WORDS are client=NET, sender=A, recipient=A, rule=NAME and share=1/N, of which all
      must hold, where '*' is any run of characters; or all, off, or reset for what the
      configuration says. Messages that begin from then on follow it.

      Examples:
        defangctl trace
        defangctl trace sender=@example.net rule='spam*' --for 10m
        defangctl trace all --for 30s
        defangctl trace off
      """)

  @OptionGroup var daemon: DaemonOptions
  @ArgumentParser.Argument(help: "Whose mail.")
  var words: [String] = []
  @Option(name: .customLong("for"), help: "Only so long: a number with s, m, h or d.")
  var span: Age?

  func validate() throws {
    guard span == nil || !words.isEmpty && words != ["off"] && words != ["reset"] else {
      throw ValidationError("--for wants to know whose mail: words, or all")
    }
  }

  private var arguments: [(String, String)] {
    switch words {
    case []: []
    case ["off"], ["reset"]: [("set", words[0])]
    case ["all"]: [("filters", "")]
    default: [("filters", words.joined(separator: " "))]
    }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let all = arguments + (span.map { [("seconds", "\($0.seconds)")] } ?? [])
    if daemon.json { return output.raw(try daemon.ask("trace", all) + [10]) }
    let trace = try daemon.ask("trace", all, as: DaemonTrace.self)
    output.line(PlainText.line(trace.text ?? "off"))
  }
}

struct LogLevelCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "log-level",
    abstract: "Change the least level that is logged; without a word show it.",
    discussion: """
      LEVEL is debug, info, notice, warning or error; or reset for what the
      configuration says.

      Examples:
        defangctl log-level
        defangctl log-level debug --for 10m
        defangctl log-level reset
      """)

  @OptionGroup var daemon: DaemonOptions
  @ArgumentParser.Argument(help: "The level.")
  var level: String?
  @Option(name: .customLong("for"), help: "Only so long: a number with s, m, h or d.")
  var span: Age?

  func validate() throws {
    guard span == nil || level != nil && level != "reset" else {
      throw ValidationError("--for wants a level")
    }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let wanted = level.map { $0 == "reset" ? [("set", $0)] : [("level", $0)] } ?? []
    let all = wanted + (span.map { [("seconds", "\($0.seconds)")] } ?? [])
    if daemon.json { return output.raw(try daemon.ask("log-level", all) + [10]) }
    output.line(try daemon.ask("log-level", all, as: DaemonLevel.self).text)
  }
}
