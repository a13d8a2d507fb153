// Each limit at its value and one past it.

import Testing

@testable import MailSignatures

struct SignatureLimitTests {
  private func reason(
    _ message: [UInt8], record: String? = nil, _ change: (inout SignatureLimits) -> Void
  ) throws -> SignatureReason? {
    var limits = SignatureLimits()
    change(&limits)
    return try SignedMail.verify(message, record: record, limits: limits)[0].reason
  }

  @Test func signaturesAreCounted() throws {
    var limits = SignatureLimits()
    limits.signaturesMax = 2
    let field = Array("DKIM-Signature: x\r\n".utf8)
    let two = SignatureReading(field + (try SignedMail.signed()), limits: limits)
    #expect(two.count == 2)
    #expect(two.leftOutCount == 0)
    #expect(two.needs.count == 1)
    let three = SignatureReading(field + field + (try SignedMail.signed()), limits: limits)
    #expect(three.count == 2)
    #expect(three.leftOutCount == 1)
    #expect(three.needs.isEmpty)
  }

  @Test func headersAreBounded() throws {
    let message = try SignedMail.signed()
    let header = RawHeader(message.span, headerBytesMax: message.count).bodyStart
    #expect(try reason(message) { $0.headerBytesMax = header } == nil)
    #expect(try reason(message) { $0.headerBytesMax = header - 1 } == .headerTooLong)
    var limits = SignatureLimits()
    limits.headerBytesMax = header - 1
    #expect(throws: SigningFault.headerTooLong) {
      try TestKey.ed25519.signer(limits: limits).sign(message, now: 0)
    }
  }

  @Test func fieldsAreBounded() throws {
    let message = try SignedMail.signed()
    let field = RawHeader(message.span, headerBytesMax: message.count).fields[0].whole.count
    #expect(try reason(message) { $0.fieldBytesMax = field } == nil)
    #expect(try reason(message) { $0.fieldBytesMax = field - 1 } == .fieldTooLong)
  }

  @Test func tagsAreCounted() throws {
    let message = try SignedMail.signed()
    #expect(try reason(message) { $0.tagsMax = 9 } == nil)
    #expect(try reason(message) { $0.tagsMax = 8 } == .tooManyTags)
  }

  @Test func namesAreCounted() throws {
    let signer = try TestKey.ed25519.signer(headers: ["from", "to", "subject"], oversigned: [])
    let message = try signer.sign(SignedMail.plain, now: SignedMail.now).bytes + SignedMail.plain
    #expect(try reason(message) { $0.headerNamesMax = 3 } == nil)
    #expect(try reason(message) { $0.headerNamesMax = 2 } == .tooManyNames)
    var limits = SignatureLimits()
    limits.headerNamesMax = 2
    #expect(throws: SigningFault.tooManyNames) {
      try TestKey.ed25519.signer(
        headers: ["from", "to", "subject"], oversigned: [], limits: limits
      ).sign(SignedMail.plain, now: 0)
    }
  }

  @Test func keyRecordsAreBounded() throws {
    let message = try SignedMail.signed()
    let record = try TestKey.ed25519.signer().keyRecord
    let bytes = record.utf8.count
    #expect(try reason(message, record: record) { $0.keyRecordBytesMax = bytes } == nil)
    #expect(
      try reason(message, record: record) { $0.keyRecordBytesMax = bytes - 1 }
        == .keyRecordTooLong)
    #expect(try reason(message, record: record) { $0.keyRecordsMax = 0 } == .noKey)
  }

  /// A header of nothing but signatures and a body of nothing but line ends: read in one pass each.
  @Test func hostileShapesAreRead() throws {
    let many = Array(
      repeatElement(Array("DKIM-Signature: v=1\r\nFrom: x\r\n".utf8), count: 8_000).joined())
    let message = many + [13, 10] + Array(repeatElement([13, 10], count: 200_000).joined())
    let reading = SignatureReading(message)
    #expect(reading.count == 10)
    #expect(reading.leftOutCount == 7_990)
    let signed = try SignedMail.signed(SignedMail.plain + Array(repeating: 10, count: 400_000))
    #expect(try SignedMail.verify(signed)[0].outcome == .pass)
  }
}
