#!/usr/bin/env python3
"""endurance - the daemon for minutes under load while things happen to it, and with very many sessions.

  Benchmarks/endurance.py [--minutes 10] [--quiet 60] [--engine nio] [--bin DIR] [PART ...]

PART is load, idle or checks; all of them if none is named. DIR holds defangd, defang-rulec and
defangctl; without it they are built for release. Ends with 1 when a bound is not kept.

load    milter-load with 16 connections and 200 messages of the mix, first alone (--quiet seconds), then for
        --minutes with a reload every second, a log that is cut now and then, a scanner that dies and
        comes back, 500 idle sessions and 50 that send a byte a second. Every message must get its answer,
        the answers must be those of the quiet run, and the daemon must have counted as many as were given;
        memory of the last minute is at most 5 % above the first, and so is what of it is no page of a
        file; the 99th percentile at most twice the quiet one. A worker's share
        (PSS) is shown and not judged: it falls by megabytes when another process maps libmagic's
        database or our program, and rises when that one ends.
idle    10,000 idle sessions in at most 300 MB, a new session among them in 100 ms (99th percentile).
checks  1,000 sessions that each wait one second for a scanner, at once: all done within 3 s.
"""
import argparse
import json
import os
import resource
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

here = os.path.dirname(os.path.abspath(__file__))
failures = []


def bound(name, value, most, unit=""):
    good = value <= most
    print(f"  {name:<44} {value:>10.4g} {unit:<4} at most {most:.4g}  {'ok' if good else 'MISSED'}", flush=True)
    if not good:
        failures.append(name)


def children(pid):
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            found += [int(word) for word in file.read().split()]
    return found


def memories(pid):
    """{name: MB}: Rss, Pss, Anonymous and others."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        lines = [line.split() for line in file if line.endswith(" kB\n")]
    return {line[0].rstrip(":"): int(line[1]) / 1024 for line in lines}


def memory(pid):
    return memories(pid)["Pss"]


def by_minute(taken, key):
    minutes = {}
    for at, values in taken:
        minutes.setdefault(int((at - taken[0][0]) // 60), []).append(values[key])
    return " ".join(f"{statistics.mean(values):.1f}" for values in minutes.values())


def growth(taken, key, seconds):
    """The mean of the last seconds by that of the first."""
    first = statistics.mean(values[key] for at, values in taken if at - taken[0][0] <= seconds)
    last = statistics.mean(values[key] for at, values in taken if taken[-1][0] - at <= seconds)
    return last / first


class Daemon:
    """defangd in a folder of its own, with everything on unix sockets."""

    def __init__(self, work, options, policy, *more):
        work = tempfile.mkdtemp(dir=work)
        self.socket, self.control, self.metrics = (f"{work}/{name}" for name in ("milter", "control", "metrics"))
        self.log = f"{work}/log"
        self.bin = options.bin
        words = [f"{options.bin}/defangd", "--user", "root", "--rules", policy, "--socket", f"unix:{self.socket}",
                 "--front-end", options.engine, "--state", f"{work}/state", "--control", f"unix:{self.control}",
                 "--metrics", f"unix:{self.metrics}", *more]
        if options.compiler:
            words += ["--compiler", options.compiler]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log)
        for _ in range(600):
            if "listening on" in self.text() or self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.workers = children(self.process.pid) if self.process.poll() is None else []
        if not self.workers:
            sys.exit("the daemon does not start:\n" + self.text())

    def text(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    @property
    def worker(self):
        return self.workers[0]

    def figures(self, name):
        """{labels: value} of one figure."""
        with socket.socket(socket.AF_UNIX) as peer:
            peer.connect(self.metrics)
            peer.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            text = b""
            while piece := peer.recv(65536):
                text += piece
        lines = [line for line in text.decode().split("\n") if line.startswith((name + "{", name + " "))]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def reload(self):
        words = [f"{self.bin}/defangctl", "reload", "--control", f"unix:{self.control}"]
        return subprocess.run(words, capture_output=True).returncode == 0

    def stop(self):
        if children(self.process.pid) != self.workers:
            failures.append("the worker is not the one that began")
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            failures.append("the daemon does not end")
            self.process.kill()


class Stub:
    """The scanner."""

    def __init__(self, path, delay=0.0):
        self.words = [sys.executable, f"{here}/tools/clamd-stub.py", path, str(delay)]
        self.path = path
        self.start()

    def start(self):
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.process = subprocess.Popen(self.words)
        while not os.path.exists(self.path):
            time.sleep(0.02)

    def stop(self):
        self.process.kill()
        self.process.wait()


class Idle:
    def __init__(self, path, idle, slow):
        words = [sys.executable, f"{here}/tools/idle-sessions.py", path, str(idle), str(slow)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            sys.exit("idle sessions cannot be opened")

    def stop(self):
        """How many were closed on them."""
        said, _ = self.process.communicate()
        return int(said.split()[1])


def load(options, daemon, messages, *more):
    words = [f"{options.work}/milter-load", "--socket", f"unix:{daemon.socket}", "--dir", f"{options.work}/mix",
             "--messages", str(messages), "--json", *more]
    run = subprocess.run(words, capture_output=True, text=True)
    if run.returncode != 0:
        failures.append("milter-load: " + (run.stderr.strip().splitlines() or ["no reason"])[-1])
        return None
    return json.loads(run.stdout)


# One round is the mix ten times over: as many answers of each kind as in any other round.
ROUND = 2000
KEPT = ("--connections", "16", "--keep", "--per-connection", "100")


def rounds(options, daemon, seconds, wanted=None):
    """Loads for so long; the answers of one round, the 99th percentiles, and how many messages."""
    end, times, count = time.monotonic() + seconds, [], 0
    while time.monotonic() < end:
        report = load(options, daemon, ROUND, *KEPT)
        if report is None:
            break
        answers = {**report["final"], **report["replycodes"]}
        wanted = wanted or answers
        if answers != wanted:
            failures.append(f"other answers: {answers} instead of {wanted}")
        times.append(report["message_ms"]["p99"])
        count += ROUND
    return wanted, times, count


def part_load(options):
    print(f"load: {options.minutes:g} minutes on {options.engine}")
    policy, scanner = f"{options.work}/endurance.rules", f"{options.work}/clamd"
    with open(f"{here}/policies/endurance.rules") as source, open(policy, "w") as file:
        file.write(source.read().replace("SCANNER", scanner))
    stub = Stub(scanner)
    daemon = Daemon(options.work, options, policy)
    load(options, daemon, ROUND, *KEPT)
    wanted, quiet, before = rounds(options, daemon, options.quiet)
    idle = Idle(daemon.socket, 500, 50)
    over, done, taken = threading.Event(), {"reloads": 0, "refused": 0, "cuts": 0, "deaths": 0}, []

    def disturb():
        second = 0
        while not over.wait(1.0):
            second += 1
            done["reloads"] += 1
            done["refused"] += not daemon.reload()
            if second % 20 == 0:
                # A rotation that copies and cuts: the daemon writes on at the new end.
                os.truncate(daemon.log, 0)
                done["cuts"] += 1
            if second % 40 == 15:
                stub.stop()
                done["deaths"] += 1
            if second % 40 == 30:
                stub.start()

    def measure():
        while not over.wait(1.0):
            taken.append((time.monotonic(), memories(daemon.worker)))

    threads = [threading.Thread(target=disturb), threading.Thread(target=measure)]
    for thread in threads:
        thread.start()
    _, times, count = rounds(options, daemon, options.minutes * 60, wanted)
    over.set()
    for thread in threads:
        thread.join()
    closed = idle.stop()
    counted = sum(daemon.figures("defang_messages_total").values())
    daemon.stop()
    stub.stop()
    minute = min(60, options.minutes * 20)
    for key, name in (("Rss", "all of it"), ("Anonymous", "no pages of files"), ("Pss", "its share")):
        print(f"  memory by minute, MB, {name}: {by_minute(taken, key)}")
    print(f"  {count} messages; {done['reloads']} reloads, {done['cuts']} cuts of the log,"
          f" {done['deaths']} deaths of the scanner;"
          f" p99 {statistics.median(quiet):.2f} ms quiet, {statistics.median(times):.2f} ms now")
    bound("reloads that were refused", done["refused"], 0)
    bound("idle sessions that were closed", closed, 0)
    bound("answers lost or doubled", abs(counted - before - count - ROUND), 0)
    bound("memory, last minute against the first", growth(taken, "Rss", minute), 1.05)
    bound("memory that is no page of a file", growth(taken, "Anonymous", minute), 1.05)
    bound("p99 against the quiet run", statistics.median(times) / statistics.median(quiet), 2.0)


def part_idle(options):
    print(f"idle: 10,000 sessions on {options.engine}")
    policy = f"{options.work}/plain.rules"
    with open(policy, "w") as file:
        file.write('require "defang";\nphase eom { rule "all" { addheader "X-Seen" "yes"; } }\n')
    daemon = Daemon(options.work, options, policy)
    before = memory(daemon.worker)
    idle = Idle(daemon.socket, 9_900, 0)
    held = memory(daemon.worker)
    report = load(options, daemon, 2_000, "--connections", "4") or {"message_ms": {"p99": float("inf")}}
    closed = idle.stop()
    daemon.stop()
    print(f"  {before:.1f} MB before, {held:.1f} MB with 9,900 sessions")
    bound("memory with all sessions", held * 10_000 / 9_900, 300, "MB")
    bound("p99 of a new session and its message", report["message_ms"]["p99"], 100, "ms")
    bound("idle sessions that were closed", closed, 0)


def part_checks(options):
    print(f"checks: 1,000 sessions that wait one second each on {options.engine}")
    policy, scanner = f"{options.work}/slow.rules", f"{options.work}/slow"
    with open(policy, "w") as file:
        file.write('require ["defang"];\non_error :scanner "tempfail";\n'
                   f'scanner :clamd "unix:{scanner}" :timeout 20 :calls 1000 "slow";\n'
                   'phase eom { rule "all" { if scan "slow" { reject "Infected"; } } }\n')
    stub = Stub(scanner, 1.0)
    daemon = Daemon(options.work, options, policy)
    words = [f"{options.work}/milter-load", "--socket", f"unix:{daemon.socket}", "--eml", f"{options.work}/plain.eml",
             "--messages", "1000", "--connections", "1000", "--json"]
    run = subprocess.run(words, capture_output=True, text=True)
    report = json.loads(run.stdout)
    daemon.stop()
    stub.stop()
    bound("messages without an answer of the rules", 1000 - report["final"].get("continue", 0), 0)
    bound("all of them", report["elapsed_s"], 3, "s")


def build(options):
    if options.bin:
        return
    root = os.path.dirname(here)
    words = ["swift", "build", "-c", "release", "--static-swift-stdlib"]
    for product in ("defangd", "defang-rulec", "defangctl"):
        subprocess.run([*words, "--product", product], cwd=root, check=True, stdout=sys.stderr)
    options.bin = f"{root}/.build/release"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--quiet", type=float, default=60, help="seconds of load before anything happens")
    parser.add_argument("--engine", default="nio")
    parser.add_argument("--bin", help="where the programs are")
    parser.add_argument("--compiler", help="another defang-rulec")
    parser.add_argument("part", nargs="*", choices=["load", "idle", "checks", []])
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    build(options)
    options.work = tempfile.mkdtemp(prefix="defang-endurance.", dir="/run")
    try:
        tools = f"{here}/tools"
        subprocess.run(["gcc", "-O2", "-pthread", "-o", f"{options.work}/milter-load", f"{tools}/milter-load.c"],
                       check=True)
        for words in (["--mix", "200"], ["--kinds", "plain"]):
            target = f"{options.work}/mix" if "--mix" in words else options.work
            subprocess.run([sys.executable, f"{tools}/make-corpus.py", target, *words], check=True,
                           stdout=subprocess.DEVNULL)
        for part in options.part or ["load", "idle", "checks"]:
            {"load": part_load, "idle": part_idle, "checks": part_checks}[part](options)
    finally:
        shutil.rmtree(options.work, ignore_errors=True)
    for failure in dict.fromkeys(failures):
        print("missed:", failure)
    sys.exit(1 if failures else 0)


main()
