// One connection to a mail server: commands go out, replies come back, each within its time. All
// state lives on the connection's event loop.
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// The steps of a dialogue, as messages name them.
enum SMTPStep: String, Sendable {
  case greeting = "the connection"
  case ehlo = "EHLO"
  case helo = "HELO"
  case startTLS = "STARTTLS"
  case auth = "AUTH"
  case mail = "MAIL"
  case recipient = "RCPT"
  case data = "DATA"
  case block = "the message"
  case finalDot = "the end of the message"
  case quit = "QUIT"

  func seconds(_ limits: SubmissionLimits) -> Int {
    switch self {
    case .greeting: limits.greetingSeconds
    case .ehlo, .helo, .startTLS, .auth: limits.commandSeconds
    case .mail: limits.mailSeconds
    case .recipient: limits.recipientSeconds
    case .data: limits.dataSeconds
    case .block: limits.blockSeconds
    case .finalDot: limits.finalDotSeconds
    case .quit: limits.quitSeconds
    }
  }
}

/// Turns bytes into replies for whoever waits.
private final class ReplyHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let limits: SubmissionLimits
  private let channel: any Channel
  private var reader: ReplyReader
  private var replies: [SMTPReply] = []
  private var waiter: EventLoopPromise<SMTPReply>?
  private var failure: SendFailure?

  /// Replies that come before anybody asks; more are a fault.
  private static let repliesMax = 4

  init(_ channel: any Channel, _ limits: SubmissionLimits) {
    self.channel = channel
    self.limits = limits
    reader = ReplyReader(limits)
  }

  var isQuiet: Bool { reader.isEmpty && replies.isEmpty }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    guard failure == nil else { return }
    do throws(SendFailure) {
      for byte in buffer.readableBytesView {
        if let reply = try reader.take(byte) { try deliver(reply) }
      }
    } catch {
      fail(error)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.unreachable("the server closed the connection"))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(.unreachable(ConnectionWords.text(error)))
  }

  private func deliver(_ reply: SMTPReply) throws(SendFailure) {
    if let waiter {
      self.waiter = nil
      return waiter.succeed(reply)
    }
    guard replies.count < Self.repliesMax else { throw .fault(.unasked("\(reply)")) }
    replies.append(reply)
  }

  /// Nothing more is expected of this connection.
  func fail(_ reason: SendFailure) {
    if failure == nil { failure = reason }
    if let waiter {
      self.waiter = nil
      waiter.fail(reason)
    }
    channel.close(promise: nil)
  }

  /// The next reply, which may have come already.
  func next(_ step: SMTPStep) -> EventLoopFuture<SMTPReply> {
    let promise = channel.eventLoop.makePromise(of: SMTPReply.self)
    if !replies.isEmpty {
      promise.succeed(replies.removeFirst())
    } else if let failure {
      promise.fail(failure)
    } else {
      waiter = promise
      endInTime(step, promise.futureResult)
    }
    return promise.futureResult
  }

  /// Sends a command. What came before it was asked is no answer to it: 421 says goodbye (RFC 5321
  /// §3.8), all else is a fault.
  func send(_ line: [UInt8], _ step: SMTPStep) -> EventLoopFuture<SMTPReply> {
    if let early = replies.first {
      replies = []
      let reason: SendFailure =
        early.code == 421 ? .unreachable("\(early)") : .fault(.unasked("\(early)"))
      fail(reason)
      return channel.eventLoop.makeFailedFuture(reason)
    }
    if failure == nil { channel.writeAndFlush(ByteBuffer(bytes: line), promise: nil) }
    return next(step)
  }

  /// Hands a block to the connection; done when it is on its way, so that a slow reader is felt.
  func write(_ block: [UInt8]) -> EventLoopFuture<Void> {
    if let failure { return channel.eventLoop.makeFailedFuture(failure) }
    let written = channel.writeAndFlush(ByteBuffer(bytes: block))
    endInTime(.block, written)
    return written
  }

  private func endInTime<Value>(_ step: SMTPStep, _ future: EventLoopFuture<Value>) {
    let seconds = step.seconds(limits)
    let timer = channel.eventLoop.assumeIsolated().scheduleTask(in: .seconds(Int64(seconds))) {
      self.fail(.unreachable("no answer to \(step.rawValue) within \(seconds) s"))
    }
    future.assumeIsolated().whenComplete { _ in timer.cancel() }
  }

  /// Puts TLS below. Refused when plain text is there already: what comes before the handshake
  /// must never be taken for something that came through it.
  func startTLS(_ tls: NIOSSLContext, name: String?) throws {
    guard isQuiet else { throw SendFailure.fault(.textBeforeTLS) }
    let handler = try NIOSSLClientHandler(context: tls, serverHostname: name)
    try channel.pipeline.syncOperations.addHandler(handler, position: .first)
  }

  /// Whether the other side's certificate, valid as it is, names this host. The library takes one
  /// for the peer's address too, which whoever answers for the name in DNS could have.
  func isPeer(named name: String) throws -> Bool {
    let certificate = try channel.pipeline.syncOperations.nioSSL_peerCertificate()
    return certificate.map { PeerName.isIn($0, name) } ?? false
  }
}

/// The words of a fault below us.
enum ConnectionWords {
  static func text(_ error: any Error) -> String {
    switch error {
    case let error as IOError: "\(error)"
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { text($0.error) }
        ?? "the name \(error.host) is not known"
    case let error as NIOSSLError: "TLS: \(error)"
    case let error as BoringSSLError: "TLS: \(error)"
    case let error as NIOSSLExtraError: "TLS: \(error)"
    case ChannelError.connectTimeout: "it does not answer"
    default: "\(error)"
    }
  }
}

/// A connection in use by one task.
struct SMTPConnection: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<ReplyHandler>

  static func open(
    _ server: SMTPServer, _ limits: SubmissionLimits, _ group: any EventLoopGroup
  ) async throws(SendFailure) -> SMTPConnection {
    let bootstrap = ClientBootstrap(group: group)
      .connectTimeout(.seconds(Int64(limits.connectSeconds)))
    do {
      switch server.place {
      case .inet(let host, let port):
        return try await bootstrap.connect(host: host, port: port) { prepared($0, limits) }
      case .unix(let path):
        return try await bootstrap.connect(unixDomainSocketPath: path) { prepared($0, limits) }
      }
    } catch {
      throw .unreachable("no connection to \(server): \(ConnectionWords.text(error))")
    }
  }

  private static func prepared(
    _ channel: any Channel, _ limits: SubmissionLimits
  ) -> EventLoopFuture<SMTPConnection> {
    channel.eventLoop.makeCompletedFuture {
      let handler = ReplyHandler(channel, limits)
      try channel.pipeline.syncOperations.addHandler(handler)
      return SMTPConnection(
        channel: channel, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
    }
  }

  func reply(to step: SMTPStep) async throws(SendFailure) -> SMTPReply {
    try await settled { $0.next(step) }
  }

  func command(_ line: String, _ step: SMTPStep) async throws(SendFailure) -> SMTPReply {
    let bytes = Array(line.utf8) + [0x0D, 0x0A]
    return try await settled { $0.send(bytes, step) }
  }

  func write(_ block: [UInt8]) async throws(SendFailure) {
    try await settled { $0.write(block) }
  }

  func startTLS(_ tls: NIOSSLContext, name: String?) async throws(SendFailure) {
    let loop = channel.eventLoop
    try await settled { handler in
      loop.makeCompletedFuture { try handler.startTLS(tls, name: name) }
    }
  }

  /// After the first reply through TLS.
  func checkPeer(named name: String) async throws(SendFailure) {
    let loop = channel.eventLoop
    let isPeer = try await settled { handler in
      loop.makeCompletedFuture { try handler.isPeer(named: name) }
    }
    if !isPeer { throw .unreachable("TLS: the certificate is not one for \(name)") }
  }

  func close() { channel.close(promise: nil) }

  private func settled<Value: Sendable>(
    _ work: @escaping @Sendable (ReplyHandler) -> EventLoopFuture<Value>
  ) async throws(SendFailure) -> Value {
    let handler = self.handler
    do {
      return try await withTaskCancellationHandler {
        try await channel.eventLoop.flatSubmit { work(handler.value) }.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch let failure as SendFailure {
      throw failure
    } catch {
      throw .unreachable(ConnectionWords.text(error))
    }
  }
}
