#!/usr/bin/env python3
"""waiting.py - mail that needs no scan, beside sessions that wait for a slow scanner

Plays clamd with a scanner that takes a second for each message, keeps 60 sessions waiting for it
all the time, and measures the 99th percentile of whole messages on four other connections: first
alone, then beside those that wait.

  waiting.py --bin ../../.build/release [--rounds N]

Exit status: 0 the second figure is at most twice the first; 1 more, or a filter failed.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from compare import BENCHMARKS, HERE, load, make_tools, say
from filters import FILTERS, Failure, Place

SCAN_SECONDS = 1.0
WAITING = 60
MESSAGES = 20_000
RULES = """require ["defang"];
on_error :scanner "tempfail";
scanner :clamd "unix:%s" :timeout 20 "slow";
phase message {
  rule "virus" {
    if allof (header :is "X-Slow" "yes", scan "slow") { reject "It has a virus"; }
  }
}
"""


def slow_scanner(path):
    """clamd that finds nothing, and takes its time."""
    stub = BENCHMARKS / "tools/clamd-stub.py"
    process = subprocess.Popen([sys.executable, stub, path, str(SCAN_SECONDS)])
    while not path.exists():
        if process.poll() is not None:
            raise Failure("the scanner does not start")
        time.sleep(0.02)
    return process


def slow_mail(place):
    mail = (place.work / "one/plain.eml").read_bytes()
    path = place.work / "slow.eml"
    path.write_bytes(b"X-Slow: yes\r\n" + mail)
    return path


def measure(place, name):
    """The percentiles of one start: alone, and beside those that wait."""
    with FILTERS[name].start(place, name):
        load(place, name, "mix", 1_000)
        alone = load(place, name, "mix", MESSAGES)["message_ms"]
        waiting = subprocess.Popen(
            [place.work / "milter-load", "--socket", "unix:%s" % place.socket(name), "--connections",
             str(WAITING), "--keep", "--messages", "1000000", "--eml", slow_mail(place), "--json"],
            stdout=subprocess.DEVNULL)
        try:
            time.sleep(2 * SCAN_SECONDS)
            return alone, load(place, name, "mix", MESSAGES)["message_ms"]
        finally:
            waiting.kill()
            waiting.wait()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--filter", default="defangd")
    arguments = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="waiting"))
    place = Place(work, HERE / "config", arguments.bin.resolve())
    scanner = None
    try:
        scanner = slow_scanner(work / "scanner.sock")
        (work / "policy.rules").write_text(RULES % (work / "scanner.sock"))
        make_tools(place, work / "policy.rules")
        pairs = [measure(place, arguments.filter) for _ in range(arguments.rounds)]
    except Failure as failure:
        say(str(failure))
        return 1
    finally:
        if scanner:
            scanner.kill()
            scanner.wait()
        shutil.rmtree(work, ignore_errors=True)
    for alone, beside in pairs:
        print("p50 %.3f ms, p99 %.3f ms alone; beside %d sessions that wait %.3f ms, %.3f ms" % (
            alone["p50"], alone["p99"], WAITING, beside["p50"], beside["p99"]))
    ratio = min(beside["p99"] for _, beside in pairs) / min(alone["p99"] for alone, _ in pairs)
    print("p99 beside them: %.2f times that alone" % ratio)
    return 0 if ratio <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
