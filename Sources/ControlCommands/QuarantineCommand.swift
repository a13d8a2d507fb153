// `defangctl quarantine`: its parts, and what they share.
internal import ArgumentParser
internal import Stores

struct QuarantineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine",
    abstract: "See, release, delete and take out what is quarantined.",
    discussion: """
      Examples:
        defangctl quarantine list
        defangctl quarantine show ID
      """,
    subcommands: [
      QuarantineList.self, QuarantineShow.self, QuarantineRelease.self, QuarantineDelete.self,
      QuarantineExport.self, QuarantineExpire.self, QuarantineCheckCommand.self,
    ])
}

struct StateOptions: ParsableArguments {
  @Option(help: "The daemon's state directory.")
  var state = StatePaths.defaultDirectory

  var paths: StatePaths { StatePaths(state) }

  /// The quarantine, which must be there already.
  func quarantine() throws(ControlFailure) -> QuarantineStore {
    let directory = paths.quarantine
    do throws(StoreFailure) {
      return try QuarantineStore(directory: directory, isMade: false)
    } catch .missing {
      throw ControlFailure(66, "there is no quarantine in \(directory)")
    } catch {
      throw ControlFailure(error)
    }
  }
}

extension HeldKind: ExpressibleByArgument {}
extension EntryState: ExpressibleByArgument {}

/// Which entries are meant. Text may hold '*' for any run of characters; a text that begins with
/// '@' is the end of an address.
struct FilterOptions: ParsableArguments {
  @OptionGroup var period: PeriodOptions
  @Option(help: "Envelope sender: an address, @domain, or with '*'; '' is the null sender.")
  var sender: String?
  @Option(help: "A recipient: an address, @domain, or with '*'.")
  var recipient: String?
  @Option(help: "The rule that quarantined it; may hold '*'.")
  var rule: String?
  @Option(help: "The reason; may hold '*'.")
  var reason: String?
  @Option(help: "Messages, parts of others, or copies of others.")
  var kind: HeldKind?
  @Option(help: "The beginning of the id.")
  var idPrefix: String?

  func filter(nowSeconds: Int64) -> QuarantineFilter {
    var filter = QuarantineFilter()
    (filter.sinceSeconds, filter.untilSeconds) = period.seconds(now: nowSeconds)
    filter.sender = sender
    filter.recipient = recipient
    filter.rule = rule
    filter.reason = reason
    filter.kind = kind
    filter.idPrefix = idPrefix
    return filter
  }
}
