// The sockets that others come in by, opened by the master while it may, and kept while workers
// come and go: a connection that finds no worker waits in the socket's queue instead of being
// refused.
internal import MilterBridge
internal import UnixAddress

/// One socket that is bound, and who serves it.
struct OpenListener: Sendable {
  enum Role: String, Sendable {
    case milter, socketmap
    /// Figures for Prometheus.
    case metrics
    /// Served by the master.
    case control
  }

  let role: Role
  /// As the settings say it.
  let name: String
  let socket: BoundListener
}

extension Settings.Listener {
  fileprivate var role: OpenListener.Role {
    control ? .control : metrics ? .metrics : socketmap ? .socketmap : .milter
  }
}

enum Listeners {
  /// How long a socket of a daemon that was killed may still be answered by its worker.
  private static let patience = Duration.seconds(8)

  /// Opens all of them; none is left when one cannot be opened.
  static func open(_ settings: Settings) async throws(StartFailure) -> [OpenListener] {
    if settings.engine.value == .libmilter, settings.milters.count > 1 {
      throw StartFailure(code: 78, message: "libmilter serves one listener; take engine nio")
    }
    var open: [OpenListener] = []
    do throws(StartFailure) {
      for listener in settings.listen {
        let role = listener.role
        if role == .metrics { _ = try FigureSources.address(listener.value) }
        open.append(
          OpenListener(role: role, name: listener.value, socket: try await bind(listener)))
      }
      return open
    } catch {
      remove(open)
      throw error
    }
  }

  private static func bind(
    _ listener: Settings.Listener
  ) async throws(StartFailure) -> BoundListener {
    do {
      let address = try SocketAddressText(listener.value)
      return try await patiently {
        let bound = try BoundListener.open(
          address, mode: listener.modeBits, group: listener.group)
        // From now on connections wait for the first worker.
        try ListenSocket.listen(bound.descriptor)
        return bound
      }
    } catch {
      throw failure(listener.value, error)
    }
  }

  private static func failure(_ address: String, _ error: any Error) -> StartFailure {
    StartFailure(code: 78, message: "cannot listen on \(address): \(error)")
  }

  /// Gives a process that answers there a moment to end.
  private static func patiently<Result>(_ open: () async throws -> Result) async throws -> Result {
    let end = ContinuousClock.now + patience
    while true {
      do {
        return try await open()
      } catch let error as ListenError where error.isInUse && ContinuousClock.now < end {
        try await Task.sleep(for: .milliseconds(100))
      }
    }
  }

  /// Takes the names away that are still ours.
  static func remove(_ listeners: [OpenListener]) {
    for listener in listeners { listener.socket.removeFile() }
  }
}
