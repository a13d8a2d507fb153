// Once a second the worker tells its master what went on since the last time: for rates that
// outlive it, and for events.
internal import FoundationEssentials
internal import LiveChecks
internal import Logs
internal import MilterBridge

/// One second of a worker; counts are of that second.
struct Pulse: Codable, Equatable, Sendable {
  var mail = MailTotals()
  var overloaded = 0
  var abandoned = 0
  var linesLost = 0
  /// Hosts that are left alone now, by service.
  var breakers: [String: Int] = [:]
  /// No name server answers.
  var isDNSSilent = false

  var json: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

  init() {}

  /// Nil for bytes that no worker sends.
  init?(_ json: [UInt8]) {
    guard let pulse = try? JSONDecoder().decode(Pulse.self, from: Data(json)) else { return nil }
    self = pulse
  }
}

/// Where the counts are taken.
struct PulseSource: Sendable {
  let watch: MailWatch
  let load: SessionLoad
  let services: LiveServices

  /// Counts since the process began.
  private var totals: Pulse {
    var pulse = Pulse()
    pulse.mail = watch.figures?.totals ?? MailTotals()
    pulse.overloaded = load.turnedAwayCount
    pulse.abandoned = load.abandonedCount
    pulse.linesLost = watch.log.lost
    pulse.isDNSSilent = services.isDNSSilent
    let open = services.openBreakers.filter { $0.hosts > 0 }
    pulse.breakers = Dictionary(open.map { ($0.service, $0.hosts) }) { $0 + $1 }
    return pulse
  }

  /// Tells of each second until it is cancelled.
  func beat(_ tell: @Sendable (Pulse) -> Void) async {
    var last = totals
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(1))
      let next = totals
      tell(next.since(last))
      last = next
    }
  }
}

extension Pulse {
  func since(_ former: Pulse) -> Pulse {
    var result = self
    result.mail = mail.since(former.mail)
    result.overloaded -= former.overloaded
    result.abandoned -= former.abandoned
    result.linesLost -= former.linesLost
    return result
  }
}

extension MailTotals {
  /// What came since; the open sessions are those of now.
  func since(_ former: MailTotals) -> MailTotals {
    var result = self
    for (fate, count) in former.fates { result.fates[fate, default: 0] -= count }
    result.refusals -= former.refusals
    result.sessions -= former.sessions
    result.nanoseconds -= former.nanoseconds
    return result
  }
}
