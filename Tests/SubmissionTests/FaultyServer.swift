// A mail server in this process that says what a test tells it to, faults included, and keeps what
// it was told.
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What the server does at a step. Steps are the words of commands, `greeting`, and `.` for the end
/// of a message.
enum ServerAct: Sendable, Equatable {
  /// A whole reply, its CRLF included where it has one.
  case say(String)
  case close
  case sayAndClose(String)
  /// Never answers.
  case silence
  /// Lines of one reply without an end.
  case flood
}

struct ServerScript: Sendable {
  var offer = ["8BITMIME", "SIZE 1000000", "DSN", "SMTPUTF8", "STARTTLS"]
  var acts: [String: ServerAct] = [:]
  /// What one recipient is answered by.
  var recipients: [String: ServerAct] = [:]
  var tls: TestCertificate?
  /// Connections that are closed at once, before the server works.
  var refusedConnections = 0

  init(_ acts: [String: ServerAct] = [:]) { self.acts = acts }
}

final class FaultyServer: Sendable {
  struct Session: Sendable, Equatable {
    var lines: [String] = []
    /// As they came, dots doubled.
    var messages: [[UInt8]] = []
    var isEncrypted = false
  }

  struct State: Sendable {
    var script: ServerScript
    var sessions: [Session] = []
  }

  private let shared: SharedState
  private let channel: any Channel
  let port: Int

  /// - Parameter path: of a unix socket; a free port of loopback when nil.
  init(_ script: ServerScript = ServerScript(), path: String? = nil) async throws {
    let state = SharedState(State(script: script))
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ServerHandler(state))
        }
      }
    if let path {
      channel = try await bootstrap.bind(unixDomainSocketPath: path).get()
    } else {
      channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
    }
    port = channel.localAddress?.port ?? 0
    shared = state
  }

  deinit { channel.close(promise: nil) }

  func stop() async throws { try await channel.close().get() }

  var sessions: [Session] { shared.value.withLock { $0.sessions } }

  /// Of all sessions.
  var messages: [[UInt8]] { sessions.flatMap(\.messages) }

  func set(_ script: ServerScript) { shared.value.withLock { $0.script = script } }
}

final class SharedState: Sendable {
  let value: Mutex<FaultyServer.State>
  init(_ state: FaultyServer.State) { value = Mutex(state) }
}

private final class ServerHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  private let shared: SharedState
  private var number = 0
  private var bytes: [UInt8] = []
  private var isInMessage = false
  /// Bytes of the message that hold no end.
  private var searched = 0

  init(_ shared: SharedState) { self.shared = shared }

  private var script: ServerScript { shared.value.withLock { $0.script } }

  func channelActive(context: ChannelHandlerContext) {
    let isRefused = shared.value.withLock { state in
      number = state.sessions.count
      state.sessions.append(.init())
      defer { state.script.refusedConnections -= 1 }
      return state.script.refusedConnections > 0
    }
    if isRefused { return context.close(promise: nil) }
    perform(script.acts["greeting"] ?? .say("220 test ESMTP\r\n"), context)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes += Array(unwrapInboundIn(data).readableBytesView)
    while true {
      if isInMessage {
        let end = Self.find(Array("\r\n.\r\n".utf8), in: bytes, from: max(0, searched - 4))
        searched = bytes.count
        guard let end else { return }
        searched = 0
        let message = Array(bytes[..<(end + 2)])
        bytes.removeFirst(end + 5)
        isInMessage = false
        record { $0.messages.append(message) }
        perform(script.acts["."] ?? .say("250 2.0.0 kept\r\n"), context)
      } else {
        guard let end = bytes.firstIndex(of: 10) else { return }
        let line = String(decoding: bytes[..<end], as: UTF8.self)
          .trimmingCharacters(in: .newlines)
        bytes.removeFirst(end + 1)
        record { $0.lines.append(line) }
        answer(line, context)
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func record(_ change: (inout FaultyServer.Session) -> Void) {
    shared.value.withLock { change(&$0.sessions[number]) }
  }

  private func answer(_ line: String, _ context: ChannelHandlerContext) {
    let verb = line.prefix { $0 != " " }.uppercased()
    let path = String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
    if verb == "RCPT", let act = script.recipients[path] { return perform(act, context) }
    if verb == "DATA", script.acts[verb] == nil { isInMessage = true }
    perform(script.acts[verb] ?? usual(verb), context)
    if verb == "STARTTLS", script.acts[verb] == nil { encrypt(context) }
    if verb == "QUIT" { context.close(promise: nil) }
  }

  private func usual(_ verb: String) -> ServerAct {
    switch verb {
    case "EHLO":
      let lines = ["test greets you"] + script.offer
      return .say(
        lines.enumerated().map { index, line in
          "250\(index == lines.count - 1 ? " " : "-")\(line)\r\n"
        }.joined())
    case "STARTTLS": return .say("220 go on\r\n")
    case "DATA": return .say("354 go on\r\n")
    case "AUTH": return .say("235 2.7.0 welcome\r\n")
    case "QUIT": return .say("221 bye\r\n")
    default: return .say("250 2.0.0 ok\r\n")
    }
  }

  private func perform(_ act: ServerAct, _ context: ChannelHandlerContext) {
    switch act {
    case .say(let text): say(text, context)
    case .close: context.close(promise: nil)
    case .sayAndClose(let text):
      say(text, context)
      context.close(promise: nil)
    case .silence: break
    case .flood: flood(context)
    }
  }

  private func say(_ text: String, _ context: ChannelHandlerContext) {
    context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
  }

  private func flood(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    say(String(repeating: "250-and more\r\n", count: 500), context)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(1)) {
      bound.value.0.flood(bound.value.1)
    }
  }

  private func encrypt(_ context: ChannelHandlerContext) {
    guard let certificate = script.tls, let tls = try? certificate.serverContext() else { return }
    try? context.pipeline.syncOperations.addHandler(
      NIOSSLServerHandler(context: tls), position: .first)
    record { $0.isEncrypted = true }
  }

  private static func find(_ needle: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
    guard bytes.count >= needle.count else { return nil }
    return (from..<max(from, bytes.count - needle.count + 1)).first { start in
      bytes[start] == needle[0] && bytes[start...].starts(with: needle)
    }
  }
}

/// A certificate of our own making, signed by itself.
struct TestCertificate: Sendable {
  let folder: TestFolder
  var certificatePath: String { folder.path + "/cert.pem" }
  private var keyPath: String { folder.path + "/key.pem" }

  /// - Parameter name: As in subjectAltName: `DNS:mail.example.net`, `IP:127.0.0.1`.
  init(for name: String) throws {
    folder = try TestFolder()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = [
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-subj", "/CN=test", "-addext", "subjectAltName=\(name)", "-days", "2",
      "-keyout", keyPath, "-out", certificatePath,
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw TestFailure("openssl failed") }
  }

  func serverContext() throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map {
      NIOSSLCertificateSource.certificate($0)
    }
    let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: chain, privateKey: .privateKey(key)))
  }
}

struct TestFailure: Error {
  let text: String
  init(_ text: String) { self.text = text }
}

/// A folder of a test's own, gone with it.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/defang-submission." + UUID().uuidString.prefix(12)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false,
      attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }

  func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
    let full = path + "/" + name
    try Data(text.utf8).write(to: URL(filePath: full))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: full)
    return full
  }
}
