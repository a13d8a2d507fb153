#!/usr/bin/env python3
"""Writes the odd mail of Tests/OddMail: messages that mail programs read in different ways, and
valid ones that look odd.

  tools/make-odd-mail.py [ROOT]

ROOT is the checkout (default: the one that this file is in). Written are Tests/OddMail/evasive,
Tests/OddMail/valid, Tests/OddMail/cases.json and docs/READINGS.md; what is there already is
replaced. Python's standard library only; the same bytes on any machine: no dates, nothing random,
nothing compressed. Nothing in the messages does harm: the "programs" are headers without code.
"""
import json
import os
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from oddmail import registry, report  # noqa: E402


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def main():
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    root = sys.argv[1] if len(sys.argv) > 1 else here
    folder = os.path.join(root, "Tests", "OddMail")
    cases = registry.load()
    for kind in ("evasive", "valid"):
        place = os.path.join(folder, kind)
        shutil.rmtree(place, ignore_errors=True)
        os.makedirs(place)
        for case in cases[kind]:
            write(os.path.join(place, case.name + ".eml"), case.data)
    table = {kind: [case.entry() for case in cases[kind]] for kind in cases}
    text = json.dumps(table, indent=1, ensure_ascii=True, sort_keys=True) + "\n"
    write(os.path.join(folder, "cases.json"), text.encode())
    os.makedirs(os.path.join(root, "docs"), exist_ok=True)
    write(os.path.join(root, "docs", "READINGS.md"), report.text(cases).encode())
    print(", ".join("%d %s" % (len(cases[kind]), kind) for kind in cases))


main()
