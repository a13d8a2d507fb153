// Figures that are looked up when somebody asks for them, and where they can be asked for.
internal import CoreMetrics
internal import Figures
internal import LiveChecks
internal import Logs
internal import MilterBridge
internal import NIOCore
internal import NIOPosix
internal import RuleBytecode
internal import Stores
internal import Submission
internal import UnixAddress

struct FigureSources: Sendable {
  let book: FigureBook

  /// The process's figures, once and for all: targets that know only swift-metrics count here too.
  static func begin() -> FigureBook {
    let book = FigureBook()
    MetricsSystem.bootstrap(book)
    book.gauge("process_start_time_seconds").set(Double(WallClock.seconds))
    return book
  }

  func watch(
    _ state: DaemonState, _ services: LiveServices, _ watch: MailWatch, _ load: SessionLoad
  ) {
    book.collect { [book] in
      book.counter("defang_overload_refusals_total").raise(to: Int64(load.turnedAwayCount))
      book.counter("defang_abandoned_total").raise(to: Int64(load.abandonedCount))
      book.counter("defang_log_lost_total").raise(to: Int64(watch.log.lost))
      if let history = watch.history {
        book.counter("defang_history_lost_total").raise(to: Int64(history.lost))
        book.gauge("defang_history_waiting").set(Double(history.waiting))
      }
      for (service, hosts) in services.breakerFigures {
        book.gauge("defang_breakers_open", [service]).set(Double(hosts))
      }
      book.gauge("process_resident_memory_bytes").set(Double(ProcessFacts.residentBytes() ?? 0))
      book.gauge("process_open_fds").set(Double(ProcessFacts.descriptors()))
      guard let opened = state.current else { return }
      if let totals = try? opened.quarantine.totals() {
        book.gauge("defang_quarantine_entries").set(Double(totals.entries))
        book.gauge("defang_quarantine_bytes").set(Double(totals.bytes))
      }
      if let counts = try? opened.office.queue.counts() {
        book.gauge("defang_queue_mails", ["waiting"]).set(Double(counts.waiting))
        book.gauge("defang_queue_mails", ["failed"]).set(Double(counts.failed))
      }
    }
  }

  /// A policy is live.
  func loaded(_ imageName: String) {
    book.counter("defang_reloads_total", ["refused"]).increment(by: Int64(0))
    book.counter("defang_reloads_total", ["ok"]).increment(by: Int64(1))
    book.gauge("defang_reload_ok").set(1.0)
    book.gauge("defang_reload_timestamp_seconds").set(Double(WallClock.seconds))
    book.forget("defang_image_info")
    book.gauge("defang_image_info", [imageName, Defang.version]).set(1.0)
  }

  /// A policy was refused; the one before stays.
  func refused() {
    book.counter("defang_reloads_total", ["refused"]).increment(by: Int64(1))
    book.gauge("defang_reload_ok").set(0.0)
  }

  /// Gives the figures at a socket of this host.
  func serve(at listener: BoundListener) async throws -> FiguresServer {
    let server = FiguresServer(book)
    try await server.start { try await $0.withBoundSocket(listener.descriptor).get() }
    return server
  }

  /// An address that only this host reaches: figures tell much about who writes to whom.
  static func address(_ text: String) throws(StartFailure) -> SocketAddressText {
    let address: SocketAddressText
    do throws(SocketAddressText.Problem) {
      address = try SocketAddressText(text)
    } catch {
      throw StartFailure(code: 78, message: "metrics at \(text): \(error)")
    }
    switch address.place {
    case .unix: return address
    case .inet(let host, _), .inet6(let host, _):
      if host == "localhost" || IPAddress(host)?.isLoopback == true { return address }
      throw StartFailure(
        code: 78, message: "metrics at \(text): a unix socket or an address of 127.0.0.0/8 or ::1")
    }
  }
}
