"""File names in encoded words and in pieces (RFC 2047, RFC 2231)."""
import base64

from .mail import *
from .names import named, OCTETS, B64, fields

family("File name: encoded words")
WORD = {"anomalies": "encoded-parameter"}
TAKES = "RFC 2047 5 forbids it, most mail programs decode it"


def b(text, charset="utf-8", codec=None):
    data = base64.b64encode(text.encode(codec or charset)).decode()
    return "=?%s?B?%s?=" % (charset, data)


named("word-b", "an encoded word, base64", TAKES, "*: evil.exe",
      'filename="%s"' % b("evil.exe"), **WORD)
named("word-q", "an encoded word, Q", TAKES, "*: evil.exe",
      'filename="=?utf-8?Q?evil=2Eexe?="', **WORD)
named("word-unquoted", "an encoded word without quotes", TAKES, "*: evil.exe",
      "filename=" + b("evil.exe"), **WORD)
named("word-extension-only", "the extension alone is encoded", TAKES, "*: likely evil.exe",
      'filename="evil.=?utf-8?B?ZXhl?="', **WORD)
named("word-split", "two words, cut in the extension", "RFC 2047 2", "*: evil.exe",
      'filename="=?utf-8?Q?evil.e?= =?utf-8?Q?xe?="', **WORD)
named("word-split-folded", "two words on two lines", "RFC 2047 2", "*: evil.exe",
      'filename="=?utf-8?B?ZXZpbC5l?=\n =?utf-8?B?eGU=?="', **WORD)
named("word-split-glued", "two words without a blank between", "RFC 2047 2",
      "*: likely evil.exe", 'filename="=?utf-8?Q?evil.e?==?utf-8?Q?xe?="', **WORD)
named("word-split-in-group", "base64 cut inside of a group of four", "RFC 2047 5",
      "Outlook: likely evil.exe; *: likely evil. and garbage",
      'filename="=?utf-8?B?ZXZpbC5le?= =?utf-8?B?Gu?="', danger=seen(kind="executable"), **WORD)
named("word-two-charsets", "two words, two charsets", "RFC 2047 2", "*: evil.exe",
      'filename="=?iso-8859-1?Q?evil.?= =?koi8-r?Q?exe?="', **WORD)
named("word-wrong-charset", "a charset nobody knows", "RFC 2047 6.2",
      "*: evil.exe; Gmail: likely undecoded", 'filename="=?x-odd?Q?evil.exe?="', **WORD)
named("word-no-charset", "no charset", "RFC 2047 2", "*: likely undecoded",
      'filename="=??Q?evil.exe?="', danger=seen("=??Q?evil.exe?="))
named("word-language", "a language behind the charset", "RFC 2231 5", "*: likely evil.exe",
      'filename="=?utf-8*en?Q?evil.exe?="', **WORD)
named("word-blanks", "blanks inside of the word", "RFC 2047 2 forbids them",
      "*: likely evil x.exe", 'filename="=?utf-8?Q?evil x.exe?="', danger=seen("evil x.exe"),
      **WORD)
named("word-lower-case-mark", "b for B", "RFC 2047 2", "*: evil.exe",
      'filename="=?UTF-8?b?ZXZpbC5leGU=?="', **WORD)
named("word-unknown-mark", "an encoding that is neither B nor Q", "RFC 2047 2",
      "*: undecoded", 'filename="=?utf-8?X?evil.exe?="', danger=seen("=?utf-8?X?evil.exe?="))
named("word-no-end", "the end of the word is missing", "RFC 2047 2",
      "*: likely undecoded; Outlook: likely evil.exe", 'filename="=?utf-8?Q?evil.exe"',
      danger=seen(kind="executable"))
named("word-no-padding", "base64 without its padding", "RFC 2047 4.1", "*: evil.exe",
      'filename="=?utf-8?B?ZXZpbC5leGU?="', **WORD)
named("word-garbage", "base64 with foreign characters", "RFC 2047 4.1", "*: likely evil.exe",
      'filename="=?utf-8?B?ZX*Zpb!C5leGU=?="', **WORD)
named("word-nested", "an encoded word in an encoded word", "RFC 2047",
      "*: =?utf-8?Q?evil.exe?=", 'filename="%s"' % b("=?utf-8?Q?evil.exe?="),
      danger=seen("=?utf-8?Q?evil.exe?="), **WORD)
named("word-in-extended", "an encoded word in filename*", "RFC 2231 4",
      "*: likely undecoded; Gmail: likely evil.exe",
      "filename*=utf-8''=?utf-8?Q?evil=2Eexe?=")
named("word-in-extended-percent", "an encoded word in percent signs in filename*", "RFC 2231 4",
      "*: undecoded; Gmail: likely evil.exe", "filename*=utf-8''%3D%3Futf-8%3FQ%3Fevil%2Eexe%3F%3D")
named("word-utf16", "UTF-16 in base64", "RFC 2781", "*: evil.exe",
      'filename="%s"' % b("evil.exe", "utf-16be"), **WORD)
named("word-utf7", "UTF-7", "RFC 2152", "Outlook: likely evil.exe; *: likely evil+AC4-exe",
      'filename="=?utf-7?Q?evil+AC4-exe?="', **WORD)
named("word-iso2022", "ISO-2022-JP with its escapes", "RFC 1468", "*: evil.exe",
      'filename="=?iso-2022-jp?B?%s?="' % base64.b64encode(b"\x1b(Jevil.exe\x1b(B").decode(),
      **WORD)
named("word-rtlo", "U+202E in an encoded word", "MITRE T1036.002", "*: annexe.txt",
      'filename="%s"' % b("ann\u202etxt.exe"), danger=seen("ann\u202etxt.exe", extension="exe"),
      anomalies="encoded-parameter name-bidi")
named("word-nul", "a NUL in an encoded word", "CWE-158", "*: likely note.txt.exe",
      'filename="=?utf-8?Q?note.txt=00.exe?="', danger=seen(kind="executable", extension="exe"),
      anomalies="encoded-parameter name-control")
named("word-line-end", "a line end in an encoded word", "RFC 2047 5",
      "*: likely evil .exe", 'filename="=?utf-8?Q?evil=0D=0A.exe?="',
      danger=seen(kind="executable", extension="exe"), anomalies="encoded-parameter name-control")
fields("word-in-name", "an encoded word in name, a harmless name in filename", "RFC 2047 5",
       "Apple Mail: likely evil.exe; *: note.txt",
       'Content-Type: application/octet-stream; name="%s"\n' % b("evil.exe")
       + 'Content-Disposition: attachment; filename="note.txt"\n',
       anomalies="name-conflict encoded-parameter")
named("word-whole-parameter", "name and value in one encoded word", "RFC 2047 5",
      "*: no name; Outlook: likely evil.exe", "=?utf-8?Q?filename=3Devil=2Eexe?=",
      danger=seen(kind="executable"))

family("File name: pieces")
PIECE = {"anomalies": "bad-continuation"}
named("extended-against-plain", "filename* is the program, filename harmless", "RFC 6266 4.3",
      "Thunderbird: evil.exe; Outlook: likely note.txt; *: likely evil.exe",
      "filename=note.txt; filename*=utf-8''evil.exe", anomalies="name-conflict")
named("plain-against-extended", "filename is the program, filename* harmless", "RFC 6266 4.3",
      "Outlook: likely evil.exe; *: note.txt", "filename=evil.exe; filename*=utf-8''note.txt",
      anomalies="name-conflict")
named("pieces-against-plain", "pieces are the program, filename harmless", "RFC 2231 3",
      "Thunderbird: evil.exe; *: likely note.txt",
      "filename=note.txt; filename*0=evil.; filename*1=exe", anomalies="name-conflict")
named("extended-plain-star", "filename* without charset and apostrophes", "RFC 2231 4",
      "*: likely evil.exe", "filename*=evil.exe")
named("extended-one-apostrophe", "one apostrophe", "RFC 2231 4",
      "*: likely evil.exe; Thunderbird: likely utf-8'evil.exe", "filename*=utf-8'evil.exe",
      danger=seen(kind="executable", extension="exe"))
named("extended-quoted", "quotes around filename*", "RFC 2231 4", "*: evil.exe",
      "filename*=\"utf-8''evil%2Eexe\"")
named("extended-unknown-charset", "a charset nobody knows", "RFC 2231 4", "*: likely evil.exe",
      "filename*=x-odd''evil%2Eexe")
named("extended-wrong-charset", "a charset that the bytes are not in", "RFC 2231 4",
      "*: likely evil?.exe", "filename*=utf-8''evil%FF.exe",
      danger=seen(kind="executable", extension="exe"))
named("extended-utf16", "UTF-16 in percent signs", "RFC 2231 4", "*: likely evil.exe",
      "filename*=utf-16be''" + "".join("%%00%%%02X" % ord(c) for c in "evil.exe"))
named("extended-utf7", "UTF-7", "RFC 2152", "Outlook: likely evil.exe; *: evil+AC4-exe",
      "filename*=utf-7''evil+AC4-exe")
named("extended-bad-percent", "percent signs that escape nothing", "RFC 2231 7",
      "*: likely evil%zz.exe", "filename*=utf-8''evil%zz%2.exe",
      danger=seen(kind="executable", extension="exe"))
named("extended-double-percent", "percent signs encoded twice", "RFC 2231 4",
      "*: evil%2Eexe; Gmail: likely evil.exe when saved", "filename*=utf-8''evil%252Eexe",
      danger=seen("evil%2Eexe", extension="exe"), anomalies="name-disguise")
named("extended-nul", "an encoded NUL", "CWE-158", "*: likely evil.exe",
      "filename*=utf-8''evil.exe%00.txt", danger=seen(kind="executable", extension="exe"),
      anomalies="name-control")
named("extended-path", "an encoded path", "CWE-22", "*: evil.exe",
      "filename*=utf-8''..%2F..%2Fevil.exe", anomalies="name-path")
named("extended-rtlo", "an encoded U+202E", "MITRE T1036.002", "*: annexe.txt",
      "filename*=utf-8''ann%E2%80%AEtxt.exe", danger=seen("ann\u202etxt.exe", extension="exe"),
      anomalies="name-bidi")
named("extended-in-plain", "the encoded form in a plain parameter", "RFC 2231 4",
      "*: likely utf-8''evil%2Eexe; Gmail: likely evil.exe", "filename=\"utf-8''evil%2Eexe\"",
      danger=seen(kind="executable", extension="exe"))
named("extended-twice", "two filename*, the program second", "RFC 2231 4",
      "*: likely note.txt; Outlook: likely evil.exe",
      "filename*=utf-8''note.txt; filename*=utf-8''evil.exe", anomalies="name-conflict")
named("pieces-order", "pieces in wrong order", "RFC 2231 3: order does not count",
      "*: evil.exe; Outlook: likely xeevil.e", "filename*1=xe; filename*0=evil.e")
named("pieces-doubled-first", "a piece doubled, the first counts", "RFC 2231 3",
      "Thunderbird: likely evil.exe; *: likely evil.txt",
      "filename*0=evil.; filename*1=exe; filename*1=txt", **PIECE)
named("pieces-doubled-last", "a piece doubled, the last counts", "RFC 2231 3",
      "Outlook: likely evil.exe; *: likely evil.txt",
      "filename*0=evil.; filename*1=txt; filename*1=exe", **PIECE)
named("pieces-gap", "a piece is missing between", "RFC 2231 3",
      "Thunderbird: evil.; *: likely evil.exe", "filename*0=evil.; filename*2=exe", **PIECE)
named("pieces-gap-cut", "readers that stop at the gap see the program", "RFC 2231 3",
      "Thunderbird: evil.exe; *: likely evil.exe.txt", "filename*0=evil.exe; filename*2=.txt",
      **PIECE)
named("pieces-from-one", "numbers begin at 1", "RFC 2231 3",
      "*: likely evil.exe; Thunderbird: no name", "filename*1=evil.; filename*2=exe", **PIECE)
named("pieces-zeros", "numbers with leading zeros", "RFC 2231 3 forbids them",
      "*: likely evil.exe", "filename*00=evil.; filename*01=exe", **PIECE)
named("pieces-mixed", "encoded and plain pieces", "RFC 2231 4.1", "*: evil.exe",
      "filename*0*=utf-8''evil; filename*1=.; filename*2*=%65xe")
named("pieces-plain-percent", "percent signs in a plain piece stay", "RFC 2231 4.1",
      "Thunderbird: evil%2Eexe; *: likely evil.exe",
      "filename*0*=utf-8''evil; filename*1=%2Eexe", danger=seen(kind="executable",
                                                               extension="exe"))
named("pieces-late-charset", "the charset stands in the second piece", "RFC 2231 4.1",
      "*: likely evil.utf-8''exe", "filename*0=evil.; filename*1*=utf-8''exe",
      danger=seen(kind="executable"), **PIECE)
named("pieces-first-plain", "the first piece is plain, later ones encoded", "RFC 2231 4.1",
      "*: likely evil.exe", "filename*0=evil; filename*1*=%2E%65xe")
named("pieces-cut-percent", "an escape cut between two pieces", "RFC 2231 4.1",
      "Outlook: likely evil.exe; *: likely evil%2Eexe",
      "filename*0*=utf-8''evil%2; filename*1*=Eexe", danger=seen(kind="executable"),
      anomalies="bad-parameter")
named("pieces-quoted", "quoted pieces, encoded", "RFC 2231 4.1", "*: evil.exe",
      "filename*0*=\"utf-8''ev\"; filename*1*=\"il%2Eexe\"")
named("pieces-no-star", "numbers without the star", "RFC 2231 3", "*: no name",
      'filename0="evil."; filename1="exe"', danger=seen(kind="executable"))
named("pieces-blank", "a blank before the star", "RFC 2231 3", "*: likely no name",
      'filename *0="evil."; filename *1="exe"', danger=seen(kind="executable"))
named("pieces-hundred", "a hundred pieces", "RFC 2231 3", "*: evil.exe with its hundred letters",
      "; ".join("filename*%d=%s" % (i, "a") for i in range(99)) + "; filename*99=.exe",
      danger=seen("a" * 99 + ".exe"))
named("pieces-words", "encoded words in pieces", "RFC 2047 5", "*: likely evil.exe",
      'filename*0="=?utf-8?Q?evil.e?="; filename*1="=?utf-8?Q?xe?="',
      anomalies="encoded-parameter")
named("pieces-word-cut", "an encoded word cut between two pieces", "RFC 2047 5",
      "Gmail: likely evil.exe; *: likely undecoded",
      'filename*0="=?utf-8?Q?evil"; filename*1=".exe?="')
named("pieces-case", "name in odd case between the pieces", "RFC 2045 5.1", "*: evil.exe",
      "FileName*0=evil.; fILENAME*1=exe")
named("pieces-of-name-and-filename", "pieces of both parameters", "RFC 2231 3",
      "*: likely evil. and no extension", "filename*0=evil.; name*1=exe",
      danger=seen(kind="executable"), **PIECE)
fields("pieces-two-fields", "a piece in each of two Content-Disposition fields", "RFC 2045 3",
       "*: likely evil.", OCTETS + "Content-Disposition: attachment; filename*0=evil.\n"
       "Content-Disposition: attachment; filename*1=exe\n", danger=seen(kind="executable"),
       anomalies="duplicate-headers")
