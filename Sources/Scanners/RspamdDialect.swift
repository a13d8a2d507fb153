// rspamd's HTTP protocol: the message is posted to /checkv2 with the envelope in fields, the answer
// is JSON. Asked as HTTP/1.0, to which no proxy answers in chunks.
internal import FoundationEssentials

struct RspamdDialect: ScanDialect {
  let limits: ScannerLimits

  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer {
    let request = OutgoingRequest(Self.head("checkv2", job), body: job.bytes)
    let reply = try await ask(request, .headed)
    let status = try Self.status(reply)
    if status == 413 { return .tooBig }
    guard status == 200 else { throw .refused(ScannerText.shown(reply.line)) }
    return .result(try RspamdReading(limits: limits).result(of: reply.body))
  }

  func probe(_ ask: Asking) async throws(ScanFailure) -> String {
    let request = OutgoingRequest(Array("GET /ping HTTP/1.0\r\n\r\n".utf8))
    let reply = try await ask(request, .headed)
    guard try Self.status(reply) == 200 else { throw .refused(ScannerText.shown(reply.line)) }
    guard ScannerText.trimmed(String(decoding: reply.body, as: UTF8.self)) == "pong" else {
      throw .garbage(ScannerText.shown(reply.line))
    }
    return reply.value("server").map(ScannerText.shown) ?? "pong"
  }

  /// Only its controller learns, which must take us without a password (`secure_ip`). What it knows
  /// already, or has no use for, is no failure.
  func learn(_ job: ScanJob, isSpam: Bool, _ ask: Asking) async throws(ScanFailure) {
    let head = Self.head(isSpam ? "learnspam" : "learnham", job)
    let reply = try await ask(OutgoingRequest(head, body: job.bytes), .headed)
    let status = try Self.status(reply)
    guard (200...299).contains(status) else {
      throw .refused(ScannerText.shown(reply.line))
    }
  }

  private static func head(_ command: String, _ job: ScanJob) -> [UInt8] {
    var head = "POST /\(command) HTTP/1.0\r\nContent-Length: \(job.bytes.count)\r\n"
    let envelope = job.envelope
    func add(_ name: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      head += "\(name): \(ScannerText.line(value))\r\n"
    }
    add("IP", envelope.clientAddress)
    add("Hostname", envelope.clientName)
    add("Helo", envelope.helo)
    add("From", envelope.sender.map { "<\($0)>" })
    for recipient in envelope.recipients { add("Rcpt", "<\(recipient)>") }
    add("Queue-Id", envelope.queueID)
    add("User", envelope.login)
    add("Deliver-To", envelope.account)
    return Array((head + "\r\n").utf8)
  }

  /// `HTTP/1.1 200 OK`.
  private static func status(_ reply: Reply) throws(ScanFailure) -> Int {
    let words = reply.line.split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3,
      let status = ScannerText.count(String(words[1]))
    else { throw .garbage(ScannerText.shown(reply.line)) }
    return status
  }
}
