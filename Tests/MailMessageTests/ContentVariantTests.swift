// Broken encodings: what each kind of decoder makes of them, and that every outcome is a part.

import MailMessage
import Testing

struct VariantCase: CustomTestStringConvertible, Sendable {
  let title: String
  let body: String
  /// What some decoder reads; the standard way may be one of them.
  let shown: String
  init(_ title: String, _ body: String, shows: String = "Hello there, file!") {
    (self.title, self.body, shown) = (title, body, shows)
  }
  var testDescription: String { title }
}

@Suite struct ContentVariantTests {
  static let hello = "Hello there, file!"
  static let coded = Embed.base64(Array(hello.utf8))

  private static func contents(_ encoding: String, _ body: String) -> (MailMessage, [String]) {
    var message = MailMessage(
      text: "Content-Type: text/plain\nContent-Transfer-Encoding: \(encoding)\n\n\(body)")
    let variants = message.contentVariants(of: 0)
    let added = message.appendContentReadings(of: 0, variants: variants)
    #expect(added == 1..<message.parts.count)
    let contents = message.parts.indices.map { part -> String in
      var bytes: [UInt8] = []
      _ = message.appendDecodedBody(of: part, to: &bytes)
      return text(bytes)
    }
    return (message, contents)
  }

  /// The pieces of the coded text, `length` characters each.
  private static func pieces(_ length: Int) -> [String] {
    var pieces: [String] = []
    var rest = Substring(coded)
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return pieces
  }

  static let brokenBase64: [VariantCase] = [
    VariantCase("padding behind each group", pieces(4).joined(separator: "=")),
    VariantCase("padding inside of groups", pieces(6).joined(separator: "=")),
    VariantCase(
      "padding in front of each line",
      pieces(8).map { "==" + $0 + "\n" }.joined()),
    VariantCase("padding for the value 0", "SG=sbG8A", shows: "H`,lo\0"),
    VariantCase("padding within groups of four", "S=A=Z=Q=bA==", shows: "Hel"),
    VariantCase("an unfinished group", "SGVsbG", shows: "Hell"),
    VariantCase("an unfinished group lost", "SGVsbG", shows: "Hel"),
    VariantCase("data behind padding", "SGVs\nbA==\nbG8=\n", shows: "Helllo"),
    VariantCase("no data behind padding", "SGVs\nbA==\nbG8=\n", shows: "Hell"),
    VariantCase("one character too many in each line", pieces(8).map { $0 + "X\n" }.joined()),
    VariantCase("two characters too many", pieces(8).map { $0 + "XY\n" }.joined()),
    VariantCase("a first line that is none", "X:\n" + coded),
    VariantCase("a short first line", "ABC\n\n" + coded),
    VariantCase("two first lines", "AB==\nAB\n\n" + coded),
    VariantCase("foreign characters", coded.map { "\($0)*" }.joined()),
    VariantCase("url signs for foreign characters", coded.map { "\($0)-" }.joined()),
    VariantCase("url alphabet", "-_-_", shows: "\u{FFFD}\u{FFFD}\u{FFFD}"),
    VariantCase("a comment in each line", pieces(5).map { $0 + "#abcd\n" }.joined()),
    VariantCase("foreign characters of value 0", "SG*sbG8=", shows: "H`,lo"),
    VariantCase("escapes of the other kind", "SGVsbG8=3D", shows: "Hello"),
    VariantCase("a footer", coded + "\n-- \nA list\n"),
  ]

  @Test(arguments: brokenBase64)
  func base64(_ example: VariantCase) {
    let (message, contents) = Self.contents("base64", example.body)
    #expect(contents.contains(example.shown), "\(contents)")
    #expect(Set(contents).count == contents.count, "each outcome once: \(contents)")
    #expect(message.parts[0].anomalies.contains(.badBase64))
    for (number, part) in message.parts.enumerated() {
      #expect(part.reading == number && part.target == 0 && part.path == "1")
      #expect((part.variant == .standard) == (number == 0))
    }
  }

  static let brokenQuotedPrintable: [VariantCase] = [
    VariantCase("a sign before text", "Hel=lo there, =file!"),
    VariantCase("two signs", "==48ello there, file!"),
    VariantCase("a digit too many", "=4=48ello there, file!"),
    VariantCase("a blank in the escape", "= =48ello there, file!"),
    VariantCase("letters that are no digits", "=XX=48ello =4Xthere, file!"),
    VariantCase("both cases", "=0a=48ello there=2C file!"),
    VariantCase("CR for a line end", "Hello =\rthere=2C=\r file!"),
    VariantCase("cut off", "Hello there, file!=2"),
  ]

  @Test(arguments: brokenQuotedPrintable)
  func quotedPrintable(_ example: VariantCase) {
    let (message, contents) = Self.contents("quoted-printable", example.body)
    #expect(contents.contains(example.shown), "\(contents)")
    #expect(Set(contents).count == contents.count)
    #expect(message.parts[0].anomalies.contains(.badQuotedPrintable))
  }

  /// What is well formed is read in one way only.
  @Test(arguments: [
    ("quoted-printable", "a=3D=\nb =20=\n c=C3=A4 \n="), ("quoted-printable", "a=c3=a4"),
    ("base64", "YWJj\nZGVm\n"), ("base64", "YQ=="), ("base64", ""), ("7bit", "a=4"),
  ])
  func wellFormed(_ encoding: String, _ body: String) {
    let (message, contents) = Self.contents(encoding, body)
    #expect(Set(contents).count == contents.count)
    #expect(!message.anomalies.contains(.badQuotedPrintable))
    #expect(!message.anomalies.contains(.badBase64))
    var bytes: [UInt8] = []
    #expect(!message.appendDecodedBody(of: 0, to: &bytes).isMalformed)
  }

  /// Well formed as a whole, but not line by line: no fault, and yet two readings.
  @Test func linesOfOtherLengths() {
    let body = Self.pieces(4).map { $0 + "XYZZ\n" }.joined()
    for (number, lines) in [(1, body), (2, body.replacing("XYZZ", with: "XY"))] {
      let (message, contents) = Self.contents("base64", lines)
      #expect(contents.count == number)
      #expect(!message.anomalies.contains(.badBase64))
      var bytes: [UInt8] = []
      #expect(message.appendDecodedBody(of: 0, to: &bytes).isDoubtful == (number == 2))
      #expect(contents.contains(Self.hello) == (number == 2))
    }
  }

  @Test func onlyOnce() {
    var (message, _) = Self.contents("base64", "SGVsbG")
    #expect(message.parts.count == 2)
    let variants = message.contentVariants(of: 1)
    #expect(variants.isEmpty)
    #expect(message.appendContentReadings(of: 1, variants: variants).isEmpty)
  }

  @Test func limits() {
    let text = "Content-Transfer-Encoding: base64\n\n" + Self.pieces(6).joined(separator: "=")
    let all = MailMessage(text: text)
    let body = all.parts[0].body.count
    let variants = all.contentVariants(of: 0)
    for (change, limit, count) in [
      ({ $0.partsMax = 2 }, .parts, 2), ({ $0.readingsMax = 1 }, .readings, 2),
      ({ $0.readingBytesMax = body }, .readingBytes, 2),
      ({ $0.readingBytesMax = body - 1 }, .readingBytes, 1),
    ] as [((inout MailLimits) -> Void, MailLimit, Int)] {
      var limits = MailLimits()
      change(&limits)
      var message = MailMessage(Array(all.bytes), limits: limits)
      #expect(message.bytesToRead(variants, of: 0) <= limits.readingBytesMax)
      _ = message.appendContentReadings(of: 0, variants: variants)
      #expect(message.parts.count == count)
      #expect(message.limitsHit == [limit])
    }
    var message = all
    _ = message.appendContentReadings(of: 0, variants: variants)
    #expect(message.limitsHit.isEmpty)
  }

  /// A part that is decoded in another way obeys the limit of bytes like any other.
  @Test func bytesLimit() {
    var (message, contents) = Self.contents("base64", Self.pieces(6).joined(separator: "="))
    for part in message.parts.indices {
      let whole = Array(contents[part].utf8)
      var bytes: [UInt8] = []
      let result = message.appendDecodedBody(of: part, to: &bytes, limitBytes: 3)
      #expect(bytes.count == min(3, bytes.count) && result.isComplete == (whole.count <= 3))
    }
    message = MailMessage(text: "\n")
    contents = []
  }
}
