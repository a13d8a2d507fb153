// Oddities of lines and of headers as a whole.
internal import RuleBytecode

extension AnomalyPage {
  static func ofLines(_ name: AnomalyName) -> AnomalyPage {
    switch name {
    case .bareCR:
      AnomalyPage(
        what: """
          RFC 5322 §2.3 allows CR only before LF. A CR alone is a line end to some readers, a \
          blank to others, and to others a character like any other.
          """,
        example: "X-Note: a<CR>Content-Type: text/html<CR><LF>",
        clients: """
          Programs that grew up on old Macs or read line by line "with any line end" see a \
          field, a delimiter or the end of the header where others see one long line. Some \
          servers turn a bare CR into CR LF on the way, so the recipient gets other lines than \
          the filter read.
          """,
        policy: """
          Parts behind such lines are visited in each reading. To deliver one reading only: \
          canonicalize :only "bare-cr".
          """)
    case .bareLF:
      AnomalyPage(
        what: """
          A line that ends with LF without CR. Many scripts on Unix write such mail, and most \
          servers mend it.
          """,
        example: "Subject: hello<LF>From: ann@example.com<LF>",
        clients: """
          Nearly all programs take it for a line end. It matters beside correct line ends: then \
          a server that insists on CR LF sees another end of the message (see smuggling).
          """,
        policy: "Common in honest mail: count it, do not refuse for it alone.")
    case .nul:
      AnomalyPage(
        what: """
          A NUL byte in a header or in content that is not binary. RFC 5322 §4 allows nobody to \
          write one.
          """,
        example: "Content-Type: text/plain<NUL>; name=evil.exe",
        clients: """
          Programs in C end the text there, others skip the byte, others show it: a name can be \
          "a.txt" to the filter and "a.txt.exe" to the recipient. sendmail refuses such mail, \
          Postfix can (message_strip_characters, message_reject_characters).
          """,
        policy: "Refuse it, or canonicalize :only \"nul\".")
    case .longLine:
      AnomalyPage(
        what: """
          A line of more than 998 bytes (RFC 5322 §2.1.1). Servers may fold or cut it where they \
          like.
          """,
        example: "<html><body> … 40,000 characters without a line end … </html>",
        clients: """
          All programs show it. Some servers break it after 990 or 2,048 bytes, which changes \
          base64, signatures and, in a header, what a field says.
          """,
        policy: "Common in honest HTML mail. Counts in a score at most.")
    case .smuggling:
      AnomalyPage(
        what: """
          A line with nothing but a dot between line ends of which one is bare. A server that is \
          lax about line ends takes it for the end of the message, and what follows for \
          commands.
          """,
        example: "bye<LF>.<LF>MAIL FROM:<ceo@example.com><CR><LF>",
        clients: """
          "SMTP smuggling" (December 2023; CVE-2023-51764 to -51766): one mail for the server in \
          front, two for the one behind it, the second with a sender of the attacker's choice. \
          Mail programs are not involved.
          """,
        policy: "Refuse it. No honest program writes such lines.")
    case .missingBlankLine:
      AnomalyPage(
        what: """
          The header goes over into text without the blank line that ends it (RFC 5322 §2.1).
          """,
        example: "Content-Type: text/plain\nThis line is no field.\n\nTVqQAAMAAAAEAAAA",
        clients: """
          Some begin the body at the first line that is no field, some skip that line and go on \
          reading fields, some wait for the blank line. Fields behind the odd line count for \
          some only.
          """,
        policy: "Both readings are parts. A score or a quarantine suits it.")
    case .headerEndConflict:
      AnomalyPage(
        what: """
          Where the header ends depends on the reader: a line of blanks, a lone CR, or a blank \
          line before the first field.
          """,
        example: "Subject: hello\n<SPACE>\nContent-Type: multipart/mixed; boundary=b\n\n--b",
        clients: """
          A line of blanks continues a field by the letter of RFC 5322 §4.2, ends the header for \
          programs that trim lines first. Everything below moves from header to body: also the \
          Content-Type that says what the body is.
          """,
        policy: "Quarantine it: honest programs do not write this.")
    case .badHeaderLine:
      AnomalyPage(
        what: """
          A line of a header that is no field: no colon, blanks in its name, or a name with \
          characters that RFC 5322 §2.2 forbids.
          """,
        example: "Content-Type : text/html\n: empty\nno colon here",
        clients: """
          "Content-Type :" with a blank is a field to some (RFC 5322 §4.5 had it) and none to \
          others; a line without a colon is skipped, joined to the field before it, or ends the \
          header.
          """,
        policy: "Fields are found in each of these ways. A score suits it.")
    case .badHeaderText:
      AnomalyPage(
        what: """
          Bytes in a header that are neither ASCII nor UTF-8 (RFC 6532 §3), or control characters.
          """,
        example: "Subject: Gr\\xFC\\xDFe",
        clients: """
          Programs guess a charset: that of the system, of the body, or Latin-1. A name in such \
          text is shown differently, and may be saved with another extension.
          """,
        policy: "Old programs and scripts write it. Counts in a score at most.")
    default:
      AnomalyPage(
        what: """
          A field that RFC 5322 §3.6 allows once stands more than once: From, To, Subject, Date, \
          Message-ID, and the MIME fields of a part.
          """,
        example: "From: ann@example.com\nFrom: boss@example.org",
        clients: """
          Some show the first, some the last, some join them. DMARC may have checked one From \
          while the recipient reads the other.
          """,
        policy: """
          from.count counts addresses over all From fields. Refuse several From fields; for \
          others, canonicalize :only "duplicate-headers".
          """)
    }
  }
}
