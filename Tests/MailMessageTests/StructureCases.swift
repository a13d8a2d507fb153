// Messages as text, and the parts that they must be read as.

import MailMessage
import Testing

struct StructureCase: CustomTestStringConvertible, Sendable {
  let name: String
  let text: String
  let outline: [String]
  var anomalies: [Anomaly] = []
  var testDescription: String { name }
}

extension StructureTests {
  static let plainCases: [StructureCase] = [
    StructureCase(name: "nothing", text: "", outline: ["1 text/plain "]),
    StructureCase(name: "only a blank line", text: "\n", outline: ["1 text/plain "]),
    StructureCase(name: "no body", text: "Subject: a\n", outline: ["1 text/plain "]),
    StructureCase(name: "plain", text: "Subject: a\n\nHello\n", outline: ["1 text/plain Hello|"]),
    StructureCase(
      name: "header cut short", text: "Subject: a\nContent-Type: text/ht",
      outline: ["1 text/ht "]),
    StructureCase(
      name: "no blank line", text: "Subject: a\nHello you\nthere\n",
      outline: ["1 text/plain Hello you|there|"], anomalies: [.missingBlankLine]),
    StructureCase(
      name: "blanks before the colon", text: "Content-Type \t: text/html\n\nx",
      outline: ["1 text/html x"]),
    StructureCase(
      name: "folded type", text: "Content-Type:\n text/html;\n\tcharset=utf-8\n\nx",
      outline: ["1 text/html x"]),
    StructureCase(
      name: "type with comments", text: "Content-Type: (a) TEXT (b(c))/ (d) HTML (e)\n\nx",
      outline: ["1 text/html x"]),
    StructureCase(
      name: "unreadable type", text: "Content-Type: text\n\nx", outline: ["1 text/plain x"]),
    StructureCase(
      name: "blank line of blanks in front", text: "  \nx: y\n", outline: ["1 text/plain x: y|"]),
    StructureCase(
      name: "mailbox line", text: "From ann Mon Jan 1\nContent-Type: text/html\n\nx",
      outline: ["1 text/html x"]),
    StructureCase(
      name: "two types: the first counts",
      text: "Content-Type: text/html\nContent-Type: text/plain\n\nx",
      outline: ["1 text/html x"],
      anomalies: [.duplicateHeaders, .duplicateContentType, .typeConflict]),
  ]

  static let multipartCases: [StructureCase] = [
    StructureCase(
      name: "mixed",
      text: """
        Content-Type: multipart/mixed; boundary="b c"

        preamble
        --b c
        Content-Type: text/html

        one

        --b c\u{20}\t
        Content-Type: application/x-a
        Content-Transfer-Encoding: base64

        dHdv
        --b c--
        epilogue
        """,
      outline: ["1 multipart/mixed", "1.1 text/html one|", "1.2 application/x-a two"]),
    StructureCase(
      name: "no preamble, empty headers, empty bodies",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n--b\n\n\n--b\n\nx\n--b--",
      outline: ["1 multipart/mixed", "1.1 text/plain ", "1.2 text/plain ", "1.3 text/plain x"]),
    StructureCase(
      name: "no end",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n",
      outline: ["1 multipart/mixed", "1.1 text/plain one", "1.2 text/plain two|"],
      anomalies: [.missingEnd]),
    StructureCase(
      name: "boundary never occurs",
      text: "Content-Type: multipart/mixed; boundary=b\n\nContent-Type: x/y\n\none\n",
      outline: ["1 multipart/mixed", "1.1 text/plain Content-Type: x/y||one|"],
      anomalies: [.missingEnd, .missingBoundary]),
    StructureCase(
      name: "only the end occurs", text: "Content-Type: multipart/mixed; boundary=b\n\nx\n--b--\n",
      outline: ["1 multipart/mixed", "1.1 text/plain x|--b--|"], anomalies: [.missingBoundary]),
    StructureCase(
      name: "no boundary declared", text: "Content-Type: multipart/mixed\n\n--b\n\nx\n",
      outline: ["1 multipart/mixed", "1.1 text/plain --b||x|"],
      anomalies: [.missingEnd, .missingBoundary]),
    StructureCase(
      name: "undivided content keeps the encoding",
      text: """
        Content-Type: multipart/mixed; boundary=b
        Content-Transfer-Encoding: base64

        b25l
        """,
      outline: ["1 multipart/mixed", "1.1 text/plain one"],
      anomalies: [.encodingConflict, .missingEnd, .missingBoundary]),
    StructureCase(
      name: "delimiter in the header of a part",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\nA: b\n--b\n\nx\n--b--\n",
      outline: [
        "1 multipart/mixed", "1.1 text/plain ", "1.2 text/plain x", "[1] 1 multipart/mixed",
        "[1] 1.1 text/plain x",
      ],
      anomalies: [.missingBlankLine, .hiddenPart]),
    StructureCase(
      name: "a line that begins like a delimiter",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--bc\ntwo\n--b--\n",
      outline: [
        "1 multipart/mixed", "1.1 text/plain one|--bc|two", "[1] 1 multipart/mixed",
        "[1] 1.2 text/plain two",
      ],
      anomalies: [.boundaryConflict, .missingBlankLine, .hiddenPart]),
    StructureCase(
      name: "a delimiter after the end",
      text: "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n",
      outline: [
        "1 multipart/mixed", "1.1 text/plain one", "[1] 1 multipart/mixed",
        "[1] 1.2 text/plain two|",
      ],
      anomalies: [.boundaryConflict, .hiddenPart]),
    StructureCase(
      name: "two boundaries: the first counts",
      text: "Content-Type: multipart/mixed; boundary=b; boundary=c\n\n--b\n\none\n--b--\n",
      outline: ["1 multipart/mixed", "1.1 text/plain one"], anomalies: [.boundaryConflict]),
    StructureCase(
      name: "boundary in pieces, subtype missing",
      text: "Content-Type: multipart; boundary*1=y; boundary*0=x\n\n--xy\n\none\n--xy--\n",
      outline: ["1 multipart/mixed", "1.1 text/plain one"]),
    StructureCase(
      name: "boundary of dashes, unquoted, before a comment",
      text: "Content-Type: multipart/mixed; boundary=---- (c)\n\n------\n\nx\n--------\n",
      outline: ["1 multipart/mixed", "1.1 text/plain x"]),
    StructureCase(
      name: "comments all over",
      text: "Content-Type: multipart (a)/ (b) mixed (c);\n (d) boundary (e)= (f) x (g)\n\n--x\n\n1",
      outline: ["1 multipart/mixed", "1.1 text/plain 1"], anomalies: [.missingEnd]),
    StructureCase(
      name: "empty boundary",
      text: "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n\none\n--x\n--\n\ntwo\n----\n",
      outline: ["1 multipart/mixed", "1.1 text/plain one|--x", "1.2 text/plain two"],
      anomalies: [.missingBoundary]),
    StructureCase(
      name: "digest",
      text: """
        Content-Type: multipart/digest; boundary=b

        --b

        Subject: inner

        one
        --b
        Content-Type: text/plain

        two
        --b--
        """,
      outline: [
        "1 multipart/digest", "1.1 message/rfc822", "1.1.1 text/plain one", "1.2 text/plain two",
      ]),
  ]

  static let nestedCases: [StructureCase] = [
    StructureCase(
      name: "multiparts in each other",
      text: """
        Content-Type: multipart/mixed; boundary=o

        --o
        Content-Type: multipart/alternative; boundary=i

        --i

        one
        --i
        Content-Type: text/html

        two
        --i--

        --o

        three
        --o--
        """,
      outline: [
        "1 multipart/mixed", "1.1 multipart/alternative", "1.1.1 text/plain one",
        "1.1.2 text/html two", "1.2 text/plain three",
      ]),
    StructureCase(
      name: "the outer delimiter ends the inner multipart",
      text: """
        Content-Type: multipart/mixed; boundary=o

        --o
        Content-Type: multipart/related; boundary=i

        --i

        one
        --o

        two
        --o--
        """,
      outline: [
        "1 multipart/mixed", "1.1 multipart/related", "1.1.1 text/plain one",
        "1.2 text/plain two",
      ],
      anomalies: [.missingEnd]),
    StructureCase(
      name: "an undivided multipart inside",
      text: """
        Content-Type: multipart/mixed; boundary=o

        --o
        Content-Type: multipart/related; boundary=i

        one
        --o--
        """,
      outline: [
        "1 multipart/mixed", "1.1 multipart/related", "1.1.1 text/plain one",
      ],
      anomalies: [.missingEnd, .missingBoundary]),
    StructureCase(
      name: "the same boundary twice",
      text: """
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: multipart/related; boundary=b

        --b

        one
        --b--
        --b

        two
        --b--
        """,
      outline: [
        "1 multipart/mixed", "1.1 multipart/related", "1.1.1 text/plain one",
        "1.2 text/plain two",
      ],
      anomalies: [.boundaryConflict]),
    StructureCase(
      name: "message in a message",
      text: """
        Content-Type: multipart/report; boundary=b

        --b
        Content-Type: message/rfc822

        Subject: x
        Content-Type: message/global

        Content-Type: text/html

        inner
        --b
        Content-Type: message/delivery-status

        Status: 5.0.0
        --b--
        """,
      outline: [
        "1 multipart/report", "1.1 message/rfc822", "1.1.1 message/global",
        "1.1.1.1 text/html inner", "1.2 message/delivery-status Status: 5.0.0",
      ]),
    StructureCase(
      name: "an encoded message stays whole",
      text: "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQTogYg==",
      outline: ["1 message/rfc822 A: b"], anomalies: [.encodingConflict]),
    StructureCase(
      name: "a multipart in a message in a multipart",
      text: """
        Content-Type: multipart/mixed; boundary=o

        --o
        Content-Type: message/rfc822

        Content-Type: multipart/mixed; boundary=i

        --i

        one
        --i--
        --o

        two
        --o--
        """,
      outline: [
        "1 multipart/mixed", "1.1 message/rfc822", "1.1.1 multipart/mixed",
        "1.1.1.1 text/plain one", "1.2 text/plain two",
      ]),
  ]
}
