// ICAP (RFC 3507): the content goes as the body of an HTTP answer that a gateway would like to hand
// on (RESPMOD). 204 says that nothing is to be changed; what was found stands in fields that the
// servers have agreed on (draft-stecher-icap-subid-00 §3, and X-Virus-ID of older ones).
internal import NIOCore

struct ICAPDialect: ScanDialect {
  let limits: ScannerLimits
  let service: String

  static let defaultPort = 1_344

  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer {
    let request = OutgoingRequest(head(job, ask.host), body: job.bytes, .chunked)
    let reply = try await ask(request, .head)
    let status = try Self.status(reply)
    guard status == 200 || status == 204 else { throw .refused(ScannerText.shown(reply.line)) }
    if let found = found(in: reply) {
      var result = ScanResult(.infected)
      result.name = found.isEmpty ? nil : found
      return .result(result)
    }
    // Who changes the content has found something; what, only its fields can say.
    guard status == 204 else {
      throw .refused("the content comes back changed, and nothing says why")
    }
    return .result(ScanResult(.clean))
  }

  func probe(_ ask: Asking) async throws(ScanFailure) -> String {
    let lines = firstLines("OPTIONS", ask.host)
    let reply = try await ask(OutgoingRequest(Array((lines + "\r\n").utf8)), .head)
    guard try Self.status(reply) == 200 else { throw .refused(ScannerText.shown(reply.line)) }
    return ScannerText.shown(reply.value("service") ?? reply.line)
  }

  private func firstLines(_ method: String, _ host: ScannerHost) -> String {
    let place = Self.place(host)
    return "\(method) icap://\(place)/\(service) ICAP/1.0\r\nHost: \(place)\r\n"
      + "Connection: close\r\nUser-Agent: Defang\r\n"
  }

  private static func place(_ host: ScannerHost) -> String {
    guard case .inet(let name, let port) = host else { return "localhost" }
    return (name.contains(":") ? "[\(name)]" : name) + ":\(port)"
  }

  private func head(_ job: ScanJob, _ host: ScannerHost) -> [UInt8] {
    let question = "GET http://mail.invalid/ HTTP/1.1\r\nHost: mail.invalid\r\n\r\n"
    // A part's content comes without an envelope.
    let type = job.envelope.sender == nil ? "application/octet-stream" : "message/rfc822"
    let answer =
      "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n"
      + "Content-Length: \(job.bytes.count)\r\n\r\n"
    var lines = firstLines("RESPMOD", host) + "Allow: 204\r\n"
    if let address = job.envelope.clientAddress, !address.isEmpty {
      lines += "X-Client-IP: \(ScannerText.line(address))\r\n"
    }
    lines += "Encapsulated: req-hdr=0, res-hdr=\(question.utf8.count), "
    lines += "res-body=\(question.utf8.count + answer.utf8.count)\r\n\r\n"
    return Array((lines + question + answer).utf8)
  }

  /// `ICAP/1.0 204 No Content`.
  private static func status(_ reply: Reply) throws(ScanFailure) -> Int {
    let words = reply.line.split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("ICAP/1."), words[1].utf8.count == 3,
      let status = ScannerText.count(String(words[1]))
    else { throw .garbage(ScannerText.shown(reply.line)) }
    return status
  }

  /// The malware's name; empty where something was found that has none.
  private func found(in reply: Reply) -> String? {
    func shown(_ name: some StringProtocol) -> String {
      ScannerText.line(ScannerText.trimmed(name), bytesMax: limits.nameBytesMax)
    }
    // `Type=0; Resolution=2; Threat=Eicar-Test-Signature;`
    if let text = reply.value("x-infection-found") {
      let threat = text.split(separator: ";").map(ScannerText.trimmed).first {
        $0.lowercased().hasPrefix("threat=")
      }
      return shown(threat?.dropFirst("threat=".count) ?? "")
    }
    if let text = reply.value("x-virus-id") { return shown(text) }
    // A count, then four lines each: file, threat, number of the threat, what was done.
    guard let lines = reply.value("x-violations-found")?.split(separator: "\n"),
      let count = lines.first, ScannerText.count(ScannerText.trimmed(count)) != 0
    else { return nil }
    return lines.count > 2 ? shown(lines[2]) : ""
  }
}
