"""docs/READINGS.md: what mail programs make of each construct, and what the filter says."""

HEAD = """# How mail programs read odd mail

Made by `tools/make-odd-mail.py` together with the messages of `Tests/OddMail`; a test compares it.
What rules must see stands in the last column: names and kind of one part, as `part` tells them,
and the anomalies that must be reported. *likely* marks what is reasoned from the standards and from
the published behaviour of the parser that a client is built on; the rest is what the standards ask
for or what is documented. No client was run for it. Clients whose reading is the same stand
together.

"""


def text(cases):
    out, family = HEAD, None
    for case in cases["evasive"]:
        if case.family != family:
            family = case.family
            out += "\n## %s\n\n| message | construct | read as | the rules see |\n" % family
            out += "|---|---|---|---|\n"
        out += "| `%s` | %s (%s) | %s | %s |\n" % (
            case.name, cell(case.construct), cell(case.source), clients(case), report(case))
    out += "\n## Valid, and no anomaly\n\n| message | construct |\n|---|---|\n"
    for case in cases["valid"]:
        out += "| `%s` | %s (%s) |\n" % (case.name, cell(case.construct), cell(case.source))
    return out


def cell(words):
    words = words.replace("|", "\\|")
    return "".join(c if " " <= c and not "\u200b" <= c <= "\u206f" else "?" for c in words)


def clients(case):
    groups = {}
    for client, shows in case.readings:
        groups.setdefault(shows, []).append(client)
    return "; ".join("%s: %s" % (", ".join(who), cell(shows)) for shows, who in groups.items())


def report(case):
    words = []
    if case.danger:
        names = ", ".join("`%s`" % cell(name) for name in case.danger.get("names", []))
        more = ", ".join(
            "%s %s" % (key, cell(str(value))) for key, value in sorted(case.danger.items())
            if key not in ("names", "kind"))
        kind = "kind %s" % case.danger["kind"] if case.danger.get("kind") else ""
        words.append(", ".join(word for word in (names, kind, more) if word))
    words += ["*%s*" % name for name in case.anomalies]
    words += ["limit *%s*" % name for name in case.limits]
    return "; ".join(words)
