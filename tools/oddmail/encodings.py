"""Content-Transfer-Encoding: doubled, malformed, unknown, and on containers."""
from .mail import *
from .payloads import uuencode, yenc, binhex, SCRIPT_BYTES

family("Content-Transfer-Encoding")
OPEN = "Content-Type: application/octet-stream\n" \
       'Content-Disposition: attachment; filename="evil.exe"\n'


def leaf(name, construct, source, readings, encoding, body=None, **more):
    """One attachment whose encoding fields are `encoding`."""
    evasive(name, construct, source, readings, mixed(attachment(fields=OPEN + encoding, body=body)),
            **more)


CTE = "Content-Transfer-Encoding"
leaf("cte-base64-then-7bit", "two encodings, base64 first", "RFC 2045 3, 6",
     "Thunderbird: evil.exe; Outlook: likely base64 text; *: likely evil.exe",
     CTE + ": base64\n" + CTE + ": 7bit\n", anomalies="encoding-conflict")
leaf("cte-7bit-then-base64", "two encodings, base64 second", "RFC 2045 3, 6",
     "Thunderbird: base64 text; Outlook: likely evil.exe; *: likely base64 text",
     CTE + ": 7bit\n" + CTE + ": base64\n", anomalies="encoding-conflict")
leaf("cte-qp-then-base64", "quoted-printable first, base64 second", "RFC 2045 3",
     "Thunderbird: base64 text; Outlook: likely evil.exe; *: likely base64 text",
     CTE + ": quoted-printable\n" + CTE + ": base64\n", anomalies="encoding-conflict")
leaf("cte-base64-then-qp", "base64 first, quoted-printable second, content is the second",
     "RFC 2045 3", "Outlook: likely evil.exe; *: likely garbage",
     CTE + ": base64\n" + CTE + ": quoted-printable\n", body=qp(EXE),
     anomalies="encoding-conflict")
leaf("cte-three", "three encodings, base64 in the middle", "RFC 2045 3",
     "Thunderbird: base64 text; *: likely evil.exe",
     CTE + ": 8bit\n" + CTE + ": base64\n" + CTE + ": binary\n", anomalies="encoding-conflict")
leaf("cte-comment-before", "a comment before the encoding", "RFC 2045 6.1 with RFC 5322 3.2.2",
     "Outlook: likely evil.exe; Apple Mail: likely evil.exe; *: likely base64 text",
     CTE + ": (7bit) base64\n")
leaf("cte-comment-after", "a comment behind the encoding", "RFC 2045 6.1", "*: likely evil.exe",
     CTE + ": base64 (not 7bit)\n")
leaf("cte-comment-glued", "a comment glued to the encoding", "RFC 2045 6.1",
     "*: likely evil.exe; Gmail: likely base64 text", CTE + ": base64(x)\n")
leaf("cte-quoted", "the encoding in quotes", "RFC 2045 6.1: a token",
     "Outlook: likely evil.exe; Thunderbird: likely evil.exe; *: likely base64 text",
     CTE + ': "base64"\n')
leaf("cte-apostrophes", "the encoding in apostrophes", "RFC 2045 6.1",
     "*: likely base64 text; Outlook: likely evil.exe", CTE + ": 'base64'\n",
     anomalies="unknown-encoding")
leaf("cte-parameter", "a parameter behind the encoding", "RFC 2045 6.1: takes none",
     "Thunderbird: evil.exe; *: likely evil.exe", CTE + ": base64; charset=utf-8\n")
leaf("cte-semicolon", "a semicolon behind the encoding", "RFC 2045 6.1", "*: likely evil.exe",
     CTE + ": base64;\n")
leaf("cte-comma", "a comma behind the encoding", "RFC 2045 6.1",
     "Thunderbird: likely evil.exe; *: likely base64 text", CTE + ": base64,\n")
leaf("cte-dot", "a full stop behind the encoding", "RFC 2045 6.1",
     "*: likely base64 text; Outlook: likely evil.exe", CTE + ": base64.\n",
     anomalies="unknown-encoding")
leaf("cte-two-words", "two encodings in one field, base64 first", "RFC 2045 6.1",
     "Thunderbird: likely evil.exe; *: likely base64 text", CTE + ": base64 7bit\n",
     anomalies="encoding-conflict")
leaf("cte-two-words-reversed", "two encodings in one field, base64 second", "RFC 2045 6.1",
     "Outlook: likely evil.exe; *: likely base64 text", CTE + ": 7bit, base64\n",
     anomalies="encoding-conflict")
leaf("cte-folded", "the encoding on the next line", "RFC 5322 2.2.3", "*: evil.exe",
     CTE + ":\n  base64\n")
leaf("cte-case", "capitals mixed", "RFC 2045 6.1: case does not count", "*: evil.exe",
     CTE + ": bAsE64\n")
leaf("cte-field-case", "the field name in odd case", "RFC 5322 1.2.2", "*: evil.exe",
     "CONTENT-transfer-ENCODING:\tBASE64 \t \n")
leaf("cte-nul-after", "a NUL behind the encoding", "RFC 5322 4",
     "Thunderbird: likely evil.exe; Outlook: likely evil.exe; *: likely base64 text",
     CTE + ": base64␀\n", anomalies="nul")
leaf("cte-control-before", "a control character before the encoding", "RFC 2045 6.1",
     "*: likely base64 text; Outlook: likely evil.exe", CTE + ": \x01base64\n",
     anomalies="bad-header-text")
leaf("cte-vertical-tab", "a vertical tab before and a form feed behind", "C's isspace takes both",
     "Thunderbird: likely evil.exe; *: likely base64 text", CTE + ": \x0bbase64\x0c\n",
     anomalies="bad-header-text")
leaf("cte-encoded-word", "the encoding in an encoded word", "RFC 2047 5",
     "*: likely base64 text; Outlook: likely evil.exe", CTE + ": =?us-ascii?Q?base64?=\n",
     anomalies="unknown-encoding")
leaf("cte-x-base64", "x-base64", "RFC 2045 6.3: private names",
     "*: likely base64 text; Outlook: likely evil.exe", CTE + ": x-base64\n",
     anomalies="unknown-encoding")
leaf("cte-base-64", "base-64", "RFC 2045 6.4: unknown means octets",
     "*: likely base64 text", CTE + ": base-64\n", anomalies="unknown-encoding", danger=None)
leaf("cte-blank-in-name", "a blank before the colon of the field", "RFC 5322 4.5",
     "Thunderbird: evil.exe; *: likely evil.exe", CTE + " : base64\n")
leaf("cte-empty-then-base64", "an empty field, then base64", "RFC 2045 6",
     "*: likely base64 text; Outlook: likely evil.exe", CTE + ":\n" + CTE + ": base64\n",
     anomalies="encoding-conflict")
leaf("cte-content-encoding", "Content-Encoding as in HTTP", "RFC 9110 8.4: not for mail",
     "*: base64 text", "Content-Encoding: base64\n" + CTE + ": x-none\n", danger=None,
     anomalies="unknown-encoding")
leaf("cte-uuencode", "x-uuencode with its begin line", "Thunderbird's libmime knows it",
     "Thunderbird: evil.exe; Outlook: evil.exe; *: likely uuencoded text",
     CTE + ": x-uuencode\n", body=uuencode(EXE))
leaf("cte-uue-other-name", "the header names it evil.exe, the begin line note.txt",
     "uuencode(1)", "Thunderbird: evil.exe; Outlook: likely note.txt; *: likely uuencoded text",
     CTE + ": x-uue\n", body=uuencode(EXE, name="note.txt"))
leaf("cte-uuencode-bare", "x-uuencode without a begin line", "uuencode(1)",
     "Thunderbird: likely evil.exe; *: likely uuencoded text", CTE + ": uuencode\n",
     body=uuencode(EXE).split("\n", 1)[1])
leaf("cte-uuencode-prose", "x-uuencode with prose before begin", "uuencode(1)",
     "Thunderbird: evil.exe; Outlook: likely evil.exe; *: likely text", CTE + ": x-uuencode\n",
     body="Here it is,\nas promised:\n\n" + uuencode(EXE) + "\nregards\n")
leaf("cte-yenc", "x-yencode", "Thunderbird's libmime knows it; yEnc 1.3",
     "Thunderbird: evil.exe; *: likely yEnc text", CTE + ": x-yencode\n",
     body=high(yenc(EXE)), anomalies="unknown-encoding")
leaf("cte-binhex", "x-binhex40", "RFC 1741", "Apple Mail: likely evil.exe; *: likely BinHex text",
     CTE + ": x-binhex40\n", body=binhex(EXE), anomalies="unknown-encoding")
leaf("cte-binary-raw", "a program as it is, NULs and bare line ends included", "RFC 2045 6.2, "
     "RFC 3030", "*: likely evil.exe", CTE + ": binary\n", body=raw(EXE) + "\n",
     anomalies="nul")
leaf("cte-8bit-raw", "a program as it is, declared as 8bit", "RFC 2045 6.2", "*: likely evil.exe",
     CTE + ": 8bit\n", body=raw(EXE) + "\n", anomalies="nul")
leaf("cte-7bit-raw", "a program as it is, declared as 7bit", "RFC 2045 6.2", "*: likely evil.exe",
     CTE + ": 7bit\n", body=raw(EXE) + "\n", anomalies="nul encoding-mismatch")
leaf("cte-qp-program", "a program in quoted-printable", "RFC 2045 6.7", "*: evil.exe",
     CTE + ": quoted-printable\n", body=qp(EXE))

family("Quoted-printable")


def qp_page(name, construct, source, readings, body, **more):
    fields = 'Content-Type: text/html; name="evil.html"\n' + CTE + ": quoted-printable\n"
    more.setdefault("danger", PAGE)
    evasive(name, construct, source, readings, mixed(page(fields=fields, html=body)), **more)


ESCAPED = "=3Chtml=3E=3Cbody=3E=3Cscript=3Ealert(1)=3C/script=3E=3C/body=3E=3C/html=3E\n"
qp_page("qp-lower-case", "lower-case digits in escapes", "RFC 2045 6.7 (1)", "*: evil.html",
        ESCAPED.replace("=3C", "=3c").replace("=3E", "=3e"))
qp_page("qp-blank-after-soft-break", "blanks behind the sign of a soft break",
        "RFC 2045 6.7 (3)", "*: likely evil.html", "=3Cht=  \nml=3E<body>=\t\n<script>1</script>\n")
qp_page("qp-escape-cut", "an escape cut by a soft break", "RFC 2045 6.7",
        "Thunderbird: likely =3C cut; *: likely text",
        "<html>=\n<script>a(1)</script>=3=\nC/html>\n", anomalies="bad-quoted-printable")
qp_page("qp-bad-escapes", "signs that escape nothing", "RFC 2045 6.7, note (1)",
        "*: evil.html", "<html><body a=b c=zz><script>x==y</script></body></html>\n",
        anomalies="bad-quoted-printable")
qp_page("qp-last-sign", "the content ends with the sign of a soft break", "RFC 2045 6.7",
        "*: evil.html", "<html><script>1</script></html>=")
qp_page("qp-bare-lf", "soft breaks with bare LF", "RFC 2045 6.7", "*: likely evil.html",
        "=3Cht=␊ml=3E<script>1</script>=␊</html>\n", anomalies="bare-lf")
qp_page("qp-bare-cr", "a soft break with a bare CR", "RFC 2045 6.7",
        "Outlook: likely evil.html; *: likely <ht",
        "<html><scr=␍ipt>1</script></html>\n", anomalies="bare-cr")
qp_page("qp-long-line", "one encoded line of 3,000 bytes", "RFC 2045 6.7 (5)", "*: evil.html",
        "=3Chtml=3E" + "=20" * 1000 + "<script>1</script></html>\n", anomalies="long-line")
qp_page("qp-8bit", "8-bit bytes between escapes", "RFC 2045 6.7", "*: evil.html",
        "=3Chtml=3E\udce4\udcf6<script>1</script></html>\n", anomalies="bad-quoted-printable")
evasive("qp-script-every-byte", "a script with every byte escaped", "RFC 2045 6.7", "*: evil.sh",
        mixed(attachment("evil.sh", fields='Content-Type: text/plain; name="evil.sh"\n' + CTE
                         + ": quoted-printable\n",
                         body="".join("=%02X" % b for b in SCRIPT_BYTES[:20])
                         + "=\n" + "".join("=%02X" % b for b in SCRIPT_BYTES[20:]) + "\n")),
        danger=SHELL)
evasive("qp-underscore", "the Q encoding of headers in a body", "RFC 2047 4.2",
        "*: evil.sh, with underscores",
        mixed(attachment("evil.sh", fields='Content-Type: text/plain; name="evil.sh"\n' + CTE
                         + ": quoted-printable\n", body="=23!/bin/sh=0Aecho_harmless\n")),
        danger=SHELL)

family("Encoded containers")
INNER = parts(HELLO, attachment(), boundary="in")


def container(name, construct, source, readings, type_, encoding, body, **more):
    fields = "Content-Type: %s\n%s: %s\n\n" % (type_, CTE, encoding)
    evasive(name, construct, source, readings, mixed(fields + body), **more)


MULTI = 'multipart/mixed; boundary="in"'
FORBIDDEN = "RFC 2045 6.4 forbids it"
container("multi-base64-plain", "a multipart labelled base64 that is none", FORBIDDEN,
          "Thunderbird: evil.exe; Outlook: likely evil.exe; *: likely evil.exe", MULTI, "base64",
          INNER, anomalies="encoding-conflict")
container("multi-base64-true", "a multipart that is base64", FORBIDDEN,
          "Thunderbird: likely nothing; Outlook: likely evil.exe; *: likely nothing", MULTI,
          "base64", b64(encode(INNER)), anomalies="encoding-conflict")
container("multi-qp-plain", "a multipart labelled quoted-printable that is none", FORBIDDEN,
          "*: likely evil.exe", MULTI, "quoted-printable", INNER, anomalies="encoding-conflict")
container("multi-qp-true", "a multipart in quoted-printable, delimiters escaped", FORBIDDEN,
          "Outlook: likely evil.exe; *: likely nothing", MULTI, "quoted-printable",
          qp(encode(INNER)), anomalies="encoding-conflict")
container("multi-unknown-encoding", "a multipart with an encoding nobody knows", "RFC 2045 6.4",
          "*: likely evil.exe; Gmail: likely an attachment", MULTI, "x-odd", INNER,
          anomalies="unknown-encoding")
container("multi-uuencode-true", "a uuencoded multipart", FORBIDDEN,
          "*: likely nothing; Outlook: likely evil.exe", MULTI, "x-uuencode",
          uuencode(encode(INNER), name="x"), anomalies="encoding-conflict")
evasive("top-base64-true", "the whole message body, a multipart, in base64", FORBIDDEN,
        "Outlook: likely evil.exe; *: likely nothing",
        message(MIXED + CTE + ": base64\n", b64(encode(parts(HELLO, attachment())))),
        anomalies="encoding-conflict")
evasive("top-qp-plain", "the whole message labelled quoted-printable, boundary with equals signs",
        FORBIDDEN, "Thunderbird: evil.exe; *: likely evil.exe",
        message('Content-Type: multipart/mixed; boundary="=3Db1"\n' + CTE
                + ": quoted-printable\n", parts(HELLO, attachment(), boundary="=3Db1")),
        anomalies="encoding-conflict")
container("message-base64-true", "a message/rfc822 in base64", "RFC 2046 5.2.1 forbids it",
          "Thunderbird: the message with evil.exe; Outlook: likely the message; *: likely a file",
          "message/rfc822", "base64", b64(encode(enclosed(attachment()))),
          anomalies="encoding-conflict")
container("message-qp-true", "a message/rfc822 in quoted-printable", "RFC 2046 5.2.1 forbids it",
          "Outlook: likely the message with evil.exe; *: likely a file", "message/rfc822",
          "quoted-printable", qp(encode(enclosed(attachment()))), anomalies="encoding-conflict")
container("message-base64-plain", "a message/rfc822 labelled base64 that is none",
          "RFC 2046 5.2.1", "Thunderbird: likely evil.exe; *: likely evil.exe", "message/rfc822",
          "base64", enclosed(attachment()), anomalies="encoding-conflict")
container("message-base64-in-base64", "messages in base64, one in the other", "RFC 2046 5.2.1",
          "Thunderbird: evil.exe; *: likely a file", "message/rfc822", "base64",
          b64(encode(message("Content-Type: message/rfc822\n" + CTE + ": base64\n",
                             b64(encode(enclosed(attachment())))))), anomalies="encoding-conflict")
container("message-uuencode", "a uuencoded message/rfc822", "RFC 2046 5.2.1",
          "Thunderbird: likely evil.exe; *: likely a file", "message/rfc822", "x-uuencode",
          uuencode(encode(enclosed(attachment())), name="m.eml"), anomalies="encoding-conflict")
container("global-base64", "a message/global in base64", "RFC 6532 3.7 allows it",
          "*: likely the message with evil.exe", "message/global", "base64",
          b64(encode(enclosed(attachment()))))
container("message-unknown-encoding", "a message/rfc822 with an encoding nobody knows",
          "RFC 2045 6.4", "*: likely the message with evil.exe", "message/rfc822", "x-odd",
          enclosed(attachment()), anomalies="unknown-encoding")
container("digest-base64", "a multipart/digest in base64", FORBIDDEN,
          "Outlook: likely evil.exe; *: likely nothing", 'multipart/digest; boundary="in"',
          "base64", b64(encode("--in\n\n" + enclosed(attachment()) + "--in--\n")),
          anomalies="encoding-conflict")
evasive("multi-two-encodings", "a multipart labelled base64, then 7bit", FORBIDDEN,
        "*: likely evil.exe; Outlook: likely nothing",
        message(MIXED + CTE + ": base64\n" + CTE + ": 7bit\n", parts(HELLO, attachment())),
        anomalies="encoding-conflict")
