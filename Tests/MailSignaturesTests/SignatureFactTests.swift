// What a result says besides pass: lengths, times, From.

import MailMessage
import Testing

@testable import MailSignatures

struct SignatureFactTests {
  /// Signs with tags of the test's own, which `DKIMSigner` would not write.
  private func signed(
    _ more: String, names: String = "from", length: Int? = nil, over message: [UInt8]
  ) throws -> [UInt8] {
    let header = RawHeader(message.span, headerBytesMax: message.count)
    let request = BodyRequest(form: .relaxed, length: length)
    let digests = BodyDigests(message.span, from: header.bodyStart, for: [request])
    let digest = try #require(digests.digest(request))
    var field = Array(
      "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org; s=ed; ".utf8)
    field += Array("h=\(names); \(more)bh=".utf8) + Base64Encoder.encode(digest)
    field += Array("; b=".utf8)
    var canonicalizer = HeaderCanonicalizer(.relaxed)
    for chosen in header.selection(names.split(separator: ":").map(String.init)) {
      canonicalizer.append(message.span, chosen)
      canonicalizer.appendLineEnd()
    }
    canonicalizer.append(
      field.span, RawField(name: 0..<14, whole: 0..<field.count, value: 15..<field.count))
    let signature = try SigningKey(pem: TestKey.ed25519.pem).signature(of: canonicalizer.bytes)
    return field + Base64Encoder.encode(signature) + [13, 10] + message
  }

  @Test func aLengthLeavesTheRestOpen() throws {
    // "Hi.", an empty line and "We lost the game.", each with its end.
    let message = try signed("l=26; ", length: 26, over: SignedMail.plain)
    let whole = try SignedMail.verify(message)[0]
    #expect(whole.outcome == .pass)
    #expect(whole.signedBodyBytes == 26)
    #expect(whole.bodyBytes == 26)
    #expect(whole.coversWholeBody)
    let longer = try SignedMail.verify(message + Array("Buy!".utf8))[0]
    #expect(longer.outcome == .pass)
    #expect(longer.bodyBytes == 32)
    #expect(!longer.coversWholeBody)
    #expect(try SignedMail.verify(Array(message.dropLast(6)))[0].reason == .lengthBeyondBody)
  }

  @Test func aSignatureOverNothingOfTheBodyIsOne() throws {
    let message = try signed("l=0; ", length: 0, over: SignedMail.plain)
    let result = try SignedMail.verify(message)[0]
    #expect(result.outcome == .pass)
    #expect(!result.coversWholeBody)
  }

  @Test func aLengthInsideOfAPieceIsHashedThere() throws {
    let body = SignedMail.plain + [UInt8](repeating: 65, count: 200_000)
    for length in [65_535, 65_536, 65_537, 131_072] {
      let message = try signed("l=\(length); ", length: length, over: body)
      #expect(try SignedMail.verify(message)[0].outcome == .pass)
      let changed = message.dropLast(200_026 - length) + [66, 66]
      #expect(try SignedMail.verify(Array(changed))[0].outcome == .pass)
      let cut = Array(message.dropLast(200_026 - length + 1)) + [66]
      #expect(try SignedMail.verify(cut)[0].reason == .bodyChanged)
    }
  }

  @Test(arguments: [
    (Int64(0), SignatureReason?.none, false), (3_600, nil, false), (3_900, nil, false),
    (3_901, .expired, true), (-300, nil, false), (-301, .signedInFuture, false),
  ])
  func timesAreCompared(_ later: Int64, _ reason: SignatureReason?, _ isExpired: Bool) throws {
    let message = try SignedMail.signed(validSeconds: 3_600)
    let result = try SignedMail.verify(message, now: SignedMail.now + later)[0]
    #expect(result.reason == reason)
    #expect(result.isExpired == isExpired)
    #expect(result.signedAt == SignedMail.now)
    #expect(result.expiresAt == SignedMail.now + 3_600)
  }

  @Test func whatFailsAndIsExpiredFails() throws {
    let message = try SignedMail.signed(validSeconds: 1) + [65]
    let result = try SignedMail.verify(message, now: SignedMail.now + 9_999)[0]
    #expect(result.outcome == .fail)
    #expect(result.isExpired)
  }

  @Test(arguments: [
    ("from", false, true, false), ("from:from", false, true, true),
    ("from", true, false, false), ("from:from", true, true, false),
  ])
  func fromIsCounted(
    _ names: String, _ hasSecond: Bool, _ isCovered: Bool, _ isOversigned: Bool
  ) throws {
    let second = hasSecond ? Array("From: other@example.com\r\n".utf8) : []
    let message = try signed("", names: names, over: second + SignedMail.plain)
    let result = try SignedMail.verify(message)[0]
    #expect(result.coversFrom == isCovered)
    #expect(result.isFromOversigned == isOversigned)
    #expect(result.reason == (isCovered ? nil : .otherFrom))
    #expect(result.outcome == (isCovered ? .pass : .policy))
  }

  @Test func everySignatureHasItsResult() throws {
    let inner = try SignedMail.signed(SignedMail.plain, .rsa)
    let message = try SignedMail.signed(inner, .ed25519)
    let broken = SignedMail.replacing("s=test", "s=tesT2", in: message)
    #expect(try SignedMail.verify(message).map(\.outcome) == [.pass, .pass])
    #expect(try SignedMail.verify(broken).map(\.outcome) == [.pass, .temperror])
  }
}
