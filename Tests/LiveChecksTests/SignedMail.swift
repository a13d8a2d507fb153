// Mail that is signed with a key of the tests, and what the DNS has of it.
import MailSignatures
import RuleBytecode
import RuleVM

enum SignedMail {
  /// RFC 8032 §7.1, test 1.
  static let pem = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
    -----END PRIVATE KEY-----
    """
  static let keyRecord = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
  private static let signedAt: Int64 = 1_700_000_000

  static func plain(from: String = "Ann <ann@example.org>") -> [UInt8] {
    bytes(
      """
      From: \(from)
      To: bob@example.com
      Subject: hello
      Date: Mon, 1 Jan 2024 00:00:00 +0000

      Hi.

      """
    )
  }

  static func bytes(_ text: String) -> [UInt8] {
    Array(
      text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n").utf8)
  }

  static func signed(_ message: [UInt8], by domain: String) throws -> [UInt8] {
    let signer = try DKIMSigner(domain: domain, selector: "s", keyPEM: pem)
    return try signer.sign(message, now: signedAt).bytes + message
  }

  /// With an ARC set more.
  static func sealed(_ message: [UInt8], by domain: String) throws -> [UInt8] {
    let sealer = try ARCSealer(domain: domain, selector: "s", keyPEM: pem)
    let keys = ["s._domainkey.\(domain)": KeyRecordAnswer.records([Array(keyRecord.utf8)])]
    let chain = ARCReading(message).verify(with: keys)
    let fields = try sealer.seal(
      message, chain: chain, results: "mx.example; spf=pass", now: signedAt)
    return fields.flatMap(\.bytes) + message
  }
}

/// A question as the machine puts it.
func request(
  _ kind: CheckKind, _ arguments: [String], message: [UInt8] = [], mail: MailDescription? = nil,
  scope: MailScope = MailScope()
) -> CheckRequest {
  CheckRequest(
    id: 1, kind: kind, name: "x", arguments: arguments, timeoutMilliseconds: 60_000,
    subject: CheckSubject(message: message, mail: mail ?? MailDescription()), scope: scope)
}

func description(client: String, sender: String, helo: String = "mx.example.org") -> MailDescription
{
  var mail = MailDescription()
  (mail.clientAddress, mail.sender, mail.helo) = (client, sender, helo)
  return mail
}
