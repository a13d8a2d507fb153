// What holds of any bytes: nothing traps, ranges nest, and the same bytes give the same answer.

import MailMessage
import Testing

/// Small and the same on every machine (Vigna, splitmix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

@Suite struct RandomTests {
  /// What broken mail is made of; random bytes alone would hardly ever reach a part.
  private static let pieces = [
    "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "--", "--b", "--b\r\n", "--b--\r\n", "--c\r\n", "--c--",
    "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: message/rfc822\r\n\r\n",
    "Content-Type: multipart/digest; boundary=\"c\"\r\n\r\n", "content-type:text/plain;charset=",
    "gb18030", "iso-2022-jp\r\n", "utf-7", "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n", "Content-Transfer-Encoding: x-uuencode\r\n",
    "Content-Disposition: attachment; filename", "*0*=", "*1=", "utf-8''%41", "=", "\"", ";", "(",
    ")", "\\", "=?utf-8?q?", "=?koi8-r?b?", "?=", "=C3", "YWJj", "begin 644 a\r\n", "M", "end\r\n",
    "From: ", "a@b", "<", ">", ",", ":", " ", "\t", "x", "\u{0}", "ä", "=\r\n",
  ].map { Array($0.utf8) }

  private func message(_ seed: UInt64) -> [UInt8] {
    var random = SplitMix(state: seed)
    let isDivided = seed % 4 != 0
    var bytes = isDivided ? mail("Content-Type: multipart/mixed; boundary=b\n\n--b\n") : []
    for _ in 0..<Int.random(in: 1...120, using: &random) {
      if Int.random(in: 0..<8, using: &random) == 0 {
        bytes.append(UInt8.random(in: 0...255, using: &random))
      } else {
        bytes += Self.pieces[Int.random(in: 0..<Self.pieces.count, using: &random)]
      }
    }
    return bytes
  }

  @Test func anyBytes() {
    var partCount = 0
    for seed in 0..<UInt64(400) {
      let message = MailMessage(message(seed))
      checkRanges(message)
      exercise(message)
      partCount += message.parts.count
    }
    // The pieces do make parts; else this test would show nothing.
    #expect(partCount > 700)
  }

  @Test func smallLimits() {
    var limits = MailLimits()
    limits.headersMax = 2
    limits.headerBytesMax = 40
    limits.partsMax = 3
    limits.depthMax = 2
    limits.parametersMax = 1
    for seed in 0..<UInt64(200) {
      let message = MailMessage(message(seed), limits: limits)
      checkRanges(message)
      #expect(message.parts.count <= 3)
      #expect(message.parts.allSatisfy { $0.depth <= 2 && $0.fields.count <= 2 })
    }
  }

  @Test func everyTruncation() {
    let whole = message(7) + message(11) + message(19)
    for length in 0...whole.count { checkRanges(MailMessage(Array(whole[..<length]))) }
  }

  @Test func sameAnswerTwice() {
    for seed in 0..<UInt64(200) {
      let one = MailMessage(message(seed))
      let two = MailMessage(message(seed))
      #expect(one.outline == two.outline)
      #expect(one.anomalies == two.anomalies && one.limitsHit == two.limitsHit)
      #expect(one.parts.map(\.names) == two.parts.map(\.names))
    }
  }

  /// Asks for everything that can be asked; texts must be valid UTF-8.
  private func exercise(_ message: MailMessage) {
    _ = message.anomalies
    for (index, part) in message.parts.enumerated() {
      _ = part.anomalies
      _ = part.disposition
      for name in part.names { _ = FileName.extension(of: name) }
      var output: [UInt8] = []
      _ = message.appendText(of: index, to: &output)
      for field in part.fields {
        message.appendDecoded(field, to: &output)
        _ = message.addresses(in: field)
      }
      #expect(String(validating: output, as: UTF8.self) != nil)
    }
  }
}
