// A name server of the laboratory that answers as a fault says, whatever name is asked.
import MailLab
import Synchronization

enum FailingZone {
  /// - Parameter names: those whose questions meet the fault.
  static func service(
    _ fault: FailureFault, _ names: [String], _ fill: (inout DNSZone) -> Void
  ) throws -> FailureService {
    var zone = DNSZone()
    fill(&zone)
    for name in names { zone.fail(name, fault.ofZone) }
    let server = try DNSServer(zone)
    let (address, port) = (server.address, server.port)
    let holder = Holder(server)
    // Its port was somebody's, and is nobody's now.
    if fault == .absent { holder.stop() }
    return FailureService(
      nameServers: [address],
      restart: { [zone] in
        holder.stop()
        holder.take(try DNSServer(zone, port: port))
      },
      stop: { holder.stop() })
  }

  private final class Holder: Sendable {
    private let server: Mutex<DNSServer>
    init(_ server: DNSServer) { self.server = Mutex(server) }
    func stop() { server.withLock { $0 }.stop() }
    func take(_ other: DNSServer) { server.withLock { $0 = other } }
  }
}

extension FailureFault {
  fileprivate var ofZone: DNSZone.Fault? {
    switch self {
    case .answer, .restarted, .absent: nil
    case .silent: .silent
    case .slow: .slow(milliseconds: UInt32(Self.slowMilliseconds))
    case .garbage: .garbage
    case .cut: .cut
    }
  }
}
