"""The filters of compare.py: how each is started, and what its processes use."""
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
START_SECONDS_MAX = 60


class Failure(Exception):
    """A filter that does not start, or says something else than it should."""


class Place:
    """The folder of a run, and where things are in it."""

    def __init__(self, work, config, programs):
        self.work, self.config, self.programs = work, config, programs

    def folder(self, name):
        return self.work / "run" / name

    def socket(self, name):
        return self.folder(name) / "milter.sock"


class Running:
    """The processes of one filter."""

    def __init__(self, processes):
        self.processes = processes
        self.start_ms = 0.0

    def pids(self):
        """The processes and all that come from them, the first ones first."""
        children = {}
        for entry in pathlib.Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError):
                    parent = int(fields(entry / "stat")[1])
                    children.setdefault(parent, []).append(int(entry.name))
        found = [process.pid for process in self.processes]
        for pid in found:
            found.extend(children.get(pid, []))
        return found

    def cpu_seconds(self):
        """User and system time, of ended children too."""
        total = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):
                total += sum(map(int, fields(pathlib.Path("/proc/%d/stat" % pid))[11:15]))
        return total / TICKS

    def memory(self):
        """Proportional set size of each process, in KB."""
        sizes = []
        for pid in self.pids():
            with contextlib.suppress(OSError):
                text = pathlib.Path("/proc/%d/smaps_rollup" % pid).read_text()
                sizes += [int(line.split()[1]) for line in text.splitlines() if line[:4] == "Pss:"]
        return sizes


class Sampler(threading.Thread):
    """Looks at a filter's memory while it works; `largest` is the most that was seen."""

    def __init__(self, running):
        super().__init__()
        self.running, self.largest = running, []
        self.ended = threading.Event()

    def run(self):
        while True:
            self.largest = max(self.largest, self.running.memory(), key=sum)
            if self.ended.wait(0.5):
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *problem):
        self.ended.set()
        self.join()


def fields(path):
    """What follows the name in /proc/PID/stat; the name may hold anything."""
    return path.read_text().rpartition(")")[2].split()


class Filter:
    """How a filter is started: commands in the order in which they run."""

    def __init__(self, commands, packages=(), share=1.0, prepare=None):
        self.commands, self.packages, self.prepare = commands, packages, prepare
        # Of the messages of the quickest, so that no filter takes minutes.
        self.share = share if isinstance(share, dict) else dict.fromkeys(
            ("plain", "mix", "parts"), share)

    @contextlib.contextmanager
    def start(self, place, name):
        folder = place.folder(name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if self.prepare:
            self.prepare(place, folder)
        running = Running([])
        log = open(folder / "log", "w")
        try:
            began = time.monotonic()
            for command in self.commands(place, folder):
                words = [str(word) for word in command]
                running.processes.append(subprocess.Popen(
                    words, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                    start_new_session=True, cwd=folder))
            wait_for_answer(place.socket(name), running.processes, folder / "log")
            running.start_ms = (time.monotonic() - began) * 1000
            yield running
        finally:
            for process in reversed(running.processes):
                stop(process)
            log.close()


def wait_for_answer(path, processes, log):
    """Until the filter answers a negotiation: version, actions, protocol steps."""
    offer = struct.pack(">IcIII", 13, b"O", 6, 0x1FF, 0x1FFFFF)
    end = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect(str(path))
            client.sendall(offer)
            if len(client.recv(4096)) >= 17:
                client.sendall(struct.pack(">Ic", 1, b"Q"))
                return
        if any(process.poll() is not None for process in processes):
            break
        time.sleep(0.002)
    raise Failure("does not start: " + log.read_text()[-2000:])


def stop(process):
    """Asks first; each process has a session of its own, so that none stays behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def noop(place, folder):
    return [[place.work / "noop", "unix:%s" % (folder / "milter.sock")]]


def defangd(*options):
    def commands(place, folder):
        (folder / "defangd.conf").touch()
        (folder / "state").mkdir()
        return [[
            place.programs / "defangd", "--user", "root", "--config", folder / "defangd.conf",
            "--rules", place.work / "policy.drc", "--socket", "unix:%s" % (folder / "milter.sock"),
            "--state", folder / "state", *(option.format(folder=folder) for option in options)]]
    return commands


def mimedefang(place, folder):
    spool, control = folder / "spool", folder / "spool/control.sock"
    spool.mkdir()
    for path in (folder, spool):
        shutil.chown(path, "defang", "defang")
    # The multiplexor starts a program without arguments of ours.
    worker = folder / "worker"
    worker.write_text('#!/bin/sh\nexec mimedefang.pl -f "%s" "$@"\n' % (
        shutil.copy(place.config / "mimedefang-filter", folder)))
    worker.chmod(0o755)
    # Two workers, one for each processor, and never a retired one within a run.
    return [
        ["mimedefang-multiplexor", "-D", "-U", "defang", "-m", "2", "-x", "2", "-r", "1000000", "-w",
         "0", "-q", "8", "-z", spool, "-s", control, "-f", worker],
        ["mimedefang", "-D", "-U", "defang", "-X", "-q", "-z", spool, "-m", control, "-p",
         folder / "milter.sock"]]


def mailfromd(place, folder):
    shutil.chown(folder, "mailfromd", "mailfromd")
    return [[
        "mailfromd", "--no-config", "--foreground", "--stderr", "--user", "mailfromd",
        "--state-directory", folder, "--pidfile", folder / "pid", "-p",
        "unix://%s" % (folder / "milter.sock"), place.config / "mailfromd.mfl"]]


def rspamd(place, folder):
    return [[
        "rspamd", "-i", "-f", "-c", place.config / "rspamd.conf", "--var=RUNDIR=%s" % folder,
        "--var=DBDIR=%s" % folder]]


FILTERS = {
    "noop": Filter(noop, packages=["gcc", "libmilter-dev"]),
    "defangd": Filter(defangd()),
    "defangd-libmilter": Filter(defangd("--front-end", "libmilter")),
    # What each of those that tell of messages costs: without any, and with one more each.
    "defangd-silent": Filter(defangd("--log-level", "error")),
    "defangd-history": Filter(defangd("--log-level", "error", "--history")),
    "defangd-figures": Filter(
        defangd("--log-level", "error", "--metrics", "unix:{folder}/metrics.sock")),
    "mimedefang": Filter(
        mimedefang, packages=["mimedefang", "libarchive-zip-perl"],
        share={"plain": 0.03, "mix": 0.04, "parts": 0.03}),
    "mailfromd": Filter(
        mailfromd, packages=["mailfromd"], share={"plain": 0.2, "mix": 0.1, "parts": 0.04}),
    "rspamd": Filter(
        rspamd, packages=["rspamd"], share={"plain": 0.1, "mix": 0.05, "parts": 0.04}),
}
