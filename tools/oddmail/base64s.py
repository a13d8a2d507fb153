"""Base64 that decoders take in different ways (RFC 2045 6.8)."""
import base64

from .mail import *

family("Base64")
CLEAN = b64(EXE)
LINES = CLEAN.splitlines()
ONE = "".join(LINES)


def leaf(name, construct, source, readings, body, **more):
    evasive(name, construct, source, readings, mixed(attachment(body=body)), **more)


BAD = {"anomalies": "bad-base64"}
IGNORE = "RFC 2045 6.8: foreign characters must be ignored"
leaf("b64-garbage", "signs outside the alphabet in every line", IGNORE, "*: likely evil.exe",
     "\n".join(line[:9] + "!*" + line[9:30] + "#" + line[30:] for line in LINES) + "\n", **BAD)
leaf("b64-garbage-8bit", "8-bit bytes between the characters", IGNORE,
     "Outlook: likely evil.exe; *: likely evil.exe",
     "\n".join(line[:5] + "\udcff\udce9" + line[5:] for line in LINES) + "\n", **BAD)
leaf("b64-nul", "NULs between the characters", IGNORE,
     "Thunderbird: likely cut short; *: likely evil.exe",
     "\n".join(line[:8] + NUL + line[8:] for line in LINES) + "\n",
     anomalies="bad-base64 nul")
leaf("b64-junk-first", "a line of signs before the data", IGNORE, "*: likely evil.exe",
     "***___***\n".replace("_", "~") + CLEAN, **BAD)
leaf("b64-text-first", "prose of four-letter groups before the data", "RFC 2045 6.8",
     "*: garbage, then the program", "Data\n====\n" + CLEAN, danger=None, **BAD)
leaf("b64-early-padding", "padding after the first four bytes, then the rest",
     "RFC 2045 6.8: padding may be taken for the end",
     "Thunderbird: likely evil.exe; Outlook: likely evil.exe; *: likely two bytes",
     base64.b64encode(EXE[:4]).decode() + "\n" + b64(EXE[4:]), **BAD)
leaf("b64-each-line-padded", "every line padded by itself", "RFC 2045 6.8",
     "Outlook: likely evil.exe; Thunderbird: likely evil.exe; *: likely one line",
     "".join(base64.b64encode(EXE[i:i + 49]).decode() + "\n" for i in range(0, len(EXE), 49)),
     **BAD)
leaf("b64-two-runs", "two whole encodings, one after the other, with a line of signs between",
     "RFC 2045 6.8", "*: likely evil.exe; Gmail: likely its first part",
     b64(EXE[:100]) + "----------\n" + b64(EXE[100:]), **BAD)
leaf("b64-padding-alone-first", "padding signs before all data", "RFC 2045 6.8",
     "Thunderbird: likely evil.exe; Outlook: likely evil.exe; *: likely nothing",
     "====\n" + CLEAN, **BAD)
leaf("b64-padding-in-group", "a padding sign inside a group of four", "RFC 2045 6.8",
     "*: likely damaged", LINES[0] + "\n" + LINES[1][:2] + "=" + LINES[1][2:] + "\n"
     + "\n".join(LINES[2:]) + "\n", danger=seen("evil.exe", kind=None), **BAD)
leaf("b64-no-padding", "the padding at the end is missing", "RFC 4648 3.2", "*: likely evil.exe",
     b64(EXE + b"\0" * ((1 - len(EXE)) % 3)).replace("=", ""), **BAD)
leaf("b64-much-padding", "ten padding signs at the end", "RFC 2045 6.8", "*: evil.exe",
     CLEAN.rstrip() + "==========\n", **BAD)
leaf("b64-one-character-over", "a single character behind the last group", "RFC 2045 6.8",
     "*: evil.exe", b64(EXE + b"\0" * (-len(EXE) % 3)).rstrip() + "A\n", **BAD)
leaf("b64-url-safe", "the alphabet for file names, with - and _", "RFC 4648 5",
     "Gmail: likely evil.exe; *: likely damaged",
     CLEAN.replace("+", "-").replace("/", "_"), **BAD)
leaf("b64-one-a-line", "one character a line", "RFC 2045 6.8: lines of at most 76",
     "*: evil.exe", "\n".join(ONE) + "\n")
leaf("b64-odd-lines", "lines of 1 to 13 characters", "RFC 2045 6.8", "*: evil.exe",
     "\n".join(ONE[i * 7:i * 7 + 7] for i in range(len(ONE) // 7 + 1)) + "\n")
leaf("b64-one-line", "all in one line of more than 998 characters", "RFC 2045 6.8",
     "*: evil.exe", base64.b64encode(EXE + b"\0" * 600).decode() + "\n", anomalies="long-line")
leaf("b64-blank-lines", "blank lines between the lines", IGNORE, "*: likely evil.exe",
     "\n" + "\n\n".join(LINES) + "\n\n")
leaf("b64-blanks-inside", "blanks and tabs inside the lines", IGNORE, "*: likely evil.exe",
     " " + "\n\t".join(line[:20] + " " + line[20:40] + "\t" + line[40:] for line in LINES) + "\n")
leaf("b64-footer", "a list's footer behind the padding", "RFC 2045 6.8", "*: likely evil.exe",
     CLEAN + "_______\nto leave this list, write to list-request@example.org\n", **BAD)
leaf("b64-dashes-first", "armour lines around the data", "RFC 7468 for files, none in mail",
     "*: garbage, then the program",
     "-----BEGIN DATA-----\n" + CLEAN + "-----END DATA-----\n", danger=None, **BAD)
leaf("b64-quoted-lines", "every line behind a mark of citation", IGNORE, "*: likely evil.exe",
     "".join("> %s\n" % line for line in LINES), **BAD)
leaf("b64-bare-lf", "line ends are bare LFs", "RFC 5322 2.3", "*: evil.exe",
     CLEAN.replace("\n", LF) + "\n", anomalies="bare-lf")
leaf("b64-bare-cr", "line ends are bare CRs", "RFC 5322 2.3", "*: evil.exe",
     CLEAN.replace("\n", CR) + "\n", anomalies="bare-cr")
leaf("b64-soft-breaks", "base64 that was quoted-printable before: a sign at each line's end",
     "RFC 2045 6.8", "Thunderbird: likely evil.exe; *: likely one line",
     "=\n".join(ONE[i:i + 72] for i in range(0, len(ONE), 72)) + "\n", **BAD)
leaf("b64-in-html-comment", "a comment of HTML before the data", IGNORE, "*: damaged",
     "<!---->\n" + CLEAN, **BAD)
evasive("b64-cut", "the message ends inside of base64", "RFC 2045 6.8", "*: evil.exe, cut",
        message(MIXED, parts(HELLO, end=False) + "--b1\n" + attachment(body="\n".join(LINES[:4]))
                .rstrip()), anomalies="missing-end")
evasive("b64-delimiter-glued", "the delimiter follows the data without a line end",
        "RFC 2046 5.1.1", "*: likely evil.exe, nothing behind",
        message(MIXED, parts(attachment(body=CLEAN.rstrip() + "--b1--\n"), HELLO)),
        anomalies="bad-base64")
