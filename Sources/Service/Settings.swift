// How the daemon runs, as `defang-rulec settings` prints it. Without a file this is what holds; a
// test compares it with the sheet of settings. Trusts the compiler for the form of each value. The
// master reads it; workers get it from there, so that all of them run by the same settings.
internal import MilterBridge

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
    var at: String?

    /// Octal digits, as the compiler or the command line saw to.
    var modeBits: UInt32 { UInt32(mode, radix: 8) ?? 0o660 }
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
  var trace = Switch()
  var listen = [Listener()]
  var engine = One(DaemonCommand.FrontEnd.nio)
  var user = One<String?>(nil)
  var group = One<String?>(nil)
  var state = One("/var/lib/defang")
  var pid = One<String?>(nil)
  var threads = One<Int?>(nil)
  var grace = One(30)
  var limits = Limits()
  var overload = Overload()
  var hostname = One<String?>(nil)
  var dns = One([String]())
  var submit = Submit()
  var memory = Memory()

  /// Those for mail servers' mail.
  var milters: [Listener] { listen.filter { !$0.socketmap && !$0.control } }
  var socketmaps: [Listener] { listen.filter(\.socketmap) }

  init() {}

  /// The settings that are otherwise in `next`, but for those that a reload takes over.
  func differences(from next: Settings) -> [String] {
    let pairs: [(String, Bool)] = [
      ("observe", observe.on == next.observe.on), ("trace", trace.on == next.trace.on),
      ("listen", listen.map(\.withoutPlace) == next.listen.map(\.withoutPlace)),
      ("engine", engine.value == next.engine.value), ("user", user.value == next.user.value),
      ("group", group.value == next.group.value), ("state", state.value == next.state.value),
      ("pid", pid.value == next.pid.value), ("threads", threads.value == next.threads.value),
      ("grace", grace.value == next.grace.value),
      ("limits", limits.withoutPlace == next.limits.withoutPlace),
      ("overload", overload.withoutPlace == next.overload.withoutPlace),
      ("hostname", hostname.value == next.hostname.value), ("dns", dns.value == next.dns.value),
      ("submit", submit.withoutPlace == next.submit.withoutPlace),
      ("memory", memory.withoutPlace == next.memory.withoutPlace),
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
extension Settings.Limits: PlacedSetting {}
extension Settings.Overload: PlacedSetting {}
extension Settings.Submit: PlacedSetting {}
extension Settings.Memory: PlacedSetting {}

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
