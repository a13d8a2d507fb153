// What the master decides with: who is suspect, how long it waits, what it says to a worker.
import MilterBridge
import NIOCore
import Synchronization
import Testing

@testable import Service

struct MasterTests {
  private func hand(_ number: UInt64, _ name: String = "Q") -> HandEntry {
    HandEntry(mark: HandMark(high: number, low: ~number), name: name)
  }

  // MARK: Suspects

  @Test func theSecondDeathMakesPoison() {
    var suspects = Suspects()
    #expect(suspects.strike([hand(1), hand(2)], nowSeconds: 10) == [])
    #expect(suspects.strike([hand(1, "again"), hand(3)], nowSeconds: 11) == [hand(1, "again")])
    // It is said once.
    #expect(suspects.strike([hand(1)], nowSeconds: 12) == [])
    #expect(
      Suspects.deaths(suspects.bytes) == [
        hand(1).mark: 3, hand(2).mark: 1, hand(3).mark: 1,
      ])
  }

  @Test func oneDeathCountsOnce() {
    var suspects = Suspects()
    #expect(suspects.strike([hand(1), hand(1), hand(1)], nowSeconds: 1) == [])
    #expect(suspects.entries[hand(1).mark]?.deaths == 1)
  }

  @Test func whatEndsWellIsForgotten() {
    var suspects = Suspects()
    _ = suspects.strike([hand(1)], nowSeconds: 1)
    suspects.clear(hand(1).mark)
    #expect(suspects.strike([hand(1)], nowSeconds: 2) == [])
  }

  @Test func allIsForgottenAfterADay() {
    var suspects = Suspects()
    _ = suspects.strike([hand(1)], nowSeconds: 1_000)
    suspects.expire(nowSeconds: 1_000 + Suspects.keepSeconds - 1)
    #expect(suspects.entries.count == 1)
    suspects.expire(nowSeconds: 1_000 + Suspects.keepSeconds)
    #expect(suspects.entries.isEmpty)
  }

  @Test func theirNumberIsBounded() {
    var suspects = Suspects()
    for number in 0...UInt64(Suspects.entriesMax) {
      _ = suspects.strike([hand(number)], nowSeconds: Int64(number))
    }
    #expect(suspects.entries.count == Suspects.entriesMax)
    #expect(suspects.entries[hand(0).mark] == nil)
    #expect(suspects.entries[hand(UInt64(Suspects.entriesMax)).mark] != nil)
  }

  @Test(arguments: [[1], Array(repeating: 7, count: 16), Array(repeating: 7, count: 18)])
  func otherBytesAreNoMarks(_ bytes: [UInt8]) { #expect(Suspects.deaths(bytes) == nil) }

  // MARK: In hand

  @Test func pagesShowWhatWasWritten() throws {
    let key = HandKey(first: 3, second: 4)
    let pages = try HandPages(key: key)
    #expect(pages.key == key)
    #expect(pages.entries == [])
    let last = HandPages.slotCount - 1
    pages.write(hand(1, "ABC"), at: 0)
    pages.write(hand(2, String(repeating: "x", count: 200)), at: last)
    let long = hand(2, String(repeating: "x", count: HandPages.nameBytesMax))
    #expect(pages.entries == [hand(1, "ABC"), long])
    pages.clear(0)
    #expect(pages.entries == [long])
  }

  @Test func theWorkerKeepsFromPoison() throws {
    let pages = try HandPages(key: .random())
    let cleared = Box()
    let hands = WorkerHands(pages) { cleared.add($0) }
    hands.suspect([hand(1).mark: 1, hand(2).mark: 2])
    #expect(hands.take(hand(2).mark, name: "P") { nil } == .poison)
    let place = hands.take(hand(1).mark, name: "S") { nil }
    #expect(pages.entries == [hand(1, "S")])
    hands.leave(place)
    #expect(pages.entries == [])
    #expect(cleared.all == [hand(1).mark])
    // An innocent of before is nothing to tell again.
    hands.leave(hands.take(hand(1).mark, name: "S") { nil })
    #expect(cleared.all == [hand(1).mark])
  }

  @Test func moreThanThePagesHoldIsNotWrittenDown() throws {
    let pages = try HandPages(key: .random())
    let hands = WorkerHands(pages) { _ in }
    let places = (0..<UInt64(HandPages.slotCount)).map { number in
      hands.take(hand(number).mark, name: "") { nil }
    }
    #expect(Set(places.map(String.init(describing:))).count == HandPages.slotCount)
    #expect(hands.take(hand(9).mark, name: "") { nil } == .none)
    hands.leave(places[0])
    #expect(hands.take(hand(9).mark, name: "") { nil } == places[0])
  }

  // MARK: Words

  @Test func framesComeInAnyPieces() throws {
    let frames = [
      LinkFrame(kind: .policy, number: 7, bytes: Array(repeating: 1, count: 70_000)),
      LinkFrame(kind: .ping), LinkFrame(kind: .taken, number: .max, bytes: [0]),
    ]
    var all = ByteBuffer()
    for frame in frames { frame.write(to: &all) }
    for size in [1, 13, 4_096, all.readableBytes] {
      var (input, rest, found) = (ByteBuffer(), all, [LinkFrame]())
      while var piece = rest.readSlice(length: min(size, rest.readableBytes)),
        piece.readableBytes > 0
      {
        input.writeBuffer(&piece)
        while let frame = try LinkFrame.take(from: &input) { found.append(frame) }
      }
      #expect(found == frames)
    }
  }

  @Test(arguments: [
    ([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0], LinkFrame.Problem.length(8)),
    ([0xFF, 0xFF, 0xFF, 0xFF, 0], .length(0xFFFF_FFFF)),
    ([0, 0, 0, 9, 0xEE, 0, 0, 0, 0, 0, 0, 0, 0], .kind(0xEE)),
  ])
  func nonsenseEndsTheLink(_ bytes: [UInt8], _ problem: LinkFrame.Problem) {
    var input = ByteBuffer(bytes: bytes)
    #expect(throws: problem) { try LinkFrame.take(from: &input) }
  }

  @Test func placesAreReadAsTheyAreWritten() throws {
    let places = WorkerPlaces(
      link: 5, hands: 6,
      listeners: [
        OpenListener(
          role: .milter, name: "unix:/run/a,b=c", socket: .adopted(7, name: "unix:/run/a,b=c")),
        OpenListener(
          role: .metrics, name: "inet:8891@127.0.0.1",
          socket: .adopted(8, name: "inet:8891@127.0.0.1")),
        OpenListener(
          role: .socketmap, name: "inet6:1@::1", socket: .adopted(9, name: "inet6:1@::1")),
      ])
    let read = try #require(WorkerPlaces(places.text))
    #expect(read.text == places.text)
    #expect(read.descriptors == [5, 6, 7, 8, 9])
    #expect(read.listeners.map(\.role) == [.milter, .metrics, .socketmap])
    for text in ["", "5", "5\nx", "5\n6\nmilter=7", "5\n6\nother=7=unix:/a"] {
      #expect(WorkerPlaces(text) == nil, "\(text)")
    }
  }

  @Test func failuresCrossTheLink() throws {
    let failure = StartFailure(code: 78, message: "line one\nline two")
    let read = try #require(StartFailure(answer: failure.answer))
    #expect(read.code == 78)
    #expect(read.message == failure.message)
    #expect(StartFailure(answer: []) == nil)
  }

  // MARK: Pauses

  @Test func pausesGrowUntilOneIsWell() {
    let start = ContinuousClock.now
    var pause = RestartPause()
    pause.died(servedSince: start, now: start)
    #expect(pause.isDue(now: start))
    for expected in RestartPause.pauses.dropFirst() + [.seconds(5)] {
      pause.tried(now: start)
      pause.died(servedSince: nil, now: start)
      #expect(!pause.isDue(now: start + expected - .milliseconds(1)))
      #expect(pause.isDue(now: start + expected))
    }
    #expect(pause.isLong(now: start + .seconds(RestartPause.longSeconds) + .milliseconds(1)))
    let later = start + .seconds(1_000)
    pause.died(servedSince: later - .seconds(RestartPause.wellSeconds), now: later)
    #expect(pause.isDue(now: later))
    #expect(!pause.isLong(now: later))
  }
}

private final class Box: Sendable {
  private let marks = Mutex<[HandMark]>([])

  var all: [HandMark] { marks.withLock { $0 } }
  func add(_ mark: HandMark) { marks.withLock { $0.append(mark) } }
}
