// A socket that is bound and does not listen yet: it can be made by a process that may, and be
// listened at by one that may less.
package import UnixAddress

/// Where connections will come in.
package struct BoundListener: Sendable {
  package let descriptor: Int32
  /// For messages.
  package let name: String
  package let isUnix: Bool
  /// The file of a unix socket that was made here.
  private let file: (path: String, identity: FileIdentity?)?

  /// Makes it. Whoever has it closes it, or lets a server listen at it, which then does.
  /// - Parameters:
  ///   - mode: of a unix socket; connecting needs write permission.
  ///   - group: of a unix socket, a name or a number; nil keeps the process's.
  package static func open(
    _ address: SocketAddressText, mode: UInt32 = 0o660, group: String? = nil
  ) throws(ListenError) -> BoundListener {
    switch address.place {
    case .unix(let path):
      let descriptor = try ListenSocket.bindUnix(path: path, mode: mode, group: group)
      let file = (path, ListenSocket.identity(path))
      return BoundListener(
        descriptor: descriptor, name: address.description, isUnix: true, file: file)
    case .inet(let host, let port):
      let descriptor = try ListenSocket.bindInternet(
        host: host == "localhost" ? "127.0.0.1" : host, port: port, isIPv6: false)
      return BoundListener(
        descriptor: descriptor, name: address.description, isUnix: false, file: nil)
    case .inet6(let host, let port):
      let descriptor = try ListenSocket.bindInternet(
        host: host == "localhost" ? "::1" : host, port: port, isIPv6: true)
      return BoundListener(
        descriptor: descriptor, name: address.description, isUnix: false, file: nil)
    }
  }

  /// One that another process made and will take away.
  package static func adopted(_ descriptor: Int32, name: String) -> BoundListener {
    BoundListener(
      descriptor: descriptor, name: name, isUnix: ListenSocket.isUnix(descriptor), file: nil)
  }

  /// Takes its file away, if it is still the one that was made: nobody new finds it.
  package func removeFile() {
    if let file { ListenSocket.remove(file.path, ifStill: file.identity) }
  }

  /// Gives up a listener that no server took.
  package func abandon() {
    removeFile()
    ListenSocket.close(descriptor)
  }
}
