"""Valid messages that look odd: none of them may carry an anomaly."""
import base64

from .mail import *
from .payloads import ZIP, EXE, gzip_of

family("valid")


def ok(name, construct, source, fields, body, outline):
    valid(name, construct, source, message(fields, body), outline)


def bodies(name, construct, source, body, outline, fields=MIXED):
    ok(name, construct, source, fields, body, outline)


T = "1 text/plain"
ok("plain", "no MIME field but the version", "RFC 2045 5.2", "", "Hello\n", T)
valid("no-mime", "a message from before MIME", "RFC 5322", message("", "Hello\n", mime=""), T)
ok("empty-body", "no body", "RFC 5322 3.5", "", "", T)
valid("header-only", "header without the blank line at its end", "RFC 5322 3.5",
      HEAD.rstrip("\n") + "\n", T)
ok("comment-in-type", "comments in Content-Type", "RFC 2045 5.1",
   "Content-Type: (a) text/plain (b (c)); (d) charset=(e) us-ascii\n", "Hello\n", T)
ok("comment-semicolon", "a comment with a semicolon and an equals sign", "RFC 2045 5.1",
   'Content-Type: text/plain (; boundary=x); charset="us-ascii"\n', "Hello\n", T)
valid("version-comment", "a comment behind the version", "RFC 2045 4",
      message("", "Hello\n", mime="MIME-Version: 1.0 (ours)\n"), T)
valid("version-comment-inside", "a comment inside of MIME-Version", "RFC 2045 4",
      message("", "Hello\n", mime="MIME-Version: 1.(produced by us)0\n"), T)
ok("type-folded", "type, parameter and value folded", "RFC 5322 2.2.3",
   "Content-Type:\n text/plain;\n\tcharset\n =\n us-ascii\n", "Hello\n", T)
ok("type-capitals", "everything in capitals", "RFC 2045 5.1",
   "CONTENT-TYPE: TEXT/PLAIN; CHARSET=US-ASCII\nCONTENT-TRANSFER-ENCODING: 7BIT\n", "Hello\n", T)
ok("quoted-token", "quotes where none are needed", "RFC 2045 5.1",
   'Content-Type: text/plain; charset="us-ascii"; format="flowed"; delsp="no"\n', "Hello \nyou\n",
   T)
ok("unknown-parameters", "parameters nobody knows", "RFC 2045 5",
   "Content-Type: text/plain; x-odd=1; charset=utf-8; Y=\"a;b=c\"\n", "Hello\n", T)
ok("escaped-quotes", "escaped quotes in a parameter", "RFC 5322 3.2.4",
   'Content-Type: text/plain; x="say \\"; boundary=y\\" twice"\n', "Hello\n", T)
ok("long-folded-field", "a field of 40 lines", "RFC 5322 2.2.3",
   "X-Odd: " + "\n ".join("word" * 8 for _ in range(40)) + "\n", "Hello\n", T)
ok("line-of-998", "a line of 998 characters", "RFC 5322 2.1.1", "", "x" * 998 + "\n", T)
ok("no-last-line-end", "no line end behind the last line", "RFC 5322 2.3", "", "Hello", T)
ok("dots", "dots at the start of lines, unstuffed already", "RFC 5321 4.5.2", "",
   ".\n..\n.hidden\n", T)
ok("from-line-in-body", "a line that begins with From", "RFC 4155 is for mailboxes", "",
   "From here on all is well\n>From there too\n", T)
ok("header-like-body", "a body that begins like a header", "RFC 5322 2.1", "",
   "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n", T)
ok("delimiter-like-text", "lines that begin with dashes", "RFC 2046 5.1.1",
   "", "--\n-- \nAnn\n--b1\n---\n", T)
ok("utf8-body", "UTF-8 as 8bit", "RFC 2045 6.2",
   "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n",
   "Grüße aus Köln, 東京\n", T)
ok("latin1-body", "Latin-1 as 8bit", "RFC 2045 6.2",
   "Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n",
   "Gr\udcfc\udcdfe\n", T)
ok("koi8-body", "KOI8-R as 8bit", "RFC 1489",
   "Content-Type: text/plain; charset=koi8-r\nContent-Transfer-Encoding: 8bit\n",
   "\udcd0\udcd2\udcc9\udcd7\udcc5\udcd4\n", T)
ok("sjis-body", "Shift_JIS in base64", "RFC 2045 6.8",
   "Content-Type: text/plain; charset=Shift_JIS\nContent-Transfer-Encoding: base64\n",
   b64("こんにちは\r\n".encode("shift_jis")), T)
ok("iso2022jp-body", "ISO-2022-JP as 7bit", "RFC 1468",
   "Content-Type: text/plain; charset=ISO-2022-JP\n", "\x1b$B$3$s$K$A$O\x1b(B\n", T)
ok("windows1252-body", "windows-1252 in quoted-printable", "RFC 2045 6.7",
   "Content-Type: text/plain; charset=windows-1252\n"
   "Content-Transfer-Encoding: quoted-printable\n", "=93Hello=94 =80 5\n", T)
ok("qp-everything", "soft breaks, escaped blanks, escaped line ends", "RFC 2045 6.7",
   "Content-Transfer-Encoding: quoted-printable\n", "Hel=\nlo=20\n=3D=0D=0Ax =\n\ty\n", T)
ok("qp-boundary-like", "an escaped equals sign before text that looks escaped", "RFC 2045 6.7",
   "Content-Transfer-Encoding: quoted-printable\n", "=3D41 =3D=3D\n", T)
ok("base64-empty", "base64 of nothing", "RFC 2045 6.8",
   "Content-Transfer-Encoding: base64\n", "", T)
ok("base64-short-lines", "base64 in lines of 4 characters", "RFC 2045 6.8",
   "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n", b64(b"Hello you\r\n", 4), T)
ok("base64-padding-line", "the padding at the very end, blank lines behind", "RFC 2045 6.8",
   "Content-Transfer-Encoding: base64\n", b64(b"Hello\r\n!") + "\n\n", T)
ok("binary-text", "text declared as binary", "RFC 2045 6.2",
   "Content-Transfer-Encoding: binary\n", "Hello\n", T)
ok("encoding-comment", "a comment behind the encoding", "RFC 2045 6.1",
   "Content-Transfer-Encoding: 7bit (yes)\n", "Hello\n", T)
ok("encoded-subject", "encoded words in a comment and a phrase", "RFC 2047 5",
   "Reply-To: =?utf-8?Q?K=C3=A4the?= <k@example.org> (=?iso-8859-1?Q?a=E4?=)\n", "Hello\n", T)
ok("encoded-words-split", "a text in several encoded words", "RFC 2047 2",
   "Comments: =?utf-8?B?R3LDvMOf?=\n =?utf-8?B?ZQ==?= =?utf-8?Q?_aus?=\n", "Hello\n", T)
ok("encoded-language", "an encoded word with a language", "RFC 2231 5",
   "Comments: =?us-ascii*en-gb?Q?Hello?=\n", "Hello\n", T)
ok("utf8-header", "UTF-8 in header fields", "RFC 6532 3.2",
   "Comments: Grüße\nReply-To: Käthe <käthe@example.org>\n", "Hello\n", T)
ok("group-address", "groups and comments in addresses", "RFC 5322 3.4",
   "Cc: Friends: ann@example.org, (x) bob@example.org (y);, Empty:;\n", "Hello\n", T)
ok("obsolete-blank-before-colon-none", "fields of Received and trace in odd order", "RFC 5322 3.6",
   "Received: from a (b [192.0.2.1])\n\tby c; Mon, 6 Jan 2025 10:00:00 +0000\n"
   "Resent-From: ann@example.org\nResent-Date: Mon, 6 Jan 2025 10:00:00 +0000\n", "Hello\n", T)
ok("repeated-trace", "fields that may stand often", "RFC 5322 3.6",
   "Comments: a\nComments: b\nKeywords: c\nKeywords: d\nReceived: x; Mon, 6 Jan 2025 10:00:00 Z\n"
   .replace(" Z\n", " +0000\n"), "Hello\n", T)
ok("mixed-simple", "preamble and epilogue", "RFC 2046 5.1.1", MIXED,
   "This is a message in MIME.\n\n" + parts(HELLO, HELLO) + "\nThe end.\n",
   "1 multipart/mixed|1.1 text/plain|1.2 text/plain")
bodies("mixed-empty-parts", "parts without header and without content", "RFC 2046 5.1",
       "--b1\n\n\n--b1\n\nHello\n--b1--\n", "1 multipart/mixed|1.1 text/plain|1.2 text/plain")
bodies("mixed-one-part", "a multipart of one part", "RFC 2046 5.1.3", parts(HELLO),
       "1 multipart/mixed|1.1 text/plain")
bodies("mixed-blank-delimiters", "blanks behind delimiters", "RFC 2046 5.1.1",
       "--b1  \n" + HELLO + "--b1\t\n" + HELLO + "--b1-- \n",
       "1 multipart/mixed|1.1 text/plain|1.2 text/plain")
bodies("mixed-no-last-line-end", "nothing behind the closing delimiter", "RFC 2046 5.1.1",
       parts(HELLO).rstrip("\n"), "1 multipart/mixed|1.1 text/plain")
bodies("boundary-specials", "a boundary of all signs that are allowed", "RFC 2046 5.1.1",
       parts(HELLO, boundary="'()+_,-./:=?"), "1 multipart/mixed|1.1 text/plain",
       "Content-Type: multipart/mixed; boundary=\"'()+_,-./:=?\"\n")
bodies("boundary-blank", "a boundary with a blank inside", "RFC 2046 5.1.1",
       parts(HELLO, boundary="a b"), "1 multipart/mixed|1.1 text/plain",
       'Content-Type: multipart/mixed; boundary="a b"\n')
bodies("boundary-70", "a boundary of 70 characters", "RFC 2046 5.1.1",
       parts(HELLO, boundary="x" * 70), "1 multipart/mixed|1.1 text/plain",
       'Content-Type: multipart/mixed; boundary="%s"\n' % ("x" * 70))
bodies("boundary-1", "a boundary of one character", "RFC 2046 5.1.1", parts(HELLO, boundary="x"),
       "1 multipart/mixed|1.1 text/plain", "Content-Type: multipart/mixed; boundary=x\n")
bodies("boundary-dashes", "a boundary with dashes at its start", "RFC 2046 5.1.1",
       parts(HELLO, boundary="------=_Part_1"), "1 multipart/mixed|1.1 text/plain",
       'Content-Type: multipart/mixed; boundary="------=_Part_1"\n')
bodies("boundary-unquoted", "a boundary that needs no quotes", "RFC 2045 5.1",
       parts(HELLO, boundary="a_b-c.d+e'f"), "1 multipart/mixed|1.1 text/plain",
       "Content-Type: multipart/mixed; boundary=a_b-c.d+e'f\n")
bodies("boundary-escaped", "an escape in the quoted boundary", "RFC 5322 3.2.4",
       parts(HELLO), "1 multipart/mixed|1.1 text/plain",
       'Content-Type: multipart/mixed; boundary="\\b1"\n')
bodies("boundary-among-parameters", "boundary as the third of four parameters", "RFC 2046 5.1",
       parts(HELLO), "1 multipart/mixed|1.1 text/plain",
       'Content-Type: multipart/mixed; a="b"; charset=us-ascii; boundary=b1; z=1\n')
bodies("almost-delimiters", "lines that are nearly delimiters", "RFC 2046 5.1.1",
       "--b1\n\n--b\n-b1\n b1\n--B1\n--b1--\n".replace(" b1\n", "b1\n"),
       "1 multipart/mixed|1.1 text/plain")
INNER = 'Content-Type: multipart/alternative; boundary="i2"\n\n'
bodies("nested", "multiparts in multiparts", "RFC 2046 5.1.2",
       parts(INNER + parts(HELLO, "Content-Type: text/html\n\n<p>Hello</p>\n", boundary="i2"),
             HELLO),
       "1 multipart/mixed|1.1 multipart/alternative|1.1.1 text/plain|1.1.2 text/html"
       "|1.2 text/plain")
bodies("nested-epilogues", "preamble and epilogue inside", "RFC 2046 5.1.2",
       parts(INNER + "before\n" + parts(HELLO, boundary="i2") + "behind\n"),
       "1 multipart/mixed|1.1 multipart/alternative|1.1.1 text/plain")
deep = HELLO
for level in range(9, 0, -1):
    deep = 'Content-Type: multipart/mixed; boundary="d%dz"\n\n' % level + parts(
        deep, boundary="d%dz" % level)
valid("nested-ten", "ten levels", "RFC 2046 5.1.2",
      message('Content-Type: multipart/mixed; boundary="d0z"\n', parts(deep, boundary="d0z")),
      "|".join("1" + ".1" * i + " multipart/mixed" for i in range(10))
      + "|1" + ".1" * 10 + " text/plain")
bodies("message-inside", "a message as an attachment", "RFC 2046 5.2.1",
       parts(HELLO, "Content-Type: message/rfc822\n\n" + message(MIXED.replace("b1", "zz"), parts(
           HELLO, boundary="zz"))),
       "1 multipart/mixed|1.1 text/plain|1.2 message/rfc822|1.2.1 multipart/mixed"
       "|1.2.1.1 text/plain")
bodies("message-minimal", "a message with one field inside", "RFC 2046 5.2.1",
       parts("Content-Type: message/rfc822\n\nSubject: x\n\nHello\n"),
       "1 multipart/mixed|1.1 message/rfc822|1.1.1 text/plain")
ok("message-top", "the body is a message", "RFC 2046 5.2.1", "Content-Type: message/rfc822\n",
   message("", "Hello\n"), "1 message/rfc822|1.1 text/plain")
ok("digest", "a digest with its own default type", "RFC 2046 5.1.5",
   'Content-Type: multipart/digest; boundary="b1"\n',
   parts("\n" + message("", "one\n"), "Content-Type: text/plain\n\ntwo\n"),
   "1 multipart/digest|1.1 message/rfc822|1.1.1 text/plain|1.2 text/plain")
ok("report", "a delivery report", "RFC 6522",
   'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"\n',
   parts(HELLO, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n"
         "Final-Recipient: rfc822; b@example.net\nAction: failed\nStatus: 5.0.0\n",
         "Content-Type: text/rfc822-headers\n\nSubject: x\nFrom: ann@example.org\n"),
   "1 multipart/report|1.1 text/plain|1.2 message/delivery-status|1.3 text/rfc822-headers")
ok("receipt", "a receipt", "RFC 8098",
   'Content-Type: multipart/report; report-type=disposition-notification; boundary="b1"\n',
   parts(HELLO, "Content-Type: message/disposition-notification\n\n"
         "Final-Recipient: rfc822; b@example.net\nDisposition: manual-action/MDN-sent-manually; "
         "displayed\n"),
   "1 multipart/report|1.1 text/plain|1.2 message/disposition-notification")
ok("signed-pgp", "a signed message", "RFC 3156",
   'Content-Type: multipart/signed; micalg=pgp-sha256; protocol="application/pgp-signature";\n'
   ' boundary="b1"\n',
   parts(HELLO, 'Content-Type: application/pgp-signature; name="signature.asc"\n\n'
         "-----BEGIN PGP SIGNATURE-----\n\niHUEABYKAB0WIQ\n=abcd\n-----END PGP SIGNATURE-----\n"),
   "1 multipart/signed|1.1 text/plain|1.2 application/pgp-signature")
ok("encrypted-pgp", "an encrypted message", "RFC 3156",
   'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b1"\n',
   parts("Content-Type: application/pgp-encrypted\n\nVersion: 1\n",
         "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n"
         "-----END PGP MESSAGE-----\n"),
   "1 multipart/encrypted|1.1 application/pgp-encrypted|1.2 application/octet-stream")
ok("related", "a page with its picture", "RFC 2387",
   'Content-Type: multipart/related; type="text/html"; start="<a@x>"; boundary="b1"\n',
   parts("Content-Type: text/html\nContent-ID: <a@x>\n\n<p><img src=\"cid:b@x\"></p>\n",
         "Content-Type: image/gif\nContent-ID: <b@x>\nContent-Transfer-Encoding: base64\n\n"
         "R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==\n"),
   "1 multipart/related|1.1 text/html|1.2 image/gif")
ok("appledouble", "a file with its resource fork", "RFC 1740",
   'Content-Type: multipart/appledouble; boundary="b1"\n',
   parts("Content-Type: application/applefile; name=\"x.txt\"\nContent-Transfer-Encoding: base64\n"
         "\n" + b64(b"\0\x05\x16\x07\0\x02\0\0" + b"\0" * 18),
         "Content-Type: text/plain; name=\"x.txt\"\n\nHello\n"),
   "1 multipart/appledouble|1.1 application/applefile|1.2 text/plain")
ok("alternative-calendar", "an invitation", "RFC 6047",
   'Content-Type: multipart/alternative; boundary="b1"\n',
   parts(HELLO, "Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\n"
         "VERSION:2.0\nPRODID:x\nMETHOD:REQUEST\nEND:VCALENDAR\n"),
   "1 multipart/alternative|1.1 text/plain|1.2 text/calendar")
ok("external-body", "a body that lies elsewhere", "RFC 2046 5.2.3",
   "Content-Type: message/external-body; access-type=anon-ftp; name=\"x.txt\";\n"
   " site=\"ftp.example.org\"\n", "Content-Type: text/plain\nContent-ID: <x@example.org>\n\n",
   None)
ok("zip-attachment", "a zip", "RFC 2045 6.8", MIXED, parts(HELLO, attachment(
    "files.zip", ZIP, "application/zip")), "1 multipart/mixed|1.1 text/plain|1.2 application/zip")
ok("gzip-attachment", "a file with two extensions that belong together", "RFC 2183", MIXED, parts(
    HELLO, attachment("files.tar.gz", gzip_of(b"\0" * 1024), "application/gzip")),
   "1 multipart/mixed|1.1 text/plain|1.2 application/gzip")
ok("html-only", "HTML with every odd but valid thing", "RFC 2854",
   "Content-Type: text/html; charset=utf-8\n",
   "<!DOCTYPE html>\n<html><head><title>x</title></head><body><!-- a --><p>a &lt; b</p>\n"
   "</body></html>\n", "1 text/html")
ok("flowed", "flowed text with stuffed blanks", "RFC 3676",
   "Content-Type: text/plain; format=flowed; delsp=yes\n", "> a \n> b\n From me\n", T)
ok("parallel", "a multipart of an unusual kind", "RFC 2046 5.1.6",
   'Content-Type: multipart/parallel; boundary="b1"\n', parts(HELLO, HELLO),
   "1 multipart/parallel|1.1 text/plain|1.2 text/plain")
ok("unknown-multipart", "a multipart of a private kind", "RFC 2046 5.1.7",
   'Content-Type: multipart/x-ours; boundary="b1"\n', parts(HELLO),
   "1 multipart/x-ours|1.1 text/plain")
ok("unknown-type", "a type of a private kind", "RFC 2045 5.1",
   "Content-Type: x-our.type+v1/x-sub_type!\n", "Hello\n", "1 x-our.type+v1/x-sub_type!")
ok("content-fields", "all the Content fields", "RFC 2045 7-9, RFC 2557, RFC 3282",
   "Content-ID: <x@example.org>\nContent-Description: Hello (there)\nContent-Language: en, de\n"
   "Content-Location: http://www.example.org/\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\n"
   "Content-Duration: 33\nContent-Base: http://www.example.org/\n", "Hello\n", T)
