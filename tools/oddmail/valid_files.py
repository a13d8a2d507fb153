"""Valid content that looks odd, and what programs of every day send."""
import io
import zipfile

from . import registry
from .mail import *
from .payloads import EXE, ZIP, gzip_of, signed_data, tar_of, tnef, uuencode, zip_of

family("valid")


def sent(name, construct, source, file, data, type="application/octet-stream"):
    data = data.encode() if isinstance(data, str) else data
    valid(name, construct, source, mixed(attachment(file, data, type)),
          "1 multipart/mixed|1.1 text/plain|1.2 " + type)


def text(name, construct, source, body, fields=""):
    valid(name, construct, source, message(fields, body), "1 text/plain")


def streamed(members):
    """A zip as it is written to a pipe: sizes follow the members."""
    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 6, 10, 0, 0)), data)
    return pipe.data


Z = "application/zip"
TWO = [("a.txt", b"Hello"), ("b/c.txt", b"you")]
sent("zip-two", "two members, one in a folder", "APPNOTE 4.3", "a.zip", zip_of(TWO), Z)
sent("zip-folder", "a folder as a member", "APPNOTE 4.3", "a.zip", zip_of([("b/", b"")] + TWO), Z)
sent("zip-empty", "a zip without members", "APPNOTE 4.3.1", "a.zip", zip_of([]), Z)
sent("zip-comment", "a zip with a comment", "APPNOTE 4.4.12", "a.zip",
     zip_of(TWO, comment=b"made by us"), Z)
sent("zip-streamed", "a zip written to a pipe", "APPNOTE 4.3.9", "a.zip", streamed(TWO), Z)
sent("zip-utf8", "UTF-8 in a member's name", "APPNOTE 4.4.4, bit 11", "a.zip",
     zip_of([("gr\u00fc\u00dfe.txt", b"Hello")]), Z)
sent("zip-dots", "two dots in a member's name", "APPNOTE 4.4.17", "a.zip",
     zip_of([("a..b/c...txt", b"Hello")]), Z)
sent("zip-in-zip", "a zip in a zip", "APPNOTE 4.3", "a.zip", zip_of([("b.zip", zip_of(TWO))]), Z)
sent("zip-of-program", "a program in a zip", "APPNOTE 4.3", "a.zip", ZIP, Z)
sent("tar", "a tar", "POSIX ustar", "a.tar", tar_of([("a.txt", b"Hello")]), "application/x-tar")
sent("gzip-name", "gzip with a name inside", "RFC 1952", "a.txt.gz", gzip_of(b"Hello", b"a.txt"),
     "application/gzip")
RELS = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        "</Relationships>").encode()
TYPES = ('<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
         'content-types"><Default Extension="xml" ContentType="application/xml"/></Types>').encode()
sent("docx", "a Word file", "ECMA-376", "a.docx", zip_of([
    ("[Content_Types].xml", TYPES), ("_rels/.rels", RELS),
    ("word/document.xml", b'<w:document xmlns:w="x"><w:body/></w:document>')]),
     "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
sent("odt", "an OpenDocument text", "OpenDocument 1.2, 3", "a.odt", zip_of([
    ("mimetype", b"application/vnd.oasis.opendocument.text"),
    ("content.xml", b"<x/>")]), "application/vnd.oasis.opendocument.text")
PDF = (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n"
       b"<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%EOF\n")
sent("pdf", "a PDF", "ISO 32000-1", "a.pdf", PDF, "application/pdf")
sent("pdf-updated", "a PDF with an update at its end", "ISO 32000-1 7.5.6", "a.pdf", PDF
     + b"3 0 obj\n<</Type/Metadata>>\nendobj\ntrailer\n<</Root 1 0 R/Prev 9>>\n%%EOF\n",
     "application/pdf")
sent("program", "a program", "RFC 2183", "setup.exe", EXE)
sent("svg", "a picture without script", "SVG 2", "a.svg",
     '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>\n', "image/svg+xml")
sent("page", "a page with a script", "RFC 2854", "a.html",
     "<!DOCTYPE html>\n<html><head><script>1</script></head><body></body></html>\n", "text/html")
sent("jpeg", "a picture with a picture in its header", "Exif 2.3", "a.jpg",
     b"\xff\xd8\xff\xe1\0\x20Exif\0\0\xff\xd8\xff\xdb\0\x04\0\0\xff\xd9" + b"\0" * 10
     + b"\xff\xda\0\x02\xff\xd9", "image/jpeg")
sent("text-about-files", "a text that tells of other files' first bytes", "RFC 2046 4.1", "a.txt",
     "A zip begins with PK, a PDF with %PDF-1.4, a program with MZ.\r\n<html> is a page.\r\n",
     "text/plain")
sent("winmail", "a winmail.dat", "MS-OXTNEF", "winmail.dat", tnef("a.txt", b"Hello"),
     "application/ms-tnef")
registry.valid[-1].outline = None
text("begin-in-prose", "lines that begin with begin and end", "uuencode(1)",
     "begin with this:\nbegin 6 days later\nbegin 98 bottles later,\nand then\nend\n")
text("ybegin-in-prose", "a text about yEnc", "yEnc 1.3", "=ybegin is how yEnc begins\n=yend too\n")
text("binhex-in-prose", "a text about BinHex", "RFC 1741",
     "(This file must be converted with BinHex 4.0) is what BinHex writes first\n:-)\n")
text("uuencoded", "a uuencoded file, whole", "uuencode(1)", uuencode(b"Hello\r\n", "a.txt"))
registry.valid[-1].outline = None
text("armour", "an armoured signature", "RFC 9580 7",
     "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -----\n"
     "-----BEGIN PGP SIGNATURE-----\n\niHUEABYK\n=abcd\n-----END PGP SIGNATURE-----\n")
text("patch", "a patch", "git format-patch",
     "---\n a.txt | 2 +-\n 1 file changed\n\ndiff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n"
     "@@ -1 +1 @@\n-a\n+b\n-- \n2.39.2\n")
text("field-name-signs", "a field name of all signs that are allowed", "RFC 5322 2.2", "Hello\n",
     "X-!#$%&'*+.^_`|~()<>@,;\\\"/[]?={}: 1\n")
text("field-empty", "fields without value", "RFC 5322 2.2", "Hello\n", "X-Empty:\nX-Blank: \n")
text("field-no-blank", "fields without a blank behind the colon", "RFC 5322 2.2", "Hello\n",
     "X-Odd:1\nContent-Type:text/plain;charset=us-ascii\n")
text("field-900", "an unfolded field of 900 characters", "RFC 5322 2.1.1", "Hello\n",
     "X-Odd: " + "y" * 900 + "\n")
text("signatures", "many signatures of hosts", "RFC 6376, RFC 8617", "Hello\n",
     "".join("DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s%d; "
             "h=from:to;\n bh=abc=; b=def\n"
             "ARC-Seal: i=%d; a=rsa-sha256; cv=none; d=example.org; s=s; b=abc\n" % (i, i)
             for i in range(1, 5)))
text("list", "the fields of a list", "RFC 2369, RFC 2919, RFC 8058", "Hello\n",
     "List-Id: Ours <ours.example.org>\nList-Unsubscribe: <mailto:x@example.org>,\n"
     " <https://example.org/x>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
     "Precedence: list\nSender: ours-bounces@example.org\n")
text("resent", "sent again, twice", "RFC 5322 3.6.6", "Hello\n",
     "Resent-From: ann@example.org\nResent-To: eve@example.org\n"
     "Resent-Date: Mon, 6 Jan 2025 10:00:00 +0000\n"
     "Resent-From: eve@example.org\nResent-To: bob@example.net\n"
     "Resent-Date: Mon, 6 Jan 2025 11:00:00 +0000\n")
text("qp-76", "encoded lines of exactly 76 characters", "RFC 2045 6.7 (5)",
     ("x" * 75 + "=\n") * 3 + "end\n", "Content-Transfer-Encoding: quoted-printable\n")
text("qp-soft-break-last", "a soft break before an empty line", "RFC 2045 6.7", "Hello=\n\n",
     "Content-Transfer-Encoding: quoted-printable\n")
text("utf8-bom-body", "a mark before UTF-8", "RFC 3629 6", "\ufeffHello\n",
     "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n")
text("form-feed-body", "form feeds and tabs in a text", "RFC 5322 2.3", "Hello\n\x0c\n\tyou\n")
valid("mixed-qp-soft-break", "a soft break at the very end of a part", "RFC 2046 5.1.1",
      mixed("Content-Transfer-Encoding: quoted-printable\n\nHello=\n"),
      "1 multipart/mixed|1.1 text/plain|1.2 text/plain")
valid("newsletter", "a newsletter", "of every day", message(
    'Content-Type: multipart/alternative; boundary="=_b1"\n', parts(
        'Content-Type: text/plain; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        "Gr=C3=BC=C3=9Fe\n",
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        '<!DOCTYPE html>\n<html lang=3D"de"><head><style>p{color:#333}</style></head><body>\n'
        '<table width=3D"100%"><tr><td><p>Gr=C3=BC=C3=9Fe</p><img src=3D"https://example.org/x"=\n'
        " width=3D1></td></tr></table></body></html>\n", boundary="=_b1")),
      "1 multipart/alternative|1.1 text/plain|1.2 text/html")
valid("signed-smime", "a signed message", "RFC 8551 3.5.3", message(
    'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\n micalg=sha-256; '
    'boundary="b1"\n', "This is an S/MIME signed message\n\n" + parts(HELLO, attachment(
        "smime.p7s", b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\0\0\0\0",
        "application/pkcs7-signature"))),
      "1 multipart/signed|1.1 text/plain|1.2 application/pkcs7-signature")
valid("signed-opaque", "an opaque signature", "RFC 8551 3.5.2", message(
    "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n"
    "Content-Disposition: attachment; filename=smime.p7m\nContent-Transfer-Encoding: base64\n",
    b64(signed_data(encode(HELLO), pieces=True))),
      "1 application/pkcs7-mime|1.1 text/plain")
valid("signed-file", "a bill that is signed as a file", "RFC 5652 5.2", mixed(
    attachment("bill.xml.p7m", signed_data(b"<?xml version=\"1.0\"?><bill/>\n"),
               "application/pkcs7-mime")),
      "1 multipart/mixed|1.1 text/plain|1.2 application/pkcs7-mime|1.2.1 application/octet-stream")
valid("message-file", "a message that was forwarded as a file", "RFC 2046 4.5.1", mixed(
    attachment("Hello.eml", encode(message(MIXED.replace("b1", "m1"), parts(
        HELLO, attachment("a.txt", b"Hello", "text/plain"), boundary="m1"))))),
      "1 multipart/mixed|1.1 text/plain|1.2 application/octet-stream|1.2.1 message/rfc822"
      "|1.2.1.1 multipart/mixed|1.2.1.1.1 text/plain|1.2.1.1.2 text/plain")
valid("message-file-unix", "a message that was saved on Unix", "RFC 2046 4.5.1", mixed(
    attachment("Hello.eml", message("", "Hello").encode())),
      "1 multipart/mixed|1.1 text/plain|1.2 application/octet-stream|1.2.1 message/rfc822"
      "|1.2.1.1 text/plain")
sent("message-file-text", "a text that is only called a message", "RFC 2183 2.3", "Hello.eml",
     "Hello Bob, this is a text.\n", "text/plain")
valid("next-part", "nested as Outlook writes it", "of every day", message(
    'Content-Type: multipart/related;\n\tboundary="----=_NextPart_000_0001_01DB600A.0F2A5B30"\n',
    "This is a multipart message in MIME format.\n\n" + parts(
        'Content-Type: multipart/alternative;\n'
        '\tboundary="----=_NextPart_001_0002_01DB600A.0F2A5B30"\n\n\n' + parts(
            HELLO, "Content-Type: text/html\n\n<p>Hello</p>\n",
            boundary="----=_NextPart_001_0002_01DB600A.0F2A5B30") + "\n",
        attachment("image001.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0"
                   b":~\x9bU", "image/png"),
        boundary="----=_NextPart_000_0001_01DB600A.0F2A5B30")),
      "1 multipart/related|1.1 multipart/alternative|1.1.1 text/plain|1.1.2 text/html"
      "|1.2 image/png")
valid("global-base64", "a message with UTF-8 headers, in base64", "RFC 6532 3.7", mixed(
    "Content-Type: message/global\nContent-Transfer-Encoding: base64\n\n"
    + b64(encode("Subject: Gr\u00fc\u00dfe\n\nHello\n"))))
