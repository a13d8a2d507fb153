// The history as commands open it, and what they show of it in JSON.
internal import ArgumentParser
internal import JSONOutput
internal import Stores

extension StateOptions {
  /// The history, which the daemon must have begun.
  func history() throws(ControlFailure) -> HistoryStore {
    do throws(StoreFailure) {
      return try HistoryStore(paths, for: .read)
    } catch .missing {
      throw ControlFailure(
        66, "there is no history in \(paths.directory): defangd keeps one with --history")
    } catch {
      throw ControlFailure(error)
    }
  }
}

enum HistoryJSON {
  static func list(_ entries: [HistoryEntry]) -> String {
    entries.isEmpty ? "[]" : "[\n" + entries.map { entry($0).line }.joined(separator: ",\n") + "\n]"
  }

  static func entry(_ entry: HistoryEntry) -> OrderedJSON {
    let client = OrderedJSON.object([
      ("ip", .text(entry.clientIP)), ("name", .text(entry.clientName)),
      ("helo", .text(entry.helo)), ("login", .text(entry.login)),
    ])
    return .object([
      ("queue_id", .text(entry.queueID)), ("session_id", .text(entry.sessionID)),
      ("time", .text(UTC.text(entry.timeSeconds))), ("verdict", .text(entry.verdict)),
      ("phase", .text(entry.phase)), ("rule", .text(orNull: entry.rule.orNil)),
      ("location", .text(orNull: entry.location.orNil)),
      ("code", .text(orNull: entry.code.orNil)), ("reply", .text(orNull: entry.reply.orNil)),
      ("error", .text(orNull: entry.problem.orNil)), ("client", client),
      ("sender", .text(entry.sender)), ("recipients", .texts(entry.recipients)),
      ("direction", .text(orNull: entry.direction.orNil)),
      ("size", entry.sizeBytes.map { .number($0) } ?? .null),
      ("message_id", .text(entry.messageID)), ("score", .text(entry.score)),
      ("quarantine_id", .text(orNull: entry.quarantineID.orNil)),
      ("microseconds", .number(Int(entry.microseconds))), ("image", .text(entry.image)),
      ("rules", .list(entry.rules.map(rule))), ("actions", .texts(entry.actions)),
      ("limits", .texts(entry.limits)), ("checks", .list(entry.checks.map(check))),
      ("failures", .list(entry.failures.map(failure))), ("events", .list(entry.events.map(event))),
    ])
  }

  private static func rule(_ rule: HistoryEntry.Rule) -> OrderedJSON {
    .object([
      ("name", .text(rule.name)), ("location", .text(rule.location)),
      ("phase", .text(rule.phase)),
      (
        "tests",
        .list(
          rule.tests.map { test in
            .object([
              ("text", .text(test.text)), ("location", .text(test.location)),
              ("outcome", .text(test.outcome.rawValue)), ("values", .texts(test.values)),
            ])
          })
      ),
    ])
  }

  private static func check(_ check: HistoryEntry.Check) -> OrderedJSON {
    .object([
      ("name", .text(check.name)), ("microseconds", .number(Int(check.microseconds))),
      ("failed", .truth(check.failed)),
    ])
  }

  private static func failure(_ failure: HistoryEntry.Failure) -> OrderedJSON {
    .object([
      ("class", .text(failure.kind)), ("reason", .text(failure.reason)),
      ("rule", .text(failure.rule)), ("answer", .text(failure.answer)),
    ])
  }

  private static func event(_ event: HistoryEntry.Event) -> OrderedJSON {
    .object([("name", .text(event.name)), ("values", .texts(event.values))])
  }
}

extension String {
  /// Nil for the empty text.
  fileprivate var orNil: String? { isEmpty ? nil : self }
}
