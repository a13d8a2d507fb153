// spamd's protocol, SPAMC/1.5 (SpamAssassin's spamd/PROTOCOL): a request and an answer with fields
// and a body, much like HTTP.
internal import RuleBytecode

/// What spamd is asked for. It judges the message anew for each, so a service asks only for what
/// is read of its answers.
package enum SpamQuestion: String, Sendable, Equatable, CaseIterable {
  case symbols = "SYMBOLS"
  case report = "REPORT"
  /// The message's header, rewritten.
  case headers = "HEADERS"
}

struct SpamDialect: ScanDialect {
  let limits: ScannerLimits
  let questions: [SpamQuestion]
  var user: String?

  func scan(_ job: ScanJob, _ ask: Asking) async throws(ScanFailure) -> ScanAnswer {
    var result: ScanResult?
    for question in questions.isEmpty ? [.symbols] : questions {
      let trace = SpamTrace.fields(job.envelope)
      let head = head(question.rawValue, job, trace)
      let reply = try await ask(OutgoingRequest(head, body: job.bytes), .headed)
      try Self.check(reply)
      var judged = if let result { result } else { try Self.judgement(reply) }
      if question == .headers {
        judged.headerChanges = try changes(reply.body, from: trace, job.bytes)
      }
      try add(reply.body, of: question, to: &judged)
      result = judged
    }
    guard let result else { preconditionFailure("there is at least one question") }
    return .result(result)
  }

  func probe(_ ask: Asking) async throws(ScanFailure) -> String {
    let request = OutgoingRequest(Array("PING SPAMC/1.5\r\n\r\n".utf8))
    let line = ScannerText.trimmed(try await ask(request, .line(end: 10)).line)
    guard line.hasPrefix("SPAMD/"), line.hasSuffix(" 0 PONG") else {
      throw .garbage(ScannerText.shown(line))
    }
    return ScannerText.shown(line)
  }

  /// spamd learns only when it was started with `--allow-tell`. The message goes as it is: what is
  /// learnt from must look as its reader has it.
  func learn(_ job: ScanJob, isSpam: Bool, _ ask: Asking) async throws(ScanFailure) {
    let lesson = ["Message-class: \(isSpam ? "spam" : "ham")", "Set: local"]
    let request = OutgoingRequest(head("TELL", job, [], lesson), body: job.bytes)
    try Self.check(try await ask(request, .headed))
  }

  private func head(
    _ verb: String, _ job: ScanJob, _ trace: [String], _ further: [String] = []
  ) -> [UInt8] {
    let text = trace.map { $0 + "\r\n" }.joined()
    let count = text.utf8.count + job.bytes.count
    var head = "\(verb) SPAMC/1.5\r\nContent-length: \(count)\r\n"
    if let account = job.envelope.account ?? user, !account.isEmpty {
      head += "User: \(ScannerText.line(account))\r\n"
    }
    for field in further { head += field + "\r\n" }
    return Array((head + "\r\n" + text).utf8)
  }

  /// What it made of the header, without the fields that it was only told.
  private func changes(
    _ rewritten: [UInt8], from trace: [String], _ message: [UInt8]
  ) throws(ScanFailure) -> [ScanHeaderChange] {
    let before = HeaderLines.fields(message, bytesMax: limits.replyBodyBytesMax)
    let after = HeaderLines.fields(rewritten, bytesMax: limits.replyBodyBytesMax)
    let told = Set(trace.map { HeaderLines.unified($0) })
    let changes = HeaderLines.changes(
      from: before, to: after.filter { !told.contains(HeaderLines.unified($0.whole)) })
    guard changes.count <= limits.headerChangesMax else { throw .tooLong }
    return changes
  }

  /// `SPAMD/1.1 0 EX_OK`; the number is one of sysexits.h.
  private static func check(_ reply: Reply) throws(ScanFailure) {
    let words = reply.line.split(separator: " ")
    guard words.count >= 2, words[0].hasPrefix("SPAMD/"),
      let code = ScannerText.count(String(words[1]))
    else { throw .garbage(ScannerText.shown(reply.line)) }
    if code != 0 { throw .refused(ScannerText.shown(reply.line)) }
  }

  /// `Spam: True ; 15.0 / 5.0`.
  private static func judgement(_ reply: Reply) throws(ScanFailure) -> ScanResult {
    let text = reply.value("spam") ?? ""
    let pieces = text.split(whereSeparator: { $0 == ";" || $0 == "/" }).map(ScannerText.trimmed)
    guard pieces.count == 3, let isSpam = truth(pieces[0]),
      let score = Decimal.parse(Array(pieces[1].utf8)),
      let threshold = Decimal.parse(Array(pieces[2].utf8))
    else { throw .garbage("Spam: " + ScannerText.shown(text)) }
    var result = ScanResult(isSpam ? .spam : .ham)
    result.score = score
    result.threshold = threshold
    return result
  }

  private static func truth(_ word: String) -> Bool? {
    switch word.lowercased() {
    case "true", "yes": true
    case "false", "no": false
    default: nil
    }
  }

  private func add(
    _ body: [UInt8], of question: SpamQuestion, to result: inout ScanResult
  ) throws(ScanFailure) {
    switch question {
    case .symbols: result.symbols = try symbols(body)
    case .report: result.report = ScannerText.lines(body)
    case .headers: result.rewrittenHeader = Self.header(body)
    }
  }

  private func symbols(_ body: [UInt8]) throws(ScanFailure) -> [String] {
    let text = String(decoding: body, as: UTF8.self)
    let names = text.split(whereSeparator: { $0 == "," || $0.isWhitespace })
    guard names.count <= limits.symbolsMax else { throw .tooLong }
    for name in names where !ScannerText.isName(name, bytesMax: limits.nameBytesMax) {
      throw .garbage(ScannerText.shown(String(name)))
    }
    return names.map(String.init)
  }

  /// Up to the first empty line: a report that wraps the message is not part of it.
  private static func header(_ body: [UInt8]) -> [UInt8] {
    var lineStart = 0
    for (index, byte) in body.enumerated() where byte == 10 {
      let length = index - lineStart
      if length == 0 || (length == 1 && body[lineStart] == 13) { return Array(body[..<lineStart]) }
      lineStart = index + 1
    }
    return body
  }
}
