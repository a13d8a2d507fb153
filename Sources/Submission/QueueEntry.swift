// What stands in the queue's files. A mail is one file, ID.mail, that never changes: a line of JSON
// (the envelope), then the message. What becomes of it stands beside it in ID.state, JSON too.
internal import FoundationEssentials

/// The first line of a queued mail.
struct QueueEnvelope: Codable, Sendable, Equatable {
  var version = 1
  var created: Int64
  var purpose: MailPurpose
  var sender: String
  var recipients: [String]
  var needsSMTPUTF8: Bool
  var isMarked: Bool

  init(_ mail: OutgoingMail, created: Int64) {
    self.created = created
    purpose = mail.purpose
    sender = mail.sender
    recipients = mail.recipients
    needsSMTPUTF8 = mail.needsSMTPUTF8
    isMarked = mail.isMarked
  }
}

/// How far a queued mail is.
struct QueueProgress: Codable, Sendable, Equatable {
  var version = 1
  var attempts = 0
  /// Not before.
  var due: Int64 = 0
  /// Who has it.
  var done: [String] = []
  /// Who will not get it, and why.
  var failed: [String: String] = [:]
  /// The last word of the server, or what was amiss.
  var lastFailure: String?

  func open(of recipients: [String]) -> [String] {
    let settled = Set(done).union(failed.keys)
    return recipients.filter { !settled.contains($0) }
  }
}

enum QueueText {
  static func line(_ value: some Encodable) -> [UInt8] {
    // Numbers, strings and lists of ours: nothing that the encoder could refuse.
    guard let data = try? JSONEncoder().encode(value) else {
      preconditionFailure("a queue entry holds nothing that JSON has no form for")
    }
    return Array(data) + [0x0A]
  }

  static func value<Value: Decodable>(_ line: some Sequence<UInt8>) -> Value? {
    try? JSONDecoder().decode(Value.self, from: Data(line))
  }
}

/// A mail in the queue, as lists show it.
package struct QueuedMail: Sendable, Equatable {
  package let id: String
  package let created: Int64
  package let purpose: MailPurpose
  package let sender: String
  /// Those who do not have it yet.
  package let recipients: [String]
  package let bytes: Int
  package let attempts: Int
  package let due: Int64
  package let lastFailure: String?
  /// It will not be tried again.
  package let hasFailed: Bool
}
