"""Messages in messages, and multiparts whose kind decides what is shown."""
import base64

from .mail import *
from .payloads import signed_data

family("Nesting")
EVIL = attachment()


def multi(name, construct, source, readings, subtype, *entities, parameters="", **more):
    evasive(name, construct, source, readings,
            message('Content-Type: multipart/%s; boundary="b1"%s\n' % (subtype, parameters),
                    parts(*entities)), **more)


EML = "Thunderbird: likely the message with evil.exe; Outlook: likely the same; *: m.eml"


def inner(type_, text):
    return "Content-Type: %s\n\n%s" % (type_, text)


multi("rfc822", "an attached message with the program", "RFC 2046 5.2.1", "*: evil.exe", "mixed",
      HELLO, inner("message/rfc822", enclosed(EVIL)))
multi("rfc822-six-deep", "six messages in each other", "RFC 2046 5.2.1", "*: evil.exe", "mixed",
      HELLO, "Content-Type: message/rfc822\n\n" * 5 + inner("message/rfc822", enclosed(EVIL)))
multi("rfc822-blank-first", "a blank line before the attached message's header",
      "RFC 2046 5.2.1", "Outlook: likely evil.exe; *: likely raw text", "mixed", HELLO,
      inner("message/rfc822", "\n" + enclosed(EVIL)), anomalies="header-end-conflict")
multi("rfc822-from-line", "a mailbox line before the attached message's header", "RFC 4155",
      "*: likely evil.exe", "mixed", HELLO,
      inner("message/rfc822", "From ann Mon Jan  6 10:00:00 2025\n" + enclosed(EVIL)))
multi("rfc822-as-octets", "a message declared as octets, named .eml", "RFC 2046 5.2.1",
      "Thunderbird: the message with evil.exe; Outlook: likely the same; *: m.eml", "mixed", HELLO,
      'Content-Type: application/octet-stream; name="m.eml"\n\n' + enclosed(EVIL))
multi("rfc822-as-octets-base64", "a message in base64, declared as octets, named .eml",
      "RFC 2046 5.2.1", "Thunderbird: likely m.eml; Outlook: likely the message; *: m.eml",
      "mixed", HELLO, attachment("m.eml", encode(enclosed(EVIL))))
multi("rfc822-as-text", "a message declared as text, named .eml", "RFC 2046 5.2.1", EML, "mixed",
      HELLO, 'Content-Type: text/plain\nContent-Disposition: attachment; filename="m.EML"\n\n'
      + enclosed(EVIL))
multi("rfc822-as-apple", "a message as Apple Mail saves it", "Apple Mail's .emlx",
      "Apple Mail: the message with evil.exe; *: m.emlx", "mixed", HELLO,
      attachment("m.emlx", b"900\n" + encode(enclosed(EVIL))))
multi("rfc822-as-news", "a message as old Windows programs save news", "Windows file types",
      "Outlook: likely the message; *: m.nws", "mixed", HELLO,
      attachment("m.nws", encode(enclosed(EVIL)), "application/x-news"))
multi("rfc822-as-octets-junk", "a line without colon begins the attached message",
      "RFC 7103 7.2", EML, "mixed", HELLO,
      attachment("m.eml", b"> odd\r\n" + encode(enclosed(EVIL))))
multi("rfc822-as-octets-cr", "an attached message whose lines end with bare CRs", "RFC 5322 2.3",
      EML, "mixed", HELLO, attachment("m.eml", encode(enclosed(EVIL)).replace(b"\r\n", b"\r")))
multi("rfc822-as-octets-deep", "a file with a message in a file with a message", "RFC 2046 5.2.1",
      EML, "mixed", HELLO, attachment("a.eml", encode(message(
          'Content-Type: multipart/mixed; boundary="m2"\n',
          parts(HELLO, attachment("m.eml", encode(enclosed(EVIL))), boundary="m2")))))
multi("global", "message/global", "RFC 6532 3.7", "*: likely evil.exe", "mixed", HELLO,
      inner("message/global", enclosed(EVIL)))
multi("news", "message/news", "RFC 5537 4.1: obsolete, as message/rfc822",
      "Thunderbird: evil.exe; *: likely a file", "mixed", HELLO,
      inner("message/news", enclosed(EVIL)))
multi("unknown-message", "message/x-odd", "RFC 2046 5.2.4: as octets",
      "*: a file", "mixed", HELLO, inner("message/x-odd", enclosed(EVIL)),
      danger={"names": [], "declared": "message/x-odd"})
multi("delivery-status-program", "a program declared as message/delivery-status", "RFC 3464",
      "*: evil.exe", "mixed", HELLO,
      attachment(fields='Content-Type: message/delivery-status; name="evil.exe"\n'
                 "Content-Transfer-Encoding: base64\n"))
multi("digest", "a digest, whose parts are messages", "RFC 2046 5.1.5", "*: evil.exe", "digest",
      "\n" + enclosed(EVIL))
multi("digest-octets", "a digest with a declared program", "RFC 2046 5.1.5", "*: evil.exe",
      "digest", EVIL)
multi("alternative-hidden", "the program as the first alternative", "RFC 2046 5.1.4: the last",
      "*: Hello only; iOS Mail: likely evil.exe", "alternative", EVIL, HELLO, page(
          fields="Content-Type: text/html\n", html="<p>Hello</p>\n"))
multi("alternative-nested", "a multipart as an alternative", "RFC 2046 5.1.4", "*: evil.exe",
      "alternative", HELLO, inner('multipart/mixed; boundary="in"', parts(
          page(fields="Content-Type: text/html\n", html="<p>Hello</p>\n"), EVIL, boundary="in")))
multi("related-start", "start= points at the second part", "RFC 2387 3.2",
      "Thunderbird: the second; *: likely the first", "related",
      "Content-Type: text/plain\nContent-ID: <a@x>\n\nHello\n",
      page(fields='Content-Type: text/html; name="evil.html"\nContent-ID: <b@x>\n'),
      parameters='; type="text/html"; start="<b@x>"', danger=PAGE)
multi("related-program", "a program that no page refers to", "RFC 2387",
      "Thunderbird: evil.exe; Outlook: likely hidden; *: likely evil.exe", "related",
      page(fields="Content-Type: text/html\n", html="<p>Hello</p>\n"), EVIL)
multi("related-cid-link", "a link to the program by its Content-ID", "RFC 2392",
      "*: a link; Outlook: likely evil.exe", "related",
      page(fields="Content-Type: text/html\n", html='<p><a href="cid:e@x">Hello</a></p>\n'),
      attachment(fields='Content-Type: application/octet-stream; name="evil.exe"\n'
                 "Content-ID: <e@x>\nContent-Transfer-Encoding: base64\n"))
multi("report-program", "a program as third part of a report", "RFC 6522", "*: evil.exe", "report",
      HELLO, "Content-Type: message/delivery-status\n\nReporting-MTA: dns; a.example\n\n", EVIL,
      parameters="; report-type=delivery-status")
multi("signed-third", "a third part in multipart/signed", "RFC 1847 2.1: two parts",
      "Thunderbird: evil.exe; *: likely evil.exe", "signed", HELLO,
      "Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\n\n"
      "-----END PGP SIGNATURE-----\n", EVIL, parameters='; protocol="application/pgp-signature"')
multi("encrypted-clear", "a program in multipart/encrypted, not encrypted", "RFC 1847 2.2",
      "*: likely evil.exe", "encrypted", "Content-Type: application/pgp-encrypted\n\nVersion: 1\n",
      EVIL, parameters='; protocol="application/pgp-encrypted"')
multi("appledouble", "the program as the data fork", "RFC 1740", "*: evil.exe", "appledouble",
      'Content-Type: application/applefile; name="evil.exe"\nContent-Transfer-Encoding: base64\n\n'
      + b64(b"\0\x05\x16\x07\0\x02\0\0" + b"\0" * 18), EVIL)
multi("form-data", "multipart/form-data with a named file", "RFC 7578: of HTTP", "*: evil.exe",
      "form-data", HELLO, 'Content-Disposition: form-data; name="f"; filename="evil.exe"\n'
      "Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n\n" + b64())
multi("parallel", "multipart/parallel", "RFC 2046 5.1.6", "*: evil.exe", "parallel", HELLO, EVIL)
multi("byteranges", "multipart/byteranges", "RFC 9110 14.6: of HTTP", "*: likely evil.exe",
      "byteranges", HELLO, EVIL)
multi("replace", "multipart/x-mixed-replace, of which the last is shown", "Netscape server push",
      "*: likely evil.exe", "x-mixed-replace", HELLO, EVIL)
multi("header-set", "multipart/header-set", "IANA registry", "*: likely evil.exe", "header-set",
      HELLO, EVIL)
multi("forty-levels", "forty multiparts in each other", "RFC 2046 5.1.2",
      "*: likely evil.exe", "mixed",
      "".join('Content-Type: multipart/mixed; boundary="n%dx"\n\n--n%dx\n' % (i, i)
              for i in range(40)) + EVIL
      + "".join("--n%dx--\n" % i for i in reversed(range(40))))
evasive("partial-whole", "message/partial, one piece of one", "RFC 2046 5.2.2",
        "Outlook: likely a file; *: a file",
        message('Content-Type: message/partial; id="a@x"; number=1; total=1\n', enclosed(EVIL)),
        danger={"names": [], "declared": "message/partial"})
evasive("partial-first", "message/partial, the first of two", "RFC 2046 5.2.2",
        "*: a file", message('Content-Type: message/partial; id="a@x"; number=1; total=2\n',
                             enclosed(EVIL).split("--m1--")[0]),
        danger={"names": [], "declared": "message/partial"})
evasive("partial-second", "message/partial, the second of two", "RFC 2046 5.2.2",
        "*: a file", message('Content-Type: message/partial; id="a@x"; number=2; total=2\n',
                             b64()), danger={"names": [], "declared": "message/partial"})
evasive("external-body-url", "a program that lies elsewhere", "RFC 2017",
        "Thunderbird: a link; *: likely a file",
        mixed("Content-Type: message/external-body; access-type=URL;\n"
              ' URL="http://www.example.org/evil.exe"\n\n'
              "Content-Type: application/octet-stream\nContent-ID: <x@example.org>\n\n"),
        danger={"names": [], "declared": "message/external-body"})
OPAQUE = encode(MIXED.replace("b1", "m1") + "\n" + parts(HELLO, EVIL, boundary="m1"))
P7M = "application/pkcs7-mime; smime-type=signed-data"
evasive("smime-opaque", "an opaque signature around the program", "RFC 8551 3.5.2",
        "Outlook: evil.exe; Thunderbird: evil.exe; Apple Mail: evil.exe; Gmail: smime.p7m",
        mixed(attachment("smime.p7m", signed_data(OPAQUE), P7M)))
evasive("smime-opaque-pieces", "an opaque signature, the content in pieces", "RFC 5652 5.2, BER",
        "Outlook: evil.exe; Thunderbird: evil.exe; Apple Mail: evil.exe; Gmail: smime.p7m",
        mixed(attachment("smime.p7m", signed_data(OPAQUE, pieces=True), P7M)))
evasive("smime-file", "an opaque signature around a program that is no part of a mail",
        "RFC 5652 5.2", "Outlook: likely an error; *: evil.exe.p7m, opened by another program",
        mixed(attachment("evil.exe.p7m", signed_data(EXE), "application/pkcs7-mime")))
evasive("smime-enveloped", "an S/MIME envelope", "RFC 8551 3.3", "*: what is inside, with the key",
        mixed(attachment("smime.p7m", b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03\xa0"
                         b"\x80\x30\x80\x02\x01\0\0\0", "application/pkcs7-mime; smime-type="
                         "enveloped-data")), danger={"names": ["smime.p7m"], "encrypted": "mail"})
evasive("calendar-attachment", "a calendar that holds the program", "RFC 5545 3.8.1.1",
        "Apple Mail: likely evil.exe; Outlook: likely evil.exe; *: the invitation",
        message('Content-Type: text/calendar; method=REQUEST; name="invite.ics"\n',
                "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\n"
                "DTSTAMP:20250106T100000Z\nDTSTART:20250106T100000Z\n"
                "ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=evil.exe:\n "
                + base64.b64encode(EXE).decode()[:60] + "\nEND:VEVENT\nEND:VCALENDAR\n"),
        danger={"names": ["invite.ics"], "declared": "text/calendar"})
evasive("pgp-armour-text", "an armoured message as text", "RFC 9580 6", "*: text; Thunderbird: "
        "what is inside, with the key",
        message("", "-----BEGIN PGP MESSAGE-----\n\nhQEMA\n=abcd\n-----END PGP MESSAGE-----\n"),
        danger={"names": [], "encrypted": "mail"})
