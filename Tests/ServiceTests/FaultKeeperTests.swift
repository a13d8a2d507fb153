// What the worker keeps of messages on which the filter failed, and that the compiler's commands
// read it.
import Foundation
import MailLab
import Testing

@testable import MilterBridge
@testable import RuleCommands
@testable import Service
@testable import Stores

@Suite final class FaultKeeperTests {
  private let state = FileManager.default.temporaryDirectory.path + "/keeper-" + UUID().uuidString

  deinit { try? FileManager.default.removeItem(atPath: state) }

  private func faultPlace(count: Int = 100) -> FaultPlace? {
    var settings = Settings()
    settings.state.value = state
    settings.faults.count = count
    settings.rules.value = ["/etc/defang/it's mine.rules", "b.rules"]
    return FaultPlace(settings)
  }

  private static func facts(_ subject: String) -> SessionFacts {
    var facts = SessionFacts()
    facts.sessionID = "s-1"
    facts.queueID = "Q\(subject)"
    facts.stage = .endOfMessage
    facts.client.address = "192.0.2.1"
    facts.client.helo = "h\"\u{7}"
    facts.sender = "<ann@example.net>"
    facts.senderArguments = ["SIZE=7"]
    facts.recipients = ["<bob@example.com>", "<eve@example.com>"]
    facts.macros = [
      .init(name: "auth_authen", value: "ann", outlivesMessage: false),
      .init(name: "daemon_name", value: "MTA", outlivesMessage: true),
    ]
    let bytes = Array("Subject: \(subject)\r\n\r\nlone\nfeed\r\n".utf8)
    facts.message = ReceivedMessage(bytes: bytes, sizeBytes: bytes.count)
    return facts
  }

  private func hand(_ number: UInt64) -> HandMark { HandMark(high: number, low: ~number) }

  private var kept: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: state + "/faults")) ?? []).sorted()
  }

  @Test func whatFailedCanBeReadAgain() async throws {
    let place = try #require(faultPlace())
    let keeper = FaultKeeper(place)
    keeper.keep(Self.facts("one"), hand(1), problem: "no fuel")
    await keeper.stop()
    let id = FaultPlace.id(of: hand(1))
    #expect(kept == [id] && id == "0000000000000001fffffffffffffffe")
    let (session, message) = try SessionFile.read(place.folder.sessionPath(id))
    #expect(message == Self.facts("one").message?.bytes)
    #expect(session.clientIP == "192.0.2.1" && session.helo == "h\"\u{7}" && session.hasSender)
    #expect(session.from == "<ann@example.net>" && session.mailArguments == ["SIZE=7"])
    #expect(session.to == ["<bob@example.com>", "<eve@example.com>"])
    #expect(session.macros == ["auth_authen": "ann"])
    #expect(session.sessionMacros == ["daemon_name": "MTA"] && !session.isLocal)
  }

  @Test func theCommandCanBePasted() throws {
    let command = try #require(faultPlace()).command(FaultPlace.id(of: hand(1)))
    let run = try ToolRun(["sh", "-c", "printf '%s\\n' \(command.dropFirst(13))"])
    #expect(
      run.output.split(separator: "\n") == [
        "trace", "/etc/defang/it's mine.rules", "b.rules", "--session",
        "\(state)/faults/\(FaultPlace.id(of: hand(1)))/session.json",
      ])
  }

  @Test func noneAreKeptWhereNoneShall() { #expect(faultPlace(count: 0) == nil) }

  @Test func soManyInAMinute() async throws {
    var limits = FaultKeeper.Limits()
    limits.perMinuteMax = 2
    let keeper = FaultKeeper(try #require(faultPlace()), limits: limits)
    // The minute may turn once between them.
    for number: UInt64 in 1...6 {
      keeper.keep(Self.facts("\(number)"), hand(number), problem: "x")
    }
    await keeper.stop()
    #expect((2...4).contains(kept.count))
  }

  @Test func noMoreWaitThanMay() async throws {
    var limits = FaultKeeper.Limits()
    limits.waitingBytesMax = 10
    let keeper = FaultKeeper(try #require(faultPlace()), limits: limits)
    keeper.keep(Self.facts("one"), hand(1), problem: "x")
    await keeper.stop()
    #expect(kept == [])
  }

  // MARK: Suspects

  private func hands(_ keeper: FaultKeeper, suspects: HandMark...) throws -> WorkerHands {
    let hands = WorkerHands(try HandPages(key: .random()), faults: keeper) { _ in }
    hands.suspect(Dictionary(uniqueKeysWithValues: suspects.map { ($0, 1) }))
    return hands
  }

  @Test func aSuspectIsWrittenBeforeItIsLookedAt() async throws {
    let keeper = FaultKeeper(try #require(faultPlace()))
    let hands = try hands(keeper, suspects: hand(1))
    var asked = 0
    let first = hands.take(hand(2), name: "Q") {
      asked += 1
      return nil
    }
    #expect(asked == 0 && kept == [])
    let second = hands.take(hand(1), name: "Q") { Self.facts("one") }
    #expect(kept == [FaultPlace.id(of: hand(1))])
    hands.leave(first)
    #expect(kept.count == 1)
    // It did no harm.
    hands.leave(second)
    #expect(kept == [])
    await keeper.stop()
  }

  @Test func whatWasKeptForAnotherReasonStays() async throws {
    let keeper = FaultKeeper(try #require(faultPlace()))
    #expect(keeper.keepSuspect(Self.facts("one"), hand(1)))
    let hands = try hands(keeper, suspects: hand(1))
    hands.leave(hands.take(hand(1), name: "Q") { Self.facts("one") })
    #expect(kept.count == 1)
    await keeper.stop()
  }

  /// What fails in a worker and what is in hand when it dies have one name.
  @Test func theMarkOfAMessageIsOne() async throws {
    let keeper = FaultKeeper(try #require(faultPlace()))
    let hands = try hands(keeper)
    let facts = Self.facts("one")
    hands.failed(facts, problem: "x")
    await keeper.stop()
    let bytes = try #require(facts.message?.bytes)
    let mark = HandMark(
      bytes.span, step: Session.Stage.endOfMessage.rawValue, size: bytes.count, key: hands.key)
    #expect(kept == [FaultPlace.id(of: mark)])
  }
}
