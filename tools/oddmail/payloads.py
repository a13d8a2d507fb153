"""What the messages carry: files that are told from their first bytes and do nothing.

Nothing here is compressed by a library, whose output may differ from one version to the next.
"""
import binascii
import io
import struct
import zipfile


def program(note=b"This header has no program behind it."):
    """A PE header (Microsoft PE format, 2 and 3): no section, no code."""
    dos = b"MZ" + struct.pack("<HHHH", 0x90, 3, 0, 4)
    dos = dos.ljust(20, b"\0") + b"\xfb\xef\xff\xfb\xff\xbf" * 6
    dos = dos.ljust(60, b"\0")[:60] + struct.pack("<I", 0x80)
    stub = note.ljust(0x80 - 64, b"\0")[:0x80 - 64]
    coff = b"PE\0\0" + struct.pack("<HHIIIHH", 0x14C, 0, 0, 0, 0, 0xE0, 0x102)
    optional = struct.pack("<HBB", 0x10B, 6, 0).ljust(0xE0, b"\0")
    return dos + stub + coff + optional


EXE = program()
SCRIPT = "#!/bin/sh\necho harmless\n"
SCRIPT_BYTES = SCRIPT.encode()
HTML = ("<html><head><title>t</title></head><body><p>Hello</p>\n"
        "<script>document.write(\"harmless\")</script></body></html>\n")


def zip_of(members, comment=b"", flags=0):
    """A zip with stored members; `members` is a list of (name, bytes)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2025, 1, 6, 10, 0, 0))
            info.create_system = 0
            info.external_attr = 0
            archive.writestr(info, data)
        archive.comment = comment
    return out.getvalue()


ZIP = zip_of([("evil.exe", EXE)])


def zip_raw(locals_, centrals, comment=b""):
    """A zip written by hand; locals_: (name, data, fields), centrals: (name, data, offset index).

    Each entry is a dict with name, data, and what shall differ: crc, size, csize, method, flags.
    """
    out, offsets = b"", []
    for entry in locals_:
        offsets.append(len(out))
        out += b"PK\3\4" + _fields(entry) + entry["name"] + entry["data"]
    start = len(out)
    for entry in centrals:
        head = b"PK\1\2" + struct.pack("<H", 20) + _fields(entry)
        out += head + struct.pack("<HHHII", 0, 0, 0, 0, offsets[entry.get("at", 0)])
        out += entry["name"]
    count = len(centrals)
    out += b"PK\5\6" + struct.pack(
        "<HHHHIIH", 0, 0, count, count, len(out) - start, start, len(comment))
    return out + comment


def _fields(entry):
    data = entry["data"]
    crc = entry.get("crc", binascii.crc32(data))
    size = entry.get("size", len(data))
    return struct.pack(
        "<HHHHHIIIHH", 20, entry.get("flags", 0), entry.get("method", 0), 0x5000, 0x5A26, crc,
        entry.get("csize", len(data)), size, len(entry["name"]), 0)


def deflate_stored(data):
    """DEFLATE with stored blocks (RFC 1951 3.2.4): no library's taste is in it."""
    out = b""
    pieces = [data[i:i + 65535] for i in range(0, len(data), 65535)] or [b""]
    for index, piece in enumerate(pieces):
        last = 1 if index == len(pieces) - 1 else 0
        out += struct.pack("<BHH", last, len(piece), len(piece) ^ 0xFFFF) + piece
    return out


def gzip_of(data, name=b""):
    """gzip (RFC 1952) of stored blocks."""
    flags = 8 if name else 0
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff"
    if name:
        head += name + b"\0"
    return head + deflate_stored(data) + struct.pack("<II", binascii.crc32(data), len(data))


def tar_of(members):
    """A tar file (POSIX ustar)."""
    out = b""
    for name, data in members:
        head = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
        head += b"%011o\0" % len(data) + b"14736726040\0" + b" " * 8 + b"0" + b"\0" * 100
        head += b"ustar\00000" + b"\0" * 247
        head = head.ljust(512, b"\0")
        head = head[:148] + b"%06o\0 " % sum(head) + head[156:]
        out += head + data + b"\0" * (-len(data) % 512)
    return out + b"\0" * 1024


def uuencode(data, name="evil.exe", mode="644", end="`\nend\n"):
    """uuencode as POSIX uuencode(1) has it."""
    lines = ["begin %s %s" % (mode, name)]
    for start in range(0, len(data), 45):
        lines.append(binascii.b2a_uu(data[start:start + 45], backtick=True).decode().rstrip("\n"))
    return "\n".join(lines) + "\n" + end


def xxencode(data, name="evil.exe"):
    """uuencode with another alphabet."""
    alphabet = "+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    lines = uuencode(data, name).split("\n")
    for index in range(1, len(lines) - 2):
        lines[index] = "".join(alphabet[ord(c) - 32 & 63] for c in lines[index])
    return "\n".join(lines)


def yenc(data, name="evil.exe", line=128, trailer=True, part=None):
    """yEnc 1.3 as a string of code points below 256 (written as bytes by `mail.raw`)."""
    out, column = "", 0
    for byte in data:
        value = (byte + 42) & 255
        if value in (0, 10, 13, 61) or (value == 46 and column == 0):
            out += "=" + chr((value + 64) & 255)
            column += 2
        else:
            out += chr(value)
            column += 1
        if column >= line:
            out, column = out + "\n", 0
    if column:
        out += "\n"
    head = "=ybegin line=%d size=%d name=%s\n" % (line, len(data), name)
    tail = "=yend size=%d crc32=%08x\n" % (len(data), binascii.crc32(data)) if trailer else ""
    if part:
        number, total, begin, size = part
        head = "=ybegin part=%d total=%d line=%d size=%d name=%s\n=ypart begin=%d end=%d\n" % (
            number, total, line, size, name, begin, begin + len(data) - 1)
        tail = "=yend size=%d part=%d pcrc32=%08x\n" % (len(data), number, binascii.crc32(data))
    return head + out + tail


def crc16(data):
    """The CRC of BinHex 4.0: CCITT, begun at 0."""
    return binascii.crc_hqx(data, 0)


def binhex(data, name="evil.exe", banner=True):
    """BinHex 4.0 (RFC 1741) with a data fork only."""
    head = bytes([len(name)]) + name.encode() + b"\0" + b"BINAhDmp" + struct.pack(
        ">HII", 0, len(data), 0)
    raw = head + struct.pack(">H", crc16(head)) + data + struct.pack(">H", crc16(data))
    raw += struct.pack(">H", crc16(b""))
    alphabet = "!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
    raw = raw.replace(b"\x90", b"\x90\0")
    raw += b"\0" * (-len(raw) % 3)
    text = ":"
    for start in range(0, len(raw), 3):
        bits = int.from_bytes(raw[start:start + 3], "big")
        text += "".join(alphabet[bits >> shift & 63] for shift in (18, 12, 6, 0))
    text += ":"
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    first = "(This file must be converted with BinHex 4.0)\n\n" if banner else ""
    return first + "\n".join(lines) + "\n"


def applesingle(data=EXE, name=b"evil.exe"):
    """AppleSingle (RFC 1740) with a name and a data fork."""
    head = b"\0\5\x16\0\0\2\0\0" + b"\0" * 16 + struct.pack(">H", 2)
    start = len(head) + 24
    head += struct.pack(">III", 3, start, len(name))
    return head + struct.pack(">III", 1, start + len(name), len(data)) + name + data


def tnef(name="evil.exe", data=EXE, long_name=None):
    """A winmail.dat (MS-OXTNEF 2.1) with one attachment."""
    def attribute(level, tag, content):
        total = sum(content) & 0xFFFF
        return bytes([level]) + struct.pack("<II", tag, len(content)) + content + struct.pack(
            "<H", total)

    out = struct.pack("<IH", 0x223E9F78, 1)
    out += attribute(1, 0x00089006, struct.pack("<I", 0x10000))
    out += attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    out += attribute(2, 0x00069002, struct.pack("<HIHHIH", 1, 0xFFFFFFFF, 0, 0, 0, 0)[:14])
    out += attribute(2, 0x00018010, name.encode() + b"\0")
    out += attribute(2, 0x0006800F, data)
    if long_name:
        value = long_name.encode() + b"\0"
        props = struct.pack("<IHHII", 1, 0x1E, 0x3707, 1, len(value)) + value
        out += attribute(2, 0x00069005, props + b"\0" * (-len(value) % 4))
    return out


def der(tag, *content):
    """One value of DER (X.690 8.1)."""
    body = b"".join(content)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    count = (size.bit_length() + 7) // 8
    return bytes([tag, 128 | count]) + size.to_bytes(count, "big") + body


def signed_data(content, pieces=False):
    """A CMS SignedData around `content` (RFC 5652 5.1), without signers; as BER in pieces."""
    data = der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01")
    if pieces:
        octets = b"".join(der(0x04, content[i:i + 100]) for i in range(0, len(content), 100))
        inside = b"\x30\x80" + data + b"\xa0\x80\x24\x80" + octets + b"\0\0" * 3
    else:
        inside = der(0x30, data, der(0xA0, der(0x04, content)))
    signed = der(0x30, der(0x02, b"\x01"), der(0x31), inside, der(0x31))
    return der(0x30, der(0x06, b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"), der(0xA0, signed))
