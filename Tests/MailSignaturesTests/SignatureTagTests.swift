// Signatures that are wrong before any key is asked for, and tolerated ones.

import Testing

@testable import MailSignatures

struct TagCase: Sendable, CustomTestStringConvertible {
  let tags: String
  /// Nil: the signature is read, and fails for its body.
  let reason: SignatureReason?

  init(_ tags: String, _ reason: SignatureReason?) {
    self.tags = tags
    self.reason = reason
  }

  var testDescription: String { tags }
}

struct SignatureTagTests {
  private static let good =
    "v=1; a=ed25519-sha256; d=example.org; s=ed; h=from; bh=AAAA; b=AAAA"

  private static func with(_ more: String) -> String { good + "; " + more }

  private static func replacing(_ old: String, _ new: String) -> String {
    String(
      decoding: SignedMail.replacing(old, new, in: Array(good.utf8)), as: UTF8.self)
  }

  static let cases: [TagCase] = [
    TagCase(good, nil),
    TagCase(with(""), nil),
    TagCase(with("unknown=; Un_known2=x=y"), nil),
    TagCase("\r\n\t" + replacing("h=from", "h\r\n =\r\n from \r\n : to"), nil),
    TagCase(replacing("d=example.org", "D=example.org; d=EXAMPLE.ORG"), nil),
    TagCase(replacing("bh=AAAA", "bh=A A\r\n\tAA"), nil),
    TagCase("", .notATagList),
    TagCase("v", .notATagList),
    TagCase("=1", .notATagList),
    TagCase("1v=1", .notATagList),
    TagCase("v v=1", .notATagList),
    TagCase("v=1;; a=rsa-sha256", .notATagList),
    TagCase(with(";"), .notATagList),
    TagCase(with("z=a\u{1}b"), .notATagList),
    TagCase(with("v=1"), .duplicateTag("v")),
    TagCase(with("x=1; x=1"), .duplicateTag("x")),
    TagCase(replacing("v=1; ", ""), .missingTag("v")),
    TagCase(replacing("a=ed25519-sha256; ", ""), .missingTag("a")),
    TagCase(replacing("d=example.org; ", ""), .missingTag("d")),
    TagCase(replacing("s=ed; ", ""), .missingTag("s")),
    TagCase(replacing("h=from; ", ""), .missingTag("h")),
    TagCase(replacing("bh=AAAA; ", ""), .missingTag("bh")),
    TagCase(replacing("; b=AAAA", ""), .missingTag("b")),
    TagCase(replacing("v=1", "v=2"), .unknownVersion),
    TagCase(replacing("v=1", "v=0.5"), .unknownVersion),
    TagCase(replacing("ed25519-sha256", "rsa-sha1"), .historicAlgorithm),
    TagCase(replacing("ed25519-sha256", "rsa-sha512"), .unknownAlgorithm),
    TagCase(replacing("ed25519-sha256", "RSA-SHA256"), .unknownAlgorithm),
    TagCase(replacing("example.org", ""), .badValue("d")),
    TagCase(replacing("example.org", "example..org"), .badValue("d")),
    TagCase(replacing("example.org", "example.org."), .badValue("d")),
    TagCase(replacing("example.org", "exa mple.org"), .badValue("d")),
    TagCase(replacing("example.org", "\u{e4}.org"), .badValue("d")),
    TagCase(replacing("s=ed", "s=.ed"), .badValue("s")),
    TagCase(replacing("s=ed", "s=e/d"), .badValue("s")),
    TagCase(replacing("h=from", "h=to:subject"), .fromNotSigned),
    TagCase(replacing("h=from", "h=from::to"), .badValue("h")),
    TagCase(replacing("h=from", "h="), .badValue("h")),
    TagCase(replacing("h=from", "h=from:x y"), .badValue("h")),
    TagCase(replacing("bh=AAAA", "bh=AAA"), .badValue("bh")),
    TagCase(replacing("bh=AAAA", "bh="), .badValue("bh")),
    TagCase(replacing("; b=AAAA", "; b=AA=A"), .badValue("b")),
    TagCase(replacing("; b=AAAA", "; b=A*AA"), .badValue("b")),
    TagCase(replacing("; b=AAAA", "; b=AAA=="), .badValue("b")),
    TagCase(with("c=relaxed"), nil),
    TagCase(with("c=relaxed/"), .unknownCanonicalization),
    TagCase(with("c=nofws/simple"), .unknownCanonicalization),
    TagCase(with("c=simple/simple/simple"), .unknownCanonicalization),
    TagCase(with("q=dns/txt"), nil),
    TagCase(with("q=http : dns/txt"), nil),
    TagCase(with("q=dns"), .unknownQuery),
    TagCase(with("l=0"), nil),
    TagCase(with("l="), .badValue("l")),
    TagCase(with("l=-1"), .badValue("l")),
    TagCase(with("l=" + String(repeating: "1", count: 77)), .badValue("l")),
    TagCase(with("t=1 2"), .badValue("t")),
    TagCase(with("t=5; x=5"), .badValue("x")),
    TagCase(with("t=5; x=6"), nil),
    TagCase(with("i=@sub.example.org"), nil),
    TagCase(with("i=a=20b@example.org"), nil),
    TagCase(with("i=joe"), .badValue("i")),
    TagCase(with("i=a=2@example.org"), .badValue("i")),
    TagCase(with("i=joe@"), .badValue("i")),
    TagCase(with("i=joe@example.com"), .identityOutsideDomain),
    TagCase(with("i=joe@badexample.org"), .identityOutsideDomain),
    TagCase(with("i=joe@org"), .identityOutsideDomain),
  ]

  @Test(arguments: cases)
  func tagsAreJudged(_ example: TagCase) throws {
    let message = Array("DKIM-Signature: \(example.tags)\r\n".utf8) + SignedMail.plain
    let reading = SignatureReading(message)
    #expect(reading.needs.count == (example.reason == nil ? 1 : 0))
    let results = reading.verify(with: try SignedMail.answers(), now: SignedMail.now)
    let expected = example.reason ?? .bodyChanged
    #expect(results.map(\.reason) == [expected])
    #expect(results.map(\.outcome) == [expected.outcome])
  }

  @Test func whatIsClaimedIsReportedThoughItIsWrong() throws {
    let message = Array("DKIM-Signature: \(Self.good); i=x@other\r\n".utf8) + SignedMail.plain
    let result = try SignedMail.verify(message)[0]
    #expect(result.outcome == .permerror)
    #expect(result.domain == "example.org")
    #expect(result.selector == "ed")
    #expect(result.algorithm == "ed25519-sha256")
  }

  @Test func aMessageWithoutSignatureHasNoResult() throws {
    let reading = SignatureReading(SignedMail.plain)
    #expect(reading.count == 0)
    #expect(reading.needs.isEmpty)
    #expect(reading.verify(with: [:], now: 0).isEmpty)
  }
}
