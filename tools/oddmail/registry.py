"""Collects the cases that the modules of this package make."""
import importlib

MODULES = [
    "types", "encodings", "base64s", "boundaries", "names", "continuations",
    "headers", "embedded", "charsets", "nesting", "files", "attacks",
    "valid", "valid_names", "valid_files",
]
MAJOR_CLIENTS = ["Outlook", "Gmail", "Apple Mail", "Thunderbird"]
CLIENTS = MAJOR_CLIENTS + ["Exchange", "K-9 Mail", "Roundcube", "iOS Mail", "Dovecot"]

evasive = []
valid = []
# The family of the cases that follow.
family = ""


class Case:
    """One message, and what is known about it."""

    def __init__(self, family, name, construct, source, data):
        self.family, self.name, self.construct = family, name, construct
        self.source, self.data = source, data
        self.readings, self.danger, self.anomalies, self.outline = [], None, [], None
        self.limits = []

    def entry(self):
        entry = {"name": self.name, "family": self.family, "construct": self.construct,
                 "source": self.source}
        if self.outline is not None:
            entry["outline"] = self.outline
        if self.readings:
            entry["readings"] = [{"client": c, "shows": s} for c, s in self.readings]
            entry["danger"] = self.danger
            entry["anomalies"] = self.anomalies
            entry["limits"] = self.limits
        return entry


def readings(text):
    """`Thunderbird: evil.exe; *: likely text only`: the star stands for the majors not named."""
    found, rest = [], None
    for piece in text.split("; "):
        client, shows = (word.strip() for word in piece.split(":", 1))
        if client == "*":
            rest = shows
        else:
            assert client in CLIENTS, client
            found.append((client, shows))
    named = [client for client, _ in found]
    for client in MAJOR_CLIENTS:
        if client not in named:
            assert rest, (client, text)
            found.append((client, rest))
    return sorted(found, key=lambda pair: CLIENTS.index(pair[0]))


def load():
    for module in MODULES:
        importlib.import_module("oddmail." + module)
    for cases in (evasive, valid):
        names = [case.name for case in cases]
        assert len(names) == len(set(names)), [n for n in names if names.count(n) > 1]
    for case in evasive:
        assert case.danger or case.anomalies or case.limits, case.name
    return {"evasive": evasive, "valid": valid}
