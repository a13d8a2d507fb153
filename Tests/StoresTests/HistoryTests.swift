// The history: what is kept comes back, what is asked for is found, and what is too old or too much
// goes.

import RuleBytecode
import Testing

@testable import Stores

struct HistoryTests {
  private static let now: Int64 = 1_780_000_000

  private static func store(
    _ folder: TestFolder, _ limits: HistoryLimits = HistoryLimits()
  ) throws -> HistoryStore {
    try HistoryStore(StatePaths(folder.path), for: .write, limits: limits)
  }

  /// One with everything.
  private static func rejected() -> HistoryEntry {
    var entry = HistoryEntry(timeSeconds: now)
    entry.queueID = "4bX1y2"
    entry.sessionID = "a1-7"
    entry.phase = "eom"
    entry.verdict = "reject"
    entry.direction = "in"
    entry.code = "554"
    entry.reply = "554 5.7.1 Message contains Eicar"
    entry.rule = "virus"
    entry.location = "policy.rules:31:5"
    entry.clientIP = "192.0.2.1"
    entry.clientName = "host.example"
    entry.helo = "host"
    entry.login = "ann"
    entry.sender = "Ann@Example.net"
    entry.recipients = ["bob@example.com", "eve@example.org"]
    entry.sizeBytes = 1_234
    entry.messageID = "<1@example.net>"
    entry.score = "4.0"
    entry.quarantineID = "q"
    entry.microseconds = 12_345
    entry.image = "00ff"
    entry.events = [
      HistoryEntry.Event(name: "virus", values: ["Eicar", "clamav", "x"]),
      HistoryEntry.Event(name: "seen", values: []),
    ]
    entry.rules = [
      HistoryEntry.Rule(
        name: "virus", location: "policy.rules:31:5", phase: "eom",
        tests: [
          HistoryEntry.Test(
            text: "scan \"clamav\"", location: "policy.rules:32:8", outcome: .yes,
            values: ["infected", "Eicar"]),
          HistoryEntry.Test(
            text: "true", location: "policy.rules:33:8", outcome: .failed, values: []),
        ]),
      HistoryEntry.Rule(name: "count", location: "policy.rules:40:5", phase: "eom", tests: []),
    ]
    entry.actions = ["quarantine"]
    entry.limits = ["parts"]
    entry.checks = [HistoryEntry.Check(name: "scan/clamav", microseconds: 10_000, failed: true)]
    entry.failures = [
      HistoryEntry.Failure(kind: "scanner", reason: "no answer", rule: "virus", answer: "continue")
    ]
    entry.problem = "none"
    return entry
  }

  @Test func whatIsKeptComesBack() throws {
    let folder = try TestFolder()
    let store = try Self.store(folder)
    try store.add([Self.rejected(), HistoryEntry(timeSeconds: 5)])
    #expect(try store.entries(of: "4bX1y2") == [Self.rejected()])
    #expect(try store.entries(of: "a1-7") == [Self.rejected()])
    #expect(try store.entries(of: "nobody").isEmpty)
    // Another process, reading.
    let reader = try HistoryStore(StatePaths(folder.path), for: .read)
    #expect(try reader.entries(HistoryFilter()) == [Self.rejected(), HistoryEntry(timeSeconds: 5)])
    #expect(try reader.extent() == (2, 5, Self.now))
    #expect(throws: StoreFailure.self) { try reader.add([Self.rejected()]) }
  }

  @Test func nothingIsReadWhereThereIsNone() throws {
    let folder = try TestFolder()
    #expect(throws: StoreFailure.missing("history in \(folder.path)")) {
      try HistoryStore(StatePaths(folder.path), for: .read)
    }
  }

  /// The marks of the detail column cannot be forged by mail.
  @Test func oddTextStaysWhatItIs() throws {
    let folder = try TestFolder()
    let store = try Self.store(folder)
    var entry = Self.rejected()
    entry.queueID = "odd"
    entry.rules[0].tests[0].values = [
      "\u{1E}rule\u{1F}x\u{1F}y\u{1F}z", "a\nb\0", "'; DROP TABLE message;",
    ]
    entry.sender = "x'\u{202E}\n\"@example.net"
    try store.add([entry])
    let found = try #require(try store.entries(of: "odd").first)
    #expect(found.sender == entry.sender)
    #expect(found.rules.map(\.name) == ["virus", "count"])
    #expect(found.rules[0].tests[0].values == ["?rule?x?y?z", "a\nb?", "'; DROP TABLE message;"])
  }

  @Test func entriesAreBounded() throws {
    let folder = try TestFolder()
    var limits = HistoryLimits()
    (limits.textBytesMax, limits.recipientsMax, limits.eventsMax) = (10, 2, 1)
    limits.detailBytesMax = 60
    let store = try Self.store(folder, limits)
    var entry = Self.rejected()
    entry.recipients = ["1", "2", "3"]
    try store.add([entry])
    let found = try #require(try store.entries(of: "4bX1y2").first)
    #expect(found.reply == "554 5.7.1 …" && found.recipients == ["1", "2"])
    #expect(found.events.map(\.name) == ["virus"])
    #expect(found.problem == "none" && found.rules.isEmpty)
  }

  private static func filter(_ words: [String]) -> HistoryFilter {
    var filter = HistoryFilter()
    for word in words {
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = String(parts[1])
      switch parts[0] {
      case "sender": filter.sender = value
      case "recipient": filter.recipient = value
      case "client": filter.client = value
      case "rule": filter.rule = value
      case "verdict": filter.verdict = value
      case "message-id": filter.messageID = value
      case "phase": filter.phase = value
      case "since": filter.sinceSeconds = Int64(value).map { now + $0 }
      case "until": filter.untilSeconds = Int64(value).map { now + $0 }
      default: filter.countMax = Int(value) ?? 0
      }
    }
    return filter
  }

  @Test(
    arguments: [
      (["sender=ann@example.net"], [1]), (["sender=@example.net"], [1]), (["sender="], [3, 2]),
      (["recipient=*@EXAMPLE.org"], [1]), (["client=192.0.2.*"], [1]),
      (["client=host.example"], [1]), (["rule=co*"], [1]), (["rule=%"], []),
      (["verdict=accept"], [2]), (["message-id=<1@example.net>"], [1]), (["phase=rcpt"], [3]),
      (["since=1"], [3]), (["until=0"], [2]), (["count=2"], [3, 1]), ([], [3, 1, 2]),
      (["verdict=reject", "rule=nothing"], []), (["verdict=reject", "rule=virus"], [1]),
    ] as [([String], [Int])])
  func filters(words: [String], found: [Int]) throws {
    let folder = try TestFolder()
    let store = try Self.store(folder)
    var second = HistoryEntry(timeSeconds: Self.now - 60)
    (second.verdict, second.queueID, second.phase) = ("accept", "2", "eom")
    var third = HistoryEntry(timeSeconds: Self.now + 60)
    (third.verdict, third.queueID, third.phase) = ("reject", "3", "rcpt")
    try store.add([Self.rejected(), second, third])
    let ids = ["4bX1y2": 1, "2": 2, "3": 3]
    #expect(try store.entries(Self.filter(words)).map { ids[$0.queueID] ?? 0 } == found)
  }

  @Test(arguments: [(30, 3, 3), (30, 2, 2), (1, 10, 2), (30, 1, 1)])
  func whatIsTooOldOrTooMuchGoes(days: Int, entries: Int, left: Int) throws {
    let folder = try TestFolder()
    var limits = HistoryLimits()
    (limits.daysMax, limits.entriesMax, limits.expiredAtOnce) = (days, entries, 1)
    let store = try Self.store(folder, limits)
    let ages: [Int64] = [86_401, 86_400, 0]
    try store.add(
      ages.map { age in
        var entry = Self.rejected()
        entry.timeSeconds = Self.now - age
        return entry
      })
    #expect(try store.expire(nowSeconds: Self.now) == 3 - left)
    #expect(try store.entries(HistoryFilter()).count == left)
    #expect(try store.entries(HistoryFilter()).first?.timeSeconds == Self.now)
    // Nothing of those that went is left to be found.
    var filter = HistoryFilter()
    filter.rule = "virus"
    #expect(try store.entries(filter).count == left)
    #expect(try store.report(ReportQuestion(.event("virus"))).map(\.count) == [left])
  }

  // MARK: Reports

  private static func reported(_ question: ReportQuestion) throws -> [String] {
    let folder = try TestFolder()
    let store = try store(folder)
    // 2026-05-28 20:26:40 UTC, and the next day; two senders, one with a quoted '@'.
    for (sender, value, count, time) in [
      ("a@x.example", "Eicar", 3, now), ("B@x.example", "Eicar", 1, now),
      ("\"p@q\"@y.example", "Other", 2, now + 86_400),
    ] {
      for _ in 0..<count {
        var entry = HistoryEntry(timeSeconds: time)
        (entry.sender, entry.verdict, entry.rule) = (sender, "reject", "virus")
        entry.recipients = ["r1@example.com", "r2@example.com"]
        entry.events = [HistoryEntry.Event(name: "virus", values: [value])]
        try store.add([entry])
      }
    }
    return try store.report(question).map { "\($0.period) \($0.key) \($0.count)" }
  }

  @Test(
    arguments: [
      ("virus", nil, nil, ["  6"]), ("nothing", nil, nil, []),
      ("virus", .value, nil, [" Eicar 4", " Other 2"]),
      ("virus", .sender, nil, [" a@x.example 3", " \"p@q\"@y.example 2", " b@x.example 1"]),
      ("virus", .domain, nil, [" x.example 4", " y.example 2"]),
      ("virus", .recipient, nil, [" r1@example.com 6", " r2@example.com 6"]),
      ("virus", nil, .day, ["2026-05-28  4", "2026-05-29  2"]),
      ("virus", nil, .hour, ["2026-05-28T20  4", "2026-05-29T20  2"]),
      ("virus", .domain, .month, ["2026-05 x.example 4", "2026-05 y.example 2"]),
      ("verdict:reject", .value, nil, [" virus 6"]), ("rule:virus", .value, nil, [" reject 6"]),
      ("rule:none", .value, nil, []),
    ] as [(String, ReportKey?, ReportPeriod?, [String])])
  func reports(what: String, key: ReportKey?, period: ReportPeriod?, lines: [String]) throws {
    var question = ReportQuestion(ReportSubject(what))
    (question.key, question.period) = (key, period)
    #expect(try Self.reported(question) == lines)
  }

  @Test func aReportIsBoundedInTimeAndLength() throws {
    var question = ReportQuestion(.event("virus"))
    (question.key, question.countMax) = (.sender, 1)
    #expect(try Self.reported(question) == [" a@x.example 3"])
    question.sinceSeconds = Self.now + 1
    #expect(try Self.reported(question) == [" \"p@q\"@y.example 2"])
    (question.sinceSeconds, question.untilSeconds) = (nil, Self.now)
    #expect(try Self.reported(question) == [])
  }
}
