// Key records and answers, good and bad, for a message that is signed by Ed25519.

import MailSignatures
import Testing

struct KeyRecordCase: Sendable, CustomTestStringConvertible {
  let record: String
  let reason: SignatureReason?

  init(_ record: String, _ reason: SignatureReason? = nil) {
    self.record = record
    self.reason = reason
  }

  var testDescription: String { record }
}

struct KeyRecordTests {
  private static let key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
  /// Of RFC 8032 §7.1, test 2.
  private static let otherKey = "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

  static let cases: [KeyRecordCase] = [
    KeyRecordCase("v=DKIM1; k=ed25519; p=\(key)"),
    KeyRecordCase("k=ed25519; p=\(key);"),
    KeyRecordCase(" v = DKIM1 ;k=ed25519;n=a note\u{e4}; p= \(key) "),
    KeyRecordCase("v=DKIM1; k=ed25519; h=sha1:sha256; s=other:email; t=x; p=\(key)"),
    KeyRecordCase("v=DKIM1; k=ed25519; s=*; p=\(key)"),
    KeyRecordCase("v=DKIM1; k=ed25519; p=\(otherKey)", .headerChanged),
    KeyRecordCase("v=DKIM2; k=ed25519; p=\(key)", .keyUnreadable),
    KeyRecordCase("k=ed25519; v=DKIM1; p=\(key)", .keyUnreadable),
    KeyRecordCase("v=DKIM1; k=ed25519; k=ed25519; p=\(key)", .keyUnreadable),
    KeyRecordCase("v=spf1 -all", .keyUnreadable),
    KeyRecordCase("", .keyUnreadable),
    KeyRecordCase("v=DKIM1; k=ed25519", .keyUnreadable),
    KeyRecordCase("v=DKIM1; k=ed25519; p=AAAA", .keyUnreadable),
    KeyRecordCase("v=DKIM1; k=ed25519; p=*", .keyUnreadable),
    KeyRecordCase("v=DKIM1; k=ed25519; p=", .keyRevoked),
    KeyRecordCase("v=DKIM1; p=\(key)", .keyOfOtherType),
    KeyRecordCase("v=DKIM1; k=rsa; p=\(key)", .keyOfOtherType),
    KeyRecordCase("v=DKIM1; k=ed448; p=\(key)", .keyOfOtherType),
    KeyRecordCase("v=DKIM1; k=ed25519; h=sha1; p=\(key)", .keyForOtherHash),
    KeyRecordCase("v=DKIM1; k=ed25519; s=tlsrpt; p=\(key)", .keyForOtherService),
  ]

  @Test(arguments: cases)
  func recordsAreJudged(_ example: KeyRecordCase) throws {
    let result = try SignedMail.verify(try SignedMail.signed(), record: example.record)[0]
    #expect(result.reason == example.reason)
    #expect(result.outcome == (example.reason?.outcome ?? .pass))
  }

  @Test(arguments: [
    (KeyRecordAnswer.none, SignatureReason.noKey), (.records([]), .noKey),
    (.temporaryFailure, .keyUnavailable),
  ])
  func missingRecordsAreTold(_ answer: KeyRecordAnswer, _ reason: SignatureReason) throws {
    let reading = SignatureReading(try SignedMail.signed())
    let results = reading.verify(with: [reading.needs[0]: answer], now: SignedMail.now)
    #expect(results.map(\.reason) == [reason])
  }

  @Test func aNameWithoutAnswerIsATemporaryFailure() throws {
    let results = SignatureReading(try SignedMail.signed()).verify(with: [:], now: SignedMail.now)
    #expect(results.map(\.outcome) == [.temperror])
  }

  @Test func oneFittingRecordOfSeveralIsEnough() throws {
    let reading = SignatureReading(try SignedMail.signed())
    let good = Array("k=ed25519; p=\(Self.key)".utf8)
    let bad = Array("v=spf1".utf8)
    func reason(_ records: [[UInt8]]) -> SignatureReason? {
      reading.verify(with: [reading.needs[0]: .records(records)], now: SignedMail.now)[0].reason
    }
    #expect(reason([bad, good]) == nil)
    #expect(reason([bad, bad, good]) == nil)
    #expect(reason([bad, bad, bad, good]) == .keyUnreadable)
  }

  @Test func aDomainThatTriesIsNotTreatedWorse() throws {
    let record = "k=ed25519; t=y : x; p=\(Self.key)"
    let good = try SignedMail.verify(try SignedMail.signed(), record: record)[0]
    #expect(good.outcome == .pass)
    #expect(good.isTesting)
    #expect(!good.isStrict)
    let changed = try SignedMail.signed() + Array("more\r\n".utf8)
    let bad = try SignedMail.verify(changed, record: record)[0]
    #expect(bad.outcome == .neutral)
    #expect(bad.reason == .bodyChanged)
  }

  @Test func aStrictKeyWantsTheDomainItself() throws {
    let record = "k=ed25519; t=s; p=\(Self.key)"
    let result = try SignedMail.verify(try SignedMail.signed(), record: record)[0]
    #expect(result.outcome == .pass)
    #expect(result.isStrict)
    // The changed header fails too, but whose signature it is comes first.
    let below = SignedMail.replacing(
      "s=ed;", "s=ed; i=@a.example.org;", in: try SignedMail.signed())
    let other = try SignedMail.verify(below, record: record)[0]
    #expect(other.reason == .identityInSubdomain)
    #expect(other.identity == "@a.example.org")
  }

  @Test func shortKeysAreAMatterOfPolicy() throws {
    let message = try SignedMail.signed(SignedMail.plain, .rsa)
    let short = try SignedMail.verify(message, record: TestKey.shortRecord)[0]
    #expect(short.reason == .keyTooShort(bits: 512))
    #expect(short.outcome == .policy)
    #expect(short.keyBits == 512)
  }

  @Test(arguments: [(1_024, 1_024, true), (1_025, 8_192, false), (1_024, 1_023, false)])
  func keySizesAreBounded(_ bitsMin: Int, _ bitsMax: Int, _ passes: Bool) throws {
    var limits = SignatureLimits()
    limits.rsaKeyBitsMin = bitsMin
    limits.rsaKeyBitsMax = bitsMax
    let message = try SignedMail.signed(SignedMail.plain, .rsa)
    let result = try SignedMail.verify(message, limits: limits)[0]
    #expect((result.outcome == .pass) == passes)
    #expect(passes || result.outcome == .policy)
    #expect(result.keyBits == 1_024)
  }

  /// Bytes of a key cut off or changed: never a crash, never a pass.
  @Test func brokenRSAKeysAreUnreadable() throws {
    let message = try SignedMail.signed(SignedMail.plain, .rsa)
    let record = try TestKey.rsa.signer().keyRecord
    for length in stride(from: 24, to: record.utf8.count - 1, by: 4) {
      let cut = String(decoding: record.utf8.prefix(length), as: UTF8.self)
      let result = try SignedMail.verify(message, record: cut)[0]
      #expect(result.outcome == .permerror, "\(length)")
    }
  }
}
