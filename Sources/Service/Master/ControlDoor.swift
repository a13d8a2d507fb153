// The door to who stands behind a connection of the control socket (SO_PEERCRED, unix(7)): the
// kernel's word, not the peer's.
internal import Glibc
internal import NIOCore

enum ControlDoor {
  /// The user who connected; nil where the kernel does not say.
  static func user(behind channel: any Channel) async -> UInt32? {
    guard let provider = channel as? any SocketOptionProvider else { return nil }
    let option: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
      level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
    let credentials = try? await option.get()
    return credentials?.user
  }

  /// `struct ucred`, which the Swift module of the C library does not show.
  private struct Credentials: Sendable {
    let process: pid_t
    let user: uid_t
    let group: gid_t
  }

  /// Root, and whoever runs the daemon.
  static func mayChange(_ user: UInt32?) -> Bool {
    guard let user else { return false }
    return user == 0 || user == geteuid()
  }
}
