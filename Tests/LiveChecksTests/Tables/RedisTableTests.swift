// `:redis` against a real server; TableDialectTests has what a real one never says.
import MailLab
import NIOCore
import RuleBytecode
import RuleVM
import Testing

@testable import LiveChecks

@Suite(.serialized) struct RedisTableTests {
  @Test func asksARealServer() async throws {
    let server = try RedisServer()
    defer { server.stop() }
    try server.run("set", "ann", "the value\nof ann")
    try server.run("hset", "class:x@example.com", "bob", "gold")
    try server.run("sadd", "vips", "eve")
    let address = "unix:\(server.socketPath)"
    let plain = try TableDesk(.redis, address)
    #expect(try await plain.value("ann") == "the value\nof ann")
    #expect(try await plain.value("nobody") == nil)
    // No word of a sender is another word of the command.
    #expect(try await plain.value("x $2 ann") == nil)
    let hash = try TableDesk(.redis, address, .map, ["query": "hget class:$2 $1"])
    #expect(try await hash.value("bob", scope: "X@example.com") == "gold")
    #expect(try await hash.value("bob", scope: "y@example.com") == nil)
    let set = try TableDesk(.redis, address, .set, ["query": "SISMEMBER vips $1"])
    #expect(try await set.value("eve") == "1")
    #expect(try await set.value("adam") == nil)
    let wrong = try TableDesk(.redis, address) { $0.failuresMax = 1 }
    for _ in 0..<3 { #expect(await wrong.reason("vips").hasPrefix("it says: WRONGTYPE")) }
    #expect(try await wrong.value("nobody") == nil)
  }

  @Test func logsIn() async throws {
    let server = try RedisServer(password: "of the lab")
    defer { server.stop() }
    try server.run("set", "k", "v")
    let folder = try TestFolder()
    let secret = try folder.write("secret", "of the lab\n")
    let address = "unix:\(server.socketPath)"
    let nobody = try TableDesk(.redis, address)
    #expect(await nobody.reason("k").hasPrefix("it says: NOAUTH"))
    let open = try TableDesk(.redis, address, .map, ["secret": secret])
    #expect(await open.reason("k") == "\(secret) can be read by others: chmod 600")
    try folder.run(["chmod", "600", secret])
    for options in [["secret": secret], ["secret": secret, "bind": "default"]] {
      #expect(try await TableDesk(.redis, address, .map, options).value("k") == "v")
    }
    let bad = try folder.write("bad", "another\n")
    try folder.run(["chmod", "600", bad])
    let refused = try TableDesk(.redis, address, .map, ["secret": bad])
    #expect(await refused.reason("k").hasPrefix("it says: WRONGPASS"))
  }

  @Test func goesOnAfterARestart() async throws {
    let server = try RedisServer()
    let desk = try TableDesk(.redis, "unix:\(server.socketPath)") {
      $0.keepMilliseconds = 0
      $0.failuresMax = 100
    }
    #expect(try await desk.value("k") == nil)
    server.stop()
    #expect(await desk.reason("k").hasPrefix("no connection to unix:"))
    try server.start()
    #expect(try await desk.value("k") == nil)
    server.stop()
  }

  @Test(arguments: ["DEL $1", "EVAL x 0 $1", ""]) func asksNothingThatChanges(_ query: String) {
    #expect(throws: LiveFailure.self) {
      _ = try TableDesk(.redis, "unix:/s", .map, ["query": query])
    }
  }

  @Test func takesAnAnswerInPieces() throws {
    let frame = RedisFrame(textBytesMax: 5)
    for whole in ["$5\r\nvalue\r\n", "+value\r\n"].map({ Array($0.utf8) }) {
      for cut in 0..<whole.count {
        var buffer = ByteBuffer(bytes: whole[..<cut])
        #expect(try cut == 0 || frame.take(from: &buffer) == nil)
        buffer.writeBytes(whole[cut...])
        #expect(try frame.take(from: &buffer) == .text(Array("value".utf8)))
        #expect(buffer.readableBytes == 0)
      }
    }
  }
}
