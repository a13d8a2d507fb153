"""Valid names and parameters that look odd: none of them may carry an anomaly."""
from .mail import *

family("valid")
TEXT = b"Hello\r\n"


def named(name, construct, source, disposition, type_="application/octet-stream",
          fields="", outline="application/octet-stream"):
    entity = "Content-Type: %s\nContent-Disposition: %s\n%s\nHello\n" % (
        type_, disposition, fields)
    valid(name, construct, source, mixed(entity),
          "1 multipart/mixed|1.1 text/plain|1.2 " + outline)


A = "attachment; "
named("name-quoted", "a quoted name", "RFC 2183 2.3", A + 'filename="a b.txt"')
named("name-token", "a name without quotes", "RFC 2183 2", A + "filename=a_b-c.txt")
named("name-inline", "an inline part with a name", "RFC 2183 2.1", 'inline; filename="a.txt"')
named("name-all-parameters", "all the parameters of a disposition", "RFC 2183 2",
      A + 'filename="a.txt";\n creation-date="Mon, 6 Jan 2025 10:00:00 +0000";\n'
      ' modification-date="Mon, 6 Jan 2025 10:00:00 +0000";\n'
      ' read-date="Mon, 6 Jan 2025 10:00:00 +0000"; size=7')
named("name-same-twice", "the same name in both fields", "RFC 2183 2.10", A + 'filename="a.txt"',
      'application/octet-stream; name="a.txt"')
named("name-extended", "percent signs and a charset", "RFC 2231 4",
      A + "filename*=utf-8''gr%C3%BC%C3%9Fe.txt")
named("name-extended-language", "with a language", "RFC 2231 4",
      A + "filename*=utf-8'de-at'a%20b.txt")
named("name-extended-empty-charset", "without charset and language", "RFC 2231 4",
      A + "filename*=''a%20b.txt")
named("name-extended-latin1", "Latin-1", "RFC 2231 4", A + "filename*=iso-8859-1''gr%FC%DFe.txt")
named("name-extended-lower", "lower-case digits", "RFC 2231 7", A + "filename*=UTF-8''%c3%bc.txt")
named("name-pieces", "a long name in pieces", "RFC 2231 3",
      A + '\n filename*0="a very long name that goes on ";\n filename*1="and on until it ends";\n'
      ' filename*2=".txt"')
named("name-pieces-order", "pieces in another order", "RFC 2231 3: order does not count",
      A + 'filename*1="b.txt"; filename*0="a"')
named("name-pieces-extended", "encoded pieces", "RFC 2231 4.1",
      A + "filename*0*=utf-8'en'gr%C3%BC; filename*1*=%C3%9Fe; filename*2=.txt")
named("name-pieces-eleven", "eleven pieces", "RFC 2231 3",
      A + "; ".join("filename*%d=%s" % (i, "abcdefghij"[i] if i < 10 else ".txt")
                    for i in range(11)))
named("name-fallback", "a plain name beside an encoded one", "RFC 6266 4.3",
      A + "filename=\"gruesse.txt\";\n filename*=utf-8''gr%C3%BC%C3%9Fe.txt")
named("name-escaped-quote", "an escaped quote in the name", "RFC 5322 3.2.4",
      A + 'filename="a \\"b\\" c.txt"')
named("name-semicolon", "a semicolon in the quoted name", "RFC 2183 2.3",
      A + 'filename="a;b=c.txt"')
named("name-apostrophes", "apostrophes in the name", "RFC 2183 2.3",
      A + "filename=\"Ann's list.txt\"")
named("name-parentheses", "parentheses in the quoted name", "RFC 2183 2.3",
      A + 'filename="list (2).txt"')
named("name-comments", "comments between all tokens", "RFC 2183 2",
      "(a) attachment (b) ; (c) filename (d) = (e) \"a.txt\" (f)")
named("name-folded", "folded at every place", "RFC 5322 2.2.3",
      "attachment\n ;\n\tfilename\n =\n \"a.txt\"\n")
named("name-utf8", "UTF-8 in the name", "RFC 6532 3.2", A + 'filename="grüße 東京.txt"')
named("name-hebrew", "Hebrew letters, written from right to left", "RFC 6532 3.2",
      A + 'filename="שלום.txt"')
named("name-arabic", "Arabic letters and digits", "RFC 6532 3.2", A + 'filename="ملف 12.txt"')
named("name-cyrillic", "Cyrillic letters", "RFC 6532 3.2", A + 'filename="отчёт.txt"')
named("name-full-width", "full-width letters in the stem", "RFC 6532 3.2",
      A + 'filename="レポート２０２５.txt"')
named("name-emoji", "an emoji joined from several", "RFC 6532 3.2",
      A + 'filename="family 👨‍👩‍👧.txt"')
named("name-persian", "a zero width non-joiner as Persian needs it", "Unicode 9.2",
      A + 'filename="می‌خواهم.txt"')
named("name-decomposed", "letters with combining marks", "RFC 6532 3.2",
      A + 'filename="gru\u0308\u00dfe.txt"')
named("name-dots", "versions and dates with dots", "RFC 2183 2.3",
      A + 'filename="report v1.2 2025.01.06.txt"')
named("name-tar", "extensions that belong together", "RFC 2183 2.3",
      A + 'filename="a.b-1.0.tar.bz2"')
named("name-no-extension", "no extension", "RFC 2183 2.3", A + 'filename="README"')
named("name-dot-file", "a name that begins with a dot", "RFC 2183 2.3", A + 'filename=".profile"')
named("name-percent", "a percent sign", "RFC 2183 2.3", A + 'filename="50% off.txt"')
named("name-percent-digits", "a percent sign and digits", "RFC 2183 2.3",
      A + 'filename="up 25%20more.txt"')
named("name-equals", "an equals sign", "RFC 2045 5.1", A + 'filename="a=b.txt"')
named("name-underscores", "underscores and plus signs", "RFC 2183 2.3",
      A + 'filename="a_b+c~d#1,2.txt"')
named("name-at", "an address in the name", "RFC 2183 2.3", A + 'filename="ann@example.org.txt"')
named("name-long", "a name of 200 characters", "RFC 2183 2.3",
      A + 'filename="%s.txt"' % ("n" * 200))
named("name-capitals", "extension in capitals", "RFC 2183 2.3", A + 'FILENAME="A.TXT"')
named("name-two-extensions-harmless", "two extensions, none of a program", "RFC 2183 2.3",
      A + 'filename="scan.pdf.p7m"')
named("name-signed-zip", "an extension twice", "RFC 2183 2.3", A + 'filename="a.txt.txt"')
named("disposition-unknown", "a disposition nobody knows", "RFC 2183 2.8",
      'x-odd; filename="a.txt"')
named("disposition-bare", "a disposition without name", "RFC 2183 2", "attachment")
named("type-name-only", "only the old name parameter", "RFC 2046 4.1.1 as RFC 1341 had it",
      "inline", 'application/octet-stream; name="a.txt"')
named("text-attachment", "text with charset as attachment", "RFC 2183 2", A + 'filename="a.txt"',
      "text/plain; charset=utf-8", outline="text/plain")
named("csv", "text of another kind", "RFC 4180", A + 'filename="a.csv"',
      "text/csv; charset=utf-8; header=present", outline="text/csv")
named("name-doubled-blanks", "two blanks inside, one before", "RFC 2183 2.3",
      A + 'filename=" a  b.txt"')
named("name-dots-in-row", "three dots in a row", "RFC 2183 2.3", A + 'filename="wait... what.txt"')
named("name-domain", "a name that looks like a host", "RFC 2183 2.3",
      A + 'filename="www.example.org.html"')
named("name-pdf-zip", "a document's extension before an archive's", "RFC 2183 2.3",
      A + 'filename="bill.pdf.zip"')
named("name-pdf-asc", "a document's extension before a signature's", "RFC 9580",
      A + 'filename="bill.pdf.asc"')
named("name-program", "a program that says so", "RFC 2183 2.3", A + 'filename="setup.exe"')
named("name-program-version", "a program with a version", "RFC 2183 2.3",
      A + 'filename="setup-1.2.3.exe"')
named("name-script-map", "several extensions of programmers", "RFC 2183 2.3",
      A + 'filename="app.min.js"')
named("name-not-a-word", "signs that begin no encoded word", "RFC 2047 2",
      A + 'filename="a=?b?.txt"')
named("name-full-width-parentheses", "full-width parentheses", "RFC 6532 3.2",
      A + 'filename="報告（１）.txt"')
named("name-iso2022", "ISO-2022-JP in percent signs", "RFC 2231 4",
      A + "filename*=iso-2022-jp''%1B%24B%24%22%1B%28B.txt")
named("name-hash", "a hash, a comma and brackets", "RFC 2183 2.3",
      A + 'filename="#1, [draft] {x}.txt"')
named("name-quote-end", "an escaped backslash before the last quote", "RFC 5322 3.2.4",
      A + 'x="a\\\\"; filename="a.txt"')
named("name-in-quotes", "another name inside of another parameter's quotes", "RFC 5322 3.2.4",
      A + 'x="\\"; filename=evil.exe; y=\\""; filename="a.txt"')
