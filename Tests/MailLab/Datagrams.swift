// The laboratory's door to UDP: sockets of the DNS server, and who sent a datagram.
import Glibc

/// Where a datagram came from.
struct DatagramPeer: Sendable {
  fileprivate var name = sockaddr_in()
}

enum Datagrams {
  static func bindOnLoopback(port: UInt16) throws(SystemError) -> (socket: Descriptor, port: UInt16)
  {
    let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = Descriptor(try Posix.check("socket", socket(AF_INET, type, 0)))
    try Posix.bind(descriptor, "127.0.0.1", port: port)
    var name = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafeMutablePointer(to: &name) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getsockname(descriptor.number, $0, &length)
      }
    }
    _ = try Posix.check("getsockname", result)
    return (descriptor, UInt16(bigEndian: name.sin_port))
  }

  /// A listening TCP socket on a port that may have been in use a moment ago.
  static func listenAgain(port: UInt16) throws(SystemError) -> Descriptor {
    let descriptor = try Posix.streamSocket()
    var one: Int32 = 1
    let result = unsafe setsockopt(
      descriptor.number, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    _ = try Posix.check("setsockopt", result)
    try Posix.bind(descriptor, "127.0.0.1", port: port)
    _ = try Posix.check("listen", listen(descriptor.number, 128))
    return descriptor
  }

  static func receive(_ socket: Descriptor) throws(SystemError) -> ([UInt8], DatagramPeer) {
    var peer = DatagramPeer()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe withUnsafeMutablePointer(to: &peer.name) { name in
      unsafe name.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe recvfrom(socket.number, &buffer, 4_096, Int32(MSG_DONTWAIT), address, &length)
      }
    }
    if count < 0 { throw SystemError(call: "recvfrom", code: errno) }
    return (Array(buffer[..<count]), peer)
  }

  static func send(_ socket: Descriptor, _ bytes: [UInt8], to peer: DatagramPeer) {
    var name = peer.name
    _ = unsafe withUnsafePointer(to: &name) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe sendto(
          socket.number, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
