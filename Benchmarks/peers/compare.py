#!/usr/bin/env python3
"""compare.py - mail filters side by side, in one run, at the same job

Starts each filter with its configuration of config/, one after the other, plays the mail server
with ../tools/milter-load (connections kept open), and prints messages a second, CPU seconds for
1,000 messages, the 99th percentile of a whole message, and memory (PSS), each beside the filter in
C that does nothing (../noop).

  compare.py                                    all filters
  compare.py --filters noop,defangd --rounds 5
  compare.py --bin ../../.build/release --json FILE --policy FILE.rules

What is not installed of mimedefang, mailfromd and rspamd is installed with apt-get; everything runs
in a temporary folder. ../README.md says what the columns mean.

Exit status: 0 measured; 1 a filter failed; 2 it could not be measured.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from filters import FILTERS, Failure, Place, Sampler

HERE = pathlib.Path(__file__).resolve().parent
BENCHMARKS = HERE.parent
ROOT = BENCHMARKS.parent
# Messages of one measurement, for a filter of the first speed; slower ones get a share of them.
MESSAGES = {"plain": 40_000, "mix": 20_000, "parts": 10_000}
KINDS = list(MESSAGES)


def run(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise Failure("%s: %s%s" % (command[0], done.stdout[-2000:], done.stderr[-2000:]))
    return done.stdout


def install(packages):
    missing = [
        package for package in sorted(packages)
        if "ok installed" not in subprocess.run(
            ["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True).stdout
    ]
    if missing:
        say("installing " + " ".join(missing))
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        run(["apt-get", "install", "-y", "--no-install-recommends", *missing], env=quiet)


def build(place):
    """The daemon and its compiler, where no folder with them is given."""
    say("building")
    for product in ("defangd", "defang-rulec"):
        run(["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", product],
            cwd=ROOT)
    place.programs = ROOT / ".build/release"


def make_tools(place, policy):
    """What a run needs in its folder: programs, messages, and the policy as an image."""
    flags = ["-O2", "-Wall", "-Wextra", "-pthread"]
    run(["gcc", *flags, "-o", place.work / "milter-load", BENCHMARKS / "tools/milter-load.c"])
    run(["gcc", *flags, "-o", place.work / "noop", BENCHMARKS / "noop/noop.c", "-lmilter"])
    corpus = BENCHMARKS / "tools/make-corpus.py"
    run([sys.executable, corpus, place.work / "mix", "--mix", "200"])
    run([sys.executable, corpus, place.work / "one"])
    run([place.programs / "defang-rulec", "-o", place.work / "policy.drc", policy])


def load(place, name, kind, messages):
    """Plays the mail server; returns the tool's report."""
    corpus = {"mix": ["--dir", place.work / "mix"]}.get(
        kind, ["--eml", place.work / "one" / (kind + ".eml")])
    text = run([
        place.work / "milter-load", "--socket", "unix:%s" % place.socket(name), "--connections", "4",
        "--keep", "--messages", str(messages), *corpus, "--json"])
    report = json.loads(text)
    if sum(report["errors"].values()) or report["final"].keys() & {"tempfail"}:
        raise Failure("%s answers %s, errors %s" % (name, report["final"], report["errors"]))
    return report


def measure(place, name, kinds, results):
    """One start of a filter, all kinds of messages."""
    described = FILTERS[name]
    with described.start(place, name) as running:
        results.setdefault(name, {}).setdefault("start_ms", []).append(running.start_ms)
        results[name].setdefault("idle_kb", []).append(running.memory())
        for kind in kinds:
            messages = max(100, int(MESSAGES[kind] * described.share[kind]))
            # Not counted: first connections, caches, workers that start.
            load(place, name, kind, max(40, messages // 20))
            before = running.cpu_seconds()
            with Sampler(running) as memory:
                report = load(place, name, kind, messages)
            results[name].setdefault("load_kb", []).append(memory.largest)
            used = (running.cpu_seconds() - before) / messages * 1000
            row = {"cpu": used, "rate": report["msgs_per_s"], "p99": report["message_ms"]["p99"],
                   "final": report["final"]}
            results[name].setdefault(kind, []).append(row)


def best(rows, key, of=min):
    return of(row[key] for row in rows)


def table(results, names, kinds):
    lines = ["%-20s %-6s %9s %7s %12s %7s %8s" % (
        "filter", "mail", "msgs/s", "ratio", "CPU s/1,000", "ratio", "p99 ms")]
    for name in names:
        for kind in kinds:
            rows = results[name][kind]
            cpu, rate = best(rows, "cpu"), best(rows, "rate", max)
            ratios = ("-", "-")
            if "noop" in results:
                floor = results["noop"][kind]
                ratios = ("%.2f" % (rate / best(floor, "rate", max)),
                          "%.2f" % (cpu / best(floor, "cpu")))
            lines.append("%-20s %-6s %9.0f %7s %12.4f %7s %8.2f" % (
                name, kind, rate, ratios[0], cpu, ratios[1], best(rows, "p99")))
    lines.append("")
    lines.append("%-20s %10s %18s %18s" % ("filter", "start ms", "idle MB (PSS)", "loaded MB (PSS)"))
    for name in names:
        row = results[name]
        lines.append("%-20s %10.0f %18s %18s" % (
            name, min(row["start_ms"]), megabytes(row["idle_kb"]), megabytes(row["load_kb"])))
    return "\n".join(lines)


def megabytes(samples):
    """The largest of what was seen; for a master and its worker both."""
    largest = max(samples, key=sum)
    return " + ".join("%.1f" % (part / 1024) for part in largest)


def say(text):
    print(text, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--filters", default="noop,defangd,defangd-libmilter,mimedefang,mailfromd,"
                        "rspamd", help="of %s" % ", ".join(FILTERS))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bin", type=pathlib.Path, help="folder with defangd and defang-rulec")
    parser.add_argument("--policy", type=pathlib.Path, default=HERE / "config/windows-like.rules")
    parser.add_argument("--json", type=pathlib.Path, help="all measurements")
    arguments = parser.parse_args()
    names, kinds = arguments.filters.split(","), arguments.kinds.split(",")
    unknown = set(names) - FILTERS.keys() | set(kinds) - set(KINDS)
    if unknown:
        parser.error("unknown: " + ", ".join(sorted(unknown)))
    work = pathlib.Path(tempfile.mkdtemp(prefix="peers"))
    # The peers have users of their own, who must be able to walk in.
    work.chmod(0o755)
    place = Place(work, HERE / "config", arguments.bin and arguments.bin.resolve())
    results = {}
    try:
        install({package for name in names for package in FILTERS[name].packages})
        if not place.programs:
            build(place)
        make_tools(place, arguments.policy)
        for round_number in range(1, arguments.rounds + 1):
            for name in names:
                measure(place, name, kinds, results)
                say("round %d: %s" % (round_number, name))
    except Failure as failure:
        say(str(failure))
        return 1
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(table(results, names, kinds))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
