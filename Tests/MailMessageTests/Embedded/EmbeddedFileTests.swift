// Files inside of texts: what is found, what is not, and what is said about damage.

import MailMessage
import Testing

struct EmbeddedCase: CustomTestStringConvertible, Sendable {
  let title: String
  let text: String
  /// `name=content`, `!` behind damaged ones.
  let files: [String]
  init(_ title: String, _ text: String, _ files: [String]) {
    (self.title, self.text, self.files) = (title, text, files)
  }
  var testDescription: String { title }
}

@Suite struct EmbeddedFileTests {
  private static func view(_ files: [EmbeddedFile]) -> [String] {
    files.map { file in
      let names = file.names.joined(separator: "|")
      return "\(names)=\(String(decoding: file.content, as: UTF8.self))\(file.isDamaged ? "!" : "")"
    }
  }

  private static func find(_ bytes: [UInt8]) -> [EmbeddedFile] {
    let found = EmbeddedFiles.find(in: bytes.span, filesMax: 100, bytesMax: 1 << 20)
    #expect(!found.isTruncated)
    return found.files
  }

  static let abc = Array("abc".utf8)
  static let long = String(repeating: "Long content of a file. ", count: 12)
  static let uu = Embed.uuencode(abc, name: "a.txt")
  static let longUU = Embed.uuencode(Array(long.utf8), name: "a b.exe")

  @Test(arguments: uuencoded + others)
  func found(_ example: EmbeddedCase) {
    for lineEnd in ["\n", "\r\n", "\r"] {
      let bytes = Array(
        example.text.split(separator: "\n", omittingEmptySubsequences: false)
          .joined(separator: lineEnd).utf8)
      let files = Self.find(bytes)
      #expect(Self.view(files) == example.files, "line end \(Array(lineEnd.utf8))")
      let isHinted = EmbeddedFiles.hint(in: bytes.span)
      #expect(isHinted || files.isEmpty)
      for file in files {
        #expect(file.range.lowerBound < file.range.upperBound)
        #expect(file.range.upperBound <= bytes.count)
      }
    }
  }

  static let uuencoded = [
    EmbeddedCase("one", "Hello,\n\n\(uu)bye\n", ["a.txt=abc"]),
    EmbeddedCase("first line, no line end", String(uu.dropLast()), ["a.txt=abc"]),
    EmbeddedCase("several lines, a blank in the name", longUU, ["a b.exe=\(long)"]),
    EmbeddedCase("two", uu + "text\n" + longUU, ["a.txt=abc", "a b.exe=\(long)"]),
    EmbeddedCase("mode of four", Embed.uuencode(abc, name: "n", mode: "0755"), ["n=abc"]),
    EmbeddedCase("no mode", "begin  n.exe\n#86)C\n`\nend\n", ["n.exe=abc"]),
    EmbeddedCase("no mode and no data", "begin  with what you know.\nThen go on.\nend\n", []),
    EmbeddedCase("mode of letters", "begin abc n\n#86)C\n`\nend\n", []),
    EmbeddedCase("missing end", "begin 644 n\n#86)C\n", ["n=abc!"]),
    EmbeddedCase(
      "missing end before another", "begin 644 n\n#86)C\n\(uu)", ["n=abc!", "a.txt=abc"]),
    EmbeddedCase("text after a missing end", "begin 644 n\n#86)C\nbye, they\n", ["n=abc!"]),
    EmbeddedCase("text inside", "begin 644 n\n#86)C\nbye, they\n#86)C\n`\nend\n", ["n=abcabc!"]),
    EmbeddedCase("text before the data", "begin 644 n\nhey, you\n#86)C\n`\nend\n", ["n=abc!"]),
    EmbeddedCase("blanks for zero", "begin 644 n\n#    \n \nend\n", ["n=\0\0\0"]),
    EmbeddedCase("blanks lost", "begin 644 n\n#86)C\n#8\n\nend\n", ["n=abc`\0\0"]),
    EmbeddedCase("no zero line", "begin 644 n\n#86)C\nend\n", ["n=abc"]),
    EmbeddedCase("a checksum", "begin 644 n\n#86)CX\n`\nend\n", ["n=abc"]),
    EmbeddedCase("a group that is not filled", "begin 644 n\n\"86(\n`\nend\n", ["n=ab"]),
    EmbeddedCase("blanks added", "begin 644 n\n#86)C   \n`  \nend  \n", ["n=abc"]),
    EmbeddedCase("empty", "begin 644 n\n`\nend\n", ["n="]),
    EmbeddedCase("no name", "begin 644 \n#86)C\n`\nend\n", ["=abc"]),
    EmbeddedCase("quotes", "begin 644 \"a b.exe\"\n#86)C\n`\nend\n", ["a b.exe=abc"]),
    EmbeddedCase("one quote", "begin 644 \"\n#86)C\n`\nend\n", ["\"=abc"]),
    EmbeddedCase("only talk of it", "Write\nbegin 644 name\nand then the data,\nthen end.\n", []),
    EmbeddedCase("quoted", "> begin 644 n\n> #86)C\n> `\n> end\n", []),
    EmbeddedCase("a calendar", "BEGIN:VCALENDAR\nEND:VCALENDAR\nbegin:vcard\n", []),
    EmbeddedCase("talk", "begin the day\nbefore\nbe\nb\n", []),
    EmbeddedCase("xxencode", Embed.xxencode(abc, name: "x"), ["x=abc!"]),
    EmbeddedCase("long xxencode", Embed.xxencode(Array(long.utf8), name: "x"), ["x=\(long)!"]),
    EmbeddedCase("base64", "begin-base64 644 n.c\nYW\nJj\n====\nyes\n", ["n.c=abc"]),
    EmbeddedCase("base64 with padding", "begin-base64 644 n\nYQ==\n====\n", ["n=a"]),
    EmbeddedCase("base64 without an end", "begin-base64 644 n\nYWJj\n", ["n=abc!"]),
    EmbeddedCase(
      "base64 with a coded name", "begin-base64-encoded 644 bi5leGU=\nYWJj\n====\n", ["n.exe=abc"]),
  ]

  static let others = [
    EmbeddedCase("BinHex", "Hi\n" + Embed.binHex(abc, name: "m.txt") + "bye\n", ["m.txt=abc"]),
    EmbeddedCase(
      "BinHex runs", Embed.binHex(Array(String(repeating: "z", count: 700).utf8), name: "z"),
      ["z=" + String(repeating: "z", count: 700)]),
    EmbeddedCase(
      "BinHex resource fork", Embed.binHex([], name: "r", resource: abc), ["r=abc"]),
    EmbeddedCase("BinHex both forks", Embed.binHex(abc, name: "r", resource: [1]), ["r=abc"]),
    EmbeddedCase(
      "BinHex cut off", String(Embed.binHex(abc, name: "m").dropLast(5)), ["m=abc!"]),
    EmbeddedCase("BinHex announced only", "(This file must be converted with BinHex 4.0)\n\n", []),
    EmbeddedCase("talk in brackets", "(This file must be read)\n:abc:\n(and so on)\n", []),
    EmbeddedCase("talk of yEnc", "=ybegin is how it starts\n=yend\n", []),
    EmbeddedCase("nothing", "", []),
  ]

  /// Every byte, with each of the forms that yEnc escapes.
  @Test func yEnc() {
    let content = (0...255).map { UInt8($0) }
    let files = Self.find(Array("Hi\r\n".utf8) + Embed.yEnc(content, name: "a b.bin"))
    #expect(files.map(\.names) == [["a b.bin"]])
    #expect(files.map(\.content) == [content])
    #expect(files.map(\.isDamaged) == [false])
  }

  @Test func yEncDamage() {
    let wrongSum = Embed.yEnc(Self.abc, name: "n", checksum: "12345678")
    #expect(Self.view(Self.find(wrongSum)) == ["n=abc!"])
    let open = Array(Embed.yEnc(Self.abc, name: "n").dropLast(31))
    #expect(Self.view(Self.find(open)) == ["n=abc!"])
    let two = open + [13, 10] + Embed.yEnc(Self.abc, name: "m")
    #expect(Self.view(Self.find(two)) == ["n=abc!", "m=abc"])
  }

  /// Pieces of one file are put together by their numbers.
  @Test func yEncPieces() {
    let one = Embed.yEnc(Self.abc, name: "n", part: 1)
    let two = Embed.yEnc(Array("def".utf8), name: "n", part: 2, begin: 4)
    let other = Embed.yEnc(Self.abc, name: "m", part: 2, begin: 4)
    #expect(Self.view(Self.find(one + two)) == ["n=abcdef"])
    #expect(Self.view(Self.find(two + other + one)) == ["n=abcdef", "m=abc"])
  }

  @Test func wholeBinHex() {
    let bare = Array(Embed.binHex(Self.abc, name: "m", announcement: "").utf8)
    #expect(Self.find(bare).isEmpty)
    let file = EmbeddedFiles.binHex(in: bare.span, bytesMax: 3)
    #expect(file.map { Self.view([$0]) } == ["m=abc"])
    let none = EmbeddedFiles.binHex(in: Self.abc.span, bytesMax: 3)
    #expect(none == nil)
  }

  /// What quoted-printable writes for the first line still shows.
  @Test(arguments: [
    ("=62egin 644 n", true), ("b=65gin 644 n", true), ("begi=\r\nn 644 n", true),
    ("=3Dybegin line=3D128", true), ("=28This file must", true), ("=\r\nbegin 644 n", true),
    ("=3D", false), ("=20begin 644 n", false), ("be=20", false), ("= begin", false),
  ])
  func hintInQuotedPrintable(_ text: String, _ isExpected: Bool) {
    let bytes = Array(("Hello\r\n" + text).utf8)
    let isHinted = EmbeddedFiles.hint(in: bytes.span, isQuotedPrintable: true)
    #expect(isHinted == isExpected)
  }

  @Test(arguments: ["xbegin 644 n", " begin 644 n", "begin", "beginning", "=ybegun", "(that file "])
  func noHint(_ text: String) {
    let bytes = Array(("Hello,\r\nbe\r\n" + text).utf8)
    let isHinted = EmbeddedFiles.hint(in: bytes.span)
    #expect(!isHinted)
  }

  /// The quick search sees a line wherever it stands among those it takes at once.
  @Test func hintAnywhere() {
    for length in 0...70 {
      for lineEnd in ["\n", "\r\n", "\r"] {
        let bytes = Array((String(repeating: "x", count: length) + lineEnd + "begin 644 n").utf8)
        let short = Array(bytes.dropLast(6))
        let isHinted = EmbeddedFiles.hint(in: bytes.span)
        let isShortHinted = EmbeddedFiles.hint(in: short.span)
        #expect(isHinted && !isShortHinted, "\(length)")
      }
    }
  }

  @Test func filesLimit() {
    let text = Array((Self.uu + Self.uu + Self.uu).utf8)
    for (limit, isTruncated) in [(2, true), (3, false)] {
      let found = EmbeddedFiles.find(in: text.span, filesMax: limit, bytesMax: 100)
      #expect(found.files.count == min(3, limit))
      #expect(found.isTruncated == isTruncated)
    }
  }

  @Test func bytesLimit() {
    let texts = [
      Array((Self.uu + Self.uu).utf8),
      Embed.yEnc(Self.abc, name: "a") + Embed.yEnc([1, 2, 3], name: "b"),
      Array((Embed.binHex(Self.abc, name: "a") + Embed.binHex([1, 2, 3], name: "b")).utf8),
      Array("begin-base64 644 n\nYWJj\n====\nbegin-base64 644 n\nYWJj\n====\n".utf8),
    ]
    for text in texts {
      for (limit, isTruncated) in [(0, true), (2, true), (3, true), (5, true), (6, false)] {
        let found = EmbeddedFiles.find(in: text.span, filesMax: 10, bytesMax: limit)
        #expect(found.files.reduce(0) { $0 + $1.content.count } == limit)
        #expect(found.isTruncated == isTruncated, "limit \(limit)")
      }
    }
  }

  /// A run of 255 bytes takes three characters; what it unfolds to stays within the limit.
  @Test func binHexBomb() {
    let content = [UInt8](repeating: 0, count: 1_000_000)
    let text = Array(Embed.binHex(content, name: "n").utf8)
    let found = EmbeddedFiles.find(in: text.span, filesMax: 10, bytesMax: 1_000)
    #expect(found.files.map(\.content.count) == [1_000])
    #expect(found.isTruncated)
  }
}
