// The figures over HTTP, asked by hand: one path, bounded requests, no patience with the slow.

import Foundation
import MailLab
import NIOCore
import NIOPosix
import Testing

@testable import Figures

@Suite(.serialized) struct FiguresServerTests {
  private static func serve(
    _ limits: FiguresServer.Limits = FiguresServer.Limits(),
    _ body: (FiguresServer, UInt16) async throws -> Void
  ) async throws {
    let book = FigureBook()
    book.counter("defang_sessions_total").increment(by: Int64(7))
    let server = FiguresServer(book, limits: limits)
    try await server.start { try await $0.bind(host: "127.0.0.1", port: 0).get() }
    let port = try #require(server.port)
    do { try await body(server, UInt16(port)) } catch {
      await server.stop()
      throw error
    }
    await server.stop()
  }

  /// Sends, and reads until the other side closes.
  private static func ask(_ port: UInt16, _ request: String) throws -> String {
    let socket = try TestStream(port: port)
    try socket.send(request)
    var bytes: [UInt8] = []
    while let more = socket.read(), !more.isEmpty { bytes += more }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 200", true),
    ("GET /metrics?x=1 HTTP/1.0\r\n\r\n", "HTTP/1.0 200", true),
    ("HEAD /metrics HTTP/1.0\r\n\r\n", "HTTP/1.0 200", false),
    ("GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 404", false),
    ("GET /metrics/x HTTP/1.0\r\n\r\n", "HTTP/1.0 404", false),
    ("POST /metrics HTTP/1.0\r\nContent-Length: 1\r\n\r\nx", "HTTP/1.0 405", false),
    ("\u{1}\u{2} nonsense\r\n\r\n", "HTTP/1.", false),
  ])
  func answers(request: String, status: String, hasFigures: Bool) async throws {
    try await Self.serve { _, port in
      let answer = try Self.ask(port, request)
      #expect(answer.hasPrefix(status), "\(answer)")
      #expect(answer.contains("\r\n\r\n# HELP ") == hasFigures)
      guard hasFigures else { return }
      #expect(answer.contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
      let body = answer.components(separatedBy: "\r\n\r\n")[1]
      #expect(try Exposition(body).value("defang_sessions_total") == 7)
    }
  }

  @Test func aConnectionMayAskAgain() async throws {
    try await Self.serve { _, port in
      let one = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
      let other = "GET /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
      let answer = try Self.ask(port, one + other)
      #expect(answer.contains("200 OK") && answer.contains("404 Not Found"))
    }
  }

  @Test func whoIsSlowIsClosed() async throws {
    var limits = FiguresServer.Limits()
    limits.idleSeconds = 1
    try await Self.serve(limits) { _, port in
      let answer = try Self.ask(port, "GET /metrics HTTP/1.1\r\nHost:")
      #expect(answer == "")
    }
  }

  @Test func requestsAreBounded() async throws {
    try await Self.serve { _, port in
      let long = "GET /metrics HTTP/1.1\r\nX: " + String(repeating: "x", count: 8_192)
      #expect((try? Self.ask(port, long)) ?? "" == "")
    }
  }

  @Test func connectionsAreBounded() async throws {
    var limits = FiguresServer.Limits()
    limits.connectionsMax = 1
    try await Self.serve(limits) { _, port in
      let held = try TestStream(port: port)
      try held.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(held.read()?.isEmpty == false)
      #expect((try? Self.ask(port, "GET /metrics HTTP/1.0\r\n\r\n")) ?? "" == "")
    }
  }
}
