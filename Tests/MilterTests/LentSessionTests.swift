// Sessions as contexts of libmilter carry them: what is remembered of connections, and for how
// long. A context is a key that is used again when its connection is gone.

import MilterBridge
import MilterWire
import Synchronization
import Testing
import UnixAddress

@Suite struct LentSessionTests {
  private static let offer = NegotiationOffer(version: 6, actions: .all, steps: .all)

  /// Stands for all that a policy holds.
  private final class Image: Sendable {
    let name: String
    init(_ name: String) { self.name = name }
  }

  /// Policies as reloads make them; says which of them are still held by somebody.
  private final class Reloads: Sendable {
    private struct Held { weak let image: Image? }

    private let state = Mutex<(current: SessionPolicy?, images: [Held], told: [String])>(
      (nil, [], []))

    func reload(_ name: String, needs: NegotiationNeeds = .everything) {
      let image = Image(name)
      let policy = SessionPolicy(needs: needs) { [unowned self] _ in
        state.withLock { $0.told.append(image.name) }
        return ScriptedEvaluation()
      }
      state.withLock { state in
        state.current = policy
        state.images.append(Held(image: image))
      }
    }

    var policy: SessionPolicy { state.withLock { $0.current } ?? .refusing }
    var alive: [String] { state.withLock { $0.images.compactMap { $0.image?.name } } }
    /// Whose evaluations were made, in order.
    var told: [String] { state.withLock { $0.told } }

    var lender: SessionLender {
      SessionLender(
        MilterServerConfiguration(listeners: [], policy: { self.policy }, logger: quiet))
    }
  }

  /// A connection ends without a word of libmilter; what it began with must not stay for that.
  @Test func anEndedConnectionKeepsNoPolicy() throws {
    let reloads = Reloads()
    let lender = reloads.lender
    for number in 1...100 {
      reloads.reload("policy \(number)")
      let key = UInt(number)
      lender.end(try #require(lender.session(for: key, Self.offer)), of: key)
    }
    #expect(reloads.alive == ["policy 100"])
  }

  @Test func aSessionKeepsItsPolicy() throws {
    let reloads = Reloads()
    let lender = reloads.lender
    reloads.reload("one")
    let old = try #require(lender.session(for: 1, Self.offer))
    reloads.reload("two")
    let new = try #require(lender.session(for: 2, Self.offer))
    #expect(reloads.alive == ["one", "two"])
    lender.end(old, of: 1)
    lender.end(new, of: 2)
  }

  /// After QUIT_NC: what was agreed holds, with the latest policy that needs the same.
  @Test func theNextSessionOfAConnection() throws {
    let reloads = Reloads()
    let lender = reloads.lender
    reloads.reload("one")
    lender.end(try #require(lender.session(for: 1, Self.offer)), of: 1)
    reloads.reload("two")
    lender.end(try #require(lender.session(for: 2, Self.offer)), of: 2)
    reloads.reload("three", needs: .refusal)
    lender.end(try #require(lender.session(for: 3, Self.offer)), of: 3)
    let next = try #require(lender.session(for: 1, nil))
    #expect(next.session.negotiated == NegotiationNeeds.everything.answer(to: Self.offer))
    #expect(reloads.told == ["one", "two", "three", "two"])
    #expect(lender.session(for: 4, nil) == nil)
  }
}

@Suite struct AgreementsTests {
  private static let offer = NegotiationOffer(version: 6, actions: .all, steps: .all)
  private static let policy = SessionPolicy(needs: .everything) { _ in ScriptedEvaluation() }

  /// libmilter closes what is silent for too long, and says nothing of it.
  @Test func connectionsThatAreGoneAreForgotten() {
    var agreements = Agreements(silenceSeconds: 7_210)
    for key in 1...100_000 as ClosedRange<UInt> {
      let now = Int(key)
      agreements.begin(key, Self.offer, Self.policy, now: now)
      if key > 10 { agreements.end(key, now: now) }
    }
    #expect(agreements.count < 20_000)
    // Those that have not ended stay, however long they are.
    for key in 1...10 as ClosedRange<UInt> {
      #expect(agreements.resume(key)?.offer == Self.offer)
    }
    #expect(agreements.resume(11) == nil)
  }

  /// A connection with a session under way is not one that has ended.
  @Test func aSessionUnderWayKeepsItsConnection() {
    var agreements = Agreements(silenceSeconds: 10)
    agreements.begin(1, Self.offer, Self.policy, now: 0)
    agreements.end(1, now: 1)
    _ = agreements.resume(1)
    for key in 2...5_000 as ClosedRange<UInt> {
      agreements.begin(key, Self.offer, Self.policy, now: 10_000)
    }
    #expect(agreements.resume(1) != nil)
  }

  /// The policy of needs that nobody has any more goes, also where few connections come.
  @Test func formerNeedsAreForgotten() {
    var agreements = Agreements(silenceSeconds: 10)
    agreements.begin(1, Self.offer, Self.policy, now: 0)
    agreements.end(1, now: 1)
    agreements.begin(2, Self.offer, .refusing, now: 5_000)
    #expect(agreements.count == 1)
    #expect(agreements.resume(1) == nil)
  }
}
