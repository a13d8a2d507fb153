// Signer and verifier against another implementation, both ways: mail that either signed, whole and
// changed, must be good or bad for both.
//
// Not asked is what the other decides otherwise than the standard: blanks at the end of a last line
// without line end, `l=` beyond the body, rsa-sha1.

import Foundation
import MailSignatures
import Testing

struct JudgeTests {
  private static let header =
    "Received: from a by b; Fri, 11 Jul 2003 21:01:54 -0700\n"
    + "Received: from c by d; Fri, 11 Jul 2003 21:01:50 -0700\n"
    + "From: Joe <joe@example.org>\nTo: Sue <sue@example.net>,\n\tBob <bob@example.net>\n"
    + "subject: Dinner   is\n  ready \nX-Empty:\nDate:Fri, 11 Jul 2003 21:00:37 -0700\n"

  private static let bodies: [[UInt8]] = [
    SignedMail.bytes("Hi.\n\nWe lost  the\tgame. \n \t\nJoe"),
    [],
    Array("no end".utf8),
    Array("\r\n\r\n\r\n".utf8),
    Array("\r\n\r\nlate\r\n\r\n\r\n".utf8),
    Array(" \t \r\n".utf8),
    Array("gr\u{fc}n".utf8) + [0xff, 0x00, 0x80, 13, 10],
    Array("bare\rreturn \r x\r\r\nend\r\n".utf8),
    Array("bare\nfeed \n\n\n".utf8),
    Array(String(repeating: "0123456789  abcdef \r\n", count: 10_000).utf8),
  ]

  private static func message(_ index: Int) -> [UInt8] {
    SignedMail.bytes(header) + bodies[index]
  }

  /// Ways of changing a message; what a form forgives is not said here, the judge knows.
  private static let changes: [(name: String, change: @Sendable ([UInt8]) -> [UInt8])] = [
    ("none", { $0 }),
    ("empty lines", { $0 + Array("\r\n\r\n".utf8) }),
    ("a line more", { $0 + Array("more\r\n".utf8) }),
    ("blanks more in the body", { SignedMail.replacing("lost ", "lost  \t", in: $0) }),
    ("a blank less at an end", { SignedMail.replacing("game. \r", "game.\r", in: $0) }),
    ("case of a name", { SignedMail.replacing("subject:", "SUBJECT:", in: $0) }),
    ("case of a value", { SignedMail.replacing("Dinner", "dinner", in: $0) }),
    ("blanks in a field", { SignedMail.replacing("Dinner   is", "Dinner is", in: $0) }),
    ("another fold", { SignedMail.replacing("Sue <", "Sue\r\n <", in: $0) }),
    ("a fold less", { SignedMail.replacing("\r\n\tBob", " Bob", in: $0) }),
    ("a From on top", { Array("From: x@example.com\r\n".utf8) + $0 }),
    ("a Subject on top", { Array("Subject: other\r\n".utf8) + $0 }),
    ("a Received on top", { Array("Received: from z by y\r\n".utf8) + $0 }),
    ("a field that nobody signs", { Array("X-New: 1\r\n".utf8) + $0 }),
    ("a field less", { SignedMail.replacing("X-Empty:\r\n", "", in: $0) }),
    ("Date less", { SignedMail.replacing("\r\nDate:", "\r\nX-Date:", in: $0) }),
    ("Received out of order", { SignedMail.replacing("from c by d", "from a by b", in: $0) }),
    ("other time", { SignedMail.replacing("t=1", "t=2", in: $0) }),
    ("a tag more", { SignedMail.replacing("v=1;", "v=1; y=1;", in: $0) }),
    ("a tag twice", { SignedMail.replacing("v=1;", "v=1; v=1;", in: $0) }),
    ("no version", { SignedMail.replacing("v=1; ", "", in: $0) }),
    ("blanks in the signature", { SignedMail.replacing("; d=", ";  d=", in: $0) }),
    ("a length", { SignedMail.replacing("; d=", "; l=1; d=", in: $0) }),
    ("other names", { SignedMail.replacing("from:", "from:sender:", in: $0) }),
    ("only line feeds", { bytes in bytes.filter { $0 != 13 } }),
  ]

  private static let forms = Canonicalization.allCases.flatMap { header in
    Canonicalization.allCases.map { (header, $0) }
  }

  private let now = Int64(Date().timeIntervalSince1970)

  private func compare(_ judge: Judge, _ signed: [UInt8], _ origin: String) throws {
    var goodCount = 0
    for (name, change) in Self.changes {
      let message = change(signed)
      let result = try SignedMail.verify(message, now: now)[0]
      let isValid = try judge.isValid(message)
      if isValid { goodCount += 1 }
      let reason = result.reason?.text ?? "none"
      #expect((result.outcome == .pass) == isValid, "\(origin), \(name): \(reason)")
      if name == "none" { #expect(isValid, "\(origin): the judge finds it bad") }
    }
    #expect(goodCount > 1 && goodCount < Self.changes.count, "\(origin): the judge is blind")
  }

  @Test func bothJudgeAlike() throws {
    let judge = try Judge()
    for index in Self.bodies.indices {
      for (number, (header, body)) in Self.forms.enumerated() {
        let key = TestKey.allCases[(index + number) % 2]
        let message = Self.message(index)
        let origin = "body \(index), \(key), \(header)/\(body)"
        let signer = try key.signer(
          header: header, body: body, headers: DKIMSigner.defaultHeaders + ["received", "x-empty"])
        let ours = try signer.sign(message, now: now, validSeconds: 3_600).bytes + message
        try compare(judge, ours, "ours, \(origin)")
        let extent = number % 2 == 0 ? "whole" : "length"
        let theirs = try judge.sign(
          message, "\(key) \(header)/\(body) \(extent) from:to:subject:date:x-empty:from")
        try compare(judge, theirs, "theirs, \(origin), \(extent)")
      }
    }
    try judge.end()
  }

  @Test(arguments: [-864_000, 864_000])
  func bothKnowTheTime(_ offset: Int64) throws {
    let judge = try Judge()
    let message = Self.message(0)
    let field = try TestKey.rsa.signer().sign(message, now: now + offset, validSeconds: 60)
    let result = try SignedMail.verify(field.bytes + message, now: now)[0]
    #expect(result.outcome == .policy)
    #expect(try !judge.isValid(field.bytes + message))
    try judge.end()
  }
}
