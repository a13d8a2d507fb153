// clamd's protocol (clamd(8), COMMANDS): a command that ends in NUL, an answer that does too.

struct ClamDialect: ScanDialect {
  let limits: ScannerLimits

  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer {
    let request = OutgoingRequest(Self.command("INSTREAM"), body: job.bytes, .counted)
    return try answer(try await ask(request, .line(end: 0)).line)
  }

  func probe(_ ask: Asking) async throws(ScanFailure) -> String {
    let pong = try await ask(OutgoingRequest(Self.command("PING")), .line(end: 0)).line
    guard pong == "PONG" else { throw .garbage(ScannerText.shown(pong)) }
    let request = OutgoingRequest(Self.command("VERSION"))
    return ScannerText.shown(try await ask(request, .line(end: 0)).line)
  }

  private static func command(_ name: String) -> [UInt8] { Array("z\(name)\0".utf8) }

  private func answer(_ line: String) throws(ScanFailure) -> ScanAnswer {
    if line == "stream: OK" { return .result(ScanResult(.clean)) }
    if line.hasPrefix("INSTREAM size limit exceeded") { return .tooBig }
    if line.hasSuffix(" ERROR") { throw .refused(ScannerText.shown(line)) }
    guard line.hasPrefix("stream: "), line.hasSuffix(" FOUND") else {
      throw .garbage(ScannerText.shown(line))
    }
    let name = line.dropFirst("stream: ".count).dropLast(" FOUND".count)
    guard ScannerText.isName(name, bytesMax: limits.nameBytesMax) else {
      throw .garbage(ScannerText.shown(line))
    }
    var result = ScanResult(.infected)
    result.name = String(name)
    return .result(result)
  }
}
