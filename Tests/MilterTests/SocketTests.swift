// Socket addresses as people write them, and what is done about the file at a socket's path.

import MilterBridge
import Testing
import UnixAddress

@Suite struct SocketAddressTextTests {
  static let goods: [(String, SocketAddressText.Place)] = [
    ("unix:/run/d.sock", .unix(path: "/run/d.sock")), ("local:a", .unix(path: "a")),
    ("/run/d.sock", .unix(path: "/run/d.sock")),
    ("inet:8891@localhost", .inet(host: "localhost", port: 8891)),
    ("inet:127.0.0.1:8891", .inet(host: "127.0.0.1", port: 8891)),
    ("inet:8891", .inet(host: "127.0.0.1", port: 8891)),
    ("inet::8891", .inet(host: "127.0.0.1", port: 8891)),
    ("inet6:8891@::1", .inet6(host: "::1", port: 8891)),
    ("inet6:8891@[::1]", .inet6(host: "::1", port: 8891)),
    ("inet6:[2001:db8::1]:25", .inet6(host: "2001:db8::1", port: 25)),
    ("inet6:65535", .inet6(host: "::1", port: 65_535)),
  ]

  @Test(arguments: goods) func reads(_ text: String, _ place: SocketAddressText.Place) throws {
    #expect(try SocketAddressText(text).place == place)
  }

  static let bads: [(String, SocketAddressText.Problem)] = [
    ("", .empty), ("foo", .unknownFamily("foo")), ("tcp:1@h", .unknownFamily("tcp")),
    ("unix:", .emptyPath), ("inet:", .missingPort), ("inet:@host", .missingPort),
    ("inet:host:", .missingPort), ("inet:0@h", .badPort("0")), ("inet:65536@h", .badPort("65536")),
    ("inet:+1@h", .badPort("+1")), ("inet:smtp@h", .badPort("smtp")),
    ("inet6:::1:8891", .ambiguousPort),
    ("/" + String(repeating: "x", count: 107), .pathTooLong(bytes: 108)),
  ]

  @Test(arguments: bads) func refuses(_ text: String, _ problem: SocketAddressText.Problem) {
    #expect(throws: problem) { try SocketAddressText(text) }
    #expect(!problem.description.isEmpty)
  }

  @Test func longestPath() throws {
    let path = "/" + String(repeating: "x", count: 106)
    #expect(try SocketAddressText(path).place == .unix(path: path))
  }
}

@Suite struct ListenSocketTests {
  @Test(arguments: [UInt32(0o600), 0o660, 0o666]) func modeIsExact(_ mode: UInt32) throws {
    let folder = try SocketFolder()
    let descriptor = try ListenSocket.bindUnix(
      path: folder.socket, mode: mode, group: folder.ownGroup)
    defer { SocketFolder.close(descriptor) }
    #expect(folder.modeOfSocket == mode)
  }

  @Test func aStaleSocketIsReplaced() throws {
    let folder = try SocketFolder()
    SocketFolder.close(try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil))
    let before = ListenSocket.identity(folder.socket)
    let descriptor = try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil)
    defer { SocketFolder.close(descriptor) }
    #expect(before != nil)
    try ListenSocket.listen(descriptor)
    #expect(throws: ListenError.inUse(folder.socket)) { try ListenSocket.clear(folder.socket) }
  }

  @Test func aLiveSocketIsLeft() throws {
    let folder = try SocketFolder()
    let descriptor = try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil)
    defer { SocketFolder.close(descriptor) }
    try ListenSocket.listen(descriptor)
    #expect(throws: ListenError.inUse(folder.socket)) {
      try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil)
    }
    #expect(ListenSocket.identity(folder.socket) != nil)
  }

  @Test func whatIsNoSocketIsLeft() throws {
    let folder = try SocketFolder()
    try folder.makeFile()
    #expect(throws: ListenError.notASocket(folder.socket)) {
      try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil)
    }
    #expect(ListenSocket.identity(folder.socket) != nil)
  }

  /// A link that somebody planted is not followed, not even to a dead socket.
  @Test func aLinkIsNoSocket() throws {
    let folder = try SocketFolder()
    try folder.makeLink(to: "elsewhere")
    #expect(throws: ListenError.notASocket(folder.socket)) {
      try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil)
    }
  }

  @Test(arguments: [UInt32(0o777), 0o1777, 0o702])
  func othersMayNotWriteTheFolder(_ mode: UInt32) throws {
    let folder = try SocketFolder(mode: mode)
    #expect(throws: ListenError.parentWritable(folder.socket)) {
      try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil)
    }
  }

  @Test func theFolderMustBeThere() {
    #expect(throws: ListenError.parentMissing("/nowhere/at/all")) {
      try ListenSocket.bindUnix(path: "/nowhere/at/all", mode: 0o600, group: nil)
    }
  }

  @Test func unknownGroup() throws {
    let folder = try SocketFolder()
    #expect(throws: ListenError.unknownGroup("no such group")) {
      try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: "no such group")
    }
  }

  @Test func onlyOurOwnSocketIsRemoved() throws {
    let folder = try SocketFolder()
    SocketFolder.close(try ListenSocket.bindUnix(path: folder.socket, mode: 0o600, group: nil))
    let old = ListenSocket.identity(folder.socket)
    ListenSocket.remove(folder.socket, ifStill: nil)
    #expect(ListenSocket.identity(folder.socket) == old)
    ListenSocket.remove(folder.socket, ifStill: old)
    #expect(ListenSocket.identity(folder.socket) == nil)
  }
}
