// Messages that mail programs read differently, and what each reading besides the standard one
// adds. In most of them a page of HTML stands where some programs show it, and others do not.

import MailMessage
import Testing

struct ReadingCase: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  /// The outline of all readings but the first.
  let others: [String]
  /// Some that must be among the message's.
  var anomalies: [Anomaly] = [.hiddenPart]
  var testDescription: String { name }
}

/// A part with a page, as a multipart divided by `boundary` has it.
private func page(_ boundary: String = "b") -> String {
  "--\(boundary)\nContent-Type: text/html\n\n<p>\n--\(boundary)--\n"
}

extension ReadingTests {
  /// Whatever hides the boundary "b", or the type, the parts are found.
  static let hidingTypes = [
    "multipart/mixed; (boundary=\"b\")", "multipart/mixed; boundary (x)y=b",
    "multipart/mixed; boundary=(x)\"b", "multipart/mixed; boundary=b(x)c",
    "multipart/mixed; boundary=c(x)b", "multipart/mixed; x=\"; boundary=b", "multipart/mixed",
    "multipart/mixed; boundary=\"\\\"b\"", "multipart/mixed; boundary=c\\;b",
    "multipart/mixed; boundary=\"b", "multipart/mixed; boundary==b", "multipart/mixed, boundary=b",
    "multipart/mixed boundary b", "multipart/mixed; boundary*=utf-8''%6",
    "multipart/mixed; bound=b",
    "multipart/mixed; boundary*=utf-16''%00b", "multipart/mixed; boundary*3=b; boundary*4=c",
    "multipart/mixed; boundary==?utf-8?q?b?=", "multipart/mixed; boundary=\u{0}b",
    "multipart/mixed; boundary=a; boundary=b", "multipart/mixed; boundary*0=a; boundary*0=b",
    "multipart/mixed; boundary=a\nContent-Type: multipart/mixed; boundary=b",
    "\"multipart/mixed\"; boundary=b", "multi(x)part/mixed; boundary=b", "/mixed; boundary=b",
    "x-multipart/mixed; boundary=b", "multipart mixed; boundary=b", "=?utf-8?q?multipart?=/mixed",
    "multipart\u{B}/mixed; boundary=b", "text/plain; boundary=b", "; boundary=b", "",
    "text/plain\nContent-Type: multipart/mixed; boundary=b", "multipart//mixed; boundary=\"b\"\"",
    ": multipart/mixed; boundary=b", "text/plain; charset=x multipart/mixed",
  ]

  static let boundaryCases: [ReadingCase] = [
    ReadingCase(
      name: "two boundaries that both divide",
      text: "Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a\n\none\n--a--\n"
        + page(),
      others: ["[1] 1 multipart/mixed", "[1] 1.1 text/html <p>"],
      anomalies: [.boundaryConflict, .hiddenPart]),
    ReadingCase(
      name: "three boundaries",
      text: "Content-Type: multipart/mixed; boundary=\"a\"b\n\n" + page("a") + page("b")
        + page("c"),
      others: [
        "[1] 1 multipart/mixed", "[1] 1.1 text/html <p>", "[2] 1 multipart/mixed",
        "[2] 1.1 text/html <p>",
      ]),
    ReadingCase(
      name: "delimiters with something behind",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b x\n" + "Content-Type: text/html\n\n"
        + "<p>\n--b y\n\ntwo\n--b--\n",
      others: [
        "[1] 1 multipart/mixed", "[1] 1.1 text/html <p>|--b y||two|--b--|",
        "[2] 1 multipart/mixed", "[2] 1.1 text/html <p>", "[2] 1.2 text/plain two",
      ],
      anomalies: [.boundaryConflict, .hiddenPart]),
    ReadingCase(
      name: "parts after the end",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n" + page(),
      others: ["[1] 1 multipart/mixed", "[1] 1.2 text/html <p>"],
      anomalies: [.boundaryConflict, .hiddenPart]),
    ReadingCase(
      name: "the same boundary inside, after a part",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n"
        + "Content-Type: multipart/mixed; boundary=b\n\n" + page(),
      others: [
        "[1] 1 multipart/mixed", "[1] 1.2 multipart/mixed", "[1] 1.2.1 text/html <p>",
      ]),
    ReadingCase(
      name: "an outer delimiter inside of an inner part",
      text: "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
        + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p\n"
        + "--a\n>\n--b--\n--a--\n",
      others: [
        "[1] 1 multipart/mixed", "[1] 1.1 multipart/mixed", "[1] 1.1.1 text/html <p|--a|>",
      ],
      anomalies: [.missingEnd, .hiddenPart]),
    ReadingCase(
      name: "an outer delimiter in the header of an inner multipart",
      text: "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
        + "Content-Type: multipart/mixed; boundary=b\n--a--\n\n" + page(),
      others: [
        "[1] 1 multipart/mixed", "[1] 1.1 multipart/mixed", "[1] 1.1.1 text/html <p>",
      ]),
    ReadingCase(
      name: "a MIME message without a type, but with delimiters",
      text: "MIME-Version: 1.0\n\n" + page(),
      others: ["[1] 1 multipart/mixed", "[1] 1.1 text/html <p>"]),
    ReadingCase(
      name: "two types, neither a multipart",
      text: "Content-Type: text/plain\nContent-Type: text/html\n\n<p>",
      others: ["[1] 1 text/html <p>"],
      anomalies: [.duplicateContentType, .typeConflict, .hiddenPart]),
    ReadingCase(
      name: "two types, one a message",
      text: "Content-Type: text/plain\nContent-Type: message/rfc822\n\n"
        + "Content-Type: text/html\n\n<p>",
      others: ["[1] 1 message/rfc822", "[1] 1.1 text/html <p>"],
      anomalies: [.typeConflict, .hiddenPart]),
    ReadingCase(
      name: "a hidden multipart in a hidden one",
      text: "Content-Type: multipart/mixed; (boundary=a)\n\n--a\n"
        + "Content-Type: multipart/mixed; (boundary=b)\n\n" + page() + "--a--\n",
      others: ["[1] 1 multipart/mixed", "[1] 1.1 text/html <p>"]),
  ]

  /// Nothing here is odd to any program, or no program shows more.
  static let plainCases = [
    "Content-Type: multipart/mixed (c); (d) boundary = \"b\" (e)\n\n" + page(),
    "Content-Type: multipart/mixed;\n boundary=\"b\\c\"\n\n" + page("bc"),
    "Content-Type: multipart/mixed; boundary*0=\"b\";\n boundary*1=c\n\n" + page("bc"),
    "Content-Type: multipart/mixed; boundary*=us-ascii'en'b\n\n" + page(),
    "Content-Type: multipart/mixed; boundary=\" b\"\n\n" + page(" b"),
    "Content-Type: multipart/mixed; boundary=b;\n\nsee\n-- \nthe end\n" + page(),
    "Content-Type: text/plain\n\nHe wrote:\n\n" + page(),
    "MIME-Version: 1.0\n\nHe wrote:\n\n" + page(),
    "\nHe wrote:\n\n" + page(),
    "Content-Type: text/plain; name=boundary\n\n" + page(),
    "Subject: multipart/mixed; boundary=b\n\n" + page(),
    "Content-Type: multipart/mixed (a); boundary=a\n\n--a\n\nHe wrote:\n\n" + page() + "--a--\n",
    "Content-Type: multipart/mixed; boundary=a\n\n--a\n"
      + "Content-Type: multipart/mixed; boundary=b\n\n"
      + page() + "\n--a--\n",
  ]
}

extension ReadingTests {
  /// However the encoding is declared, some program decodes the part.
  static let hidingEncodings = [
    "Content-Transfer-Encoding: x-base64", "Content-Transfer-Encoding: base64;",
    "Content-Transfer-Encoding: ;base64", "Content-Transfer-Encoding: \"base64\"",
    "Content-Transfer-Encoding: base64, quoted-printable", "Content-Transfer-Encoding: base 64",
    "Content-Transfer-Encoding: =?us-ascii?q?base64?=", "Content-Transfer-Encoding: b64",
    "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: 7bit",
    "Content-Transfer-Encoding: quoted-printable\nContent-Transfer-Encoding: base64",
    "Content-Transfer-Encoding:: base64", "Content-Transfer-Encoding base64",
    "Content-Transfer-Encoding : base64", "Content-Transfer-Encoding\u{B}: base64",
    "X: y\n Content-Transfer-Encoding: base64", "X\n Content-Transfer-Encoding: base64",
    "some words\nContent-Transfer-Encoding: base64", "X: y\n \nContent-Transfer-Encoding: base64",
    "\nContent-Transfer-Encoding: base64", " \nContent-Transfer-Encoding: base64",
    "\u{B}\nContent-Transfer-Encoding: base64", "\u{B}Content-Transfer-Encoding: base64",
    ":\nContent-Transfer-Encoding: base64", "\u{1}\u{2}\nContent-Transfer-Encoding: base64",
    "Content-Transfer-Encoding: base64\n \t", "Content-Transfer-Encoding: base64\nAAAA",
    "Content-Transfer-Encoding:\n\tba(x)se64", "Content-Transfer-Encoding: (x)base64(y)",
    "X: y\rContent-Transfer-Encoding: base64", "\rContent-Transfer-Encoding: base64",
  ]

  static let returnCases = [
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n\r--b\r\n"
      + "Content-Type: text/html\r\n\r\n<p>\r\n",
    "Content-Type: multipart/mixed; boundary=b\r\n\r\nx\r--b\rContent-Type: text/html\r\r<p>\r\n",
    "X: y\rContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
      + "Content-Type: text/html\r\n\r\n<p>",
  ]

  static let nestedCases: [ReadingCase] = [
    ReadingCase(
      name: "a message in base64",
      text: "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + "Q29udGVudC1UeXBlOiB0ZXh0L2h0bWwKCjxwPg==",
      others: ["[1] 1 message/rfc822", "[1] 1.1 text/html <p>"],
      anomalies: [.encodingConflict, .hiddenPart]),
    ReadingCase(
      name: "a multipart in base64",
      text: "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
        + "LS1iCkNvbnRlbnQtVHlwZTogdGV4dC9odG1sCgo8cD4KLS1iLS0K",
      others: ["[1] 1 multipart/mixed", "[1] 1.1 text/html <p>"],
      anomalies: [.encodingConflict, .hiddenPart]),
    ReadingCase(
      name: "a multipart in quoted-printable, its boundary escaped",
      text: "Content-Type: multipart/mixed; boundary=b\n"
        + "Content-Transfer-Encoding: quoted-printable\n\n"
        + "--=62\nContent-Type: text/html\n\n<p>\n--=62--\n",
      others: [
        "[1] 1 multipart/mixed", "[1] 1.1 text/html <p>", "[2] 1 multipart/mixed",
        "[2] 1.1 text/html <p>",
      ],
      anomalies: [.encodingConflict, .hiddenPart]),
    ReadingCase(
      name: "a message in base64 that is none",
      text: "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + "Content-Type: text/html\n\n<p>",
      others: ["[1] 1 message/rfc822", "[1] 1.1 text/html <p>"],
      anomalies: [.encodingConflict, .hiddenPart]),
    ReadingCase(
      name: "encoded in encoded",
      text: "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        + "Q29udGVudC1UeXBlOiBtZXNzYWdlL3JmYzgyMgpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBi"
        + "YXNlNjQKClEyOXVkR1Z1ZEMxVWVYQmxPaUIwWlhoMEwyaDBiV3dLQ2p4d1BnPT0=",
      others: [
        "[1] 1 message/rfc822", "[1] 1.1 message/rfc822 Content-Type: text/html||<p>",
        "[2] 1.1 message/rfc822", "[2] 1.1.1 text/html <p>",
      ],
      anomalies: [.encodingConflict, .hiddenPart]),
  ]
  /// Fields and lines where none should be.
  static let strayCases: [ReadingCase] = [
    ReadingCase(
      name: "a part before the first delimiter",
      text: "Content-Type: multipart/mixed; boundary=b\n\nContent-Type: text/html\n\n<p>\n"
        + "--b\n\nx\n--b--\n",
      others: ["[1] 1.2 text/html <p>|"]),
    ReadingCase(
      name: "a part behind the end",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n"
        + "Content-Type: text/html\n\n<p>",
      others: ["[1] 1.2 text/html <p>"]),
    ReadingCase(
      name: "an outer boundary that is the end of an inner",
      text: "Content-Type: multipart/mixed; boundary=b--\n\n--b--\n"
        + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b--\n"
        + "Content-Type: text/html\n\n<p>\n--b----\n",
      others: ["[1] 1 multipart/mixed", "[1] 1.2 text/html <p>"],
      anomalies: [.boundaryConflict, .hiddenPart]),
    ReadingCase(
      name: "a message of an unknown kind",
      text: "Content-Type: message/x-odd\n\nContent-Type: text/html\n\n<p>",
      others: ["[1] 1 message/rfc822", "[1] 1.1 text/html <p>"]),
    ReadingCase(
      name: "a parameter that is not indented",
      text: "Content-Type: text/plain;\ncharset=x\nContent-Type: text/html\n\n<p>",
      others: ["[1] 1 text/plain <p>", "[2] 1 text/html <p>"],
      anomalies: [.missingBlankLine, .badHeaderLine, .headerEndConflict]),
    ReadingCase(
      name: "blank lines before the header",
      text: "\n\nSubject: a\nContent-Type: text/html\n\n<p>",
      others: ["[1] 1 text/html <p>"], anomalies: [.headerEndConflict, .hiddenPart]),
  ]

  /// What only looks like more, or is valid and often misread.
  static let innocentCases = [
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\nStatus: 5.0.0\n",
    "Content-Type: message/global-headers\n\nContent-Type: text/html\n",
    "\nDear all: here it is\n\nx", "Content-Type: text/rfc822-headers\n\nContent-Type: a/b\n",
    "Content-Type: multipart/mixed; boundary=b\n\nThis is MIME.\n--b\n\nx\n--b--\nbye\n",
    "Content-Type: text/plain (a (b)); charset=\"us-ascii\"\n\nx",
    "Content-Transfer-Encoding: (of old) 7bit\n\nx",
  ]

  static let oddLines: [(String, Anomaly)] = [
    ("---b", .boundaryConflict), (" --b", .boundaryConflict), ("\t--b--", .boundaryConflict),
    ("--bx", .boundaryConflict),
  ]
}
