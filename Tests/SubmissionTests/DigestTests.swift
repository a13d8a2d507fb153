// Digests and the tokens that stand in them.
import Foundation
import Synchronization
import Testing

@testable import Submission

private let now: Int64 = 1_762_161_300

private final class Held: DigestSource {
  let lines = Mutex<[DigestLine]>([])

  func held(since: Int64, until: Int64) throws -> [DigestLine] {
    lines.withLock { $0.filter { $0.receivedSeconds > since && $0.receivedSeconds <= until } }
  }

  func add(
    _ id: String, at time: Int64, to recipients: [String], subject: String = "A subject",
    isPart: Bool = false
  ) {
    lines.withLock {
      $0.append(
        DigestLine(
          id: id, receivedSeconds: time, expiresSeconds: time + 30 * 86_400,
          sender: "ann@example.org", recipients: recipients, subject: subject, reason: "virus",
          isPart: isPart))
    }
  }
}

@Suite struct DigestTests {
  private let folder: TestFolder
  private let office: PostOffice
  private let held = Held()

  init() throws {
    folder = try TestFolder()
    office = try PostOffice(
      PostOfficeConfiguration(
        stateFolder: folder.path, server: SMTPServer(.unix(path: "/nowhere")),
        hostName: "mx.example.net")
    ) { _ in }
  }

  private func runner(
    _ audience: DigestPlan.Audience,
    mayWriteTo: @escaping @Sendable (String) -> Bool = { _ in true }
  ) -> DigestRunner {
    DigestRunner(
      office: office,
      plans: [DigestPlan(name: "daily", everySeconds: 86_400, audience: audience)],
      source: held, daemonAddress: nil, mayWriteTo: mayWriteTo)
  }

  private var queued: [(QueuedMail, String)] {
    get throws {
      try office.queue.list().map {
        ($0, String(decoding: try office.queue.message($0.id), as: UTF8.self))
      }
    }
  }

  @Test func tellsAnAdministratorOfWhatIsNew() throws {
    held.add("one", at: now - 1_000, to: ["bob@example.com"])
    let runner = runner(.address("root@example.net"))
    #expect(try runner.run(now: now) == 1)
    #expect(try runner.run(now: now + 86_399) == 0)
    // Nothing new: no mail.
    #expect(try runner.run(now: now + 86_400) == 0)
    held.add("two", at: now + 86_500, to: ["bob@example.com"])
    #expect(try runner.run(now: now + 2 * 86_400) == 1)
    let texts = try queued.map(\.1)
    #expect(texts.filter { $0.contains("Held as: one,") }.count == 1)
    #expect(texts.filter { $0.contains("Held as: two,") }.count == 1)
    #expect(texts.allSatisfy { $0.contains("Auto-Submitted: auto-generated") })
    #expect(try queued.allSatisfy { $0.0.purpose == .digest && $0.0.sender.isEmpty })
  }

  /// What is stored while a digest is written is in the next one.
  @Test func nothingFallsBetweenTwo() throws {
    let runner = runner(.address("root@example.net"))
    held.add("one", at: now - 1_000, to: ["b@example.com"])
    #expect(try runner.run(now: now) == 1)
    held.add("late", at: now - 10, to: ["b@example.com"])
    #expect(try runner.run(now: now + 86_400) == 1)
    let mentions = try queued.flatMap { [$0.1.contains("as: one,"), $0.1.contains("as: late,")] }
    #expect(mentions.filter { $0 }.count == 2)
  }

  @Test func tellsEachRecipientOfHisOwn() throws {
    held.add("one", at: now - 1_000, to: ["bob@example.com", "eve@example.com"])
    held.add("two", at: now - 900, to: ["eve@Example.com", "far@example.org"])
    let runner = runner(.eachRecipient) { $0.hasSuffix("@example.com") }
    #expect(try runner.run(now: now) == 2)
    let mails = try queued
    let bob = try #require(mails.first { $0.0.recipients == ["bob@example.com"] }?.1)
    let eve = try #require(mails.first { $0.0.recipients == ["eve@example.com"] }?.1)
    #expect(bob.contains("One message is newly held") && !bob.contains("two"))
    #expect(eve.contains("2 messages are newly held"))
    #expect(!bob.contains("eve@"))
  }

  /// What a rule took out of a message is not for its recipients to let in again.
  @Test(arguments: [(DigestPlan.Audience.eachRecipient, 0), (.address("root@example.net"), 1)])
  func tellsAdministratorsOfParts(_ audience: DigestPlan.Audience, _ count: Int) throws {
    held.add("one.p2", at: now - 1_000, to: ["bob@example.com"], isPart: true)
    #expect(try runner(audience).run(now: now) == count)
  }

  @Test(arguments: [(0, false), (1, true)])
  func listsSoMany(_ excess: Int, _ isCut: Bool) throws {
    for number in 0..<(SubmissionLimits().digestLinesMax + excess) {
      held.add("e\(number)", at: now - 1_000, to: ["bob@example.com"])
    }
    #expect(try runner(.address("root@example.net")).run(now: now) == 1)
    #expect(try queued[0].1.contains("And 1 more") == isCut)
  }

  @Test func whatStrangersWroteIsHarmless() throws {
    held.add(
      "one", at: now - 1_000, to: ["bob@example.com"],
      subject: "Click https://evil.example\r\n  Release: www.evil.example \u{202E}gpj.exe")
    #expect(try runner(.address("root@example.net")).run(now: now) == 1)
    let text = try queued[0].1
    let line = text.components(separatedBy: "\r\n").first { $0.hasPrefix("  Subject:") }
    #expect(
      line == "  Subject: Click https[:]//evil.example  Release: www[.]evil.example gpj.exe")
  }

  // MARK: Tokens

  private func token(_ audience: DigestPlan.Audience) throws -> String {
    held.add("20251103T091500Z-abc", at: now - 1_000, to: ["bob@example.com"])
    #expect(try runner(audience).run(now: now) == 1)
    let text = try queued[0].1.replacing("=\r\n", with: "")
    let line = try #require(text.components(separatedBy: "\r\n").first { $0.contains("--token") })
    return try #require(line.split(separator: " ").last.map(String.init))
  }

  @Test func tokensWorkOnce() throws {
    let word = try token(.eachRecipient)
    let token = try office.redeem(word, now: now).get()
    #expect(token.entryID == "20251103T091500Z-abc")
    #expect(token.recipient == "bob@example.com")
    #expect(try office.redeem(word, now: now) == .failure(.used))
    try office.giveBack(token)
    #expect(try office.redeem(word, now: now) == .success(token))
  }

  @Test func tokensOfAnAdministratorAreForAll() throws {
    #expect(try office.redeem(token(.address("root@example.net")), now: now).get().recipient == nil)
  }

  @Test func tokensExpire() throws {
    let word = try token(.eachRecipient)
    let end = now + SubmissionLimits().tokenValidSeconds
    #expect(try office.redeem(word, now: end + 1) == .failure(.expired))
    #expect(throws: Never.self) { try office.redeem(word, now: end).get() }
  }

  @Test func tokensCannotBeMade() throws {
    let word = try token(.eachRecipient)
    let pieces = word.components(separatedBy: ":")
    for (index, value, problem) in [
      (1, "20251103T091500Z-abd", ReleaseToken.Problem.forged), (2, "", .forged),
      (3, "9999999999", .forged), (4, "AAAAAAAA", .unknownKey), (5, pieces[5] + "A", .malformed),
      (5, (pieces[5].first == "A" ? "B" : "A") + pieces[5].dropFirst(), .forged),
      (0, "2", .malformed),
    ] {
      var changed = pieces
      changed[index] = value
      #expect(
        try office.redeem(changed.joined(separator: ":"), now: now) == .failure(problem),
        "\(index)")
    }
    #expect(try office.redeem("nonsense", now: now) == .failure(.malformed))
  }
}
