// One line of the log as fields with names; its forms are made of the same list.
package import JSONOutput
package import Logging

/// A value of a field.
package enum LogValue: Equatable, Sendable {
  case text(String)
  case number(Int)
  /// A decimal number as it is written.
  case decimal(String)
  case list([String])

  var shown: String {
    switch self {
    case .text(let text): LogText.quoted(text)
    case .number(let number): String(number)
    case .decimal(let text): text
    case .list(let values): LogText.list(values)
    }
  }

  var json: OrderedJSON {
    switch self {
    case .text(let text): .text(LogText.cut(text))
    case .number(let number): .number(number)
    case .decimal(let text): .text(text)
    case .list(let values): .texts(values.map(LogText.cut))
    }
  }
}

/// How lines are written.
package enum LogFormat: String, CaseIterable, Sendable {
  /// `QUEUEID: verdict=accept …`.
  case text
  /// One object a line.
  case json
}

package struct LogEntry: Equatable, Sendable {
  /// What a line is about; the first field of its JSON form says it.
  package enum Kind: String, Sendable { case verdict, log, failure, event, trace, daemon }

  package var kind: Kind
  package var level: Logger.Level
  /// The queue id, the session's id before there is one; nil for what is about no mail.
  package var key: String?
  package var sessionID: String?
  /// A word of its own in the text form, before the fields.
  package var word: String?
  package var fields: [(name: String, value: LogValue)] = []
  /// Free text behind the fields: our own words and values made safe.
  package var message: String?

  package init(_ kind: Kind, level: Logger.Level = .info, key: String?, sessionID: String? = nil) {
    self.kind = kind
    self.level = level
    self.key = key
    self.sessionID = sessionID
  }

  package mutating func add(_ name: String, _ value: LogValue) { fields.append((name, value)) }
  package mutating func add(_ name: String, _ text: String?) {
    if let text, !text.isEmpty { add(name, .text(text)) }
  }
  package mutating func add(_ name: String, _ values: [String]) {
    if !values.isEmpty { add(name, .list(values)) }
  }

  package static func == (left: LogEntry, right: LogEntry) -> Bool {
    left.text == right.text && left.level == right.level
  }

  /// The line without what a sink puts before it.
  package func line(_ format: LogFormat) -> String {
    format == .text ? text : LogText.line(json)
  }

  package var text: String {
    // One text that grows: with a list of words a line of twenty fields costs twice as much.
    var line = ""
    line.reserveCapacity(Self.usualLineBytes)
    if let key {
      line += LogText.key(key)
      line += ": "
    }
    if let word {
      line += word
      line += " "
    }
    for field in fields {
      line += field.name
      line += "="
      line += field.value.shown
      line += " "
    }
    if let message { line += message } else if !line.isEmpty { line.removeLast() }
    return line
  }

  private static let usualLineBytes = 480

  package var json: OrderedJSON {
    var members: [(String, OrderedJSON)] = [
      ("queue_id", .text(orNull: key.map(LogText.cut)))
    ]
    if let sessionID, sessionID != key { members.append(("session", .text(sessionID))) }
    if kind != .verdict { members.append(("kind", .text(kind.rawValue))) }
    members += fields.map { ($0.name.replacing("-", with: "_"), $0.value.json) }
    if let message { members.append(("message", .text(message))) }
    return .object(members)
  }
}
