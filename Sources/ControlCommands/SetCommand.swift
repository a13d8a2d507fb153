// `defangctl set` and `switches`: values that policies read as `${switch.NAME}`. The daemon sets
// them, since it knows which its policy has; without it they can be set in its state folder.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

struct SetCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set a switch of the policy; sessions that begin from now on see it.",
    discussion: """
      A policy declares its switches with a first value: switch "lockdown" "off";
      What is set is logged and kept over restarts.

      Examples:
        defangctl set lockdown on
        defangctl set lockdown --unset      back to the policy's own value
        defangctl set lockdown on --state /var/lib/defang      without the daemon
      """)

  @OptionGroup var daemon: DaemonOptions
  @Option(help: "Set it in this state directory, without the daemon.")
  var state: String?
  @ArgumentParser.Argument(help: "The switch's name.")
  var name: String
  @ArgumentParser.Argument(help: "Its value: one line.")
  var value: String?
  @Flag(help: "Forget the value that was set.")
  var unset = false

  func validate() throws {
    if unset == (value != nil) { throw ValidationError("either a value or --unset is wanted") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    guard let state else { return try tellDaemon(&output) }
    let store = try StatePaths(state).switches()
    try asking { () throws(StoreFailure) in
      try store.set(name, to: value, by: .current, nowSeconds: UTC.nowSeconds)
    }
  }

  private func tellDaemon(_ output: inout ControlOutput) throws(ControlFailure) {
    let arguments = [("name", name)] + (value.map { [("value", $0)] } ?? [])
    do throws(ControlFailure) {
      let line = try daemon.ask("set", arguments)
      if daemon.json { output.raw(line + [10]) }
    } catch {
      guard error.code == 69 else { throw error }
      throw ControlFailure(69, error.message + "; --state DIRECTORY sets it without a daemon")
    }
  }
}

struct SwitchesCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "switches",
    abstract: "List the switches that were set, with who did it.",
    discussion: """
      A switch that is not listed has the value of the policy.

      Examples:
        defangctl switches
        defangctl switches --json
      """)

  @OptionGroup var state: StateOptions
  @Flag(help: "Print a JSON array.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.paths.switches()
    let settings = try asking { () throws(StoreFailure) in try store.settings() }
    if json {
      let values = settings.map { setting in
        OrderedJSON.object([
          ("name", .text(setting.name)), ("value", .text(setting.value)),
          ("set", .text(UTC.text(setting.setSeconds))), ("by", .text(setting.actor)),
        ])
      }
      return output.line(OrderedJSON.list(values).line)
    }
    if settings.isEmpty { return }
    var table = TextTable(["NAME", "VALUE", "SET", "BY"])
    for setting in settings {
      table.add([setting.name, setting.value, UTC.text(setting.setSeconds), setting.actor])
    }
    for line in table.lines { output.line(line) }
  }
}

extension StatePaths {
  /// The state directory must be there: one made here could belong to the wrong user.
  fileprivate func switches() throws(ControlFailure) -> SwitchStore {
    guard isThere else { throw ControlFailure(66, "there is no state directory \(directory)") }
    return SwitchStore(directory: directory)
  }
}
