"""File names: which field gives them, how they are quoted, and what they hide."""
from .mail import *
from .payloads import EXE

family("File name: fields")
OCTETS = "Content-Type: application/octet-stream\n"
B64 = "Content-Transfer-Encoding: base64\n"


def fields(name, construct, source, readings, lines, **more):
    """An attachment with these fields beside its encoding."""
    evasive(name, construct, source, readings, mixed(attachment(fields=lines + B64)), **more)


def named(name, construct, source, readings, parameter, **more):
    """An attachment whose Content-Disposition has `parameter`."""
    fields(name, construct, source, readings,
           OCTETS + "Content-Disposition: attachment; %s\n" % parameter, **more)


CONFLICT = {"anomalies": "name-conflict"}
fields("name-against-filename", "name says evil.exe, filename says note.txt", "RFC 2183 2.10",
       "Thunderbird: note.txt; Outlook: likely note.txt; Gmail: likely note.txt; "
       "Apple Mail: likely evil.exe",
       'Content-Type: application/octet-stream; name="evil.exe"\n'
       'Content-Disposition: attachment; filename="note.txt"\n', **CONFLICT)
fields("filename-against-name", "filename says evil.exe, name says note.txt", "RFC 2183 2.10",
       "Thunderbird: evil.exe; *: likely evil.exe",
       'Content-Type: application/octet-stream; name="note.txt"\n'
       'Content-Disposition: attachment; filename="evil.exe"\n', **CONFLICT)
named("filename-twice-last", "two filename parameters, the program's second", "RFC 2045 5",
      "Outlook: likely evil.exe; *: likely note.txt", 'filename="note.txt"; filename="evil.exe"',
      **CONFLICT)
named("filename-twice-first", "two filename parameters, the program's first", "RFC 2045 5",
      "Thunderbird: evil.exe; *: likely evil.exe", 'filename="evil.exe"; filename="note.txt"',
      **CONFLICT)
fields("disposition-twice-last", "two Content-Disposition fields, the program's second",
       "RFC 2045 3", "Outlook: likely evil.exe; *: likely note.txt",
       OCTETS + 'Content-Disposition: attachment; filename="note.txt"\n'
       'Content-Disposition: attachment; filename="evil.exe"\n', anomalies="name-conflict "
       "duplicate-headers")
fields("disposition-twice-first", "two Content-Disposition fields, the program's first",
       "RFC 2045 3", "Thunderbird: evil.exe; *: likely evil.exe",
       OCTETS + 'Content-Disposition: attachment; filename="evil.exe"\n'
       'Content-Disposition: inline; filename="note.txt"\n', anomalies="name-conflict "
       "duplicate-headers")
fields("name-of-second-type", "the name stands in the second Content-Type", "RFC 2045 3",
       "Outlook: likely evil.exe; *: likely no name",
       OCTETS + 'Content-Type: application/octet-stream; name="evil.exe"\n',
       anomalies="duplicate-content-type")
fields("name-only", "name alone, no disposition", "RFC 1341 7.4.1 had it", "*: evil.exe",
       'Content-Type: application/octet-stream; name="evil.exe"\n')
fields("name-on-inline-image", "an inline picture whose name is a program's", "RFC 2183 2.1",
       "*: evil.exe", 'Content-Type: image/png; name="evil.exe"\nContent-Disposition: inline\n')
fields("name-on-text", "text/plain with a program's name", "RFC 2183 2", "*: evil.exe",
       'Content-Type: text/plain; name="evil.exe"\n')
fields("name-in-description", "Content-Description has the name, no other field", "RFC 2045 8",
       "Apple Mail: likely evil.exe; Thunderbird: likely Part 1.2; *: likely no name",
       OCTETS + "Content-Description: evil.exe\nContent-Disposition: attachment\n")
fields("name-in-location", "Content-Location has the name", "RFC 2557 4",
       "Outlook: likely evil.exe; *: likely no name",
       OCTETS + "Content-Location: evil.exe\nContent-Disposition: attachment\n")
fields("name-in-location-url", "Content-Location has an address that ends with the name",
       "RFC 2557 4", "Outlook: likely evil.exe; *: likely no name",
       OCTETS + "Content-Location: http://www.example.org/a/evil.exe\n"
       "Content-Disposition: attachment\n")
fields("filename-in-type", "filename in Content-Type", "RFC 2183 2.3",
       "Thunderbird: likely evil.exe; Outlook: likely evil.exe; *: likely no name",
       "Content-Type: application/octet-stream; filename=\"evil.exe\"\n")
fields("name-in-disposition", "name in Content-Disposition", "RFC 2183 2.3",
       "Thunderbird: likely evil.exe; *: likely no name",
       OCTETS + 'Content-Disposition: attachment; name="evil.exe"\n')
fields("disposition-without-value", "a parameter where the disposition should stand",
       "RFC 2183 2", "Thunderbird: evil.exe; *: likely evil.exe",
       OCTETS + 'Content-Disposition: filename="evil.exe"\n')
fields("disposition-semicolon-first", "a semicolon before the disposition", "RFC 2183 2",
       "*: likely evil.exe", OCTETS + 'Content-Disposition: ; filename="evil.exe"\n')
fields("disposition-comment", "a comment with a name before the real one", "RFC 2183 2",
       "Thunderbird: likely note.txt; *: likely evil.exe",
       OCTETS + 'Content-Disposition: attachment; (filename="note.txt";) filename="evil.exe"\n')
fields("disposition-misspelt-case", "the field name in odd case", "RFC 5322 1.2.2",
       "*: evil.exe", OCTETS + 'content-DISPOSITION: ATTACHMENT; FileName="evil.exe"\n')

family("File name: quoting")
named("filename-unquoted-blanks", "blanks without quotes: the first word is harmless",
      "RFC 2045 5.1", "Outlook: likely my evil.exe; Thunderbird: likely my; *: likely my evil.exe",
      "filename=my evil.exe", danger=seen("my evil.exe"))
named("filename-unquoted-first-word", "blanks without quotes: the first word is the program",
      "RFC 2045 5.1", "Thunderbird: evil.exe; *: likely evil.exe my note.txt",
      "filename=evil.exe my note.txt")
named("filename-quote-open", "a quote that never ends", "RFC 2045 5.1", "*: evil.exe",
      'filename="evil.exe', anomalies="bad-parameter")
named("filename-quote-only-end", "a quote at the end alone", "RFC 2045 5.1",
      "*: likely evil.exe; Thunderbird: likely evil.exe\"", 'filename=evil.exe"',
      anomalies="bad-parameter")
named("filename-quotes-doubled", "two quotes on each side", "RFC 2045 5.1",
      "*: likely evil.exe", 'filename=""evil.exe""', anomalies="bad-parameter")
named("filename-apostrophes", "apostrophes for quotes", "RFC 2045 5.1",
      "Outlook: likely evil.exe; *: 'evil.exe'", "filename='evil.exe'",
      danger=seen("'evil.exe'", "evil.exe"))
named("filename-typographic-quotes", "typographic quotes in UTF-8", "RFC 2045 5.1",
      "*: likely \u201cevil.exe\u201d", "filename=\u201cevil.exe\u201d",
      danger=seen("\u201cevil.exe\u201d"))
named("filename-quotes-inside", "quotes inside of a value without quotes", "RFC 2045 5.1",
      "*: likely evil.exe", 'filename=ev"il".exe', anomalies="bad-parameter")
named("filename-joined", "two quoted strings side by side", "RFC 2045 5.1",
      "*: likely ev", 'filename="ev" "il.exe"', danger=seen(kind="executable"),
      anomalies="bad-parameter")
named("filename-quote-then-text", "text behind the quotes", "RFC 2045 5.1",
      "Thunderbird: likely note; Outlook: likely note.exe; *: likely note",
      'filename="note".exe', danger=seen("note.exe"), anomalies="bad-parameter")
named("filename-escapes", "backslashes before letters", "RFC 5322 3.2.4",
      "*: evil.exe", 'filename="\\e\\v\\i\\l\\.\\e\\x\\e"')
named("filename-escaped-end", "the last quote is escaped", "RFC 5322 3.2.4",
      "*: likely evil.exe\"", 'filename="evil.exe\\"', anomalies="bad-parameter",
      danger=seen(kind="executable"))
named("filename-semicolon-unquoted", "a semicolon without quotes cuts the name",
      "RFC 2045 5.1", "*: likely note; Outlook: likely note;evil.exe", "filename=note;evil.exe",
      danger=seen(kind="executable"), anomalies="bad-parameter")
named("filename-no-semicolon", "no semicolon before the next parameter", "RFC 2045 5.1",
      "Thunderbird: likely evil.exe; *: likely evil.exe", 'size=5 filename="evil.exe" x=y')
fields("filename-comma", "a comma for the semicolon", "RFC 2183 2",
       "*: likely evil.exe; Gmail: likely no name",
       OCTETS + 'Content-Disposition: attachment, filename="evil.exe"\n')
named("filename-two-equals", "two equals signs", "RFC 2045 5.1",
      "*: likely =evil.exe", "filename==evil.exe",
      danger=seen(kind="executable", extension="exe"), anomalies="bad-parameter")
named("filename-colon", "a colon for the equals sign", "RFC 2045 5.1",
      "*: likely no name", "filename:evil.exe", danger=seen(kind="executable"),
      anomalies="bad-parameter")
named("filename-blank-for-equals", "a blank for the equals sign", "RFC 2045 5.1",
      "*: likely no name", 'filename "evil.exe"', danger=seen(kind="executable"),
      anomalies="bad-parameter")
named("filename-blanks-around-equals", "blanks, folds and a comment around the equals sign",
      "RFC 2045 5.1", "*: likely evil.exe", 'filename \n = (x) "evil.exe"')
named("filename-parenthesis", "parentheses without quotes", "RFC 2045 5.1",
      "Thunderbird: likely evil(1).exe; *: likely evil.exe", "filename=evil(1).exe",
      danger=seen("evil(1).exe"))
named("filename-folded", "a fold inside of the name", "RFC 5322 2.2.3",
      "*: evil .exe; Outlook: likely evil.exe", 'filename="evil\n .exe"',
      danger=seen("evil .exe", extension="exe"))
named("filename-other-case", "the parameter's name in odd case", "RFC 2045 5.1", "*: evil.exe",
      'fIlEnAmE="evil.exe"')
named("filename-many-parameters", "the name behind 100 other parameters", "RFC 2045 5",
      "*: evil.exe", "".join("p%d=%d; " % (i, i) for i in range(100)) + 'filename="evil.exe"')
named("filename-in-quotes", "readers without escapes find another name", "RFC 5322 3.2.4",
      "Outlook: likely note.txt; Gmail: likely evil.exe; *: note.txt",
      'x="\\"; filename=evil.exe; y=\\""; filename=note.txt')
named("filename-long", "a name of 1,200 characters", "RFC 5322 2.1.1",
      "*: likely its end cut off; Thunderbird: the name", 'filename="%s.exe"' % ("n" * 1200),
      danger=seen("n" * 1200 + ".exe", extension="exe"), anomalies="long-line")

family("File name: characters")
named("name-trailing-dot", "a dot at the end, which Windows drops", "MITRE T1036.006, Windows "
      "naming rules", "*: evil.exe.", 'filename="evil.exe."',
      danger=seen("evil.exe.", extension="exe"), anomalies="name-padding")
named("name-trailing-blanks", "blanks at the end, which Windows drops", "Windows naming rules",
      "*: evil.exe", 'filename="evil.exe   "', danger=seen(kind="executable", extension="exe"),
      anomalies="name-padding")
named("name-trailing-dots-blanks", "dots and blanks in turn", "Windows naming rules",
      "*: likely evil.exe", 'filename="evil.exe . . ."',
      danger=seen(kind="executable", extension="exe"), anomalies="name-padding")
named("name-trailing-nbsp", "a no-break space at the end", "Windows naming rules keep it",
      "*: likely evil.exe", 'filename="evil.exe\u00a0"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-trailing-tab", "a tab at the end", "Windows naming rules", "*: likely evil.exe",
      'filename="evil.exe\t"', danger=seen(kind="executable", extension="exe"))
named("name-double", "a document's extension before the program's", "MITRE T1036.007",
      "*: invoice.pdf.exe, as invoice.pdf where extensions are hidden",
      'filename="invoice.pdf.exe"', danger=seen("invoice.pdf.exe", extension="exe"),
      anomalies="name-double-extension")
named("name-double-blanks", "many blanks before the extension", "MITRE T1036.006",
      "*: invoice.pdf and blanks", 'filename="invoice.pdf%s.exe"' % (" " * 120),
      danger=seen(kind="executable", extension="exe"), anomalies="name-padding")
named("name-double-underscores", "many underscores before the extension", "MITRE T1036.006",
      "*: invoice.pdf___", 'filename="invoice.pdf%s.exe"' % ("_" * 80),
      danger=seen(kind="executable", extension="exe"))
named("name-rtlo", "U+202E turns the end of the name", "MITRE T1036.002, CVE-2009-3376",
      "*: annexe.txt", 'filename="ann\u202etxt.exe"',
      danger=seen("ann\u202etxt.exe", extension="exe"), anomalies="name-bidi")
named("name-bidi-isolate", "U+2067 and U+2069", "Unicode UAX 9", "*: likely turned",
      'filename="ann\u2067txt.\u2069exe"', danger=seen(kind="executable", extension="exe"),
      anomalies="name-bidi")
named("name-bidi-mark", "U+200F before the extension", "Unicode UAX 9", "*: likely evil.exe",
      'filename="evil.\u200fexe"', danger=seen(kind="executable", extension="exe"),
      anomalies="name-disguise")
named("name-zero-width", "zero width characters inside of the extension", "Unicode 23.2",
      "*: evil.exe", 'filename="evil.e\u200bx\u2060e\ufeff"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-soft-hyphen", "a soft hyphen inside of the extension", "Unicode 23.2",
      "*: evil.exe", 'filename="evil.ex\u00ade"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-full-width", "full-width letters, which NFKC makes ASCII", "Unicode UAX 15",
      "*: evil.\uff45\uff58\uff45", 'filename="evil.\uff45\uff58\uff45"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-full-width-dot", "a full-width full stop", "Unicode UAX 15, UTS 46",
      "*: evil\uff0eexe", 'filename="evil\uff0eexe"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-one-dot-leader", "U+2024, which NFKC makes a full stop", "Unicode UAX 15",
      "*: evil\u2024exe", 'filename="evil\u2024exe"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-percent", "percent signs, which web mail may decode", "RFC 3986 2.1",
      "Gmail: likely evil.exe when saved; *: evil%2Eexe", 'filename="evil%2Eexe"',
      danger=seen("evil%2Eexe", extension="exe"), anomalies="name-disguise")
named("name-percent-letters", "the extension in percent signs", "RFC 3986 2.1",
      "Gmail: likely evil.exe when saved; *: evil.%65%78%65", 'filename="evil.%65%78%65"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-disguise")
named("name-percent-nul", "an encoded NUL behind the extension", "CWE-158",
      "Gmail: likely evil.exe when saved; *: evil.exe%00.txt", 'filename="evil.exe%00.txt"',
      danger=seen("evil.exe%00.txt", extension="exe"))
named("name-entity", "an entity of HTML for the dot", "HTML; web mail that escapes badly",
      "Gmail: evil&#46;exe; *: evil&#46;exe", 'filename="evil&#46;exe"',
      danger=seen("evil&#46;exe"))
named("name-nul-cut", "a NUL behind the extension", "CWE-158", "Thunderbird: likely evil.exe; "
      "*: likely evil.exe.txt", 'filename="evil.exe␀.txt"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-control nul")
named("name-nul-hidden", "a NUL before the extension", "CWE-158",
      "Thunderbird: likely note.txt; *: likely note.txt.exe", 'filename="note.txt␀.exe"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-control nul")
named("name-control", "control characters inside of the extension", "Windows naming rules",
      "*: likely evil.exe", 'filename="evil.e\x01x\x02e"',
      danger=seen(kind="executable", extension="exe"), anomalies="name-control")
named("name-delete", "a DEL at the end", "Windows naming rules", "*: likely evil.exe",
      'filename="evil.exe\x7f"', danger=seen(kind="executable", extension="exe"),
      anomalies="name-control")
named("name-path-windows", "a path with backslashes", "RFC 2183 2.3, CWE-22", "*: evil.exe",
      'filename="..\\\\..\\\\Startup\\\\evil.exe"', anomalies="name-path")
named("name-path-windows-unescaped", "a path with single backslashes", "RFC 2183 2.3",
      "Outlook: likely evil.exe; *: likely ..Startupevil.exe", 'filename="..\\Startup\\evil.exe"',
      danger=seen(kind="executable", extension="exe"))
named("name-path-unix", "a path with slashes", "RFC 2183 2.3, CWE-22", "*: evil.exe",
      'filename="../../etc/evil.exe"', anomalies="name-path")
named("name-path-drive", "a drive's letter", "RFC 2183 2.3", "*: evil.exe",
      'filename="C:/Windows/evil.exe"', anomalies="name-path")
named("name-path-slash-end", "a slash at the end", "RFC 2183 2.3", "*: likely evil.exe",
      'filename="evil.exe/"', danger=seen(kind="executable", extension="exe"),
      anomalies="name-path")
named("name-path-harmless-last", "the program's name before a harmless one", "RFC 2183 2.3",
      "*: note.txt; Thunderbird: likely evil.exe_note.txt", 'filename="evil.exe/note.txt"',
      danger=seen("evil.exe/note.txt"), anomalies="name-path")
named("name-stream", "an alternate data stream of NTFS", "MS-FSCC 5.1", "Outlook: likely evil.exe; "
      "*: likely evil.exe__$DATA", 'filename="evil.exe::$DATA"',
      danger=seen(kind="executable", extension="exe"))
named("name-stream-program", "a program as the stream of a text", "MS-FSCC 5.1",
      "*: note.txt_evil.exe", 'filename="note.txt:evil.exe"',
      danger=seen("note.txt:evil.exe", extension="exe"))
named("name-class-id", "a class identifier as the extension", "Windows Explorer, MS99-031",
      "*: note.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}",
      'filename="note.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}"',
      danger=seen("note.txt.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}"))
named("name-capitals", "the extension in capitals", "Windows naming rules", "*: evil.EXE",
      'filename="evil.EXE"', danger=seen("evil.EXE", extension="exe"))
named("name-kelvin", "U+212A, the Kelvin sign, which folds to k", "Unicode case folding",
      "*: evil.ln\u212a", 'filename="evil.ln\u212a"',
      danger=seen(kind="executable", extension="lnk"), anomalies="name-disguise")
named("name-only-extension", "nothing but an extension", "RFC 2183 2.3", "*: .exe",
      'filename=".exe"', danger=seen(".exe", extension="exe"))
named("name-latin1", "raw Latin-1 before the extension", "RFC 2231", "*: evil\u00e4.exe",
      'filename="evil\udce4.exe"', danger=seen(kind="executable", extension="exe"),
      anomalies="bad-header-text")
named("name-overlong-utf8", "an overlong dot in UTF-8", "RFC 3629 3", "*: likely evil?exe; "
      "Outlook: likely evil.exe", 'filename="evil\udcc0\udcaeexe"',
      danger=seen(kind="executable"), anomalies="bad-header-text")
