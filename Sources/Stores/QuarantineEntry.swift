// What the quarantine knows of a message or a part that it holds. All text of an entry may come
// from mail: whoever shows it makes it harmless first.
internal import RuleBytecode

package enum HeldKind: String, CaseIterable, Sendable {
  /// Its recipients have not got it.
  case message
  case part
  /// Of a message that went another way (`quarantine :copy`): nobody waits for it.
  case copy
}

package enum EntryState: String, CaseIterable, Sendable {
  /// Waits for somebody's decision or for its end.
  case held
  /// Is being sent; one that stays so was being sent when a process died.
  case releasing
  case released
  /// Its content is gone; the record stays until its time is over.
  case deleted
}

/// The envelope and the session of a message.
package struct HeldEnvelope: Equatable, Sendable {
  /// "" is the null sender.
  package var sender: String
  package var recipients: [String]
  package var clientIP = ""
  package var clientName = ""
  package var helo = ""
  package var authUser = ""
  package var queueID = ""
  package var sessionID = ""

  package init(sender: String, recipients: [String]) {
    self.sender = sender
    self.recipients = recipients
  }

  /// The same for the same sender and recipients in any order.
  var key: String {
    let lines = [sender] + recipients.sorted()
    return SHA256.digest(of: Array(lines.joined(separator: "\n").utf8)).hex
  }
}

/// A part of a message, for entries that hold one.
package struct HeldPart: Equatable, Sendable {
  package let path: String
  package let name: String
  package let type: String

  package init(path: String, name: String, type: String) {
    self.path = path
    self.name = name
    self.type = type
  }
}

/// What is to be kept; the content comes beside it.
package struct QuarantineOrder: Equatable, Sendable {
  /// Chosen by the caller (`QuarantineID`): rules may name it before anything is stored.
  package var id: String
  package var envelope: HeldEnvelope
  /// Nil for a whole message.
  package var part: HeldPart?
  /// Kept beside what becomes of the message.
  package var isCopy = false
  package var reason: String
  package var rule: String
  /// Digest of the policy that decided, hexadecimal.
  package var policy: String
  package var receivedSeconds: Int64
  /// `QuarantineLimits.keepSeconds` after that when nil.
  package var expiresSeconds: Int64?
  /// Decoded, as a reader would see it.
  package var subject = ""
  package var messageID = ""

  package init(
    id: String, envelope: HeldEnvelope, part: HeldPart? = nil, reason: String, rule: String,
    policy: String, receivedSeconds: Int64
  ) {
    self.id = id
    self.envelope = envelope
    self.part = part
    self.reason = reason
    self.rule = rule
    self.policy = policy
    self.receivedSeconds = receivedSeconds
  }
}

package struct QuarantineEntry: Equatable, Sendable {
  package let id: String
  package let state: EntryState
  package let envelope: HeldEnvelope
  package let part: HeldPart?
  package let isCopy: Bool
  package let reason: String
  package let rule: String
  package let policy: String
  package let receivedSeconds: Int64
  package let expiresSeconds: Int64
  package let subject: String
  package let messageID: String
  package let size: Int
  /// SHA-256 of the content, hexadecimal.
  package let digest: String

  package var kind: HeldKind { part != nil ? .part : isCopy ? .copy : .message }
}

/// What became of an order.
package struct KeptEntry: Equatable, Sendable {
  /// The entry that holds the content: the order's own id, or that of the entry which an earlier
  /// try of the same mail has made.
  package let id: String
  package let isNew: Bool
}

package enum QuarantineID {
  /// Bytes of an id.
  package static let bytesMax = 128

  /// Sorts by time, and nobody can guess it: 80 random bits.
  package static func make(nowSeconds: Int64) -> String {
    "\(UTC.compact(nowSeconds))-\(RandomText.make(count: 16))"
  }

  /// The id of a part of the message with this id.
  package static func ofPart(_ path: String, in id: String) -> String { "\(id).p\(path)" }

  /// Letters, digits, `-`, `_` and `.`; no dot or hyphen in front. So an id is a file name, a word
  /// of a command line and no option.
  package static func isValid(_ id: String) -> Bool {
    guard let first = id.utf8.first, id.utf8.count <= bytesMax, first != 45, first != 46 else {
      return false
    }
    return id.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || [45, 46, 95].contains(byte)
    }
  }
}
