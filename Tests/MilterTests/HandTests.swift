// What a session shows of what it has in hand, and what an input gets that has ended the process.
import MilterWire
import RuleVM
import Synchronization
import Testing

@testable import MilterBridge

/// Remembers what it was shown; says poison to the marks it was told.
final class HandBook: HandWatch {
  struct State {
    var held: [Int: (mark: HandMark, name: String)] = [:]
    var seen: [HandMark] = []
    var next = 0
    var poison: Set<HandMark> = []
  }

  let key = HandKey(first: 7, second: 11)
  let state = Mutex(State())

  var heldNames: [String] { state.withLock { $0.held.values.map(\.name).sorted() } }
  var seen: [HandMark] { state.withLock { $0.seen } }

  func take(_ mark: HandMark, name: String, facts: () -> SessionFacts?) -> HandPlace {
    state.withLock { state in
      state.seen.append(mark)
      if state.poison.contains(mark) { return .poison }
      state.next += 1
      state.held[state.next] = (mark, name)
      return .held(state.next)
    }
  }

  func leave(_ place: HandPlace) {
    if case .held(let number) = place { state.withLock { $0.held[number] = nil } }
  }
}

struct HandTests {
  private func mark(
    _ text: String, step: UInt8 = 1, size: Int? = nil, key: HandKey = HandKey(first: 1, second: 2)
  ) -> HandMark {
    let bytes = Array(text.utf8)
    return HandMark(bytes.span, step: step, size: size ?? bytes.count, key: key)
  }

  @Test func marksTellInputsApart() {
    let one = mark("Subject: a\r\n\r\nhello")
    #expect(mark("Subject: a\r\n\r\nhello") == one)
    let others = [
      mark("Subject: a\r\n\r\nhellp"), mark("Subject: a\r\n\r\nhello", step: 2),
      mark("Subject: a\r\n\r\nhello", size: 99),
      mark("Subject: a\r\n\r\nhello", key: HandKey(first: 1, second: 3)), mark(""),
      mark("\0"), mark("\0\0"),
    ]
    #expect(Set(others + [one]).count == others.count + 1)
  }

  /// Bytes behind the first 4,096 do not count, their number does.
  @Test func onlyTheBeginningCounts() {
    let head = String(repeating: "x", count: HandMark.bytesMax)
    #expect(mark(head + "a") == mark(head + "b"))
    #expect(mark(head) != mark(head + "b"))
    #expect(mark(String(head.dropLast()) + "a") != mark(String(head.dropLast()) + "b"))
  }

  // MARK: Sessions

  @Test func everyRunIsShownAndLetGo() throws {
    let book = HandBook()
    let bench = try Bench(hands: book)
    try bench.begin()
    _ = try bench.say(messagePackets())
    #expect(book.heldNames == [])
    let first = book.seen
    #expect(Set(first).count == first.count)
    // The same message in another session makes the same marks.
    let other = HandBook()
    let again = try Bench(hands: other)
    try again.begin()
    _ = try again.say(messagePackets())
    #expect(other.seen == first)
  }

  /// A message that waits for a check is in hand until it is answered, under its queue id.
  @Test func whatWaitsIsInHand() throws {
    let book = HandBook()
    let bench = try Bench(hands: book)
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    bench.policy.resumptions[1] = .decided(.proceed)
    _ = try bench.say(messagePackets())
    #expect(book.heldNames == ["QUEUE1"])
    _ = bench.answer(1)
    #expect(book.heldNames == [])
  }

  @Test func aConnectionThatIsCutLetsGo() throws {
    let book = HandBook()
    let bench = try Bench(hands: book)
    try bench.begin()
    bench.policy.outcomes["eom"] = .waiting([check(1)])
    _ = try bench.say(messagePackets())
    #expect(book.heldNames == ["QUEUE1"])
    bench.session.connectionDidClose()
    #expect(book.heldNames == [])
  }

  /// The rules do not see it a third time, and the session goes on.
  @Test func poisonIsAnsweredUnseen() throws {
    let book = HandBook()
    let bench = try Bench(hands: book)
    try bench.begin()
    _ = try bench.say(messagePackets())
    let runs = bench.policy.calls.count { $0 == "eom" }
    book.state.withLock { $0.poison = [$0.seen[$0.seen.count - 1]] }
    let replies = try bench.say(messagePackets())
    #expect(replies.last?.hasPrefix("refuse 451 4.3.0") == true)
    #expect(bench.policy.calls.count { $0 == "eom" } == runs)
    book.state.withLock { $0.poison = [] }
    #expect(try bench.say(messagePackets()).last == "proceed")
  }
}
