// What the master knows of load and of conditions that begin and end, whom a shadow sees and how it
// differs, and which switches a policy has.
import Logs
import MilterBridge
import RuleBytecode
import RuleCompiler
import Testing

@testable import Service

struct WatchingTests {
  private static func pulse(
    _ fates: [String: Int] = [:], overloaded: Int = 0, lost: Int = 0, breakers: [String: Int] = [:]
  ) -> Pulse {
    var pulse = Pulse()
    pulse.mail.fates = fates
    pulse.mail.nanoseconds = fates.values.reduce(0, +) * 1_000
    pulse.mail.openSessions = 4
    (pulse.overloaded, pulse.linesLost, pulse.breakers) = (overloaded, lost, breakers)
    return pulse
  }

  // MARK: Load

  @Test func windowsHoldWhatIsWithinThem() {
    var ring = LoadRing()
    for second in 0..<700 { ring.add(Self.pulse(["accept": 1]), at: second) }
    func messages(_ seconds: Int, now: Int = 699) -> Int {
      ring.sum(ofLast: seconds, now: now).messages
    }
    #expect(messages(10) == 10 && messages(60) == 60 && messages(600) == 600)
    #expect(messages(3_600) == 700 && messages(86_400) == 700)
    // Later, with nothing new.
    #expect(messages(10, now: 704) == 5 && messages(10, now: 709) == 0)
    #expect(messages(60, now: 1_000_000) == 0 && messages(86_400, now: 1_000_000) == 0)
    let sum = ring.sum(ofLast: 10, now: 699)
    #expect(sum.mail.nanoseconds == 10_000 && sum.mail.openSessions / sum.pulses == 4)
  }

  @Test func placesOfTheRingAreUsedAgain() {
    var ring = LoadRing()
    ring.add(Self.pulse(["accept": 7]), at: 5)
    ring.add(Self.pulse(["reject": 1]), at: 605)
    #expect(ring.sum(ofLast: 600, now: 605).mail.fates == ["reject": 1])
    #expect(ring.sum(ofLast: 3_600, now: 605).messages == 8)
  }

  @Test func seriesEndNow() {
    var ring = LoadRing()
    ring.add(Self.pulse(["accept": 1]), at: 100)
    ring.add(Self.pulse(["accept": 2]), at: 109)
    ring.add(Self.pulse(["accept": 4]), at: 110)
    #expect(
      ring.series(steps: 2, of: 10, now: 119).map { $0["accept"] } == [3, 4])
    #expect(ring.series(steps: 3, of: 10, now: 129).map { $0["accept"] } == [3, 4, nil])
    #expect(ring.series(steps: 48, of: 1_800, now: 129).last?["accept"] == 7)
  }

  @Test func pulsesCrossTheLink() {
    let pulse = Self.pulse(["accept": 2], overloaded: 3, lost: 1, breakers: ["a": 1])
    #expect(Pulse(pulse.json) == pulse)
    #expect(Pulse([1, 2]) == nil)
    let later = Self.pulse(["accept": 5, "reject": 1], overloaded: 3, lost: 4)
    let since = later.since(pulse)
    #expect(since.mail.fates == ["accept": 3, "reject": 1] && since.mail.openSessions == 4)
    #expect(since.overloaded == 0 && since.linesLost == 3)
  }

  // MARK: Conditions

  private static func names(_ events: [ControlEvent]) -> [String] { events.map(\.name) }

  @Test func overloadBeginsAndEndsOnce() {
    var conditions = Conditions()
    #expect(conditions.events(of: Self.pulse(), at: 0).isEmpty)
    #expect(
      Self.names(conditions.events(of: Self.pulse(overloaded: 2), at: 1)) == ["overload-begins"])
    #expect(conditions.events(of: Self.pulse(overloaded: 5), at: 2).isEmpty)
    #expect(conditions.events(of: Self.pulse(), at: 2 + Conditions.calmSeconds - 1).isEmpty)
    let end = conditions.events(of: Self.pulse(), at: 2 + Conditions.calmSeconds)
    #expect(Self.names(end) == ["overload-ends"])
    #expect(end.first?.line.hasSuffix("\"seconds\":2,\"refused\":7}") == true)
    #expect(conditions.events(of: Self.pulse(), at: 100).isEmpty)
    #expect(
      Self.names(conditions.events(of: Self.pulse(overloaded: 1), at: 101)) == ["overload-begins"])
  }

  @Test func breakersOpenAndClose() {
    var conditions = Conditions()
    func events(_ breakers: [String: Int]) -> [String] {
      Self.names(conditions.events(of: Self.pulse(breakers: breakers), at: 0))
    }
    #expect(events(["clamav": 1]) == ["breaker-opens"])
    #expect(events(["clamav": 1]) == [])
    #expect(events(["clamav": 2, "spam": 1]) == ["breaker-opens", "breaker-opens"])
    #expect(events(["clamav": 1]) == ["breaker-closes", "breaker-closes"])
    #expect(events([:]) == ["breaker-closes"])
    #expect(Self.names(conditions.events(of: Self.pulse(lost: 3), at: 1)) == ["log-lost"])
  }

  @Test func nameServersFallSilentAndAnswer() {
    var conditions = Conditions()
    func events(isDNSSilent: Bool) -> [String] {
      var pulse = Self.pulse()
      pulse.isDNSSilent = isDNSSilent
      return Self.names(conditions.events(of: pulse, at: 0))
    }
    #expect(events(isDNSSilent: false) == [])
    #expect(events(isDNSSilent: true) == ["name-servers-silent"])
    #expect(events(isDNSSilent: true) == [])
    #expect(events(isDNSSilent: false) == ["name-servers-answer"])
  }

  // MARK: Tuning

  @Test func whatIsTunedGoesBeforeTheSettings() throws {
    var settings = Settings()
    settings.trace.on = true
    settings.log.level = .warning
    var tuning = Tuning()
    #expect(tuning.selection(settings) == .all && tuning.level(settings) == .warning)
    tuning.trace = ["rule=spam*", "share=1/3"]
    tuning.level = .debug
    let read = try #require(Tuning(tuning.json))
    #expect(read == tuning && read.selection(settings).text == "rule=spam*; share=1/3")
    #expect(read.level(settings) == .debug)
    tuning.trace = []
    #expect(tuning.selection(settings).isEmpty)
    #expect(Tuning([0]) == nil)
  }

  @Test(arguments: [("0", false), ("1", true), ("604800", true), ("604801", false), ("x", false)])
  func timesOfTuningAreBounded(text: String, isTaken: Bool) {
    #expect(((try? TuningEnds.moment(text)) != nil) == isTaken)
  }

  // MARK: Switches

  @Test func switchesAreThoseOfThePolicy() throws {
    var sources = SourceSet()
    let text = """
      require ["defang", "variables"];
      switch "lockdown" "off"; switch "banner" "hello";
      phase mail { rule "a" { if string "${switch.lockdown}" "on" { discard; } } }
      phase eom { rule "b" { addheader "X-Banner" "${switch.banner}"; } }

      """
    _ = sources.add(SourceFile(name: "test.rules", bytes: Array(text.utf8)))
    let check = Compiler.compile(sources)
    let program = try #require(check.program, "\(check.diagnostics)")
    let switches = DeclaredSwitches(program)
    #expect(switches.values == ["lockdown": "off", "banner": "hello"])
    #expect(switches.problem(with: "lockdown") == nil)
    let near = try #require(switches.problem(with: "lokdown"))
    #expect(near.code == 66 && near.message.hasSuffix("did you mean 'lockdown'?"))
    let far = try #require(switches.problem(with: "x"))
    #expect(far.message.hasSuffix("it has banner, lockdown"))
  }

  // MARK: The shadow's share and judgement

  @Test(
    arguments: [
      ("1/10", 10), ("10%", 10), ("10", 10), ("1/3", 33), ("2/3", 66), ("100", 100), ("1/1", 100),
      ("0", nil), ("101", nil), ("1/0", nil), ("3/2", nil), ("x", nil), ("1/2/3", nil),
      ("-1/2", nil), ("1/1000001", nil),
    ] as [(String, Int?)])
  func sharesAreEven(text: String, ofHundred: Int?) {
    let share = ShadowShare(text)
    #expect((share != nil) == (ofHundred != nil))
    guard let share, let ofHundred else { return }
    #expect((0..<100).count { share.holds($0) } == ofHundred)
    #expect((0..<600).count { share.holds($0) } == 600 * share.count / share.of)
  }

  @Test func ordersCrossTheLink() throws {
    let share = try #require(ShadowShare("1/7"))
    let order = ShadowOrder(share: share, image: [10, 0, 255])
    let read = try #require(try ShadowOrder(order.bytes))
    #expect(read.share == share && read.image == [10, 0, 255])
    #expect(try ShadowOrder([]) == nil)
    #expect(throws: StartFailure.self) { try ShadowOrder([1, 2, 3]) }
  }

  @Test func fatesAreComparedByTheFirstThatDiffers() {
    func fate(_ change: (inout ShadowFate) -> Void) -> ShadowFate {
      var fate = ShadowFate([])
      (fate.verdict, fate.rule, fate.actions) = ("accept", "a", ["addheader"])
      change(&fate)
      return fate
    }
    let live = fate { _ in }
    let cases: [(ShadowFate, ShadowResult)] = [
      (live, .same), (fate { $0.verdict = "reject" }, .verdict),
      (fate { $0.refused = ["<x@example.com>"] }, .recipients), (fate { $0.rule = "b" }, .rule),
      (fate { $0.actions = [] }, .actions), (fate { $0.problem = "fuel" }, .failed),
      (fate { $0.queueID = "other" }, .same),
    ]
    for (shadow, result) in cases {
      #expect(ShadowResult(live: live, shadow: shadow) == result)
    }
  }

  @Test func reportsAreBounded() throws {
    var limits = ShadowDesk.Limits()
    (limits.shownMax, limits.pairsMax) = (2, 3)
    var report = ShadowReport("00ff", try #require(ShadowShare("1/2")))
    var (live, shadow) = (ShadowFate([]), ShadowFate([]))
    live.verdict = "accept"
    shadow.verdict = "reject"
    for number in 0..<5 {
      live.queueID = "Q\(number)"
      shadow.rule = "r\(number)"
      report.add(.verdict, live, shadow, limits)
    }
    report.add(.same, live, live, limits)
    #expect(report.results == [.verdict: 5, .same: 1])
    #expect(report.pairs.count == 3 && report.otherPairs == 2)
    #expect(report.differences.map(\.queueID) == ["Q3", "Q4"])
  }
}
