// `defangctl quarantine delete`.
internal import ArgumentParser
internal import Stores

struct QuarantineDelete: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete the content of entries; who did it is kept on record.",
    discussion: """
      Either ids or filters. With filters nothing is deleted without --yes.

      Examples:
        defangctl quarantine delete ID ID
        defangctl quarantine delete --sender @spam.example --until 7d --yes
      """)

  @OptionGroup var state: StateOptions
  @OptionGroup var filters: FilterOptions
  @ArgumentParser.Argument(help: "Ids of entries.")
  var ids: [String] = []
  @Flag(help: "Delete all entries that the filters find.")
  var yes = false

  func validate() throws {
    let isOpen = filters.filter(nowSeconds: 0).isOpen
    if ids.isEmpty, isOpen { throw ValidationError("ids or filters are wanted") }
    if !ids.isEmpty, !isOpen { throw ValidationError("ids and filters exclude each other") }
  }

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    let store = try state.quarantine()
    let now = UTC.nowSeconds
    var meant = ids
    if ids.isEmpty {
      var filter = filters.filter(nowSeconds: now)
      filter.countMax = .max
      meant = try asking { () throws(StoreFailure) in try store.entries(filter).map(\.id) }
      guard yes else {
        throw ControlFailure(
          ControlFailure.usage, "\(meant.count) entries would be deleted; say --yes to do it")
      }
    }
    try asking { () throws(StoreFailure) in
      try store.delete(meant, by: .current, nowSeconds: now)
    }
    output.line("\(meant.count) deleted")
  }
}
