// The mark of our own mail: what it lets by, and what it does not.
import Foundation
import Testing

@testable import Submission

private let message = Array(
  """
  From: Mail filter <postmaster@example.net>\r
  To: <bob@example.com>\r
  Subject: A held message\r
  Date: Mon, 03 Nov 2025 09:15:00 +0000\r
  Message-ID: <1@example.net>\r
  MIME-Version: 1.0\r
  Content-Type: text/plain; charset=utf-8\r
  \r
  First  line\r
  second line \r
  \r

  """.utf8)

private let now: Int64 = 1_800_000_000

@Suite struct MarkTests {
  private let folder: TestFolder
  private let own: OwnMail
  private let book: SubmissionBook
  private static let key = [UInt8](repeating: 7, count: 32)

  init() throws {
    folder = try TestFolder()
    book = try SubmissionBook(stateFolder: folder.path)
    own = OwnMail(keys: MarkKeys(current: Self.key), book: book)
  }

  private func stamped(
    _ recipients: [String] = ["bob@Example.com", "eve@example.com"]
  ) -> OutgoingMail {
    own.stamped(
      OutgoingMail(
        purpose: .release, sender: "ann@Example.ORG", recipients: recipients, message: message),
      now: now)
  }

  private func judge(
    _ message: [UInt8], sender: String = "ann@example.org",
    recipients: [String] = ["bob@example.com"], now: Int64 = now, by own: OwnMail? = nil
  ) throws -> MarkJudgement {
    try (own ?? self.own).judge(message, sender: sender, recipients: recipients, now: now)
  }

  private func isOwn(_ judgement: MarkJudgement) -> Bool {
    if case .own = judgement { true } else { false }
  }

  private func replacing(_ old: String, _ new: String) -> [UInt8] {
    let text = String(decoding: stamped().message, as: UTF8.self)
    let changed = text.replacing(old, with: new)
    precondition(changed != text)
    return Array(changed.utf8)
  }

  @Test func oursIsOurs() throws {
    let mail = stamped()
    #expect(isOwn(try judge(mail.message)))
    #expect(String(decoding: mail.message, as: UTF8.self).hasSuffix("second line \r\n\r\n"))
    #expect(try judge(message) == .unmarked)
    // Lines of a header end at 78 characters where they can.
    let header = String(decoding: mail.message, as: UTF8.self).split(separator: "\r\n")
    #expect(header.allSatisfy { $0.utf8.count <= 78 })
  }

  /// What mail servers do to a mail on its way.
  @Test(arguments: [
    ("second line \r\n\r\n", "second line\r\n"), ("First  line", "First line"),
    ("Subject: A held", "Subject:  A\r\n\theld"), ("\r\n", "\n"),
    ("From: Mail filter <postmaster@example.net>", "From: <postmaster@mx.example.net>"),
    ("From: Mail", "Received: by mx; today\r\nFrom: Mail"),
  ])
  func survives(_ old: String, _ new: String) throws {
    #expect(isOwn(try judge(replacing(old, new))))
  }

  @Test(arguments: [
    ("First", "Worst"), ("Subject: A held", "Subject: A new"), ("09:15", "09:16"),
    ("<1@example.net>", "<2@example.net>"), ("text/plain", "text/html"),
    ("MIME-Version: 1.0", "Content-Type: text/html\r\nMIME-Version: 1.0"),
    ("second line \r\n", "second line \r\n\r\nthird\r\n"), ("Subject: A held message\r\n", ""),
    ("; t=1800000000", "; t=1800000001"), ("x=1800086400", "x=1800086401"),
  ])
  func alteredIsNotOurs(_ old: String, _ new: String) throws {
    #expect(try judge(replacing(old, new)) == .rejected(.altered))
  }

  @Test(arguments: [
    ("v=1;", "v=2;"), ("h=", "h=received:"), (" s=", " q=1; s="), (" n=", " n=x"),
    ("Defang-Mark:", "Defang-Mark: v=1\r\nDefang-Mark:"),
  ])
  func malformedIsNotOurs(_ old: String, _ new: String) throws {
    #expect(try judge(replacing(old, new)) == .rejected(.malformed))
  }

  @Test func boundToSenderAndRecipients() throws {
    let bytes = stamped().message
    #expect(try judge(bytes, sender: "eve@example.org") == .rejected(.altered))
    #expect(try judge(bytes, sender: "Ann@example.org") == .rejected(.altered))
    #expect(isOwn(try judge(bytes, recipients: ["eve@EXAMPLE.com"])))
    #expect(
      try judge(bytes, recipients: ["bob@example.com", "mallory@example.com"])
        == .rejected(.otherRecipient))
  }

  @Test func boundToADay() throws {
    let bytes = stamped().message
    let limits = SubmissionLimits()
    let end = now + limits.markValidSeconds
    #expect(isOwn(try judge(bytes, now: end)))
    #expect(try judge(bytes, now: end + 1) == .rejected(.expired))
    #expect(isOwn(try judge(bytes, now: now - limits.clockSkewSeconds)))
    #expect(try judge(bytes, now: now - limits.clockSkewSeconds - 1) == .rejected(.expired))
  }

  @Test func usedOnce() throws {
    let bytes = stamped().message
    guard case .own(let nonce) = try judge(bytes) else { throw TestFailure("not ours") }
    // Until it is spent it may come again, as after our tempfail.
    #expect(isOwn(try judge(bytes)))
    #expect(try own.spend(nonce, now: now))
    #expect(try !own.spend(nonce, now: now))
    #expect(try judge(bytes) == .rejected(.replayed))
    // Another stamp of the same mail is another mark.
    #expect(isOwn(try judge(stamped().message)))
  }

  @Test func spentMarksAreForgottenWhenTheyHaveExpired() throws {
    let first = MarkNonce(text: "first", expires: now)
    #expect(try own.spend(first, now: now))
    #expect(try own.spend(MarkNonce(text: "second", expires: now + 9), now: now + 1))
    #expect(try !book.isSpent(first))
  }

  @Test func keysAreToldApartAndFormerOnesBelieved() throws {
    let bytes = stamped().message
    let newKey = [UInt8](repeating: 8, count: 32)
    let rotated = OwnMail(keys: MarkKeys(current: newKey, former: Self.key), book: book)
    #expect(isOwn(try judge(bytes, by: rotated)))
    let stranger = OwnMail(keys: MarkKeys(current: newKey), book: book)
    #expect(try judge(bytes, by: stranger) == .rejected(.unknownKey))
  }

  @Test func earlierMarksAreTakenOff() throws {
    let once = stamped()
    let twice = own.stamped(
      OutgoingMail(
        purpose: .release, sender: once.sender, recipients: once.recipients,
        message: once.message), now: now)
    let text = String(decoding: twice.message, as: UTF8.self)
    #expect(text.components(separatedBy: "Defang-Mark:").count == 2)
    #expect(isOwn(try judge(twice.message)))
  }

  // MARK: At MAIL

  @Test func theEnvelopeTellsItBefore() throws {
    let id = try #require(stamped().envelopeID)
    #expect(id.utf8.count <= 100)
    #expect(id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x2B && $0 != 0x3D })
    let nonce = try #require(
      try own.acceptsEnvelope(envelopeID: id, sender: "ann@example.org", now: now))
    #expect(
      try own.acceptsEnvelope(envelopeID: id, sender: "eve@example.org", now: now) == nil)
    #expect(
      try own.acceptsEnvelope(envelopeID: id, sender: "ann@example.org", now: nonce.expires + 1)
        == nil)
    #expect(try own.spend(nonce, now: now))
    #expect(
      try own.acceptsEnvelope(envelopeID: id, sender: "ann@example.org", now: now) == nil)
  }

  @Test func bothFormsHaveOneNonce() throws {
    let mail = stamped()
    let early = try own.acceptsEnvelope(
      envelopeID: mail.envelopeID ?? "", sender: "ann@example.org", now: now)
    guard case .own(let nonce) = try judge(mail.message) else { throw TestFailure("not ours") }
    #expect(nonce == early)
  }

  @Test(arguments: ["", "defang1.", "defang1.a.b.c.d", "defang1.AAAAAAAA.1800000000.x.y", "QQ314"])
  func otherEnvelopesAreNotOurs(_ text: String) throws {
    #expect(try own.acceptsEnvelope(envelopeID: text, sender: "", now: now) == nil)
  }

  // MARK: The key's file

  @Test func theKeyIsMadeOnceAndKeptSecret() throws {
    let first = try MarkKeys(stateFolder: folder.path)
    #expect(first.current.identifier == (try MarkKeys(stateFolder: folder.path)).current.identifier)
    let path = folder.path + "/mark.key"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    #expect(throws: StateFault.unsafeMode(path)) { _ = try MarkKeys(stateFolder: folder.path) }
  }

  @Test func aShortKeyIsRefused() throws {
    _ = try folder.write("mark.key", "short")
    #expect(throws: StateFault.self) { _ = try MarkKeys(stateFolder: folder.path) }
  }

  @Test func manyAtOnceHaveOneKey() async throws {
    let path = folder.path
    let names = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<8 {
        group.addTask { try MarkKeys(stateFolder: path).current.identifier }
      }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(names.count == 1)
  }
}
