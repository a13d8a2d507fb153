"""Where headers end, lines that are no fields, line ends, and SMTP smuggling."""
from .mail import *
from .payloads import uuencode

family("Header end")
EVIL = attachment()
BODY = parts(HELLO, EVIL)
FULL = MIME + MIXED


def whole(name, construct, source, readings, text, **more):
    evasive(name, construct, source, readings, text, **more)


def part(name, construct, source, readings, entity, **more):
    evasive(name, construct, source, readings, mixed(entity), **more)


END = "RFC 5322 2.1"
whole("end-line-of-blanks", "a line of blanks, then what some take for more header",
      "RFC 5322 4.2: obsolete folding, a continuation",
      "Thunderbird: evil.exe; Outlook: likely raw text; *: likely evil.exe",
      HEAD + MIME + " \t\n" + MIXED + "\n" + BODY, anomalies="header-end-conflict")
whole("end-line-of-blanks-is-end", "a line of blanks stands for the blank line",
      "RFC 5322 4.2", "Outlook: likely evil.exe; *: likely evil.exe",
      HEAD + FULL + "  \n" + BODY, anomalies="header-end-conflict")
whole("end-cr-only", "CRs alone end the header", "RFC 5322 2.3",
      "Outlook: likely evil.exe; *: likely evil.exe",
      HEAD + FULL + "␍␍" + BODY, anomalies="bare-cr")
whole("end-lf-only", "LFs alone end the header", "RFC 5322 2.3", "*: evil.exe",
      HEAD + FULL[:-1] + "␊␊" + BODY, anomalies="bare-lf")
whole("end-cr-cr-lf", "CR CR LF for the blank line", "RFC 5322 2.3",
      "Thunderbird: likely evil.exe; *: likely evil.exe", HEAD + FULL + "␍\n" + BODY,
      anomalies="bare-cr")
whole("end-cr-inside-value", "a CR in a field's value, then what some take for more header",
      "RFC 5322 2.3", "Outlook: likely evil.exe; *: likely raw text",
      HEAD + MIME + "X-Odd: a␍" + MIXED + "\n" + BODY, anomalies="bare-cr")
whole("end-cr-cr-inside", "two CRs in a value: the header's end for readers of bare CRs",
      "RFC 5322 2.3", "*: evil.exe; Outlook: likely raw text",
      HEAD + MIME + "X-Odd: a␍␍b\n" + MIXED + "\n" + BODY, anomalies="bare-cr")
whole("end-lf-lf-inside", "two LFs after a field: the header's end, as servers make CRLFs of them",
      "RFC 5322 2.3", "*: raw text", HEAD + MIME + "X-Odd: a␊␊" + MIXED + "\n" + BODY, danger=None,
      anomalies="bare-lf")
whole("end-blank-first", "a blank line before the header", END,
      "Outlook: likely evil.exe; Gmail: likely evil.exe; *: likely raw text",
      "\n" + HEAD + FULL + "\n" + BODY, anomalies="header-end-conflict")
whole("end-two-blank-first", "blank lines before the header", END,
      "*: likely raw text; Outlook: likely evil.exe", "\n\n" + HEAD + FULL + "\n" + BODY,
      anomalies="header-end-conflict")
whole("end-bom-first", "a byte order mark before the header", "RFC 3629 6",
      "*: evil.exe", "\ufeff" + HEAD + FULL + "\n" + BODY, anomalies="bad-header-line")
whole("end-continuation-first", "the first line begins with a blank", "RFC 5322 2.2.3",
      "*: likely evil.exe", " odd\n" + HEAD + FULL + "\n" + BODY, anomalies="bad-header-line")
whole("end-missing", "no blank line: the first delimiter follows the header", END,
      "*: evil.exe", HEAD + FULL + BODY, anomalies="missing-blank-line")
whole("end-missing-text", "no blank line: text follows the header, then delimiters", END,
      "*: likely evil.exe", HEAD + FULL + "This is MIME\n" + BODY,
      anomalies="missing-blank-line")
whole("end-junk-line", "a line without colon between the fields", "RFC 7103 7.2",
      "Thunderbird: evil.exe; Outlook: likely evil.exe; *: likely evil.exe",
      HEAD + MIME + "this is no field\n" + MIXED + "\n" + BODY, anomalies="bad-header-line")
whole("end-from-line", "a mailbox line between the fields", "RFC 4155", "*: likely evil.exe",
      HEAD + MIME + "From ann Mon Jan  6 10:00:00 2025\n" + MIXED + "\n" + BODY,
      anomalies="bad-header-line")
whole("end-quoted-from-line", ">From at the start", "RFC 4155", "*: likely evil.exe",
      ">From ann Mon Jan  6 10:00:00 2025\n" + HEAD + FULL + "\n" + BODY,
      anomalies="bad-header-line")
whole("end-vertical-tab", "a line with a vertical tab", "RFC 5322 2.2", "*: likely evil.exe",
      HEAD + MIME + "\x0b\n" + MIXED + "\n" + BODY, anomalies="header-end-conflict")
whole("end-form-feed", "a line with a form feed", "RFC 5322 2.2", "*: likely evil.exe",
      HEAD + MIME + "\x0c\n" + MIXED + "\n" + BODY, anomalies="header-end-conflict")
whole("end-nul-line", "a line with a NUL", "RFC 5322 4",
      "Thunderbird: likely raw text; *: likely evil.exe",
      HEAD + MIME + "␀\n" + MIXED + "\n" + BODY, anomalies="nul header-end-conflict")
whole("end-colon-line", "a line that begins with a colon", "RFC 5322 2.2", "*: likely evil.exe",
      HEAD + MIME + ": odd\n" + MIXED + "\n" + BODY, anomalies="bad-header-line")
whole("end-dash-line", "a line of dashes between the fields", "RFC 5322 2.2",
      "*: likely evil.exe; Outlook: likely raw text", HEAD + MIME + "-----\n" + MIXED + "\n"
      + BODY, anomalies="bad-header-line")
whole("end-name-with-blank", "a field name with a blank inside", "RFC 5322 2.2",
      "*: likely evil.exe", HEAD + MIME + "X Odd: 1\n" + MIXED + "\n" + BODY,
      anomalies="bad-header-line")
whole("end-8bit-name", "a field name with 8-bit characters", "RFC 5322 2.2",
      "*: likely evil.exe", HEAD + MIME + "X-\udce4: 1\n" + MIXED + "\n" + BODY,
      anomalies="bad-header-line")
whole("end-nul-in-name", "a NUL in a field name", "RFC 5322 4", "*: likely evil.exe",
      HEAD + MIME + "X-O␀dd: 1\n" + MIXED + "\n" + BODY, anomalies="nul bad-header-line")
whole("end-control-name", "a control character in the name of Content-Type",
      "RFC 5322 2.2", "*: likely raw text", HEAD + MIME + "Content-\x01Type" + MIXED[12:] + "\n"
      + BODY, danger=None, anomalies="bad-header-line")
whole("name-blank-before-colon", "blanks before the colon", "RFC 5322 4.5", "*: evil.exe",
      HEAD + MIME + "Content-Type \t" + MIXED[12:] + "\n" + BODY)
whole("name-two-colons", "two colons", "RFC 5322 2.2",
      "Outlook: likely evil.exe; *: likely raw text",
      HEAD + MIME + "Content-Type:" + MIXED[12:] + "\n" + BODY, anomalies="type-conflict")
whole("name-nul-before-colon", "a NUL before the colon", "RFC 5322 4",
      "Thunderbird: likely raw text; *: likely evil.exe",
      HEAD + MIME + "Content-Type␀" + MIXED[12:] + "\n" + BODY, anomalies="nul")
whole("name-nbsp-before-colon", "a no-break space before the colon", "RFC 5322 2.2",
      "*: likely raw text; Outlook: likely evil.exe",
      HEAD + MIME + "Content-Type\udca0" + MIXED[12:] + "\n" + BODY, danger=PROGRAM,
      anomalies="bad-header-line")
whole("type-fold-bare-cr", "a bare CR for the fold of a parameter", "RFC 5322 2.3",
      "*: likely evil.exe; Thunderbird: likely raw text",
      HEAD + MIME + 'Content-Type: multipart/mixed;␍ boundary="b1"\n\n' + BODY,
      anomalies="bare-cr")
whole("type-fold-missing-blank", "the second line of a folded field lacks its blank",
      "RFC 5322 2.2.3", "*: likely raw text; Outlook: likely evil.exe",
      HEAD + MIME + 'Content-Type: multipart/mixed;\nboundary="b1"\n\n' + BODY,
      anomalies="bad-header-line")
whole("lines-lf-only", "the whole message with bare LFs", "RFC 5322 2.3", "*: evil.exe",
      (HEAD + FULL + "\n" + BODY).replace("\n", "␊"), anomalies="bare-lf")
whole("lines-cr-only", "the whole message with bare CRs", "RFC 5322 2.3",
      "*: likely raw text; Outlook: likely evil.exe",
      (HEAD + FULL + "\n" + BODY).replace("\n", "␍"), anomalies="bare-cr")
whole("lines-cr-only-message", "the whole message with bare CRs, a message in base64 in it",
      "RFC 5322 2.3, RFC 2045 6.4", "Outlook: likely evil.exe; *: likely raw text",
      mixed("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            + b64(encode(enclosed(attachment())))).replace("\n", "␍"), anomalies="bare-cr")
whole("lines-cr-only-uuencode", "the whole message with bare CRs, a uuencoded program in it",
      "RFC 5322 2.3", "Outlook: likely evil.exe; *: likely raw text",
      mixed(attachment(encoding="x-uuencode", body=uuencode(EXE))).replace("\n", "␍"),
      anomalies="bare-cr")
whole("lines-body-cr-only", "the body with bare CRs", "RFC 5322 2.3",
      "Thunderbird: evil.exe; *: likely nothing", HEAD + FULL + "\n" + BODY.replace("\n", "␍"),
      anomalies="bare-cr")
whole("lines-header-lf-body-crlf", "the header with bare LFs", "RFC 5322 2.3", "*: evil.exe",
      (HEAD + FULL + "\n").replace("\n", "␊") + BODY, anomalies="bare-lf")
whole("lines-mixed", "CRLF, LF and CR in turn", "RFC 5322 2.3", "*: likely evil.exe",
      HEAD + FULL + "\n" + parts(HELLO.replace("\n", "␊"), EVIL, HELLO.replace("\n", "␍")),
      anomalies="bare-lf bare-cr")
whole("lines-cr-cr-lf", "CR CR LF everywhere, as broken gateways write", "RFC 5322 2.3",
      "Thunderbird: likely evil.exe; *: likely raw text",
      (HEAD + FULL + "\n" + BODY).replace("\n", "␍\n"), anomalies="bare-cr")
part("part-end-missing", "a part without blank line before its content", END,
     "*: likely evil.exe", EVIL.replace("\n\n", "\n", 1), anomalies="missing-blank-line")
part("part-end-blanks", "a part whose blank line holds blanks", "RFC 5322 4.2",
     "*: likely evil.exe", EVIL.replace("\n\n", "\n \t\n", 1), anomalies="header-end-conflict")
part("part-end-cr", "a part whose header is ended by CRs", "RFC 5322 2.3",
     "Outlook: likely evil.exe; *: likely nothing", EVIL.replace("\n\n", "\n␍␍", 1),
     anomalies="bare-cr")
part("part-blank-first", "a blank line before a part's header", END,
     "*: text; Outlook: likely evil.exe", "\n" + EVIL, danger=PROGRAM,
     anomalies="header-end-conflict")
part("part-junk-line", "a line without colon in a part's header", "RFC 7103 7.2",
     "*: likely evil.exe", EVIL.replace("\n", "\nthis is no field\n", 1),
     anomalies="bad-header-line")
part("part-colon-line", "a line that begins with a colon in a part's header", "RFC 5322 2.2",
     "*: likely evil.exe", EVIL.replace("\n", "\n: x\n", 1), anomalies="bad-header-line")
part("part-header-cr-lines", "a part whose fields are parted by bare CRs", "RFC 5322 2.3",
     "Outlook: likely evil.exe; *: likely no name",
     EVIL.split("\n\n")[0].replace("\n", "␍") + "\n\n" + EVIL.split("\n\n")[1],
     anomalies="bare-cr")
part("part-unindented-fold", "a part's filename on a line without its blank", "RFC 5322 2.2.3",
     "*: likely no name; Outlook: likely evil.exe",
     'Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n'
     'Content-Disposition: attachment;\nfilename="evil.exe"\n\n' + b64(),
     anomalies="bad-header-line")
whole("header-cut", "the message ends inside of the header", END, "*: nothing",
      HEAD + MIME + MIXED.rstrip(), danger=None, anomalies="missing-boundary")
whole("part-header-cut", "the message ends inside of a part's header", END, "*: evil.exe, empty",
      message(MIXED, parts(HELLO, end=False) + "--b1\nContent-Type: text/html; name=\"evil.html"),
      danger=None, anomalies="missing-end")
evasive("header-type-of-body", "the body begins with fields, behind a header without any type",
        "RFC 2045 5.2", "*: raw text", "\n" + MIME + MIXED + "\n" + BODY,
        anomalies="header-end-conflict")
evasive("header-long-field", "Content-Type behind a field of 60,000 characters", "RFC 5322 2.1.1",
        "*: evil.exe", message("X-Odd: " + "\n ".join(["word " * 12] * 1000) + "\n" + MIXED, BODY))
evasive("header-900-fields", "Content-Type behind 900 fields", "RFC 5322 3.6", "*: evil.exe",
        message("".join("X-%d: 1\n" % i for i in range(900)) + MIXED, BODY))

family("SMTP smuggling")
SECOND = "MAIL FROM:<eve@example.org>\nRCPT TO:<bob@example.net>\nDATA\nSubject: in\n\nHello\n"


def smuggled(name, construct, dot):
    evasive(name, construct, "CVE-2023-51764, CVE-2023-51765, CVE-2023-51766",
            "*: text, or a second message where a server ends the first one there",
            message("", "Hello\n" + dot + SECOND), danger=None, anomalies="smuggling")


smuggled("smuggle-lf-dot-lf", "LF . LF", "Hello␊.␊")
smuggled("smuggle-lf-dot-crlf", "LF . CR LF", "Hello␊.\n")
smuggled("smuggle-cr-dot-cr", "CR . CR", "Hello␍.␍")
smuggled("smuggle-crlf-dot-lf", "CR LF . LF", "Hello\n.␊")
smuggled("smuggle-crlf-dot-cr", "CR LF . CR", "Hello\n.␍")
smuggled("smuggle-cr-dot-lf", "CR . LF", "Hello␍.␊")
smuggled("smuggle-cr-dot-crlf", "CR . CR LF", "Hello␍.\n")
