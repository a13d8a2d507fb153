#!/usr/bin/env python3
"""Writes Tests/SenderPolicyTests/Suite/rfc7208.json from the RFC 7208 test suite.

    tools/make-spf-suite.py rfc7208-tests.yml > Tests/SenderPolicyTests/Suite/rfc7208.json

The suite (rfc7208-tests.yml, its licence stands beside the result) comes with the source of pyspf.
Needs PyYAML. Nothing is chosen or changed but the form: one line a test, one line a name of a zone.
A text is written with one character for each byte. Records of the former type SPF become TXT where a
name has no TXT of its own, as the suite's own notes want it.
"""
import json
import sys

import yaml


def listed(value):
    return value if isinstance(value, list) else [value]


def records(entries):
    pairs = [("TIMEOUT", None) if e == "TIMEOUT" else next(iter(e.items())) for e in entries]
    has_text = any(kind == "TXT" for kind, _ in pairs)
    for kind, value in pairs:
        if kind == "SPF":
            if has_text:
                continue
            kind = "TXT"
        if value == "NONE":
            continue
        if kind == "TIMEOUT":
            yield [kind]
        elif kind == "MX":
            yield [kind, str(value[1]), str(value[0])]
        else:
            yield [kind] + [str(v) for v in listed(value)]


def test(name, fields):
    made = {"name": name}
    for key in ("helo", "host", "mailfrom"):
        made[key] = str(fields[key])
    made["results"] = listed(fields["result"])
    if "explanation" in fields:
        made["explanation"] = fields["explanation"]
    return made


def lines(items):
    return ",\n".join("   " + item for item in items)


def main():
    scenarios = []
    with open(sys.argv[1], encoding="utf-8") as source:
        for scenario in yaml.safe_load_all(source):
            tests = lines(json.dumps(test(*t)) for t in scenario["tests"].items())
            zone = lines(
                f"{json.dumps(str(name))}: {json.dumps(list(records(entries)))}"
                for name, entries in scenario["zonedata"].items())
            title = json.dumps(scenario["description"])
            scenarios.append(
                f' {{"description": {title},\n  "tests": [\n{tests}\n  ],\n'
                f'  "zone": {{\n{zone}\n  }}}}')
    print("[\n" + ",\n".join(scenarios) + "\n]")


main()
