"""Boundaries and delimiters (RFC 2046 5.1.1)."""
from .mail import *
from .payloads import SCRIPT_BYTES, uuencode

family("Boundary parameter")
EVIL = attachment()


def declared(name, construct, source, readings, parameter, used="b1", **more):
    """A multipart whose Content-Type has `parameter`, divided by `used`."""
    evasive(name, construct, source, readings,
            message("Content-Type: multipart/mixed; %s\n" % parameter,
                    parts(HELLO, EVIL, boundary=used)), **more)


declared("boundary-twice-first", "two boundary parameters, the first divides", "RFC 2045 5",
         "Thunderbird: evil.exe; Outlook: likely nothing; *: likely evil.exe",
         'boundary="b1"; boundary="b2"', anomalies="boundary-conflict")
declared("boundary-twice-last", "two boundary parameters, the last divides", "RFC 2045 5",
         "Thunderbird: raw text; Outlook: likely evil.exe; *: likely raw text",
         'boundary="b2"; boundary="b1"', anomalies="boundary-conflict")
declared("boundary-plain-and-extended", "boundary and boundary*, the extended one divides",
         "RFC 2231 4", "*: likely raw text; Apple Mail: likely evil.exe",
         "boundary=b2; boundary*=us-ascii''b1", anomalies="boundary-conflict")
declared("boundary-extended", "boundary* alone", "RFC 2231 4",
         "Thunderbird: evil.exe; *: likely raw text", "boundary*=us-ascii''b1")
declared("boundary-extended-percent", "boundary* with percent signs", "RFC 2231 4",
         "Thunderbird: evil.exe; *: likely raw text", "boundary*=us-ascii'en'%62%31")
declared("boundary-pieces", "a boundary in two pieces", "RFC 2231 3",
         "Thunderbird: evil.exe; *: likely raw text", "boundary*0=b; boundary*1=1")
declared("boundary-pieces-reversed", "the pieces in wrong order", "RFC 2231 3",
         "Thunderbird: evil.exe; *: likely raw text", "boundary*1=1; boundary*0=b")
declared("boundary-pieces-extended", "pieces, the first one with percent signs", "RFC 2231 4.1",
         "Thunderbird: evil.exe; *: likely raw text", "boundary*0*=us-ascii''%62; boundary*1=1")
declared("boundary-plain-and-pieces", "a plain boundary and pieces of another one that divides",
         "RFC 2231 3", "Thunderbird: likely evil.exe; *: likely raw text",
         "boundary=b2; boundary*0=b; boundary*1=1", anomalies="boundary-conflict")
declared("boundary-escapes", "backslashes in the quotes", "RFC 5322 3.2.4", "*: likely evil.exe",
         'boundary="\\b\\1"')
declared("boundary-escapes-kept", "backslashes that some keep: the delimiter has them",
         "RFC 5322 3.2.4", "*: raw text; Outlook: likely evil.exe", 'boundary="b\\1"', "b\\1",
         anomalies="hidden-part")
declared("boundary-quote-inside", "an escaped quote in it", "RFC 5322 3.2.4",
         "Thunderbird: evil.exe; *: likely raw text", 'boundary="b\\"1"', 'b"1')
declared("boundary-unquoted-specials", "signs that need quotes", "RFC 2045 5.1",
         "*: likely evil.exe", "boundary=b=1/2:3?4@5", "b=1/2:3?4@5")
declared("boundary-parentheses", "parentheses without quotes", "RFC 2045 5.1",
         "Thunderbird: likely evil.exe; *: likely raw text", "boundary=b(1)", "b(1)")
declared("boundary-comment-behind", "a comment glued behind it", "RFC 2045 5.1",
         "*: likely evil.exe; Gmail: likely raw text", "boundary=b1(x)")
declared("boundary-comment-before", "a comment between the equals sign and the value",
         "RFC 2045 5.1",
         "Outlook: likely evil.exe; Apple Mail: likely evil.exe; *: likely raw text",
         "boundary=(x) b1")
declared("boundary-comment-quoted", "a comment behind the quoted value", "RFC 2045 5.1",
         "*: evil.exe", 'boundary="b1" (x)')
declared("boundary-in-comment", "another boundary inside of a comment", "RFC 2045 5.1",
         "Thunderbird: likely evil.exe; Gmail: likely raw text; *: likely evil.exe",
         "(; boundary=b2) boundary=b1")
declared("boundary-in-comment-used", "the boundary that divides stands in a comment",
         "RFC 2045 5.1", "Thunderbird: likely evil.exe; *: likely raw text",
         "(; boundary=b1;) boundary=b2", anomalies="hidden-part")
declared("boundary-in-quotes", "another boundary inside of another parameter's quotes",
         "RFC 2045 5.1", "*: evil.exe", 'x="; boundary=b2; "; boundary=b1')
declared("boundary-in-quotes-used", "the one that divides stands in another one's quotes",
         "RFC 2045 5.1", "*: raw text",
         'x="; boundary=b1; "; boundary=b2', danger=None, anomalies="missing-boundary")
declared("boundary-quote-escape", "an escaped quote decides which boundary counts",
         "RFC 5322 3.2.4", "Thunderbird: evil.exe; Outlook: likely raw text; *: likely evil.exe",
         'x="\\"; boundary=b2; y=\\""; boundary=b1')
declared("boundary-quote-escape-used", "readers without escapes take the other one",
         "RFC 5322 3.2.4", "*: raw text",
         'x="\\"; boundary=b1; y=\\""; boundary=b2', danger=None, anomalies="missing-boundary")
declared("boundary-blank-end-quoted", "a blank at its end, in quotes, not in the delimiter",
         "RFC 2046 5.1.1: no blank at the end", "Thunderbird: likely raw text; *: likely evil.exe",
         'boundary="b1 "')
declared("boundary-blank-first-quoted", "a blank at its start, in quotes", "RFC 2046 5.1.1",
         "Thunderbird: evil.exe; *: likely evil.exe", 'boundary=" b1"', " b1")
declared("boundary-blank-inside-unquoted", "a blank inside, no quotes, whole", "RFC 2045 5.1",
         "Outlook: likely evil.exe; *: likely raw text", "boundary=b 1", "b 1",
         anomalies="bad-parameter")
declared("boundary-blank-inside-first-word", "a blank inside, no quotes, first word divides",
         "RFC 2045 5.1", "Thunderbird: evil.exe; *: likely evil.exe", "boundary=b1 x",
         anomalies="bad-parameter")
declared("boundary-apostrophes-stripped", "apostrophes for quotes, taken off",
         "RFC 2045 5.1", "Outlook: likely evil.exe; *: raw text", "boundary='b1'",
         anomalies="hidden-part")
declared("boundary-apostrophes-kept", "apostrophes for quotes, kept", "RFC 2045 5.1",
         "Thunderbird: evil.exe; *: likely evil.exe", "boundary='b1'", "'b1'")
declared("boundary-quote-open", "a quote that never ends", "RFC 2045 5.1",
         "Thunderbird: evil.exe; *: likely evil.exe", 'boundary="b1', anomalies="bad-parameter")
declared("boundary-quote-doubled", "two quotes on each side", "RFC 2045 5.1",
         "*: likely raw text; Outlook: likely evil.exe", 'boundary=""b1""',
         anomalies="bad-parameter")
declared("boundary-quote-then-text", "text glued behind the quotes: dropped", "RFC 2045 5.1",
         "Thunderbird: evil.exe; *: likely evil.exe", 'boundary="b1"x', anomalies="bad-parameter")
declared("boundary-quote-then-text-joined", "text glued behind the quotes: joined",
         "RFC 2045 5.1", "*: raw text; Outlook: likely evil.exe", 'boundary="b"1',
         anomalies="bad-parameter")
declared("boundary-text-then-quote", "quotes inside of the value", "RFC 2045 5.1",
         "*: likely raw text; Outlook: likely evil.exe", 'boundary=b"1"', anomalies="bad-parameter")
declared("boundary-folded", "a fold inside of the quotes", "RFC 5322 2.2.3",
         "Thunderbird: evil.exe; *: likely evil.exe", 'boundary="b1\n x"', "b1 x")
declared("boundary-folded-removed", "a fold inside of the quotes, its blank dropped",
         "RFC 822 3.1.1", "*: likely raw text; Outlook: likely evil.exe", 'boundary="b\n 1"', "b1",
         anomalies="hidden-part")
declared("boundary-blanks-around-equals", "blanks around the equals sign", "RFC 2045 5.1",
         "Thunderbird: evil.exe; *: likely evil.exe", 'boundary = "b1"')
declared("boundary-capitals", "the parameter's name in capitals", "RFC 2045 5.1",
         "*: evil.exe", 'BOUNDARY="b1"')
declared("boundary-colon", "a colon for the equals sign", "RFC 2045 5.1",
         "*: likely raw text; Outlook: likely evil.exe", 'boundary: "b1"',
         anomalies="missing-boundary")
declared("boundary-two-equals", "two equals signs", "RFC 2045 5.1",
         "*: likely raw text; Outlook: likely evil.exe", 'boundary=="b1"',
         anomalies="bad-parameter")
declared("boundary-nul", "a NUL ends it for readers of C strings", "RFC 5322 4",
         "Thunderbird: likely evil.exe; *: likely raw text", 'boundary="b1␀x"', anomalies="nul")
declared("boundary-nul-whole", "a NUL in boundary and delimiter", "RFC 5322 4",
         "Outlook: likely evil.exe; *: likely raw text", 'boundary="b␀1"', "b␀1", anomalies="nul")
declared("boundary-control", "a control character in it", "RFC 2046 5.1.1",
         "*: likely evil.exe", 'boundary="b\x011"', "b\x011", anomalies="bad-parameter")
declared("boundary-tab", "a tab in it", "RFC 2046 5.1.1", "*: likely evil.exe",
         'boundary="b\t1"', "b\t1")
declared("boundary-8bit", "Latin-1 in it", "RFC 2046 5.1.1", "*: likely evil.exe",
         'boundary="b\udce4"', "b\udce4", anomalies="bad-header-text")
declared("boundary-encoded-word", "an encoded word, decoded by some", "RFC 2047 5",
         "*: raw text; Outlook: likely evil.exe", 'boundary="=?us-ascii?Q?b1?="',
         anomalies="encoded-parameter")
declared("boundary-encoded-word-kept", "an encoded word, kept by most", "RFC 2047 5",
         "Thunderbird: evil.exe; *: likely evil.exe", 'boundary="=?us-ascii?Q?b1?="',
         "=?us-ascii?Q?b1?=", anomalies="encoded-parameter")
declared("boundary-long", "a boundary of 200 characters", "RFC 2046 5.1.1: at most 70",
         "*: likely evil.exe", 'boundary="%s"' % ("b" * 200), "b" * 200)
declared("boundary-very-long", "a boundary of 3,000 characters", "RFC 2046 5.1.1; Postfix cuts at "
         "2,048", "*: likely evil.exe", 'boundary="%s"' % ("b" * 3000), "b" * 3000,
         anomalies="long-line")
declared("boundary-long-cut", "delimiters with the first 70 characters of a longer boundary",
         "RFC 2046 5.1.1", "*: raw text; Outlook: likely evil.exe", 'boundary="%s"' % ("b" * 80),
         "b" * 70, anomalies="missing-boundary")
declared("boundary-of-dashes", "a boundary of dashes", "RFC 2046 5.1.1", "*: likely evil.exe",
         'boundary="----"', "----")
declared("boundary-one-sign", "a boundary of one dash", "RFC 2046 5.1.1", "*: likely evil.exe",
         'boundary="-"', "-")
declared("boundary-empty", "an empty boundary, delimiters of two dashes", "RFC 2046 5.1.1",
         "Thunderbird: raw text; *: likely raw text; Outlook: likely evil.exe", 'boundary=""', "",
         anomalies="missing-boundary")
declared("boundary-nothing", "boundary= and nothing, delimiters of two dashes", "RFC 2046 5.1.1",
         "*: likely raw text; Outlook: likely evil.exe", "boundary=", "",
         anomalies="missing-boundary")
declared("boundary-other-case", "delimiters in capitals", "RFC 2046 5.1.1: case counts",
         "*: raw text; Outlook: likely evil.exe", "boundary=bb", "BB",
         anomalies="missing-boundary")
declared("boundary-percent-kept", "a percent sign that nobody decodes", "RFC 2231 4",
         "*: evil.exe", 'boundary="b%311"', "b%311")
declared("boundary-line-of-many", "the boundary behind 100 other parameters", "RFC 2045 5.1",
         "*: evil.exe", "".join("p%d=%d; " % (i, i) for i in range(100)) + "boundary=b1")
evasive("boundary-missing", "no boundary; the delimiters could be guessed", "RFC 2046 5.1",
        "*: raw text; Outlook: likely evil.exe",
        message("Content-Type: multipart/mixed\n", parts(HELLO, EVIL)),
        anomalies="missing-boundary")
evasive("boundary-never-occurs", "a boundary that never occurs; the body looks like a part",
        "RFC 2046 5.1.1", "Thunderbird: nothing; Outlook: likely its text; *: likely raw text",
        message(MIXED, EVIL), danger=None, anomalies="missing-boundary")
evasive("boundary-of-second-type", "the part's own second Content-Type has the boundary",
        "RFC 2045 3", "Thunderbird: raw text; *: likely evil.exe",
        message("Content-Type: multipart/mixed\n" + MIXED, parts(HELLO, EVIL)),
        anomalies="duplicate-content-type")

family("Nested boundaries")


def nested(name, construct, source, readings, outer, inner, body, **more):
    evasive(name, construct, source, readings,
            message('Content-Type: multipart/mixed; boundary="%s"\n' % outer, body.format(
                inner='Content-Type: multipart/mixed; boundary="%s"\n' % inner, o=outer, i=inner,
                hello=HELLO, evil=EVIL, page=page())), **more)


nested("inner-is-outer", "an inner multipart with the outer one's boundary", "RFC 2046 5.1.2",
       "*: likely evil.exe", "b1", "b1",
       "--{o}\n{inner}\n--{i}\n{hello}--{i}\n{evil}--{i}--\n--{o}--\n",
       anomalies="boundary-conflict")
nested("inner-begins-with-outer", "the inner boundary begins with the outer one",
       "RFC 2046 5.1.1; Dovecot compares beginnings, the longest wins",
       "*: evil.exe", "b1", "b1x",
       "--{o}\n{inner}\n--{i}\n{hello}--{i}\n{evil}--{i}--\n--{o}--\n",
       anomalies="boundary-conflict")
nested("outer-begins-with-inner", "the outer boundary begins with the inner one",
       "RFC 2046 5.1.1", "*: likely evil.exe", "b1x", "b1",
       "--{o}\n{inner}\n--{i}\n{hello}--{i}\n{evil}--{i}--\n--{o}\n{hello}--{o}--\n",
       anomalies="boundary-conflict")
nested("inner-is-outer-close", "the inner boundary is the outer one and two dashes",
       "RFC 2046 5.1.1", "*: nothing behind the end; Outlook: likely evil.exe", "b1", "b1--",
       "--{o}\n{hello}\n--{o}\n{inner}\n--{i}\n{hello}--{i}\n{evil}--{i}--\n--{o}--\n",
       anomalies="boundary-conflict")
nested("outer-is-inner-close", "the outer boundary is the inner one and two dashes",
       "RFC 2046 5.1.1", "*: likely evil.exe", "b1--", "b1",
       "--{o}\n{inner}\n--{i}\n{hello}--{i}--\n{evil}--{o}--\n", anomalies="boundary-conflict")
nested("inner-ends-outer", "the outer end stands inside of the inner multipart, whose parts go on",
       "RFC 2046 5.1.2: the outer one ends all", "*: likely Hello only; Thunderbird: Hello only; "
       "Outlook: likely evil.exe", "b1", "in",
       "--{o}\n{inner}\n--{i}\n{hello}\n--{o}--\n--{i}\n{evil}--{i}--\n",
       anomalies="hidden-part")
nested("inner-goes-on-after-outer-part", "the inner multipart goes on behind an outer delimiter",
       "RFC 2046 5.1.2", "*: likely raw text; Outlook: likely evil.exe", "b1", "in",
       "--{o}\n{inner}\n--{i}\n{hello}\n--{o}\n{hello}\n--{i}\n{evil}--{i}--\n--{o}--\n",
       anomalies="missing-end")
nested("inner-never-ends", "inner multiparts that do not end", "RFC 2046 5.1.2", "*: evil.exe",
       "b1", "in", "--{o}\n{inner}\n--{i}\n{hello}--{i}\n{evil}\n--{o}\n{hello}--{o}--\n",
       anomalies="missing-end")
nested("sibling-same-boundary", "two inner multiparts with one boundary", "RFC 2046 5.1.2",
       "*: evil.exe", "b1", "in",
       "--{o}\n{inner}\n--{i}\n{hello}--{i}--\n--{o}\n{inner}\n--{i}\n{evil}--{i}--\n--{o}--\n")
nested("message-same-boundary", "a message whose multipart has the boundary around it",
       "RFC 2046 5.1.2", "*: likely evil.exe", "b1", "b1",
       "--{o}\nContent-Type: message/rfc822\n\nSubject: in\nMIME-Version: 1.0\n{inner}\n--{i}\n"
       "{hello}--{i}\n{evil}--{i}--\n--{o}--\n", anomalies="boundary-conflict")

family("Delimiter lines")


def divided(name, construct, source, readings, body, **more):
    evasive(name, construct, source, readings,
            message(MIXED, body.format(hello=HELLO, evil=EVIL,
                                       uu=uuencode(SCRIPT_BYTES, "evil.sh"))), **more)


LINE = "RFC 2046 5.1.1"
divided("delimiter-blanks", "blanks and tabs behind the delimiter", "RFC 2046 5.1.1 allows them",
        "*: evil.exe", "--b1 \t \n{hello}--b1\t\n{evil}--b1--  \n")
divided("delimiter-junk-behind", "text glued behind the delimiter",
        "RFC 2046 5.1.1; Dovecot and older readers compare beginnings only",
        "Thunderbird: text; Roundcube: evil.exe; iOS Mail: likely evil.exe; *: likely text",
        "--b1\n{hello}--b1x\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("delimiter-word-behind", "a blank and a word behind the delimiter", LINE,
        "Thunderbird: text; Roundcube: evil.exe; *: likely text",
        "--b1\n{hello}--b1 next\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("delimiter-control-behind", "a control character behind the delimiter", LINE,
        "Thunderbird: likely text; Roundcube: evil.exe; *: likely evil.exe",
        "--b1\n{hello}--b1\x01\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("delimiter-nul-behind", "a NUL behind the delimiter", LINE,
        "Thunderbird: likely text; Roundcube: evil.exe; *: likely evil.exe",
        "--b1\n{hello}--b1␀\n{evil}--b1--\n", anomalies="nul boundary-conflict")
divided("delimiter-form-feed-behind", "a form feed and a vertical tab behind the delimiter",
        "C's isspace takes both", "Thunderbird: evil.exe; *: likely text",
        "--b1\n{hello}--b1\x0c\x0b\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("delimiter-blank-before", "a blank before the delimiter", LINE,
        "*: text; Outlook: likely evil.exe", "--b1\n{hello} --b1\n{evil}--b1--\n", danger=None,
        anomalies="boundary-conflict")
divided("delimiter-three-dashes", "three dashes before the boundary", LINE,
        "*: text", "--b1\n{hello}---b1\n{evil}--b1--\n", danger=None,
        anomalies="boundary-conflict")
divided("delimiter-no-first-line", "the first delimiter is the header's last line",
        LINE, "*: likely evil.exe", "{hello}--b1\n{evil}--b1--\n".replace("{hello}", ""))
divided("close-then-part", "a delimiter and a part behind the end", "RFC 2046 5.1.1: an epilogue",
        "*: Hello only; Roundcube: evil.exe; Outlook: likely evil.exe",
        "--b1\n{hello}--b1--\n\n--b1\n{evil}--b1--\n", anomalies="hidden-part")
divided("close-first", "the end comes first", LINE, "*: likely nothing; Outlook: likely evil.exe",
        "--b1--\n--b1\n{hello}--b1\n{evil}--b1--\n", anomalies="hidden-part")
divided("close-junk-behind", "text glued behind the end", LINE,
        "Thunderbird: evil.exe; Roundcube: Hello only; *: likely evil.exe",
        "--b1\n{hello}--b1--x\n--b1\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("close-blank-inside", "a blank between boundary and dashes", LINE,
        "*: likely evil.exe; Outlook: likely Hello only",
        "--b1\n{hello}--b1 --\n--b1\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("close-one-dash", "one dash for two at the end", LINE, "*: evil.exe",
        "--b1\n{hello}--b1-\n--b1\n{evil}--b1--\n", anomalies="boundary-conflict")
divided("part-as-preamble", "a part before the first delimiter", "RFC 2046 5.1.1: a preamble",
        "*: Hello only", "{evil}\n--b1\n{hello}--b1--\n", danger=None, anomalies="hidden-part")
divided("part-as-epilogue", "a part without delimiter behind the end", "RFC 2046 5.1.1",
        "*: Hello only", "--b1\n{hello}--b1--\n{evil}", danger=None, anomalies="hidden-part")
divided("uuencode-as-epilogue", "a uuencoded file behind the end", "RFC 2046 5.1.1",
        "Outlook: likely evil.sh; *: Hello only",
        "--b1\n{hello}--b1--\n\n{uu}",
        danger=SHELL)
divided("multipart-as-epilogue", "a whole multipart with another boundary behind the end",
        "RFC 2046 5.1.1", "*: Hello only",
        "--b1\n{hello}--b1--\nContent-Type: multipart/mixed; boundary=b2\n\n--b2\n{evil}--b2--\n",
        danger=None, anomalies="hidden-part")
divided("delimiter-only", "nothing but the last delimiter, at the end of the file", LINE,
        "*: evil.exe", "--b1\n{hello}--b1\n{evil}--b1", anomalies="missing-end")
divided("no-close", "no end at all", LINE, "*: evil.exe", "--b1\n{hello}--b1\n{evil}",
        anomalies="missing-end")
divided("delimiter-after-bare-lf", "bare LFs around the delimiter", "RFC 5322 2.3",
        "Thunderbird: evil.exe; *: likely evil.exe",
        "--b1\n{hello}␊--b1␊{evil}--b1--\n", anomalies="bare-lf")
divided("delimiter-after-bare-cr", "a bare CR before the delimiter", "RFC 5322 2.3",
        "Thunderbird: evil.exe; *: likely text", "--b1\n{hello}x␍--b1␍\n{evil}--b1--\n",
        anomalies="bare-cr")
divided("delimiter-cr-behind", "CR CR LF behind the delimiter", "RFC 5322 2.3",
        "*: likely evil.exe", "--b1␍\n{hello}--b1␍\n{evil}--b1--␍\n", anomalies="bare-cr")
divided("part-bare-cr-only", "a part whose lines end with bare CRs", "RFC 5322 2.3",
        "Thunderbird: evil.exe; *: likely evil.exe",
        "--b1\n{hello}--b1\n" + EVIL.replace("\n", "␍") + "\n--b1--\n", anomalies="bare-cr")
divided("empty-parts-between", "empty parts between delimiters", LINE, "*: evil.exe",
        "--b1\n--b1\n\n--b1\n{evil}--b1\n--b1--\n")
divided("delimiter-in-header", "a delimiter inside of the part's header", LINE,
        "*: likely evil.exe", "--b1\nContent-Type: text/plain\n--b1\n{evil}--b1--\n",
        anomalies="missing-blank-line")
