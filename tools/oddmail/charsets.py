"""Charsets that hide ASCII, and charsets nobody knows."""
import base64

from .mail import *

family("Charsets")
WIDE = "<html><body><script>alert(1)</script></body></html>\r\n"


def coded(name, construct, source, readings, charset, data, encoding="base64", **more):
    fields = 'Content-Type: text/html; charset=%s; name="evil.html"\n' % charset
    fields += "Content-Transfer-Encoding: %s\n" % encoding
    body = b64(data) if encoding == "base64" else raw(data).replace(CR + LF, "\n")
    more.setdefault("danger", PAGE)
    evasive(name, construct, source, readings, mixed(page(fields=fields, html=body)), **more)


def utf7(text):
    """Every character but letters and digits escaped."""
    out = ""
    for char in text:
        if char.isalnum() or char in "\r\n":
            out += char
        else:
            out += "+" + base64.b64encode(char.encode("utf-16be")).decode().rstrip("=") + "-"
    return out.encode()


RISKY = {"anomalies": "risky-charset"}
DECLARED = {"names": ["evil.html"], "declared": "text/html"}
coded("utf7-html", "UTF-7 hides every tag", "RFC 2152; browsers dropped it",
      "Outlook: likely evil.html; *: text with plus signs", "utf-7", utf7(WIDE), "7bit",
      danger=DECLARED, **RISKY)
coded("utf7-alias", "UTF-7 by another name", "IANA charset registry",
      "Outlook: likely evil.html; *: text with plus signs", "unicode-1-1-utf-7", utf7(WIDE),
      "7bit", danger=DECLARED, **RISKY)
coded("utf16-bom", "UTF-16 with a mark", "RFC 2781", "*: evil.html", "utf-16",
      b"\xff\xfe" + WIDE.encode("utf-16le"), **RISKY)
coded("utf16le", "UTF-16LE without a mark", "RFC 2781", "*: evil.html", "utf-16le",
      WIDE.encode("utf-16le"), danger=DECLARED, **RISKY)
coded("utf16be", "UTF-16BE without a mark", "RFC 2781", "*: evil.html", "utf-16be",
      WIDE.encode("utf-16be"), danger=DECLARED, **RISKY)
coded("utf16-undeclared", "UTF-16 with a mark, declared as us-ascii", "RFC 2781, WHATWG Encoding",
      "Gmail: likely evil.html; *: likely evil.html", "us-ascii",
      b"\xff\xfe" + WIDE.encode("utf-16le"), anomalies="")
coded("utf32", "UTF-32 with a mark", "Unicode 3.10", "Apple Mail: likely evil.html; *: garbage",
      "utf-32", b"\xff\xfe\0\0" + WIDE.encode("utf-32le"), danger=DECLARED, **RISKY)
coded("ebcdic", "EBCDIC", "IBM code page 37", "Apple Mail: likely evil.html; *: garbage",
      "cp037", WIDE.encode("cp037"), danger=DECLARED, **RISKY)
coded("ebcdic-500", "EBCDIC by another name", "IBM code page 500",
      "Apple Mail: likely evil.html; *: garbage", "ibm500", WIDE.encode("cp500"), danger=DECLARED,
      **RISKY)
coded("hz", "HZ with its escapes inside of tags", "RFC 1843", "*: likely evil.html", "hz-gb-2312",
      b"<html><scr~{~}ipt>alert(1)</script></html>\r\n", "7bit", danger=DECLARED,
      anomalies="unknown-charset")
coded("iso2022jp", "ISO-2022-JP with escapes inside of tags", "RFC 1468, Sonar 2024",
      "*: evil.html", "iso-2022-jp", b"<html><scr\x1b(B\x1b(Jipt>alert(1)</script></html>\r\n",
      "7bit", danger=DECLARED)
coded("unknown-charset", "a charset nobody knows", "RFC 2045 5.2, RFC 2046 4.1.2",
      "*: evil.html", "x-odd", WIDE.encode(), "7bit", anomalies="unknown-charset")
coded("charset-twice", "two charsets, the second is UTF-7", "RFC 2045 5",
      "Outlook: likely evil.html; *: text with plus signs", "us-ascii; charset=utf-7", utf7(WIDE),
      "7bit", danger=DECLARED, anomalies="bad-parameter")
coded("charset-quoted-blank", "blanks and quotes around the charset", "RFC 2045 5.1",
      "*: likely evil.html", '" utf-16le "', WIDE.encode("utf-16le"), danger=DECLARED, **RISKY)
coded("charset-encoded-word", "the charset in an encoded word", "RFC 2047 5", "*: evil.html",
      '"=?us-ascii?Q?utf-8?="', WIDE.encode(), "7bit", anomalies="encoded-parameter")
coded("charset-with-options", "the charset with iconv's options", "iconv(3)", "*: evil.html",
      '"utf-8//IGNORE"', WIDE.encode(), "7bit", anomalies="unknown-charset")
coded("charset-long", "a charset of 500 characters", "RFC 2045 5.1", "*: evil.html", "x" * 500,
      WIDE.encode(), "7bit", anomalies="unknown-charset")
coded("charset-path", "a charset that is a path", "CVE-2024-2961 was in iconv", "*: evil.html",
      '"../../tmp/x"', WIDE.encode(), "7bit", anomalies="unknown-charset")
coded("utf8-bom", "UTF-8 with a mark before the tags", "RFC 3629 6", "*: evil.html", "utf-8",
      b"\xef\xbb\xbf" + WIDE.encode())
coded("utf8-nul", "NULs inside of the tags, which browsers drop", "HTML living standard, NUL",
      "Outlook: likely evil.html; *: likely evil.html", "utf-8",
      b"<html><scr\0ipt>alert(1)</script></html>\r\n", "8bit", danger=DECLARED,
      anomalies="nul")
evasive("subject-utf7", "UTF-7 in an encoded word of the subject", "RFC 2152",
        "Outlook: likely decoded; *: text with plus signs",
        message("Comments: =?utf-7?Q?+ADw-b+AD4-?=\n",
        "Hello\n"), danger=None, anomalies="risky-charset")
evasive("header-latin1", "raw Latin-1 in a header", "RFC 6532 3.2", "*: likely Gr\u00fc\u00dfe",
        message("Comments: Gr\udcfc\udcdfe\n", "Hello\n"), danger=None,
        anomalies="bad-header-text")
evasive("header-control", "control characters in a header", "RFC 5322 2.2",
        "*: likely shown as it is",
        message("Comments: a\x07b\x1b[2Jc\n", "Hello\n"), danger=None,
        anomalies="bad-header-text")
evasive("header-nul", "a NUL in a header", "RFC 5322 4", "*: likely cut or dropped",
        message("Comments: a␀b\n", "Hello\n"), danger=None, anomalies="nul")
evasive("text-8bit-as-7bit", "8-bit text declared as 7bit", "RFC 2045 6.2", "*: Gr\u00fc\u00dfe",
        message("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n",
                "Gr\u00fc\u00dfe\n"), danger=None, anomalies="encoding-mismatch")
evasive("text-long-line", "a line of 2,000 characters", "RFC 5322 2.1.1", "*: text",
        message("", "word " * 400 + "\n"), danger=None, anomalies="long-line")
for field in ("From", "Subject", "Date", "Message-ID", "To"):
    evasive("twice-" + field.lower(), "two %s fields" % field, "RFC 5322 3.6: once",
            "Thunderbird: the first; Gmail: likely the last; *: likely the first",
            message("%s: eve@example.org\n" % field, "Hello\n"), danger=None,
            anomalies="duplicate-headers")
