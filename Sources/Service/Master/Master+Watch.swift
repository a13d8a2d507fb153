// What the master notices by the pulses of its worker: how much mail there is, and what is worth an
// event because it begins or ends.
internal import JSONOutput
internal import Logging

/// What lasts, and was told when it began.
struct Conditions: Sendable {
  /// Seconds without a refusal until overload is over.
  static let calmSeconds = 10

  private var overloadBegan: Int?
  private var overloadLast = 0
  private var turnedAway = 0
  private var breakers: [String: Int] = [:]
  private var isDNSSilent = false

  /// - Returns: what began or ended.
  mutating func events(of pulse: Pulse, at second: Int) -> [ControlEvent] {
    overload(pulse, second) + breakers(pulse) + nameServers(pulse)
      + (pulse.linesLost > 0
        ? [ControlEvent("log-lost", [("lines", .number(pulse.linesLost))])] : [])
  }

  private mutating func overload(_ pulse: Pulse, _ second: Int) -> [ControlEvent] {
    if pulse.overloaded > 0 {
      overloadLast = second
      turnedAway += pulse.overloaded
      guard overloadBegan == nil else { return [] }
      overloadBegan = second
      return [ControlEvent("overload-begins", [("refused", .number(pulse.overloaded))])]
    }
    guard let began = overloadBegan, second - overloadLast >= Self.calmSeconds else { return [] }
    let members: [(String, OrderedJSON)] = [
      ("seconds", .number(overloadLast - began + 1)), ("refused", .number(turnedAway)),
    ]
    (overloadBegan, turnedAway) = (nil, 0)
    return [ControlEvent("overload-ends", members)]
  }

  /// They are asked on: there is nobody else.
  private mutating func nameServers(_ pulse: Pulse) -> [ControlEvent] {
    guard pulse.isDNSSilent != isDNSSilent else { return [] }
    isDNSSilent = pulse.isDNSSilent
    return [ControlEvent(isDNSSilent ? Self.dnsSilent : Self.dnsAnswers)]
  }

  static let dnsSilent = "name-servers-silent"
  static let dnsAnswers = "name-servers-answer"

  private mutating func breakers(_ pulse: Pulse) -> [ControlEvent] {
    defer { breakers = pulse.breakers }
    let opened = pulse.breakers.filter { $0.value > breakers[$0.key] ?? 0 }
    let closed = breakers.filter { pulse.breakers[$0.key] ?? 0 < $0.value }
    func event(_ name: String, _ service: String) -> ControlEvent {
      let hosts = pulse.breakers[service] ?? 0
      return ControlEvent(
        name, [("service", .text(service)), ("hosts_left_alone", .number(hosts))])
    }
    return opened.keys.sorted().map { event("breaker-opens", $0) }
      + closed.keys.sorted().map { event("breaker-closes", $0) }
  }
}

extension Master {
  /// Seconds since the master began.
  var second: Int { Int((ContinuousClock.now - began).components.seconds) }

  func heard(_ pulse: Pulse) {
    let second = second
    load.add(pulse, at: second)
    for event in conditions.events(of: pulse, at: second) {
      hub.tell(event)
      // Of breakers the worker's own lines say more.
      switch event.name {
      case Conditions.dnsSilent:
        Console.log("name servers: none answers; checks that ask them fail", level: .warning)
      case Conditions.dnsAnswers: Console.log("name servers: answer again", level: .notice)
      default: break
      }
    }
  }
}
