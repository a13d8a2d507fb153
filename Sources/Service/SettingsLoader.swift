// Where the settings come from: the configuration file, read by the compiler; without one, what
// holds anyway; and over both, the words of the command line.
internal import FoundationEssentials
internal import Logs
internal import MilterBridge
internal import Submission

struct SettingsLoader {
  let command: DaemonCommand

  static let standardPath = "/etc/defang/defangd.conf"
  /// Of what the compiler prints.
  private static let bytesMax = 1 << 20

  /// The file that is read, if any.
  var path: String? {
    if let named = command.config { return named }
    return FileBytes.exists(Self.standardPath) ? Self.standardPath : nil
  }

  func load() async throws(StartFailure) -> Settings {
    guard let path else { return overridden(Settings()) }
    let text = try await CompilerChild(path: command.compiler).output(
      ["settings", "--guarded", path], limit: Self.bytesMax, or: "the configuration is not usable",
      code: 78)
    return overridden(try Self.settings(text))
  }

  static func settings(_ text: [UInt8]) throws(StartFailure) -> Settings {
    do {
      return try JSONDecoder().decode(Settings.self, from: Data(text))
    } catch {
      throw StartFailure(
        code: 70,
        message: "the compiler is of another version, its settings cannot be read: \(error)")
    }
  }

  /// With what the command line says in place of what the file does.
  func overridden(_ settings: Settings) -> Settings {
    var settings = settings
    if !command.rules.isEmpty { settings.rules = .init(command.rules) }
    if command.observe { settings.observe.on = true }
    overrideWatching(&settings)
    if let user = command.user { settings.user = .init(user) }
    overrideListeners(&settings)
    if let engine = command.frontEnd { settings.engine = .init(engine) }
    if let state = command.state { settings.state = .init(state) }
    if let threads = command.threads { settings.threads = .init(threads) }
    if let grace = command.grace { settings.grace = .init(grace) }
    if let name = command.hostname { settings.hostname = .init(name) }
    if !command.dns.isEmpty { settings.dns = .init(command.dns) }
    if let server = command.submit { settings.submit.value = server }
    if let security = command.submitTls { settings.submit.tls = security.rawValue }
    if let name = command.submitName { settings.submit.name = name }
    if let path = command.submitAuthorities { settings.submit.authorities = path }
    if let path = command.submitCredentials { settings.submit.credentials = path }
    overrideMemory(&settings)
    return settings
  }

  /// What is logged, traced and kept.
  private func overrideWatching(_ settings: inout Settings) {
    if command.trace || !command.traceOnly.isEmpty {
      settings.trace = Settings.Trace(
        on: true, only: command.trace ? [] : command.traceOnly.map(\.text))
    }
    if let place = command.log { settings.log.value = place }
    if let format = command.logFormat { settings.log.format = format }
    if let level = command.logLevel { settings.log.level = level }
    if let events = command.events { settings.log.events = events }
    if let isKept = command.history { settings.history.on = isKept }
    if let days = command.historyDays { settings.history.days = days }
    if let entries = command.historyEntries { settings.history.entries = entries }
  }

  /// Another place is not logged in to with the former one's password.
  private func overrideMemory(_ settings: inout Settings) {
    if let place = command.memory {
      settings.memory = Settings.Memory(value: place, prefix: settings.memory.prefix)
    }
    if let path = command.memorySecret { settings.memory.secret = path }
    if let user = command.memoryUser { settings.memory.user = user }
    if let prefix = command.memoryPrefix { settings.memory.prefix = prefix }
  }

  /// An address of the command line is the only one of its kind; mode and group are of all.
  private func overrideListeners(_ settings: inout Settings) {
    if let address = command.socket {
      settings.listen.removeAll(where: \.isForMail)
      settings.listen.insert(Settings.Listener(value: address), at: 0)
    }
    if let address = command.socketmap {
      settings.listen.removeAll(where: \.socketmap)
      settings.listen.append(Settings.Listener(value: address, socketmap: true))
    }
    if let address = command.control {
      settings.listen.removeAll(where: \.control)
      settings.listen.append(Settings.Listener(value: address, control: true))
    }
    if let address = command.metrics {
      settings.listen.removeAll(where: \.metrics)
      var listener = Settings.Listener(value: address, metrics: true)
      listener.group = settings.listen.first?.group
      settings.listen.append(listener)
    }
    for index in settings.listen.indices {
      if let mode = command.socketMode { settings.listen[index].mode = mode }
      if let group = command.socketGroup { settings.listen[index].group = group }
    }
  }
}
