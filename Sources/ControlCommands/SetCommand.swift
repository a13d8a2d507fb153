// `defangctl set` and `switches`: values that policies read as `${switch.NAME}`.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

struct SetCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set a switch of the policy; sessions that begin from now on see it.",
    discussion: """
      A policy declares its switches with a first value: switch "lockdown" "off";

      Examples:
        defangctl set lockdown on
        defangctl set lockdown --unset      back to the policy's own value
      """)

  @OptionGroup var state: StateOptions
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
    let store = try state.switches()
    try asking { () throws(StoreFailure) in
      try store.set(name, to: value, by: .current, nowSeconds: UTC.nowSeconds)
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
    let store = try state.switches()
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

extension StateOptions {
  /// The state directory must be there: one made here could belong to the wrong user.
  func switches() throws(ControlFailure) -> SwitchStore {
    guard paths.isThere else {
      throw ControlFailure(66, "there is no state directory \(paths.directory)")
    }
    return SwitchStore(directory: paths.directory)
  }
}
