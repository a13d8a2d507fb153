// `defangctl links`: upkeep of the folders that `store` declarations name.
internal import ArgumentParser
internal import Stores

struct LinksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "links",
    abstract: "Look after files behind links, and copies of messages.",
    discussion: """
      Examples:
        defangctl links expire --store /var/lib/defang/links --older-than 90d
      """,
    subcommands: [LinksExpire.self])
}

struct LinksExpire: ControlCommand {
  static let configuration = CommandConfiguration(
    commandName: "expire",
    abstract: "Remove files whose last use is longer ago, with their facts and empty folders.",
    discussion: """
      For folders of replace_with_link and of save_copy. The last use is when a mail \
      brought the file; reading does not count. Only what a store made is removed, and only in a \
      folder with the file .defang-store in it.

      Examples:
        defangctl links expire --store /var/lib/defang/links --older-than 90d
        defangctl links expire --store /srv/links --store /srv/journal --older-than 52w
      """)

  @Option(help: "A store's folder; may be repeated.")
  var store: [String]
  @Option(help: "The age: a number with s, m, h, d or w.")
  var olderThan: Age
  @Flag(help: "Print one JSON object for each store.")
  var json = false

  func carryOut(_ output: inout ControlOutput) throws(ControlFailure) {
    for path in store {
      let report = try asking { () throws(StoreFailure) in
        try StoreFolder(path).expire(nowSeconds: UTC.nowSeconds, ageSeconds: olderThan.seconds)
      }
      let text = report.text(json: json)
      output.line(json || store.count == 1 ? text : "\(path): \(text)")
    }
  }
}
