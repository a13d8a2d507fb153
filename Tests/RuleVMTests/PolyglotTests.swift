// Files that are of several types at once: `part "kind"` compares each of them, the fact is the
// first, and what no honest program makes is an anomaly of the part and of the message.

import RuleBytecode
import Testing

@testable import RuleVM

struct PolyglotTests {
  private static func mail(_ type: String, _ bytes: [UInt8]) -> String {
    let digits = Array("0123456789ABCDEF")
    let lines = stride(from: 0, to: bytes.count, by: 24).map { start in
      bytes[start..<min(start + 24, bytes.count)]
        .map { "=\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined() + "=\n"
    }
    return """
      From: ann@example.net
      Content-Type: \(type)
      Content-Transfer-Encoding: quoted-printable

      \(lines.joined())

      """
  }

  private static let gif =
    Array("GIF89a".utf8) + [1, 0, 1, 0, 0, 0, 0, 0x2C] + Array(repeating: 0, count: 40)
  private static let zip =
    Array("PK\u{1}\u{2}".utf8) + [UInt8](repeating: 0, count: 42)
    + Array("PK\u{5}\u{6}".utf8) + Array(repeating: 0, count: 8) + [46, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  private static let program: [UInt8] = {
    var bytes = Array("MZ".utf8) + [UInt8](repeating: 0, count: 398)
    bytes[0x3C] = 0x80
    bytes.replaceSubrange(0x80..<0x84, with: Array("PE\0\0".utf8))
    return bytes
  }()

  private static let picture = mail("image/gif", gif)
  private static let both = mail("image/gif", gif + zip)
  private static let unpacker = mail("application/octet-stream", program + zip)

  static let cases = [
    OwnCase(#"part :is "kind" "archive""#, .no, in: .part, message: picture),
    OwnCase(#"part :is "kind" "archive""#, .yes, in: .part, message: both),
    OwnCase(#"part :is "kind" "image""#, .yes, in: .part, message: both),
    OwnCase(#"part :all :is "kind" "image""#, .no, in: .part, message: both),
    OwnCase(#"string :is "${part.kind}" "image""#, .yes, in: .part, message: both),
    OwnCase(#"part :is "sniffed" "image/gif""#, .yes, in: .part, message: both),
    OwnCase(#"part :differs ["sniffed", "declared"]"#, .no, in: .part, message: both),
    OwnCase(
      #"part :differs ["sniffed", "declared"]"#, .no, in: .part,
      message: mail("text/html", Array("<p>A page without a head.</p>".utf8))),
    OwnCase(
      #"part :differs ["sniffed", "declared"]"#, .yes, in: .part,
      message: mail("application/pdf", Array("Only some plain words.".utf8))),
    OwnCase(#"part :anomaly "polyglot""#, .no, in: .part, message: picture),
    OwnCase(#"part :anomaly "polyglot""#, .yes, in: .part, message: both),
    OwnCase(#"part :anomaly "nul""#, .no, in: .part, message: both),
    OwnCase(#"anomaly "polyglot""#, .yes, message: both),
    OwnCase(#"anomaly "polyglot""#, .no, message: picture),
    OwnCase(#"anomaly :severity "high" "polyglot""#, .yes, message: both),
    OwnCase(#"anomaly :severity "high" "nul""#, .no, message: both),
    OwnCase(#"part :is "kind" "archive""#, .yes, in: .part, message: unpacker),
    OwnCase(#"part :is "kind" "executable""#, .yes, in: .part, message: unpacker),
    OwnCase(#"part :anomaly "polyglot""#, .no, in: .part, message: unpacker),
  ]

  @Test(arguments: cases)
  func areAllTheyAre(_ one: OwnCase) throws { try one.check() }
}
