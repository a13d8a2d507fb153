// Who did what with an entry, when, and what came of it.
internal import GRDB

package struct AuditRecord: Equatable, Sendable {
  package enum Action: String, CaseIterable, Sendable {
    /// The same mail came again; the result is the id that it came under.
    case heldAgain = "held again"
    case releaseBegun = "release begun"
    case released
    case releaseFailed = "release failed"
    case deleted, exported, expired
  }

  package let id: String
  package let timeSeconds: Int64
  package let actor: StoreActor
  package let action: Action
  /// One line; may hold a mail server's words.
  package let result: String

  init(id: String, timeSeconds: Int64, actor: StoreActor, action: Action, result: String) {
    self.id = id
    self.timeSeconds = timeSeconds
    self.actor = actor
    self.action = action
    self.result = result
  }

  init(_ row: Row) throws {
    guard let action = Action(rawValue: row["action"]) else {
      throw StoreFailure.broken("the audit record holds an action that this program does not know")
    }
    self.init(
      id: row["id"], timeSeconds: row["time"],
      actor: StoreActor(userNumber: row["user_number"], name: row["user_name"]), action: action,
      result: row["result"])
  }

  func insert(_ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO audit (id, time, user_number, user_name, action, result)
          VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, timeSeconds, actor.userNumber, actor.name, action.rawValue,
        result.replacing("\0", with: "\u{FFFD}"),
      ])
  }
}
