"""Pieces of messages, and how a case is noted.

Messages are written as text with LF, which becomes CRLF. Where another byte is wanted: U+240A and
U+240D are a LF and a CR alone, U+2400 a NUL, and U+DC80 to U+DCFF the bytes from 0x80.
"""
import base64

from . import registry
from .payloads import EXE, HTML, SCRIPT

LF, CR, NUL = "\u240a", "\u240d", "\u2400"
HEAD = """From: Ann <ann@example.org>
To: Bob <bob@example.net>
Subject: @name@
Date: Mon, 6 Jan 2025 10:00:00 +0000
Message-ID: <@name@@example.org>
"""
MIME = "MIME-Version: 1.0\n"
MIXED = 'Content-Type: multipart/mixed; boundary="b1"\n'
HELLO = "Content-Type: text/plain\n\nHello\n"

PROGRAM = {"names": ["evil.exe"], "kind": "executable"}
SHELL = {"names": ["evil.sh"], "kind": "script"}
PAGE = {"names": ["evil.html"], "kind": "html"}
ARCHIVE = {"names": ["evil.zip"], "kind": "archive"}


def family(name):
    """The heading of the cases that follow."""
    registry.family = name


def seen(*names, kind="executable", **more):
    """What rules must see together on one part, for each of the names."""
    return dict(names=list(names), kind=kind, **more)


def raw(data):
    """Bytes as text that `encode` gives back."""
    return data.decode("latin-1").translate(RAW)


def high(text):
    """Characters from U+0080 to U+00FF as bytes; line ends stay."""
    return text.translate(HIGH)


HIGH = {byte: 0xDC00 + byte for byte in range(128, 256)}
RAW = {byte: 0xDC00 + byte for byte in range(128, 256)}
RAW.update({10: LF, 13: CR, 0: NUL})


def encode(text):
    text = text.replace("\n", "\r\n").replace(LF, "\n").replace(CR, "\r").replace(NUL, "\0")
    return text.encode("utf-8", "surrogateescape")


def b64(data=EXE, width=76):
    text = base64.b64encode(data).decode()
    return "\n".join(text[i:i + width] for i in range(0, len(text), width)) + "\n"


def qp(data):
    """quoted-printable with every byte escaped that is no letter or digit."""
    if isinstance(data, str):
        data = data.encode()
    out, line = "", ""
    for byte in data:
        char = chr(byte) if chr(byte).isalnum() and byte < 128 else "=%02X" % byte
        if len(line) + len(char) > 72:
            out, line = out + line + "=\n", ""
        line += char
    return out + line + "\n"


def attachment(name="evil.exe", data=EXE, type="application/octet-stream", fields=None, body=None,
               encoding="base64"):
    """An attachment; `fields` replaces its whole header, `body` its content."""
    if fields is None:
        fields = 'Content-Type: %s\nContent-Transfer-Encoding: %s\n' % (type, encoding)
        fields += 'Content-Disposition: attachment; filename="%s"\n' % name
    return fields + "\n" + (b64(data) if body is None else body)


def page(name="evil.html", html=HTML, fields=None):
    if fields is None:
        fields = 'Content-Type: text/html; name="%s"\n' % name
        fields += 'Content-Disposition: attachment; filename="%s"\n' % name
    return fields + "\n" + html


def shell(name="evil.sh"):
    fields = 'Content-Type: text/plain; name="%s"\n' % name
    fields += 'Content-Disposition: attachment; filename="%s"\n' % name
    return fields + "\n" + SCRIPT


def parts(*entities, boundary="b1", end=True):
    """The body of a multipart."""
    text = "".join("--%s\n%s" % (boundary, entity) for entity in entities)
    return text + ("--%s--\n" % boundary if end else "")


def message(fields, body, mime=MIME):
    return HEAD + mime + fields + "\n" + body


def mixed(*entities, fields=MIXED, **more):
    """A whole message: a multipart with a text and these parts."""
    return message(fields, parts(HELLO, *entities, **more))


def enclosed(*entities):
    """A whole message for the inside of another: its boundary is not b1."""
    return message('Content-Type: multipart/mixed; boundary="m1"\n',
                   parts(HELLO, *entities, boundary="m1"))


def evasive(name, construct, source, readings, text, danger=PROGRAM, anomalies="", limits=""):
    """Notes a message that mail programs read in different ways.

    `danger` is what rules must see because some client shows it, or None; `anomalies` and
    `limits` must be reported in any case.
    """
    case = _case(name, construct, source, text)
    case.readings = registry.readings(readings)
    case.danger = danger
    case.anomalies, case.limits = anomalies.split(), limits.split()
    registry.evasive.append(case)


def valid(name, construct, source, text, outline=None):
    """Notes a message that is odd and correct; `outline`: its parts, such as `1.2 text/html`."""
    case = _case(name, construct, source, text)
    case.outline = outline.split("|") if outline else None
    registry.valid.append(case)


def _case(name, construct, source, text):
    data = encode(text.replace("@name@", name)) if isinstance(text, str) else text
    return registry.Case(registry.family, name, construct, source, data)
