// How the daemon runs, as `defang-rulec settings` prints it. Without a file this is what holds; a
// test compares it with the sheet of settings. Trusts the compiler for the form of each value. The
// master reads it; workers get it from there, so that all of them run by the same settings.
internal import Logs
internal import MilterBridge
internal import Stores

struct Settings: Codable, Equatable, Sendable {
  /// A setting of one value.
  struct One<Value: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
    var value: Value
    /// `FILE:LINE:COLUMN`; nil when no file says it.
    var at: String?

    init(_ value: Value) { self.value = value }
  }

  struct Switch: Codable, Equatable, Sendable {
    var on = false
    var at: String?
  }

  struct Listener: Codable, Equatable, Sendable {
    var value = "unix:/run/defang/defang.sock"
    var mode = "0660"
    var group: String?
    var remote = false
    var socketmap = false
    var control = false
    var metrics = false
    var at: String?

    /// Octal digits, as the compiler or the command line saw to.
    var modeBits: UInt32 { UInt32(mode, radix: 8) ?? 0o660 }
  }

  struct Trace: Codable, Equatable, Sendable {
    var on = false
    /// Filters; of all mail if empty.
    var only: [String] = []
    var at: String?
  }

  struct Log: Codable, Equatable, Sendable {
    var value = LogDestination.stderr
    var format = LogFormat.text
    var level = LeastLevel.info
    var events = EventForm.message
    var at: String?
  }

  struct History: Codable, Equatable, Sendable {
    var on = false
    var days = HistoryLimits().daysMax
    var entries = HistoryLimits().entriesMax
    /// The state folder if nil.
    var folder: String?
    var at: String?
  }

  struct Faults: Codable, Equatable, Sendable {
    /// None are kept if 0.
    var count = FaultFolder.Limits().countMax
    var size = FaultFolder.Limits().bytesMax
    var at: String?
  }

  struct Shadow: Codable, Equatable, Sendable {
    /// Files of a second policy; none if empty.
    var value: [String] = []
    /// Percent.
    var share = 10
    var at: String?
  }

  struct Worker: Codable, Equatable, Sendable {
    /// Seconds.
    var silence = 30
    /// Bytes.
    var memory = 4 << 30
    var at: String?
  }

  struct Limits: Codable, Equatable, Sendable {
    var sessions = 10_000
    var memory = 1 << 30
    var message = 64 << 20
    var idle = 7_210
    var packet = 60
    var command = 8
    var end = 60
    var at: String?
  }

  struct Overload: Codable, Equatable, Sendable {
    var value = OverloadAnswer.tempfail
    /// Percent.
    var reserve = 10
    var at: String?
  }

  struct Memory: Codable, Equatable, Sendable {
    var value = "sqlite"
    var secret: String?
    var user: String?
    var prefix = "defang"
    var at: String?
  }

  struct Submit: Codable, Equatable, Sendable {
    var value = "127.0.0.1:25"
    var tls = "opportunistic"
    var name: String?
    var authorities: String?
    var credentials: String?
    var at: String?
  }

  var rules = One(["/etc/defang/policy.rules"])
  var observe = Switch()
  var trace = Trace()
  var listen = [Listener()]
  var engine = One(DaemonCommand.FrontEnd.nio)
  var user = One<String?>(nil)
  var group = One<String?>(nil)
  var state = One("/var/lib/defang")
  var pid = One<String?>(nil)
  var threads = One<Int?>(nil)
  var grace = One(30)
  var worker = Worker()
  var limits = Limits()
  var overload = Overload()
  var hostname = One<String?>(nil)
  var dns = One([String]())
  var submit = Submit()
  var memory = Memory()
  var log = Log()
  var history = History()
  var faults = Faults()
  var shadow = Shadow()

  /// Those for mail servers' mail.
  var milters: [Listener] { listen.filter(\.isForMail) }
  var socketmaps: [Listener] { listen.filter(\.socketmap) }

  init() {}

  /// The settings that are otherwise in `next`, but for those that a reload takes over.
  func differences(from next: Settings) -> [String] {
    let pairs: [(String, Bool)] = [
      ("observe", observe.on == next.observe.on),
      ("trace", trace.withoutPlace == next.trace.withoutPlace),
      ("listen", listen.map(\.withoutPlace) == next.listen.map(\.withoutPlace)),
      ("engine", engine.value == next.engine.value), ("user", user.value == next.user.value),
      ("group", group.value == next.group.value), ("state", state.value == next.state.value),
      ("pid", pid.value == next.pid.value), ("threads", threads.value == next.threads.value),
      ("grace", grace.value == next.grace.value),
      ("worker", worker.withoutPlace == next.worker.withoutPlace),
      ("limits", limits.withoutPlace == next.limits.withoutPlace),
      ("overload", overload.withoutPlace == next.overload.withoutPlace),
      ("hostname", hostname.value == next.hostname.value), ("dns", dns.value == next.dns.value),
      ("submit", submit.withoutPlace == next.submit.withoutPlace),
      ("memory", memory.withoutPlace == next.memory.withoutPlace),
      ("log", log.withoutPlace == next.log.withoutPlace),
      ("history", history.withoutPlace == next.history.withoutPlace),
      ("faults", faults.withoutPlace == next.faults.withoutPlace),
      ("shadow", shadow.withoutPlace == next.shadow.withoutPlace),
    ]
    return pairs.filter { !$0.1 }.map(\.0)
  }
}

/// A setting that knows where it stands.
protocol PlacedSetting {
  var at: String? { get set }
}

extension PlacedSetting {
  var withoutPlace: Self {
    var copy = self
    copy.at = nil
    return copy
  }
}

extension Settings.Listener: PlacedSetting {}
extension Settings.Worker: PlacedSetting {}
extension Settings.Limits: PlacedSetting {}
extension Settings.Overload: PlacedSetting {}
extension Settings.Submit: PlacedSetting {}
extension Settings.Memory: PlacedSetting {}
extension Settings.Trace: PlacedSetting {}
extension Settings.Log: PlacedSetting {}
extension Settings.History: PlacedSetting {}
extension Settings.Faults: PlacedSetting {}
extension Settings.Shadow: PlacedSetting {}

extension Settings.Listener {
  /// Mail servers' mail comes in there.
  var isForMail: Bool { !socketmap && !control && !metrics }
}

extension Settings {
  /// What sessions of the front ends are held to.
  var bridgeLimits: BridgeLimits {
    var bridge = BridgeLimits()
    bridge.sessionsMax = limits.sessions
    bridge.memoryBytesMax = limits.memory
    bridge.messageBytesMax = limits.message
    bridge.idleSeconds = limits.idle
    bridge.packetSeconds = limits.packet
    bridge.commandSeconds = limits.command
    bridge.endOfMessageSeconds = limits.end
    bridge.reservePercent = overload.reserve
    bridge.overload = overload.value
    return bridge
  }
}

extension LogDestination: Codable {}
extension LogFormat: Codable {}
extension LeastLevel: Codable {}
extension EventForm: Codable {}

extension Settings {
  var logSettings: LogDesk.Settings {
    var desk = LogDesk.Settings()
    desk.destination = log.value
    desk.format = log.format
    desk.level = log.level.level
    desk.events = log.events
    return desk
  }

  /// Whose mail is traced. Filters that are none were refused before.
  var traceSelection: TraceSelection {
    guard trace.on else { return TraceSelection() }
    let filters = trace.only.compactMap { TraceFilter(argument: $0) }
    return trace.only.isEmpty ? .all : TraceSelection(filters)
  }
}
