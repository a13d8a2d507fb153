"""Content-Type fields that are doubled, malformed or dressed up."""
from .mail import *

family("Content-Type")
EVIL = attachment()
BODY = parts(HELLO, EVIL)
FIRST = "Thunderbird: the first field; Outlook: likely %s; Gmail: likely %s; Apple Mail: likely %s"


def top(name, construct, source, readings, fields, body=BODY, **more):
    evasive(name, construct, source, readings, message(fields, body), **more)


top("type-plain-then-mixed", "two Content-Type fields, text/plain first",
    "RFC 2045 3: once; RFC 7103 7.5.1", FIRST % ("evil.exe", "raw text", "evil.exe"),
    "Content-Type: text/plain\n" + MIXED, anomalies="duplicate-content-type")
top("type-mixed-then-plain", "two Content-Type fields, multipart first",
    "RFC 2045 3: once", "Thunderbird: evil.exe; Gmail: likely evil.exe; *: likely raw text",
    MIXED + "Content-Type: text/plain\n", anomalies="duplicate-content-type")
top("type-two-multiparts", "two multipart fields, each boundary divides the body otherwise",
    "RFC 2045 3", "Thunderbird: Hello only; Gmail: likely Hello only; *: likely evil.exe",
    'Content-Type: multipart/mixed; boundary="a"\n' + MIXED,
    "--a\nContent-Type: text/plain\n\nHello\n\n" + parts(EVIL) + "--a--\n",
    anomalies="duplicate-content-type boundary-conflict")
top("type-three-times", "three Content-Type fields, the middle one divides",
    "RFC 2045 3", "*: likely raw text; Outlook: likely evil.exe",
    "Content-Type: text/plain\n" + MIXED + "Content-Type: text/html\n",
    anomalies="duplicate-content-type")
top("type-other-case-twice", "the second field in capitals", "RFC 5322 1.2.2: names ignore case",
    "Thunderbird: raw text; *: likely evil.exe",
    "content-type: text/plain\n" + MIXED.replace("Content-Type", "CONTENT-TYPE"),
    anomalies="duplicate-content-type")
evasive("type-twice-in-part", "a leaf that is text first and HTML second", "RFC 2045 3",
        "Thunderbird: text; Outlook: likely HTML; *: likely text",
        mixed(page(fields="Content-Type: text/plain\n"
                          'Content-Type: text/html; name="evil.html"\n')),
        danger=PAGE, anomalies="duplicate-content-type")
evasive("type-twice-part-multipart", "a part that is text first and a multipart second",
        "RFC 2045 3", "Thunderbird: raw text; Outlook: likely evil.exe; *: likely raw text",
        mixed('Content-Type: text/plain\nContent-Type: multipart/mixed; boundary="in"\n\n'
              + parts(EVIL, boundary="in")), anomalies="duplicate-content-type")
top("type-plain-then-message", "text/plain first, message/rfc822 second", "RFC 2045 3",
    "*: likely raw text; Outlook: likely the inner message with evil.exe",
    "Content-Type: text/plain\nContent-Type: message/rfc822\n", mixed(EVIL),
    anomalies="duplicate-content-type")
top("type-alternative-then-mixed", "two multiparts of one boundary, alternative first",
    "RFC 2045 3", "Thunderbird: Hello, evil.exe hidden; *: likely evil.exe",
    'Content-Type: multipart/alternative; boundary="b1"\n' + MIXED,
    anomalies="duplicate-content-type")
top("type-comment-before", "a comment that looks like a type before the type",
    "RFC 5322 3.2.2, RFC 2045 5.1", "Thunderbird: likely raw text; *: evil.exe",
    'Content-Type: (text/plain) multipart/mixed; boundary="b1"\n')
top("type-comment-inside", "comments around the slash", "RFC 2045 5.1 with RFC 5322 4",
    "Thunderbird: likely raw text; *: likely evil.exe",
    'Content-Type: multipart (x) / (y) mixed (z); boundary="b1"\n')
top("type-comment-nested", "a nested comment with escapes before the parameters",
    "RFC 5322 3.2.2", "*: likely evil.exe",
    'Content-Type: multipart/mixed (a(b\\)c(d))\\\\e); boundary="b1"\n')
top("type-comment-open", "a comment that is never closed before the parameters",
    "RFC 5322 3.2.2", "Thunderbird: evil.exe; Gmail: likely evil.exe; *: likely raw text",
    'Content-Type: multipart/mixed (x; boundary="b1"\n', anomalies="hidden-part")
top("type-blanks-around-slash", "blanks on both sides of the slash", "RFC 2045 5.1",
    "Thunderbird: likely raw text; Outlook: likely evil.exe; *: likely evil.exe",
    'Content-Type: multipart / mixed ; boundary="b1"\n')
top("type-quoted", "the whole type in quotes", "RFC 2045 5.1: a token",
    "Outlook: likely evil.exe; *: likely raw text",
    'Content-Type: "multipart/mixed"; boundary="b1"\n', anomalies="type-conflict")
top("type-single-quotes", "the type in apostrophes", "RFC 2045 5.1",
    "*: likely raw text; Outlook: likely evil.exe",
    "Content-Type: 'multipart/mixed'; boundary=\"b1\"\n", anomalies="type-conflict")
top("type-after-semicolon", "a semicolon before the type", "RFC 2045 5.1",
    "*: likely raw text; Outlook: likely evil.exe",
    'Content-Type: ; multipart/mixed; boundary="b1"\n', anomalies="type-conflict")
top("type-no-subtype", "multipart without a subtype", "RFC 2046 5.1.7: as mixed",
    "*: likely evil.exe", 'Content-Type: multipart; boundary="b1"\n')
top("type-empty-subtype", "multipart with a slash and nothing", "RFC 2046 5.1.7",
    "*: likely evil.exe; Gmail: likely raw text", 'Content-Type: multipart/; boundary="b1"\n')
top("type-unknown-multipart", "a multipart nobody knows", "RFC 2046 5.1.7: as mixed",
    "*: evil.exe", 'Content-Type: multipart/x-odd; boundary="b1"\n')
top("type-comma-for-semicolon", "a comma before the parameter", "RFC 2045 5.1",
    "Thunderbird: likely evil.exe; *: likely raw text",
    'Content-Type: multipart/mixed, boundary="b1"\n')
top("type-no-semicolon", "a blank before the parameter, no semicolon", "RFC 2045 5.1",
    "Thunderbird: likely evil.exe; Outlook: likely evil.exe; *: likely raw text",
    'Content-Type: multipart/mixed boundary="b1"\n')
top("type-two-semicolons", "empty parameters", "RFC 2045 5.1", "*: evil.exe",
    'Content-Type: multipart/mixed;; ; boundary="b1";;\n')
top("type-encoded-word", "the type in an encoded word", "RFC 2047 5: not allowed",
    "*: likely raw text; Outlook: likely evil.exe",
    'Content-Type: =?us-ascii?Q?multipart/mixed?=; boundary="b1"\n', anomalies="type-conflict")
top("type-encoded-word-whole", "type and boundary in one encoded word", "RFC 2047 5",
    "*: likely raw text; Outlook: likely evil.exe",
    "Content-Type: =?us-ascii?Q?multipart/mixed=3B_boundary=3D=22b1=22?=\n",
    anomalies="type-conflict")
top("type-folded-after-slash", "a fold after the slash", "RFC 5322 2.2.3",
    "*: likely raw text; Outlook: likely evil.exe; Apple Mail: likely evil.exe",
    'Content-Type: multipart/\n mixed; boundary="b1"\n')
top("type-folded-first", "nothing but a fold before the type", "RFC 5322 2.2.3", "*: evil.exe",
    'Content-Type:\n\tmultipart/mixed;\n\n'.replace("\n\n", "\n") + ' boundary="b1"\n')
top("type-folded-blank-line", "a line of blanks inside the folded field",
    "RFC 5322 4.2: obsolete folding", "Thunderbird: evil.exe; *: likely raw text",
    'Content-Type: multipart/mixed;\n \t\n boundary="b1"\n', anomalies="header-end-conflict")
top("type-control-inside", "a control character at the type's end", "RFC 2045 5.1",
    "Thunderbird: likely raw text; Outlook: likely evil.exe; *: likely raw text",
    'Content-Type: multipart/mixed\x01; boundary="b1"\n', anomalies="bad-header-text")
top("type-nul-after", "a NUL behind the type: readers of C strings stop there",
    "RFC 5322 4: obsolete NUL", "Thunderbird: likely raw text; *: likely evil.exe",
    'Content-Type: multipart/mixed␀; boundary="b1"\n', anomalies="nul")
top("type-nul-inside", "a NUL inside the type, dropped by some", "RFC 5322 4",
    "Outlook: likely evil.exe; *: likely raw text",
    'Content-Type: multi␀part/mixed; boundary="b1"\n', anomalies="nul")
top("type-nbsp-before", "a no-break space (0xA0) before the type", "RFC 5322 2.2",
    "Outlook: likely evil.exe; *: likely raw text",
    'Content-Type: \udca0multipart/mixed; boundary="b1"\n', anomalies="bad-header-text")
top("type-two-in-one", "a second type where a parameter stands", "RFC 2045 5.1",
    "*: raw text; Outlook: likely evil.exe",
    'Content-Type: text/plain; multipart/mixed; boundary="b1"\n', anomalies="type-conflict")
top("type-list", "two types with a comma, as in HTTP's Accept", "RFC 2045 5.1",
    "*: likely raw text; Outlook: likely evil.exe",
    'Content-Type: text/plain, multipart/mixed; boundary="b1"\n', anomalies="type-conflict")
top("type-double-slash", "two slashes in the type", "RFC 2045 5.1",
    "*: likely raw text; Thunderbird: likely evil.exe",
    'Content-Type: multipart//mixed; boundary="b1"\n', anomalies="type-conflict")
top("type-third-level", "a type with a second slash behind it", "RFC 2045 5.1",
    "*: likely evil.exe; Gmail: likely raw text",
    'Content-Type: multipart/mixed/x; boundary="b1"\n')
top("type-equals-sign", "an equals sign between field name and type", "RFC 5322 2.2",
    "*: likely raw text; Outlook: likely evil.exe",
    'Content-Type: =multipart/mixed; boundary="b1"\n', anomalies="type-conflict")
evasive("no-mime-version", "a multipart without MIME-Version", "RFC 2045 4, RFC 7103 7.3",
        "*: evil.exe", message(MIXED, BODY, mime=""))
evasive("mime-version-two", "MIME-Version: 2.0", "RFC 2045 4", "*: evil.exe",
        message(MIXED, BODY, mime="MIME-Version: 2.0\n"))
top("type-message-no-subtype", "message without a subtype", "RFC 2045 5.1",
    "*: likely raw text; Outlook: likely the inner message", "Content-Type: message\n",
    enclosed(EVIL), anomalies="type-conflict")
evasive("type-parameter-first", "name before the type", "RFC 2045 5.1",
        "*: likely evil.html as text; Outlook: likely evil.html",
        mixed(page(fields='Content-Type: name="evil.html"; text/html\n')),
        danger=PAGE, anomalies="type-conflict")
