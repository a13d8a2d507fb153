// One flight for equal questions, bounded flights, and deadlines.
import Testing

@testable import Resolver

struct FlightTests {
  private static func limits(active: Int = 2, open: Int = 3, askers: Int = 5) -> ResolverLimits {
    var limits = ResolverLimits()
    (limits.activeMax, limits.openMax, limits.askersMax) = (active, open, askers)
    return limits
  }

  @Test func equalQuestionsShareAFlight() throws {
    var flights = QuestionFlights<String>(limits: Self.limits())
    let asked = try question("a.example")
    #expect(flights.add("one", to: asked, until: 10) == .opened)
    #expect(flights.start() == asked)
    #expect(flights.add("two", to: asked, until: 10) == .joined)
    #expect(flights.start() == nil)
    #expect(flights.land(asked) == ["one", "two"])
    #expect(flights.open == 0 && flights.active == 0 && flights.askers == 0)
    #expect(flights.add("three", to: asked, until: 10) == .opened)
  }

  @Test func noMoreAreOnTheirWayThanMay() throws {
    var flights = QuestionFlights<Int>(limits: Self.limits())
    let all = try (0..<3).map { try question("n\($0).example") }
    for asked in all { #expect(flights.add(0, to: asked, until: 10) == .opened) }
    #expect(flights.start() == all[0])
    #expect(flights.start() == all[1])
    #expect(flights.start() == nil)
    #expect(flights.land(all[0]) == [0])
    #expect(flights.start() == all[2])
    #expect(flights.active == 2)
  }

  @Test func noMoreAreOpenThanMay() throws {
    var flights = QuestionFlights<Int>(limits: Self.limits())
    for index in 0..<3 {
      #expect(flights.add(0, to: try question("n\(index).example"), until: 10) == .opened)
    }
    #expect(flights.add(0, to: try question("n3.example"), until: 10) == .refused)
    #expect(flights.add(0, to: try question("n2.example"), until: 10) == .joined)
    #expect(flights.add(0, to: try question("n2.example"), until: 10) == .joined)
    #expect(flights.add(0, to: try question("n2.example"), until: 10) == .refused)
  }

  @Test func timesEndInTheirOrder() throws {
    var flights = QuestionFlights<Int>(limits: Self.limits(open: 200, askers: 200))
    var random = Numbers(seed: 3)
    let ends = (0..<150).map { _ in Int64(random.next(1_000)) }
    for (index, end) in ends.enumerated() {
      _ = flights.add(index, to: try question("n\(index % 50).example"), until: end)
    }
    var late: [Int] = []
    while let next = flights.nextDeadline {
      #expect(flights.expire(now: next - 1).isEmpty)
      late += flights.expire(now: next)
    }
    #expect(late.map { ends[$0] } == ends.sorted())
    #expect(Set(late).count == 150)
  }

  @Test func aFlightGoesOnWhenItsAskersAreGone() throws {
    var flights = QuestionFlights<Int>(limits: Self.limits())
    let (started, waiting) = (try question("a.example"), try question("b.example"))
    _ = flights.add(1, to: started, until: 10)
    #expect(flights.start() == started)
    _ = flights.add(2, to: waiting, until: 10)
    #expect(Set(flights.expire(now: 10)) == [1, 2])
    // Nobody needs the one that has not begun.
    #expect(flights.start() == nil)
    #expect(flights.open == 1)
    #expect(flights.add(3, to: started, until: 20) == .joined)
    #expect(flights.land(started) == [3])
  }

  /// Times of askers that were answered long ago must not pile up.
  @Test func answeredOnesLeaveNothing() throws {
    var flights = QuestionFlights<Int>(limits: Self.limits())
    let asked = try question("a.example")
    for step in 0..<10_000 {
      #expect(flights.add(step, to: asked, until: Int64.max) == .opened)
      #expect(flights.start() == asked)
      #expect(flights.land(asked) == [step])
    }
    #expect(flights.deadlineCount <= 1_100)
  }

  @Test func abandonedOnesAreTold() throws {
    var flights = QuestionFlights<Int>(limits: Self.limits())
    _ = flights.add(1, to: try question("a.example"), until: 10)
    _ = flights.add(2, to: try question("b.example"), until: 10)
    #expect(Set(flights.abandon()) == [1, 2])
    #expect(flights.open == 0 && flights.nextDeadline == nil)
  }
}
