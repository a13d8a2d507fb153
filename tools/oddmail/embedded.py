"""Files inside of texts: uuencode, yEnc, BinHex, xxencode; and TNEF."""
import base64

from .mail import *
from .payloads import SCRIPT_BYTES, ZIP, applesingle, binhex, tnef, uuencode, xxencode, yenc

family("Files inside of texts")
FINDS = "Outlook and Thunderbird look for it in texts"
UU = "Outlook: evil.exe; Thunderbird: evil.exe; *: likely uuencoded text"


def text(name, construct, source, readings, body, fields="", **more):
    evasive(name, construct, source, readings, message(fields, body), **more)


text("uu-plain", "a uuencoded file behind text", FINDS, UU, "Hello\n\n" + uuencode(EXE))
text("uu-first", "a uuencoded file as the whole body", FINDS, UU, uuencode(EXE))
text("uu-two", "two files, the program second", FINDS, UU,
     uuencode(b"Hello\r\n", "note.txt") + "\n" + uuencode(EXE))
text("uu-begin-tab", "tabs in the line that begins it", FINDS,
     "Thunderbird: likely evil.exe; Outlook: likely evil.exe; *: text",
     uuencode(EXE).replace("begin 644 ", "begin\t644\t"))
text("uu-in-part", "in a text part of a multipart", FINDS, UU, parts(HELLO + uuencode(EXE)),
     fields=MIXED)
text("uu-in-html", "in an HTML part", FINDS, "Outlook: likely evil.exe; *: likely text",
     "<html><body><pre>\n" + uuencode(EXE) + "</pre></body></html>\n",
     fields="Content-Type: text/html\n")
text("uu-in-base64", "in a text that is base64", FINDS, UU,
     b64(encode("Hello\n\n" + uuencode(EXE))), fields="Content-Transfer-Encoding: base64\n")
text("uu-in-qp", "in a text that is quoted-printable", FINDS, UU,
     ("Hello\n" + uuencode(EXE)).replace("=", "=3D"),
     fields="Content-Transfer-Encoding: quoted-printable\n")
text("uu-no-end", "without an end line", FINDS, UU, "Hello\n" + uuencode(EXE, end=""),
     anomalies="bad-embedded")
text("uu-blank-end", "a line of one blank before end", "uuencode(1)", UU,
     uuencode(EXE, end=" \nend\n"))
text("uu-no-zero-line", "no empty line before end", "uuencode(1)", UU,
     uuencode(EXE, end="end\n"))
text("uu-blanks-for-graves", "blanks for zeros", "uuencode(1)", UU,
     uuencode(EXE).replace("`", " "))
text("uu-lost-blanks", "blanks at line ends were lost on the way", "uuencode(1)", UU,
     "\n".join(line.rstrip() for line in uuencode(EXE).replace("`", " ").split("\n")))
text("uu-mode-four", "a mode of four digits", "uuencode(1)", UU, uuencode(EXE, mode="0644"))
text("uu-mode-zero", "mode 000", "uuencode(1)", UU, uuencode(EXE, mode="000"))
text("uu-blanks-in-name", "blanks in the name", "uuencode(1)", UU.replace("evil.exe",
     "my evil.exe"),
     uuencode(EXE, name="my evil.exe"), danger=seen("my evil.exe"))
text("uu-two-blanks", "two blanks before the name", "uuencode(1)", UU,
     uuencode(EXE, name=" evil.exe"))
text("uu-name-quoted", "quotes around the name", "uuencode(1)", UU,
     uuencode(EXE, name='"evil.exe"'))
text("uu-junk-between", "blank lines between the data lines", "uuencode(1)",
     "Outlook: likely evil.exe; *: likely damaged", uuencode(EXE).replace("\nM", "\n\nM"))
text("uu-rtlo", "U+202E in the name", "MITRE T1036.002", UU.replace("evil.exe", "annexe.txt"),
     uuencode(EXE, name="ann\u202etxt.exe"),
     fields="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n",
     danger=seen("ann\u202etxt.exe", extension="exe"), anomalies="name-bidi")
text("uu-bare-lf", "data lines with bare LFs", "RFC 5322 2.3", UU,
     "Hello\n" + uuencode(EXE).replace("\n", LF) + "\n", anomalies="bare-lf")
text("uu-base64", "begin-base64", "POSIX uuencode -m", "*: likely text; Outlook: likely evil.exe",
     "begin-base64 644 evil.exe\n" + b64(EXE, 60) + "====\n")
text("uu-script", "a script", FINDS, UU.replace("exe", "sh"), uuencode(SCRIPT_BYTES, "evil.sh"),
     danger=SHELL)
text("uu-zip", "a zip", FINDS, UU.replace("exe", "zip"), uuencode(ZIP, "evil.zip"), danger=ARCHIVE)
text("uu-message", "a message that is a file", "uuencode(1)", UU,
     uuencode(encode(enclosed(attachment())), "m.eml"))
text("uu-in-rfc822", "in the text of an attached message", FINDS, UU, parts(
    HELLO, "Content-Type: message/rfc822\n\n" + message("", uuencode(EXE))), fields=MIXED)
text("uu-two-texts", "the file is cut in two by a delimiter", "uuencode(1)",
     "*: text; Outlook: likely its first half",
     parts("Content-Type: text/plain\n\n" + "\n".join(uuencode(EXE).split("\n")[:5]) + "\n",
           "Content-Type: text/plain\n\n" + "\n".join(uuencode(EXE).split("\n")[5:]) + "\n"),
     fields=MIXED, danger=seen("evil.exe", kind="executable"), anomalies="bad-embedded")
text("yenc-plain", "a yEnc file", "yEnc 1.3; Thunderbird finds it in texts",
     "Thunderbird: evil.exe; *: likely yEnc text", high(yenc(EXE)),
     fields="Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n")
text("yenc-no-end", "a yEnc file without its last line", "yEnc 1.3",
     "Thunderbird: evil.exe; *: likely yEnc text", high(yenc(EXE, trailer=False)),
     fields="Content-Transfer-Encoding: 8bit\n", anomalies="bad-embedded")
text("yenc-wrong-crc", "a yEnc file with a wrong sum", "yEnc 1.3",
     "Thunderbird: evil.exe; *: likely yEnc text",
     high(yenc(EXE).rsplit("crc32=", 1)[0]) + "crc32=00000000\n",
     fields="Content-Transfer-Encoding: 8bit\n", anomalies="bad-embedded")
text("yenc-part", "one of several pieces, holding the start", "yEnc 1.3",
     "Thunderbird: likely evil.exe; *: likely yEnc text",
     high(yenc(EXE, part=(1, 2, 1, 2 * len(EXE)))), fields="Content-Transfer-Encoding: 8bit\n")
text("yenc-blanks-in-name", "blanks and quotes in the name", "yEnc 1.3: the name is the rest",
     "Thunderbird: my evil.exe; *: likely yEnc text", high(yenc(EXE, name="my evil.exe")),
     fields="Content-Transfer-Encoding: 8bit\n", danger=seen("my evil.exe"))
text("binhex-text", "BinHex in a text", "RFC 1741", "Apple Mail: likely evil.exe; *: BinHex text",
     binhex(EXE))
text("binhex-type", "application/mac-binhex40", "RFC 1741",
     "Apple Mail: likely evil.exe; Thunderbird: likely evil.hqx; *: evil.hqx",
     parts(HELLO, 'Content-Type: application/mac-binhex40; name="evil.hqx"\n\n' + binhex(EXE)),
     fields=MIXED)
text("binhex-base64", "application/mac-binhex40 in base64", "RFC 1741",
     "Apple Mail: likely evil.exe; *: evil.hqx",
     parts(HELLO, 'Content-Type: application/mac-binhex40; name="evil.hqx"\n'
           "Content-Transfer-Encoding: base64\n\n" + b64(encode(binhex(EXE)))), fields=MIXED)
text("xxencode", "xxencode", "uuencode's rare sister", "*: text, decoded by hand", xxencode(EXE))

evasive("applesingle", "a program with its resources in one file", "RFC 1740 3",
        "Apple Mail: evil.exe; *: a file without name",
        mixed("Content-Type: application/applefile\nContent-Transfer-Encoding: base64\n\n"
              + b64(applesingle())))
evasive("applesingle-octets", "the same, declared as octets and called otherwise", "RFC 1740 3",
        "Apple Mail: likely evil.exe; *: note.txt",
        mixed(attachment("note.txt", applesingle())))

family("TNEF")


def winmail(name, construct, readings, data, type_="application/ms-tnef", file="winmail.dat",
            **more):
    evasive(name, construct, "MS-OXTNEF", readings,
            mixed(attachment(file, data, type_)), **more)


OUT = "Outlook: evil.exe; Apple Mail: winmail.dat; Thunderbird: winmail.dat; Gmail: likely evil.exe"
winmail("tnef-plain", "a program in a winmail.dat", OUT, tnef())
winmail("tnef-octet-stream", "declared as octets, named winmail.dat", OUT, tnef(),
        "application/octet-stream")
winmail("tnef-vnd", "application/vnd.ms-tnef", OUT, tnef(), "application/vnd.ms-tnef")
winmail("tnef-other-name", "another name than winmail.dat", OUT, tnef(), file="part.bin")
winmail("tnef-long-name", "short and long name differ", OUT,
        tnef(name="NOTE.TXT", long_name="evil.exe"))
winmail("tnef-bad-sum", "a wrong sum behind an attribute", OUT, tnef()[:-2] + b"\1\2",
        anomalies="bad-embedded")
winmail("tnef-cut", "cut inside of the file", OUT.replace("evil.exe", "evil.exe, cut"),
        tnef()[:-200], danger=seen("evil.exe", kind=None), anomalies="bad-embedded")
winmail("tnef-junk-behind", "junk behind the last attribute", OUT, tnef() + b"junk" * 5,
        anomalies="bad-embedded")
evasive("tnef-top", "the whole message is a winmail.dat", "MS-OXTNEF", OUT,
        message("Content-Type: application/ms-tnef; name=\"winmail.dat\"\n"
                "Content-Transfer-Encoding: base64\n", b64(tnef())))
winmail("tnef-message", "a winmail.dat with a message that is a file", OUT,
        tnef("m.eml", encode(enclosed(attachment()))))
winmail("tnef-in-tnef", "a winmail.dat in a winmail.dat", OUT, tnef("winmail.dat", tnef()))

family("Files inside of calendars")
EVENT = "Outlook: evil.exe; Thunderbird: evil.exe; Apple Mail: likely evil.exe; *: an event"


def calendar(name, construct, line, fields="Content-Type: text/calendar; charset=utf-8\n", **more):
    text(name, construct, "RFC 5545 3.8.1.1", EVENT, parts(HELLO, fields + "\n"
         "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n" + line
         + "END:VEVENT\nEND:VCALENDAR\n"), fields=MIXED, **more)


FOLDED = b64(EXE, 70).strip("\n").replace("\n", "\n ")
ATTACH = "ATTACH;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=evil.exe:\n " + FOLDED + "\n"
calendar("ics-attach", "a program in an event", ATTACH)
calendar("ics-octet-stream", "a calendar declared as octets, named .ics", ATTACH,
         fields='Content-Type: application/octet-stream; name="invite.ics"\n'
                'Content-Disposition: attachment; filename="invite.ics"\n')
calendar("ics-folded-name", "folds within the property's name and the file's",
         ATTACH.replace("ATTACH", "ATT\n ACH").replace("evil.exe", "evil.\n exe"))
calendar("ics-data-address", "the program in an address", ATTACH.replace(
    "ENCODING=BASE64;VALUE=BINARY;", "").replace(
        "evil.exe:", "evil.exe:data:application/octet-stream;base64,"))
