"""Attacks on readers like ours: doubts inside of doubts, and what stands behind a limit."""
from .mail import *
from .payloads import SCRIPT_BYTES, ZIP, tnef, uuencode

family("Doubts in doubts")
EVIL = attachment()
INNER = 'Content-Type: multipart/mixed; boundary="in"\n'
CTE = "Content-Transfer-Encoding: "
LAX = "RFC 2045 3 and 6.4 together"


def both(name, construct, source, readings, *entities, **more):
    evasive(name, construct, source, readings, mixed(*entities), **more)


GUESS = "Outlook: likely evil.exe; *: likely nothing"
both("deep-base64-twice-typed", "a base64 multipart whose part is text first, multipart second",
     LAX, GUESS, INNER + CTE + "base64\n\n" + b64(encode(parts(
         'Content-Type: text/plain\nContent-Type: multipart/mixed; boundary="x9"\n\n'
         + parts(EVIL, boundary="x9"), boundary="in"))),
     anomalies="encoding-conflict duplicate-content-type")
both("deep-message-base64-cr", "a base64 message whose lines end with bare CRs", LAX, GUESS,
     "Content-Type: message/rfc822\n" + CTE + "base64\n\n"
     + b64(encode(enclosed(EVIL)).replace(b"\r\n", b"\r")), anomalies="encoding-conflict bare-cr")
both("deep-qp-in-base64", "a quoted-printable multipart in a base64 multipart", LAX, GUESS,
     INNER + CTE + "base64\n\n" + b64(encode("--in\n" + INNER.replace("in\"", "i3\"") + CTE
                                             + "quoted-printable\n\n"
                                             + qp(encode(parts(EVIL, boundary="i3")))
                                             + "--in--\n")), anomalies="encoding-conflict")
both("deep-uu-in-base64-message", "a uuencoded file in the text of a base64 message", LAX,
     "Thunderbird: likely evil.exe; " + GUESS.replace("Outlook", "Exchange"),
     "Content-Type: message/rfc822\n" + CTE + "base64\n\n"
     + b64(encode(message("", uuencode(EXE)))), anomalies="encoding-conflict")
both("deep-uu-zip", "a uuencoded zip", "uuencode(1)", "Outlook: evil.zip; Thunderbird: evil.zip; "
     "*: text", "Content-Type: text/plain\n\n" + uuencode(ZIP, "evil.zip"),
     danger={"names": ["evil.zip"], "kind": "archive", "member": "evil.exe"})
both("deep-tnef-in-message", "a winmail.dat in an attached message", "MS-OXTNEF",
     "Outlook: evil.exe; *: winmail.dat", "Content-Type: message/rfc822\n\n" + enclosed(
         attachment("winmail.dat", tnef(), "application/ms-tnef")))
both("deep-uu-in-hidden-part", "a uuencoded file in a part behind the end", "RFC 2046 5.1.1",
     "Outlook: likely evil.sh; *: Hello", HELLO + "--b1--\n--b1\nContent-Type: text/plain\n\n"
     + uuencode(SCRIPT_BYTES, "evil.sh"), danger=SHELL, anomalies="hidden-part")
evasive("deep-second-type-second-boundary", "the second type's second boundary divides",
        "RFC 2045 3, 5", "Outlook: likely evil.exe; *: likely raw text",
        message('Content-Type: multipart/mixed; boundary="b0"\n'
                'Content-Type: multipart/mixed; boundary="b2"; boundary="b1"\n',
                parts(HELLO, EVIL)), anomalies="duplicate-content-type boundary-conflict")
evasive("deep-second-type-extended", "the second type's boundary is in pieces", "RFC 2231 3",
        "Outlook: likely raw text; Apple Mail: likely evil.exe; *: likely raw text",
        message("Content-Type: text/plain\n"
                "Content-Type: multipart/mixed; boundary*0=b; boundary*1=1\n",
                parts(HELLO, EVIL)), anomalies="duplicate-content-type")
both("deep-two-encodings-two-names", "two encodings and two names", "RFC 2045 3",
     "Outlook: likely evil.exe; *: likely note.txt",
     attachment(fields='Content-Type: application/octet-stream; name="note.txt"\n' + CTE
                + "7bit\n" + CTE + 'base64\nContent-Disposition: attachment; filename="note.txt"\n'
                'Content-Disposition: attachment; filename="evil.exe"\n'),
     anomalies="encoding-conflict name-conflict duplicate-headers")
both("deep-unknown-encoding-two-types", "an unknown encoding, and a second type that divides",
     LAX, "*: likely raw text; Outlook: likely evil.exe",
     "Content-Type: text/plain\n" + INNER + CTE + "x-odd\n\n" + parts(EVIL, boundary="in"),
     anomalies="duplicate-content-type")
both("deep-message-two-types-inside", "an attached message with two types", "RFC 2045 3",
     "*: likely evil.exe; Thunderbird: raw text", "Content-Type: message/rfc822\n\n" + message(
         "Content-Type: text/plain\n" + INNER, parts(HELLO, EVIL, boundary="in")),
     anomalies="duplicate-content-type")
both("deep-blank-first-base64", "a blank line before a part's header, which has base64",
     "RFC 2046 5.1", "*: text; Outlook: likely evil.exe", "\n" + INNER + "\n"
     + parts(EVIL, boundary="in"), anomalies="header-end-conflict")
both("deep-prefix-in-prefix", "delimiters with junk behind them, two levels deep",
     "Dovecot compares beginnings", "Thunderbird: text; Roundcube: evil.exe; *: likely text",
     INNER + "\n--in\n" + HELLO + "--inx\n" + EVIL + "--in--\n", anomalies="boundary-conflict")
both("deep-crossed-thrice", "three multiparts that end in wrong order", "RFC 2046 5.1.2",
     "*: likely Hello only; Outlook: likely evil.exe",
     INNER + '\n--in\nContent-Type: multipart/mixed; boundary="i3"\n\n--i3\n' + HELLO
     + "--in--\n--i3\n" + EVIL + "--i3--\n", anomalies="hidden-part")

TWICE = "Content-Type: text/plain\n" + MIXED
FOREIGN = "X-Odd: 1\n" + EVIL
evasive("doubt-foreign-first-field", "two types, and no part begins with a MIME field",
        "RFC 2045 3", "*: likely raw text; Outlook: likely evil.exe",
        message(TWICE, parts("X-Odd: 1\n" + HELLO, FOREIGN)),
        anomalies="duplicate-content-type")
evasive("doubt-missing-boundary-foreign", "no boundary, and no part begins with a MIME field",
        "RFC 2046 5.1", "*: likely raw text; Outlook: likely evil.exe",
        message("Content-Type: multipart/mixed\n", parts("X-Odd: 1\n" + HELLO, FOREIGN)),
        anomalies="missing-boundary")
both("doubt-blank-first-foreign", "a blank line before a part's header, which begins with no MIME "
     "field", "RFC 2046 5.1", "*: text; Outlook: likely evil.exe", "\n" + FOREIGN,
     anomalies="header-end-conflict")
both("doubt-base64-junk-first", "two encodings, and 5,000 foreign signs before the base64",
     "RFC 2045 6.8", "Outlook: likely evil.exe; *: likely base64 text",
     attachment(fields='Content-Type: application/octet-stream; name="evil.exe"\n' + CTE + "7bit\n"
                + CTE + "base64\n", body=("*" * 70 + "\n") * 72 + b64()),
     anomalies="encoding-conflict")
both("doubt-qp-breaks-first", "two encodings, and 2,500 soft breaks before the first escape",
     "RFC 2045 6.7", "Outlook: likely evil.exe; *: likely text",
     attachment(fields='Content-Type: application/octet-stream; name="evil.exe"\n' + CTE + "7bit\n"
                + CTE + "quoted-printable\n", body="=\n" * 2500 + "".join(
                    "=%02X%s" % (b, "=\n" if i % 20 == 19 else "") for i, b in enumerate(EXE))
                + "\n"), anomalies="encoding-conflict")
both("doubt-multi-7bit-then-base64", "a base64 multipart, labelled 7bit first", LAX, GUESS,
     INNER + CTE + "7bit\n" + CTE + "base64\n\n"
     + b64(encode(parts(EVIL, boundary="in"))), anomalies="encoding-conflict")
both("doubt-message-7bit-then-base64", "a message that is base64, labelled 7bit first",
     LAX, GUESS, "Content-Type: message/rfc822\n" + CTE + "7bit\n" + CTE + "base64\n\n"
     + b64(encode(enclosed(EVIL))), anomalies="encoding-conflict")
both("doubt-multi-x-base64", "a multipart that is base64, by a private name", LAX, GUESS,
     INNER + CTE + "x-base64\n\n" + b64(encode(parts(EVIL, boundary="in"))),
     anomalies="unknown-encoding")
both("doubt-message-base64-from-line", "a base64 message that begins with a mailbox line",
     "RFC 4155", "Thunderbird: likely evil.exe; *: likely a file",
     "Content-Type: message/rfc822\n" + CTE + "base64\n\n"
     + b64(encode("From ann Mon Jan  6 10:00:00 2025\n" + enclosed(EVIL))),
     anomalies="encoding-conflict")
both("doubt-message-base64-junk", "a base64 message that begins with a line without colon",
     "RFC 7103 7.2", "Outlook: likely evil.exe; *: likely a file",
     "Content-Type: message/rfc822\n" + CTE + "base64\n\n"
     + b64(encode("this is no field\n" + enclosed(EVIL))), anomalies="encoding-conflict")
both("doubt-message-base64-blank-first", "a base64 message that begins with blank lines",
     "RFC 5322 2.1", "Outlook: likely evil.exe; *: likely a file",
     "Content-Type: message/rfc822\n" + CTE + "base64\n\n"
     + b64(encode("\n\n" + enclosed(EVIL))), anomalies="encoding-conflict")
both("doubt-encoding-nul-name", "a NUL before the colon of the encoding's field", "RFC 5322 4",
     "Outlook: likely evil.exe; *: likely base64 text",
     attachment(fields='Content-Type: application/octet-stream; name="evil.exe"\n'
                "Content-Transfer-Encoding␀: base64\n"), anomalies="nul")
both("doubt-folded-field-name", "a folded line that looks like the encoding's field",
     "RFC 5322 2.2.3", "*: likely base64 text; Outlook: likely evil.exe",
     attachment(fields='Content-Type: application/octet-stream; name="evil.exe"\nX-Odd: 1\n '
                + CTE + "base64\n"), anomalies="")
both("doubt-uu-encoding-second", "two encodings, the second is uuencode", "RFC 2045 3",
     "Outlook: evil.exe; *: likely text",
     attachment(fields='Content-Type: application/octet-stream; name="evil.exe"\n' + CTE + "7bit\n"
                + CTE + "x-uuencode\n", body=uuencode(EXE)), anomalies="encoding-conflict")
both("doubt-delimiter-of-ignored-signs", "a delimiter of signs that base64 decoders pass over, "
     "seen by prefix readers only", "RFC 2046 5.1.1, RFC 2045 6.8",
     "Thunderbird: likely evil.exe; Roundcube: evil.exe, cut; *: likely evil.exe",
     'Content-Type: multipart/mixed; boundary="_.!"\n\n--_.!\n' + attachment(
         body=b64().replace("\n", "\n--_.!~\n", 1)) + "--_.!--\n",
     anomalies="bad-base64 boundary-conflict")

family("Fields in odd company")
evasive("company-strict-name-first", "a Content-Type with a blank before its colon, then another",
        "RFC 5322 4.5",
        "Outlook: likely evil.exe; Thunderbird: likely raw text; *: likely raw text",
        message("Content-Type : text/plain\n" + MIXED, parts(HELLO, EVIL)),
        anomalies="duplicate-content-type")
evasive("company-strict-name-second", "the second Content-Type has a blank before its colon",
        "RFC 5322 4.5", "*: likely raw text; Outlook: likely evil.exe",
        message("Content-Type: text/plain\nContent-Type \t" + MIXED[12:], parts(HELLO, EVIL)),
        anomalies="duplicate-content-type")
evasive("company-bare-cr-disposition", "a bare CR for the fold before the name", "RFC 5322 2.3",
        "*: likely evil.exe", mixed(attachment(
            fields="Content-Type: application/octet-stream\n" + CTE + "base64\n"
            "Content-Disposition: attachment;␍ filename=\"evil.exe\"\n")), anomalies="bare-cr")
evasive("company-bare-lf-disposition", "a bare LF for the fold before the name", "RFC 5322 2.3",
        "*: evil.exe", mixed(attachment(
            fields="Content-Type: application/octet-stream\n" + CTE + "base64\n"
            "Content-Disposition: attachment;␊ filename=\"evil.exe\"\n")), anomalies="bare-lf")
evasive("company-bare-cr-encoding", "the encoding behind a bare CR in another field",
        "RFC 5322 2.3", "Outlook: likely evil.exe; *: likely base64 text", mixed(attachment(
            fields='Content-Type: application/octet-stream; name="evil.exe"␍' + CTE
            + "base64\n")), anomalies="bare-cr")
evasive("company-second-boundary-empty", "a second boundary that is empty", "RFC 2045 5",
        "*: likely evil.exe", message('Content-Type: multipart/mixed; boundary="b1"; boundary=\n',
                                      parts(HELLO, EVIL)))
evasive("company-boundary-after-fold", "the boundary's value on the next line", "RFC 5322 2.2.3",
        "*: likely evil.exe", message('Content-Type: multipart/mixed; boundary=\n "b1"\n',
                                      parts(HELLO, EVIL)))
evasive("company-type-long", "the boundary at the end of a line of 2,000 characters",
        "RFC 5322 2.1.1", "*: evil.exe",
        message('Content-Type: multipart/mixed; x="%s"; boundary="b1"\n' % ("y" * 2000),
                parts(HELLO, EVIL)), anomalies="long-line")
evasive("company-top-program", "the message itself is the program", "RFC 2183 2", "*: evil.exe",
        message('Content-Type: application/octet-stream; name="evil.exe"\n' + CTE + "base64\n"
                'Content-Disposition: attachment; filename="evil.exe"\n', b64()))
evasive("company-delimiter-blanks", "5,000 blanks behind the delimiter", "RFC 2046 5.1.1",
        "*: likely evil.exe", message(MIXED, "--b1\n" + HELLO + "--b1" + " " * 5000 + "\n" + EVIL
                                      + "--b1--\n"), anomalies="long-line")
evasive("company-boundary-b-and-close", "the boundary ends with two dashes", "RFC 2046 5.1.1",
        "*: likely evil.exe", message('Content-Type: multipart/mixed; boundary="b--"\n',
                                      parts(HELLO, EVIL, boundary="b--")))

family("Behind a limit")


def beyond(name, construct, readings, text, limit, danger=None):
    evasive(name, construct, "limits of readers", readings, text, danger=danger,
            limits=limit)


ALL = "*: likely evil.exe"
beyond("limit-fields", "Content-Type behind 1,100 fields", ALL,
       message("".join("X-%d: 1\n" % i for i in range(1100)) + MIXED, parts(HELLO, EVIL)),
       "headers", PROGRAM)
beyond("limit-parameters", "the boundary behind 200 parameters", ALL,
       message("Content-Type: multipart/mixed; " + "".join("a%d=1;\n " % i for i in range(200))
               + 'boundary="b1"\n', parts(HELLO, EVIL)), "parameters", PROGRAM)
beyond("limit-name-parameters", "the name behind 200 parameters", ALL, mixed(attachment(
    fields="Content-Type: application/octet-stream\n" + CTE + "base64\n"
    "Content-Disposition: attachment; " + "".join("a%d=1;\n " % i for i in range(200))
    + 'filename="evil.exe"\n')), "parameters", PROGRAM)
beyond("limit-names", "forty names, the program's last", "Outlook: likely evil.exe; *: likely the "
       "first", mixed(attachment(
           fields="Content-Type: application/octet-stream\n" + CTE + "base64\n"
           "Content-Disposition: attachment" + "".join(';\n filename="n%d.txt"' % i
                                                      for i in range(40))
           + ';\n filename="evil.exe"\n')), "names")
beyond("limit-parts", "the program behind 600 parts", ALL,
       message(MIXED, "--b1\n\nx\n" * 600 + "--b1\n" + EVIL + "--b1--\n"), "parts")
beyond("limit-depth", "the program sixty levels deep", ALL, message(
    'Content-Type: multipart/mixed; boundary="n0x"\n',
    "".join('--n%dx\nContent-Type: multipart/mixed; boundary="n%dx"\n\n' % (i, i + 1)
            for i in range(60)) + "--n60x\n" + EVIL
    + "".join("--n%dx--\n" % i for i in reversed(range(61)))), "depth")
beyond("limit-messages", "the program in the sixtieth message", ALL,
       message("Content-Type: message/rfc822\n", "Content-Type: message/rfc822\n\n" * 60
               + enclosed(EVIL)), "depth")
beyond("limit-readings", "a hundred parts with two types, the program in the last", ALL,
       mixed(*['Content-Type: text/plain\nContent-Type: multipart/mixed; boundary="d%d"\n\n'
               "--d%d\n\nx%d\n--d%d--\n" % (i, i, i, i) for i in range(100)]
             + ['Content-Type: text/plain\nContent-Type: multipart/mixed; boundary="in"\n\n'
                + parts(EVIL, boundary="in")]), "readings")
beyond("limit-embedded", "the program behind 250 uuencoded files", "Outlook: evil.exe; *: likely "
       "text", message("", uuencode(b"x", "n.txt") * 250 + uuencode(EXE)), "embedded-files")
