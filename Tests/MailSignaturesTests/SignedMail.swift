// Keys of the tests, and mail that is signed with them. The keys sign nothing else, and no DNS has
// their public halves.

@testable import MailSignatures

enum TestKey: String, CaseIterable, Sendable {
  case rsa, ed25519

  var selector: String { self == .rsa ? "test" : "ed" }

  /// Also in tools/dkim-judge.py.
  var pem: String {
    switch self {
    case .rsa: Self.rsaPEM
    // RFC 8032 §7.1, test 1.
    case .ed25519:
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """
    }
  }

  private static let rsaPEM = """
    -----BEGIN RSA PRIVATE KEY-----
    MIICXgIBAAKBgQDHt4DF28ZghNjfjXJudhd6KhcEcUTYqS+pr8fzu6elYFeL0G96
    9CFg4rXwspZa6c57GAYi3rPbDw5VupGtxEVO4RypL6LSoyTiRUEN1Mli1VWnAvj2
    f7xrcNjMMatfTjUkjIUpqJDxZeY5YjOVSzVGP5MYRvmje9sy+2P9qMfHdwIDAQAB
    AoGAUDahn9Y/fPCecltLRJZlo4lYKU6dCjAZlpulQX1zPfbN8rfKrqVy6ojj7kKs
    JOOXLNVfUY4EysznQwNmE1arRud4ZpTK0sv7+vQbQIPQ6ybshhjbbcdBcRhGjmWs
    6U/M+VcvtnJ9igOAfRYGcI9VjCd1J82gA8dYWL2gyETwdLECQQDlTmsmFD4KcLZF
    QtQUbilpH6nD3vmqHtzgwiYbYiojB5ZkPWj9aS+djKr5jCp++pUGLge1r2BD0m4v
    m5q5WqUtAkEA3vdIyEioGTE3QvFctvKHBBI6RYZsTcY+7nhYvvmuRCaZnNejZGkg
    1N8kkZWYEDr4NkoNzD/DvZYfDQIKm+8NswJBAK63fH7MJ6Vu0gKd89gJQ/Y8UO7U
    Y2jTETsT01NEDZUZP+bqv6duUQB7YP65ZNvRdGD8C5XMpc2ndZtCtbaLMZUCQQDc
    treSo/HbNk/48YqRA5XJ3u1WI5IUj1l+oR1gtzLd/cP0cbYp0LOSZe4CO66S6n0I
    6Netx7VReEj2jH3KDKNnAkEAwiVxeNMXwDhSNeNkg1LSSPx9Hvx67QyE0lIfwO6D
    aFC8aRUjFIr6GHJvm4bap6HZLZLsJ4/hDVJljt7hhxRH4Q==
    -----END RSA PRIVATE KEY-----
    """

  /// An RSA key of 512 bits.
  static let shortRecord = """
    v=DKIM1; p=\
    MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALvfKhkELfRmrhLNUgyStq9kEK0i1rbq\
    CsqIoj30l5OUqmN8xKSBDpY5yQ1vJpIJ+e4DVmYFQSd2pvM63ntgZT8CAwEAAQ==
    """

  func signer(
    header: Canonicalization = .relaxed, body: Canonicalization = .relaxed,
    headers: [String] = DKIMSigner.defaultHeaders,
    oversigned: [String] = DKIMSigner.defaultOversigned,
    limits: SignatureLimits = SignatureLimits()
  ) throws -> DKIMSigner {
    try DKIMSigner(
      domain: "example.org", selector: selector, keyPEM: pem, headers: headers,
      oversigned: oversigned, canonicalization: (header, body), limits: limits)
  }
}

enum SignedMail {
  static let now: Int64 = 1_700_000_000

  static let plain = bytes(
    """
    Received: from a.example by b.example; Fri, 11 Jul 2003 21:01:54 -0700
    Received: from c.example by a.example; Fri, 11 Jul 2003 21:01:50 -0700
    From: Joe <joe@example.org>
    To: Sue <sue@example.net>
    Subject: Dinner   is
      ready
    Date: Fri, 11 Jul 2003 21:00:37 -0700

    Hi.

    We lost\tthe  game.
    """)

  /// With CRLF.
  static func bytes(_ text: String) -> [UInt8] {
    Array(
      text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
      + [13, 10]
  }

  static func answers(_ record: String? = nil) throws -> [String: KeyRecordAnswer] {
    var answers: [String: KeyRecordAnswer] = [:]
    for key in TestKey.allCases {
      let signer = try key.signer()
      answers[signer.keyName] = .records([Array((record ?? signer.keyRecord).utf8)])
    }
    return answers
  }

  /// The results by the tests' keys.
  static func verify(
    _ message: [UInt8], record: String? = nil, now: Int64 = now,
    limits: SignatureLimits = SignatureLimits()
  ) throws -> [SignatureResult] {
    SignatureReading(message, limits: limits).verify(with: try answers(record), now: now)
  }

  static func signed(
    _ message: [UInt8] = plain, _ key: TestKey = .ed25519, validSeconds: Int64? = nil
  ) throws -> [UInt8] {
    try key.signer().sign(message, now: now, validSeconds: validSeconds).bytes + message
  }

  /// The message with a piece of its text replaced where it first stands.
  static func replacing(_ old: String, _ new: String, in message: [UInt8]) -> [UInt8] {
    let old = Array(old.utf8)
    guard old.count <= message.count else { return message }
    for start in 0...(message.count - old.count)
    where message[start] == old[0] && message[start..<start + old.count].elementsEqual(old) {
      return message[..<start] + Array(new.utf8) + message[(start + old.count)...]
    }
    return message
  }
}
