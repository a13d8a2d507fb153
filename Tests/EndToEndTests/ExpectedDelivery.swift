// What must have arrived, as differences from what was sent: every byte that a case does not name
// must be the same, but for the trace fields that a mail server itself adds.
import Foundation
import MailLab

struct ExpectedDelivery: Sendable {
  var sender: String?
  var recipients: [String] = []
  /// The message that was sent; empty for mail of the filter's own.
  var original = ""
  /// A message of the case whose body must be this one's, byte for byte.
  var body: String?
  /// Header fields that must be there, in this order among those of their name.
  var fields: [String] = []
  /// Names of header fields that must not be there.
  var absent: [String] = []
  /// Names of fields that are compared by nothing here, as Python reads them.
  var free: [String] = []
  /// Names of fields that must stand before, or after, all fields of the original.
  var first: [String] = []
  var last: [String] = []
  /// With any of these the body may differ from the original.
  var bodyHas: [String] = []
  var bodyLacks: [String] = []
  /// What a verifier says of its DKIM signature: `valid`, or how its complaint begins.
  var signature: String?
  /// What it says of its ARC chain.
  var chain: String?
  /// How Python reads it.
  var reading = ExpectedReading()

  mutating func read(_ line: String, at place: String) throws {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] : ""
    switch words[0] {
    case "from:": sender = rest
    case "to:": recipients = rest.split(separator: " ").map(String.init)
    case "message:": original = rest
    case "has": fields.append(rest)
    case "lacks": absent.append(rest)
    case "free": free.append(rest)
    case "first": first.append(rest)
    case "last": last.append(rest)
    case "body-has": bodyHas.append(rest)
    case "body-lacks": bodyLacks.append(rest)
    case "body:": body = rest
    case "dkim": signature = rest
    case "arc": chain = rest
    case "reads", "part", "text", "text-lacks":
      try reading.read(words[0], rest, at: place)
    default: throw LabError("\(place): unknown expectation \(line)")
    }
  }
}

/// A message cut into raw header fields and body.
struct RawMessage: Equatable {
  /// Each with its folds and its CRLF.
  var fields: [String] = []
  var body = ""

  init(_ bytes: [UInt8]) {
    // Latin-1 keeps each byte apart, whatever the message's charset is.
    let text = String(bytes.map { Character(Unicode.Scalar($0)) })
    var lines = text.components(separatedBy: "\r\n")
    while !lines.isEmpty {
      let line = lines.removeFirst()
      if line.isEmpty { break }
      if let first = line.first, first == " " || first == "\t", let last = fields.indices.last {
        fields[last] += line + "\r\n"
      } else {
        fields.append(line + "\r\n")
      }
    }
    body = lines.joined(separator: "\r\n")
  }

  static func name(_ field: String) -> String {
    field.prefix { $0 != ":" }.lowercased()
  }

  func fields(named name: String) -> [String] {
    fields.filter { Self.name($0) == name.lowercased() }
  }

  /// What `id` names in the newest trace field: both servers write their queue id there.
  var queueID: String? {
    guard let received = fields(named: "Received").first,
      let found = received.firstRange(of: #/\bid ([A-Za-z0-9]+)/#)
    else { return nil }
    return String(received[found].dropFirst(3))
  }

  /// Takes out the newest fields of a name.
  mutating func removeFirst(_ count: Int, named name: String) {
    for _ in 0..<max(count, 0) {
      guard let index = fields.firstIndex(where: { Self.name($0) == name.lowercased() }) else {
        return
      }
      fields.remove(at: index)
    }
  }

  mutating func removeAll(named name: String) {
    fields.removeAll { Self.name($0) == name.lowercased() }
  }
}

extension ExpectedDelivery {
  /// What is wrong with a delivery; nothing when it is as expected.
  ///
  /// - Parameter loginMechanism: what `{auth-type}` stands for.
  func differences(
    from delivery: Delivery, original: [UInt8]?, body: [UInt8]? = nil, loginMechanism: String = ""
  ) -> [String] {
    var problems = envelopeProblems(delivery)
    var got = RawMessage(delivery.bytes)
    // Of the filter's own mail there is nothing to compare with: what is not named is as it may be.
    var sent = original.map { RawMessage($0) } ?? got
    let queueID = got.queueID ?? "?"
    let added = got.fields(named: "Received").count - sent.fields(named: "Received").count
    got.removeFirst(added, named: "Received")
    if let body { sent.body = RawMessage(body).body }

    problems += positionProblems(got)
    let wanted = fields.map {
      $0.replacing("{queue-id}", with: queueID)
        .replacing("{auth-type}", with: loginMechanism) + "\r\n"
    }
    for name in Set(wanted.map(RawMessage.name)) {
      let expected = wanted.filter { RawMessage.name($0) == name }
      let found = got.fields(named: name)
      if found != expected { problems.append("fields \(found), expected \(expected)") }
      got.removeAll(named: name)
      sent.removeAll(named: name)
    }
    for name in absent {
      let found = got.fields(named: name)
      if !found.isEmpty { problems.append("fields \(found), expected none") }
      got.removeAll(named: name)
      sent.removeAll(named: name)
    }
    for name in free {
      got.removeAll(named: name)
      sent.removeAll(named: name)
    }
    if got.fields != sent.fields {
      problems.append("other fields are \(got.fields), were \(sent.fields)")
    }
    return problems + bodyProblems(got.body, sent.body)
  }

  private func envelopeProblems(_ delivery: Delivery) -> [String] {
    var problems: [String] = []
    if let sender, sender != delivery.sender {
      problems.append("sender is <\(delivery.sender)>, not <\(sender)>")
    }
    if recipients.sorted() != delivery.recipients.sorted() {
      problems.append("recipients are \(delivery.recipients), not \(recipients)")
    }
    return problems
  }

  private func positionProblems(_ got: RawMessage) -> [String] {
    let names = got.fields.map(RawMessage.name)
    var problems: [String] = []
    for name in first where names.first != name.lowercased() {
      problems.append("\(name) is not the first field: \(names)")
    }
    for name in last where names.last != name.lowercased() {
      problems.append("\(name) is not the last field: \(names)")
    }
    return problems
  }

  private func bodyProblems(_ got: String, _ sent: String) -> [String] {
    let isFree = !bodyHas.isEmpty || !bodyLacks.isEmpty || !reading.isEmpty
    guard body == nil && isFree else {
      return got == sent ? [] : ["body is not byte-identical; it is:\n\(got)"]
    }
    var problems: [String] = []
    for text in bodyHas where !got.contains(text) {
      problems.append("body lacks \"\(text)\"; it is:\n\(got)")
    }
    for text in bodyLacks where got.contains(text) {
      problems.append("body still has \"\(text)\"; it is:\n\(got)")
    }
    return problems
  }
}
