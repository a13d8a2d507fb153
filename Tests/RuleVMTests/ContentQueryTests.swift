// What is odd about a message and what its parts hold. What cannot be looked into is an error of
// class `:limit`.

import MailMessage
import RuleBytecode
import Testing

@testable import RuleVM

struct ContentQueryTests {
  /// A message of one part.
  private static func mail(_ type: String, _ body: String, encoding: String = "7bit") -> String {
    """
    From: ann@example.net
    Content-Type: \(type)
    Content-Transfer-Encoding: \(encoding)

    \(body)

    """
  }

  private static let zip = TestZip(.init("a.txt")).mail
  private static let pdf = mail(
    "application/pdf", "JVBERi0xLjQKJcOkw7zDtsOfCg==", encoding: "base64")
  private static let html = mail("text/html", "<html><body>hello</body></html>")
  private static let form = mail("text/html", "<html><form action=x></html>")
  /// In UTF-7, which a browser would not read, but an old mail program does.
  private static let wideForm = mail("text/html; charset=utf-7", "+ADw-form action=x>")
  private static let namedForm = mail("text/plain; name=a.htm", "see <form>")
  private static let deepPage = mail(
    "text/html",
    (0..<6).reduce("<form>") { page, _ in
      let value = page.replacing("&", with: "&amp;").replacing("\"", with: "&quot;")
      return "<iframe srcdoc=\"\(value)\">"
    })
  private static let png = mail(
    "image/png",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=",
    encoding: "base64")
  private static let svg = mail(
    "image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>")
  private static let enveloped = mail(
    "application/pkcs7-mime; smime-type=enveloped-data", "MIAGCSqGSIb3DQEHA6CAMIACAQA=",
    encoding: "base64")
  private static let signed = mail(
    "application/pkcs7-mime; smime-type=signed-data", "MIAGCSqGSIb3DQEHAqCAMIACAQE=",
    encoding: "base64")
  private static let armour = mail(
    "text/plain", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----")
  private static let twoFroms = "From: a@example.net\nFrom: b@example.net\n\ntext\n"
  private static let twoTypes =
    "From: a@example.net\nContent-Type: text/plain\nContent-Type: text/html\n\ntext\n"

  static let anomalies = [
    OwnCase("anomaly", .no),
    OwnCase("anomaly", .yes, message: twoFroms),
    OwnCase("anomaly", .yes, in: .headers, message: twoFroms),
    OwnCase(#"anomaly ["nul", "duplicate-headers"]"#, .yes, message: twoFroms),
    OwnCase(#"anomaly "nul""#, .no, message: twoFroms),
    OwnCase(#"anomaly :severity "medium""#, .yes, message: twoFroms),
    OwnCase(#"anomaly :severity "high""#, .no, message: twoFroms),
    OwnCase(#"anomaly :severity "high""#, .yes, message: twoTypes),
    OwnCase(#"anomaly :severity "high" "duplicate-content-type""#, .yes, message: twoTypes),
    OwnCase(#"anomaly :severity "low" "bare-lf""#, .no, message: twoTypes),
    OwnCase(#"anomaly "zip-directory-mismatch""#, .no, message: html),
    OwnCase(#"anomaly "zip-directory-mismatch""#, .no, message: zip),
    OwnCase(#"part :anomaly "duplicate-content-type""#, .yes, in: .part, message: twoTypes),
    OwnCase(#"part :anomaly ["bad-base64", "nul"]"#, .no, in: .part, message: twoTypes),
    OwnCase(
      #"part :anomaly "bad-base64""#, .yes, in: .part,
      message: mail("text/plain", "aGVs!!bG8=", encoding: "base64")),
    OwnCase(#"part :anomaly "zip-directory-mismatch""#, .no, in: .part, message: zip),
    OwnCase(#"part :anomaly "zip-directory-mismatch""#, .no, in: .part, message: png),
  ]

  static let encrypted = [
    OwnCase(#"part :encrypted "mail""#, .no, in: .part),
    OwnCase(#"part :encrypted "mail""#, .yes, in: .part, message: enveloped),
    OwnCase(#"part :encrypted "mail""#, .no, in: .part, message: signed),
    OwnCase(#"part :encrypted "mail""#, .yes, in: .part, message: armour),
    OwnCase(#"part :encrypted ["archive", "office", "pdf"]"#, .no, in: .part, message: png),
    OwnCase(#"part :encrypted ["archive", "office"]"#, .no, in: .part, message: pdf),
    OwnCase(#"part :encrypted "pdf""#, .no, in: .part, message: pdf),
    OwnCase(#"part :encrypted ["mail", "archive"]"#, .no, in: .part, message: zip),
    OwnCase(#"part :encrypted ["mail", "archive"]"#, .yes, in: .part, message: enveloped),
  ]

  static let insides = [
    OwnCase(#"part :archive "extension" "exe""#, .no, in: .part, message: png),
    OwnCase(#"part :archive "extension" "txt""#, .yes, in: .part, message: zip),
    OwnCase(#"part :trait "macro""#, .no, in: .part, message: png),
    OwnCase(#"part :trait "pdf-script""#, .no, in: .part, message: pdf),
    OwnCase(#"part :trait ["macro", "html-form"]"#, .no, in: .part, message: pdf),
    OwnCase(#"part :trait ["macro", "html-form"]"#, .no, in: .part, message: html),
    OwnCase(#"part :trait ["macro", "html-form"]"#, .yes, in: .part, message: form),
    OwnCase(#"part :trait "html-script""#, .no, in: .part, message: form),
    OwnCase(#"part :trait "html-form""#, .yes, in: .part, message: wideForm),
    OwnCase(#"part :trait "html-form""#, .failed(.limit), in: .part, message: deepPage),
    OwnCase(#"part :trait "html-iframe""#, .yes, in: .part, message: deepPage),
    OwnCase(#"part :trait "html-form""#, .yes, in: .part, message: namedForm),
    OwnCase(#"part :trait "svg-script""#, .no, in: .part, message: png),
    OwnCase(#"part :trait "svg-script""#, .yes, in: .part, message: svg),
    OwnCase(#"part :trait "html-script""#, .no, in: .part, message: svg),
    OwnCase(#"fact "member.name""#, .no, in: .part, message: zip),
  ]

  @Test(arguments: anomalies + encrypted + insides)
  func saysWhatIsInIt(_ one: OwnCase) throws { try one.check() }

  /// The reader's own list and the one that policies are checked against.
  @Test func everyAnomalyHasItsName() {
    let known = Set(AnomalyName.allCases.map(\.name))
    #expect(Set(Anomaly.allCases.map(\.name)).subtracting(known).isEmpty)
    #expect(
      known.subtracting(Anomaly.allCases.map(\.name))
        == Set(AnomalyName.allCases.filter(\.isOfContent).map(\.name)))
  }
}
