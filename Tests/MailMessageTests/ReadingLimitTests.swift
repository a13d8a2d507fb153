// The limits of further readings, each at its value and one past it, and messages made to have the
// reader read again without end.

import MailMessage
import Testing

@Suite struct ReadingLimitTests {
  private static let twoTypes = "Content-Type: text/plain\nContent-Type: text/html\n\n<p>\n"

  private func message(parts count: Int) -> String {
    "Content-Type: multipart/mixed; boundary=b\n\n"
      + String(repeating: "--b\n\(Self.twoTypes)", count: count) + "--b--\n"
  }

  @Test func readingsLimit() {
    var limits = MailLimits()
    limits.readingsMax = 3
    let fitting = MailMessage(text: message(parts: 3), limits: limits)
    #expect(fitting.parts.map(\.reading).max() == 3 && fitting.limitsHit.isEmpty)
    let past = MailMessage(text: message(parts: 4), limits: limits)
    #expect(past.parts.map(\.reading).max() == 3 && past.limitsHit == [.readings])
    checkRanges(past)
  }

  /// A look costs 64 bytes, and those that it reads: here those of the page, to find delimiters.
  @Test func readingBytesLimit() {
    var limits = MailLimits()
    limits.readingBytesMax = 64 + 64 + 5
    let fitting = MailMessage(text: Self.twoTypes, limits: limits)
    #expect(fitting.parts.count == 2 && fitting.limitsHit.isEmpty)
    limits.readingBytesMax -= 1
    let past = MailMessage(text: Self.twoTypes, limits: limits)
    #expect(past.parts.count == 2 && past.limitsHit == [.readingBytes])
  }

  @Test func partsLimit() {
    let text =
      "Content-Type: multipart/mixed; (boundary=b)\n\n--b\nContent-Type: text/html\n\n<p>\n--b--\n"
    var limits = MailLimits()
    limits.partsMax = 4
    let fitting = MailMessage(text: text, limits: limits)
    #expect(fitting.parts.count == 4 && fitting.limitsHit.isEmpty)
    limits.partsMax = 3
    let past = MailMessage(text: text, limits: limits)
    #expect(past.parts.count == 3 && past.limitsHit == [.parts])
    checkRanges(past)
  }

  @Test func depthLimit() {
    let text = "Content-Type: x/y; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>\n--b--\n"
    var limits = MailLimits()
    limits.depthMax = 1
    let fitting = MailMessage(text: text, limits: limits)
    #expect(fitting.parts.count == 3 && fitting.limitsHit.isEmpty)
    limits.depthMax = 0
    #expect(MailMessage(text: text, limits: limits).limitsHit == [.depth])
  }

  @Test func decodedBytesLimit() {
    let text =
      "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
      + "Q29udGVudC1UeXBlOiB0ZXh0L2h0bWwKCjxwPg=="
    var limits = MailLimits()
    limits.embeddedBytesMax = 28
    let fitting = MailMessage(text: text, limits: limits)
    #expect(fitting.parts.last?.body.count == 3 && fitting.limitsHit.isEmpty)
    limits.embeddedBytesMax = 27
    let past = MailMessage(text: text, limits: limits)
    #expect(past.parts.last?.body.count == 2 && past.limitsHit == [.embeddedBytes])
  }

  // MARK: Exhaustion. These end in time or the test run does not.

  @Test func levelsWithTwoBoundaries() {
    let text = (0..<2_000).map {
      "Content-Type: multipart/mixed; boundary=a\($0)x; boundary=b\($0)x\n\n--a\($0)x\n"
        + "Content-Type: text/html\n\n<p>\n--b\($0)x\n"
    }.joined()
    var limits = MailLimits()
    #expect(!MailMessage(text: text).limitsHit.isEmpty)
    limits.depthMax = 5_000
    limits.partsMax = 20_000
    #expect(!MailMessage(text: text, limits: limits).limitsHit.isEmpty)
  }

  /// Each of these, repeated, raises a doubt in every line or part.
  @Test(arguments: [
    "--b\nContent-Type: text/plain\nContent-Type: text/html\n\n<p>\n", "--b\nX\n\n<p>\n",
    "--b\nContent-Type: multipart/mixed; (boundary=c)\n\n--c\n\nx\n", "--bb\n\nx\n", "--b--\n",
    "--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogYg==\n",
    "--b\nContent-Type: message/rfc822\n\n", "--b\n \nContent-Type: a\n", "\r--b\n\nx\n",
    "--b\nContent-Transfer-Encoding: x\n\nAAAAAAAAAAAAAAAA\n",
    "--b\n\nbegin 644 a\n#86)C\n`\nend\n",
    "--b\nContent-Type: multipart/mixed; boundary=bb\n\n--bb\n", "---b\n", " --b\n",
    "--b\nContent-Type: multipart/mixed; boundary=\"b\"\n\n",
  ])
  func manyDoubts(_ piece: String) {
    let head = "Content-Type: multipart/mixed; boundary=b; boundary=c\n\n"
    let text = head + String(repeating: piece, count: 1_000_000 / piece.utf8.count)
    let message = MailMessage(text: text)
    #expect(message.parts.count <= message.limits.partsMax)
    checkStandard(message)
    var limits = MailLimits()
    limits.partsMax = 50_000
    limits.depthMax = 1_000
    limits.readingsMax = 10_000
    #expect(MailMessage(text: text, limits: limits).parts.count <= 50_000)
  }

  private func checkStandard(_ message: MailMessage) {
    let count = message.parts.prefix { $0.reading == 0 }.count
    #expect(message.parts.allSatisfy { $0.target < count })
  }

  @Test func manyBoundaries() {
    let lines = (0..<100_000).map { "--b\($0)\nContent-Type: text/html\n\n<p>\n" }.joined()
    let message = MailMessage(text: "Content-Type: multipart/mixed\n\n" + lines)
    #expect(message.limitsHit.contains(.readings) || message.limitsHit.contains(.readingBytes))
  }
}
