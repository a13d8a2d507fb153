// What a greylist decides, from what is known, its parameters and the time; no effects. Each of the
// three facts (waiting, known, network) stands for itself, so that no order of events loses one.

/// As the options of the test `greylist` (docs/LANGUAGE.md).
package struct GreylistParameters: Equatable, Sendable {
  package var delaySeconds: Int64 = 300
  package var expireSeconds: Int64 = 14_400
  package var keepSeconds: Int64 = 2_678_400
  package var net4Bits = 24
  package var net6Bits = 64
  /// So many mails that came through, and the network waits no more; 0: it always does.
  package var allowAfter: Int64 = 0

  package init() {}

  var delay: Int64 { Moment.bounded(delaySeconds) }
  var keep: Int64 { Moment.bounded(keepSeconds) }

  /// After the first try. With an `expire` within `delay` nobody could ever come in time: then it
  /// counts from the end of the delay.
  var lastRetry: Int64 {
    let expire = Moment.bounded(expireSeconds)
    return expire > delay ? expire : delay + expire
  }
}

package struct GreylistDecision: Equatable, Sendable {
  package enum Reason: String, CaseIterable, Sendable {
    /// Nobody knew it: it waits.
    case new
    /// It came back too early: it waits on.
    case early
    /// It came back too late: it waits anew.
    case late
    /// It came back in time.
    case cameBack = "came back"
    /// It came through before.
    case known
    /// Enough mails of its network came through.
    case network
  }

  package let reason: Reason
  /// How long it has to wait still; 0 lets it pass.
  package let waitSeconds: Int64

  package var isDeferred: Bool { waitSeconds > 0 }
}

/// What is known of a triple and its network.
struct GreylistState: Equatable, Sendable {
  struct Goods: Equatable, Sendable {
    var count: Int64
    var lastSeconds: Int64
  }

  /// Recipients of one mail are asked about one after the other: what comes through within this
  /// time counts as one mail.
  static let sameMailSeconds: Int64 = 10
  static let goodsMax: Int64 = 1_000_000_000

  /// The first try of one that has not come back in time yet.
  var waitingSince: Int64?
  /// When it came through last.
  var knownSeconds: Int64?
  /// Mails of its network that came through.
  var goods: Goods?

  /// Decides, and becomes what is known after it.
  mutating func decide(_ parameters: GreylistParameters, now: Int64) -> GreylistDecision {
    if let goods, parameters.allowAfter > 0, goods.count >= parameters.allowAfter,
      now - goods.lastSeconds < parameters.keep
    {
      countGood(parameters, now)
      return GreylistDecision(reason: .network, waitSeconds: 0)
    }
    if let knownSeconds, now - knownSeconds < parameters.keep {
      pass(parameters, now)
      return GreylistDecision(reason: .known, waitSeconds: 0)
    }
    guard let since = waitingSince else {
      waitingSince = now
      return deferred(.new, parameters.delay, parameters, now)
    }
    // A first try in the future is the clock's fault: it counts as one of now.
    let first = min(since, now)
    waitingSince = first
    let waited = now - first
    if waited < parameters.delay {
      return deferred(.early, parameters.delay - waited, parameters, now)
    }
    if waited > parameters.lastRetry {
      waitingSince = now
      return deferred(.late, parameters.delay, parameters, now)
    }
    pass(parameters, now)
    return GreylistDecision(reason: .cameBack, waitSeconds: 0)
  }

  /// Without a delay nobody waits.
  private mutating func deferred(
    _ reason: GreylistDecision.Reason, _ waitSeconds: Int64, _ parameters: GreylistParameters,
    _ now: Int64
  ) -> GreylistDecision {
    if waitSeconds == 0 { pass(parameters, now) }
    return GreylistDecision(reason: reason, waitSeconds: waitSeconds)
  }

  private mutating func pass(_ parameters: GreylistParameters, _ now: Int64) {
    waitingSince = nil
    knownSeconds = now
    countGood(parameters, now)
  }

  private mutating func countGood(_ parameters: GreylistParameters, _ now: Int64) {
    guard parameters.allowAfter > 0 else { return }
    // What is older than `keep` says nothing of today's network.
    guard let last = goods, now - last.lastSeconds < parameters.keep else {
      goods = Goods(count: 1, lastSeconds: now)
      return
    }
    if now >= last.lastSeconds, now - last.lastSeconds < Self.sameMailSeconds { return }
    goods = Goods(count: min(last.count + 1, Self.goodsMax), lastSeconds: now)
  }
}
