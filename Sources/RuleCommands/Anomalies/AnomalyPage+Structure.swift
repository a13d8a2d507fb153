// Oddities of types, boundaries and parameters.
internal import RuleBytecode

extension AnomalyPage {
  static func ofStructure(_ name: AnomalyName) -> AnomalyPage {
    switch name {
    case .duplicateContentType:
      AnomalyPage(
        what: "More than one Content-Type field on one part (RFC 2045 §3 allows one).",
        example: "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b",
        clients: """
          Thunderbird was seen to take the first, others take the last, a few the one that they \
          understand. With the wrong one a message of several parts is one text, and the \
          attachment in it invisible to a filter.
          """,
        policy: "The part is read by each of the fields. Quarantine it.")
    case .typeConflict:
      AnomalyPage(
        what: """
          A Content-Type that can be read as more than one type: quotes or encoded words around \
          it, two types in one field, blanks or comments within, none of which RFC 2045 §5.1 \
          has.
          """,
        example:
          "Content-Type: \"multipart/mixed\"; boundary=b\nContent-Type: text/plain, text/html",
        clients: """
          What cannot be read is text/plain by the standard (RFC 2045 §5.2). Lenient programs \
          strip quotes, decode words or take the first name that they know, and then see parts.
          """,
        policy: "Each type is a reading of its own. Quarantine it.")
    case .boundaryConflict:
      AnomalyPage(
        what: """
          Two boundaries that disagree, one that repeats the boundary of a container around it, \
          or one that begins like another (RFC 2046 §5.1.1).
          """,
        example: "Content-Type: multipart/mixed; boundary=a; boundary=b\n\n--a …\n--b …",
        clients: """
          With two parameters some take the first, some the last; with a comment, an escape or \
          an RFC 2231 form the text of the boundary itself is disputed. Where one boundary \
          begins like another, programs that compare the beginning of a line end the wrong part.
          """,
        policy: "The body is divided by each of them, and rules see all parts. Quarantine it.")
    case .missingBoundary:
      AnomalyPage(
        what: """
          A multipart that declares no boundary, or whose boundary stands nowhere in its body.
          """,
        example: "Content-Type: multipart/mixed\n\n--b\nContent-Type: application/x-msdownload",
        clients: """
          Some show the whole body as text, some show nothing, some guess the boundary from the \
          first line that begins with two dashes, and find the attachment.
          """,
        policy: "The guess is a reading, the body as text another. Quarantine it.")
    case .missingEnd:
      AnomalyPage(
        what: """
          A multipart without its closing delimiter: cut off on the way, or never written.
          """,
        example: "--b\nContent-Type: text/plain\n\nhello\n(end of the message)",
        clients: "All common programs show the last part to the end of the message.",
        policy: "Common in cut or bounced mail; not a reason to refuse.")
    case .hiddenPart:
      AnomalyPage(
        what: """
          Parts that only some readings show: a multipart in what is declared as text or in a \
          preamble, delimiters with blanks before them, a message that nothing declares.
          """,
        example: """
          Content-Type: text/plain

          MIME-Version: 1.0
          Content-Type: multipart/mixed; boundary=b
          """,
        clients: """
          Programs that look into text for a MIME structure, or that skip blanks at the \
          beginning of a line, show an attachment where others show its source.
          """,
        policy: "The parts are visited with part.reading above 0. Quarantine it.")
    case .badParameter:
      AnomalyPage(
        what: """
          A parameter of a MIME field that is not well formed: an open quote or comment, blanks \
          around the equals sign, a character that needs quotes (RFC 2045 §5.1).
          """,
        example: """
          Content-Disposition: attachment; filename="invoice.exe
          Content-Type: text/plain; name=my file.exe
          """,
        clients: """
          An unquoted name with blanks is its first word to some and all of it to others: "my" \
          or "my file.exe". An open quote ends with the line, with the field, or takes in the \
          next.
          """,
        policy: "All the names are compared. Common in sloppy mail: a score.")
    case .badContinuation:
      AnomalyPage(
        what: """
          Pieces of a parameter (RFC 2231 §3) that are doubled, missing, out of order, or of \
          both kinds, plain and percent-encoded.
          """,
        example: """
          Content-Disposition: attachment; filename*0="a."; filename*2="exe"; filename*1="txt."
          """,
        clients: """
          Some sort by number, some join as they come, some stop at a gap, some know no pieces \
          and use a plain parameter beside them (CVE-2024-39929 was a filter that read such a \
          name otherwise than its recipients).
          """,
        policy: "Each way of joining gives a name that is compared.")
    default:
      AnomalyPage(
        what: """
          An encoded word of RFC 2047 inside of a parameter, where §5 forbids it and RFC 2231 \
          has another form.
          """,
        example: "Content-Type: application/octet-stream; name=\"=?utf-8?B?ZXZpbC5leGU=?=\"",
        clients: """
          Outlook has written it for decades and all common programs decode it in names. Few \
          decode it in a boundary.
          """,
        policy: "Harmless in itself: the decoded name and the raw one are compared.")
    }
  }
}
