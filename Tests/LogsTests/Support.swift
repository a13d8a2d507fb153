// Records of mail that tests log.

import MailEdits
import MilterBridge
import RuleBytecode

@testable import RuleVM

extension DecisionRecord {
  /// A message to two that rule `virus` rejected.
  static func rejected() -> DecisionRecord {
    var record = accepted()
    record.verdict = Verdict(
      kind: .reject, reach: .message,
      reply: ReplyText(code: "554", enhanced: "5.7.1", text: "Message contains Eicar"),
      phase: .eom, rule: "virus", location: "policy.rules:31:5", cause: .rule)
    return record
  }

  static func accepted() -> DecisionRecord {
    var record = DecisionRecord()
    record.sessionID = "a1-7"
    record.queueID = "4bX1y2"
    record.phase = .eom
    record.client.address = "192.0.2.1"
    record.client.name = "host.example"
    record.sender = "<ann@example.net>"
    record.recipients = ["<bob@example.com>", "<eve@example.com>"]
    record.direction = .in
    record.sizeBytes = 1_234
    record.messageID = "<1@example.net>"
    record.subject = "Hello, you"
    record.nanoseconds = 12_345_678
    record.checks = [
      CheckTime(.dnsbl, name: "zen.example.org", nanoseconds: 2_000_000, failed: false),
      CheckTime(.scan, name: "clamav", nanoseconds: 10_000_000, failed: true),
    ]
    record.image = "0011223344556677"
    return record
  }
}
