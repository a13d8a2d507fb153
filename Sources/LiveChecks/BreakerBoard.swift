// Places outside that are left alone now, by the names that the log has for them: tables, the
// shared memory, hosts of call-outs. The hosts of scanners are known to their services.
internal import Synchronization

package final class BreakerBoard: Sendable {
  /// A name may stand for several: a table of the policy before and of the one now.
  private let open = Mutex<[String: Int]>([:])

  /// What begins the name of a server that the policy names for call-outs.
  static let namedCallout = "call-out server "

  package init() {}

  func opened(_ name: String) { open.withLock { $0[name, default: 0] += 1 } }

  func closed(_ name: String) {
    open.withLock { open in
      guard let count = open[name] else { return }
      open[name] = count > 1 ? count - 1 : nil
    }
  }

  package var all: [String: Int] { open.withLock { $0 } }
}
