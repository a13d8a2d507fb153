// What an observer is told of sessions: each fate once, as the mail server heard it, with what was
// asked for and no more.

import MilterBridge
import MilterWire
import RuleBytecode
import RuleVM
import Synchronization
import Testing

/// Keeps what it is told.
final class KeptFates: VerdictObserver {
  let wishes: ObserverWishes
  let traceSelection: TraceSelection
  private let kept = Mutex<[DecisionRecord]>([])
  private let phases = Mutex<[Phase]>([])
  private let hits = Mutex<[Int: Int]>([:])
  private let open = Mutex<(begun: Int, ended: Int)>((0, 0))

  init(_ wishes: ObserverWishes = [], trace: TraceSelection = TraceSelection()) {
    self.wishes = wishes
    traceSelection = trace
  }

  func sessionBegan() { open.withLock { $0.begun += 1 } }
  func sessionEnded() { open.withLock { $0.ended += 1 } }
  func ran(_ phase: Phase, nanoseconds: Int64) { phases.withLock { $0.append(phase) } }
  func used(_ rules: [RuleUse], timeScale: Int64) {
    hits.withLock { hits in for rule in rules { hits[rule.rule, default: 0] += rule.hits } }
  }
  func decided(_ record: DecisionRecord) { kept.withLock { $0.append(record) } }

  var records: [DecisionRecord] { kept.withLock { $0 } }
  var ran: [Phase] { phases.withLock { $0 } }
  var ruleHits: [Int: Int] { hits.withLock { $0 } }
  var sessions: (begun: Int, ended: Int) { open.withLock { $0 } }
}

struct ObserverTests {
  @Test(arguments: [
    ("accept;", "accept"), ("reject \"no\";", "reject"), ("discard;", "discard"),
    ("hold;", "hold"), ("tempfail \"later\";", "tempfail"), ("addheader \"X-A\" \"b\";", "accept"),
  ])
  func eachFateIsToldOnce(action: String, fate: String) throws {
    let kept = KeptFates()
    let bench = try PolicyBench("phase eom { rule \"r\" { \(action) } }", observer: kept)
    _ = try bench.say(messagePackets())
    let record = try #require(kept.records.first)
    #expect(kept.records.count == 1)
    #expect(record.fate == fate && record.queueID == "QUEUE1" && record.isOfMessage)
    #expect(record.sender == "<a@example.com>" && record.recipients == ["<b@example.org>"])
    #expect(record.client.address == "192.0.2.1" && record.client.helo == "x")
    #expect(record.problem == nil && record.nanoseconds > 0)
    #expect(record.direction == .relay || record.direction == .in)
    #expect(record.matches.isEmpty && record.trace.isEmpty)
  }

  /// The rules said "hold", which the mail server does not know: what it hears is a tempfail.
  @Test func whatTheSessionGivesUpIsNotToldAsAccepted() throws {
    let kept = KeptFates()
    let bench = try PolicyBench("phase eom { rule \"r\" { hold; } }", actions: 0, observer: kept)
    #expect(try bench.say(messagePackets()).last?.hasPrefix("refuse 451") == true)
    #expect(kept.records.map(\.fate) == ["tempfail"])
    #expect(kept.records.first?.problem?.contains("change") == true)
  }

  @Test func aTrapIsToldOnce() throws {
    let kept = KeptFates()
    let rules = "phase eom { rule \"r\" { addrcpt \"${subject}\"; } }"
    let bench = try PolicyBench(rules, observer: kept)
    #expect(try bench.say(messagePackets()).last?.hasPrefix("refuse 451") == true)
    #expect(kept.records.map(\.fate) == ["tempfail"])
    #expect(kept.records.first?.isOfMessage == true)
    guard case .trap = kept.records.first?.verdict?.cause else {
      Issue.record("\(kept.records)")
      return
    }
  }

  @Test func refusalsAreToldWhenTheyAreSaid() throws {
    let kept = KeptFates(.phases)
    let bench = try PolicyBench("phase rcpt { rule \"r\" { reject \"no\"; } }", observer: kept)
    _ = try bench.say(packet("M", "<a@example.com>\0") + packet("R", "<b@example.org>\0"))
    #expect(kept.records.map(\.fate) == ["reject"])
    #expect(kept.records.first?.phase == .rcpt && kept.records.first?.rule == "r")
    #expect(kept.records.first?.recipients == ["<b@example.org>"])
    #expect(kept.ran == [.connect, .helo, .mail, .rcpt])
    _ = try bench.say(packet("A"))
    #expect(kept.records.count == 1)
  }

  @Test func aMessageThatIsGivenUpByTheClientHasNoFate() throws {
    let kept = KeptFates()
    let bench = try PolicyBench("phase eom { rule \"r\" { quarantine; } }", observer: kept)
    _ = try bench.say(messagePackets())
    _ = try bench.say(packet("A"))
    #expect(kept.records.isEmpty)
    #expect(bench.answer(0, [.done]).isEmpty)
    #expect(kept.records.isEmpty)
  }

  /// The errand that the message waited for is listed with its time.
  @Test func checksAreListed() throws {
    let kept = KeptFates()
    let bench = try PolicyBench("phase eom { rule \"r\" { quarantine; } }", observer: kept)
    _ = try bench.say(messagePackets())
    _ = bench.answer(0, [.done])
    #expect(kept.records.first?.checks.map(\.kind) == [.errands])
    #expect(kept.records.first?.quarantineID.isEmpty == false)
  }

  @Test func rulesThatActedAreTold() throws {
    let kept = KeptFates([.matches, .rules])
    let bench = try PolicyBench(
      """
      phase eom {
        rule "other" { if header :is "subject" "two" { discard; } }
        rule "greeting" { if allof (header :contains "subject" "on", not header :is "x-a" "b") {
          addheader "X-A" "b"; score "1.0" "A"; } }
        rule :mode "observe" "seen" { reject "no"; }
      }
      """, observer: kept)
    _ = try bench.say(messagePackets())
    let record = try #require(kept.records.first)
    #expect(record.matches.map(\.rule) == ["greeting", "seen"])
    let tests = record.matches[0].tests
    #expect(tests.first?.values == ["one"] && tests.allSatisfy { $0.outcome == .yes })
    #expect(record.matches[0].location.hasPrefix("test.rules:"))
    #expect(kept.ruleHits.filter { $0.value > 0 } == [1: 1, 2: 1])
    _ = try bench.say(messagePackets(subject: "two"))
    #expect(kept.records.last?.matches.map(\.rule) == ["other"])
    #expect(kept.ruleHits.filter { $0.value > 0 } == [0: 1, 1: 1, 2: 1])
  }

  @Test(arguments: [
    ("", true), ("client=192.0.2.0/24", true), ("client=198.51.100.1", false),
    ("sender=*@example.com", true), ("sender=@example.org", false),
    ("recipient=B@example.org rule=r", true), ("recipient=b@example.org rule=s", false),
  ])
  func someAreTraced(filter: String, isTraced: Bool) throws {
    let kept = KeptFates(trace: TraceSelection([try TraceFilter(filter)]))
    let rules = "phase eom { rule \"r\" { score \"1.0\" \"A\"; } }"
    let bench = try PolicyBench(rules, observer: kept)
    _ = try bench.say(messagePackets())
    #expect(kept.records.first?.trace.isEmpty == !isTraced)
  }

  @Test func sessionsAreCounted() throws {
    let kept = KeptFates()
    do {
      let bench = try PolicyBench("phase eom { rule \"r\" { discard; } }", observer: kept)
      _ = try bench.say(packet("K") + connectPacket)
      #expect(kept.sessions == (2, 1))
      bench.session.connectionDidClose()
    }
    #expect(kept.sessions == (2, 2))
  }
}
