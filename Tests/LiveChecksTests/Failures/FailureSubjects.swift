// The kinds of checks in docs/FAILURES.md.

extension FailureSubject {
  static let all: [FailureSubject] = [clamd, spamd, rspamd]

  private static let clamd = scanner(
    "clamd", answer: "stream: Test.Malware FOUND\0", garbage: "220 mx.example.net ESMTP\0")

  private static let spamd = scanner(
    "spamd", answer: "SPAMD/1.1 0 EX_OK\r\nContent-length: 2\r\nSpam: True ; 15.0 / 5.0\r\n\r\nA\n",
    garbage: "220 mx.example.net ESMTP\r\n\r\n")

  private static let rspamd: FailureSubject = {
    let body = #"{"action": "reject", "score": 15, "required_score": 10, "symbols": {}}"#
    return scanner(
      "rspamd",
      answer: "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)",
      garbage: "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnull")
  }()

  private static func scanner(
    _ kind: String, answer: String, garbage: String
  ) -> FailureSubject {
    FailureSubject(
      name: "scan :\(kind)", failure: "scanner",
      declarations: #"scanner :\#(kind) "{address}" "s";"#, test: #"scan :timeout {timeout} "s""#
    ) { fault in
      try await FailingServer(fault, answer: answer, garbage: garbage).service
    }
  }
}
