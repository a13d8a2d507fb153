// `defangctl quarantine expire` and `check`: upkeep.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

struct QuarantineExpire: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Remove entries past their time, and files that no entry names.",
    discussion: """
      Safe while the daemon runs. A file is left alone for an hour: somebody may be \
      about to name it.

      Examples:
        defangctl quarantine expire
        defangctl quarantine expire --json
      """)

  @OptionGroup var state: StateOptions
  @Flag(help: "Print one JSON object.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.quarantine()
    let report = try asking { () throws(StoreFailure) in
      try store.expire(nowSeconds: UTC.nowSeconds)
    }
    output.line(report.text(json: json))
  }
}

extension ExpiryReport {
  func text(json: Bool) -> String {
    guard json else { return "\(entries) entries and \(files) files removed" }
    return OrderedJSON.object([("entries", .number(entries)), ("files", .number(files))]).line
  }
}

struct QuarantineCheckCommand: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Look whether index and files agree; reads every content.",
    discussion: """
      Examples:
        defangctl quarantine check

      Exit status: 0 no fault, 1 faults were found, 65 the index cannot be read.
      """)

  @OptionGroup var state: StateOptions
  @Flag(help: "Print one JSON object.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.quarantine()
    let report = try asking { () throws(StoreFailure) in
      try store.check(nowSeconds: UTC.nowSeconds)
    }
    output.foundFaults = !report.faults.isEmpty
    let faults = report.faults.map(\.message)
    if json {
      let members: [(String, OrderedJSON)] = [
        ("entries", .number(report.entries)), ("bytes", .number(report.bytes)),
        ("faults", .texts(faults)),
      ]
      return output.line(OrderedJSON.object(members).line)
    }
    for fault in faults { output.line(PlainText.line(fault)) }
    output.line("\(report.entries) entries, \(report.bytes) bytes, \(faults.count) faults")
  }
}
