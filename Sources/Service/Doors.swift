// Where others come in: all sockets of the settings, made while the process may, listened at once
// there is a policy.
internal import Logging
internal import MilterBridge

struct Doors {
  private let front: any MilterFrontEnd
  private let milters: [BoundListener]
  private let maps: [(server: SocketmapServer, listener: BoundListener)]
  /// For the log.
  let names: String

  /// Makes all of them; none is left when one cannot be made.
  static func open(
    _ settings: Settings, _ slot: PolicySlot, _ logger: Logger
  ) throws(StartFailure) -> Doors {
    var bound: [BoundListener] = []
    do throws(StartFailure) {
      let isOurs = settings.engine.value == .nio
      if !isOurs, settings.milters.count > 1 {
        throw StartFailure(code: 78, message: "libmilter serves one listener; take engine nio")
      }
      var milters: [BoundListener] = []
      for listener in settings.milters where isOurs {
        milters.append(try bind(listener))
        bound.append(milters[milters.count - 1])
      }
      var maps: [(SocketmapServer, BoundListener)] = []
      for listener in settings.socketmaps {
        bound.append(try bind(listener))
        maps.append((SocketmapServer { await slot.tables.answer($0, $1) }, bound[bound.count - 1]))
      }
      let front = try frontEnd(settings, milters, slot, logger)
      return Doors(
        front: front, milters: milters, maps: maps,
        names: settings.milters.map(\.value).joined(separator: ", "))
    } catch {
      for listener in bound { listener.abandon() }
      throw error
    }
  }

  private static func bind(_ listener: Settings.Listener) throws(StartFailure) -> BoundListener {
    let address = try address(listener.value)
    do throws(ListenError) {
      return try BoundListener.open(address, mode: listener.modeBits, group: listener.group)
    } catch {
      throw failure(listener.value, error)
    }
  }

  private static func address(_ text: String) throws(StartFailure) -> SocketAddressText {
    do throws(SocketAddressText.Problem) {
      return try SocketAddressText(text)
    } catch {
      throw failure(text, error)
    }
  }

  private static func failure(_ address: String, _ error: any Error) -> StartFailure {
    StartFailure(code: 78, message: "cannot listen on \(address): \(error)")
  }

  private static func frontEnd(
    _ settings: Settings, _ bound: [BoundListener], _ slot: PolicySlot, _ logger: Logger
  ) throws(StartFailure) -> any MilterFrontEnd {
    var listeners = bound.map { MilterServerConfiguration.Listener.bound($0) }
    let only = settings.milters.first ?? Settings.Listener()
    if settings.engine.value == .libmilter { listeners = [.address(try address(only.value))] }
    let configuration = MilterServerConfiguration(
      listeners: listeners, socketMode: only.modeBits, socketGroup: only.group,
      limits: settings.bridgeLimits, policy: { slot.sessionPolicy }, logger: logger,
      threadCount: settings.threads.value)
    guard settings.engine.value == .libmilter else { return MilterServer(configuration) }
    let server = LibMilterServer(configuration)
    do {
      try server.open()
    } catch {
      throw failure(only.value, error)
    }
    return server
  }

  /// Takes connections from here on.
  func listen() async throws(StartFailure) {
    do {
      try await front.start()
    } catch {
      throw Self.failure(names, error)
    }
    for (server, listener) in maps {
      do {
        try await server.start(at: listener)
      } catch {
        throw Self.failure(listener.name, error)
      }
    }
  }

  /// Finishes what is in hand.
  func close(graceSeconds: Int) async {
    for (server, _) in maps { await server.stop() }
    await front.stop(graceSeconds: graceSeconds)
  }

  /// The process ends without having served.
  func abandon() {
    for listener in milters { listener.removeFile() }
    for (_, listener) in maps { listener.removeFile() }
  }
}
