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

  /// As the system knows that user.
  static func name(of user: UInt32) -> String {
    guard let entry = unsafe getpwuid(user) else { return "user \(user)" }
    return unsafe String(cString: entry.pointee.pw_name)
  }

  /// Whoever runs the daemon.
  static var owner: UInt32 { geteuid() }
}
