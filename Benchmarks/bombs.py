#!/usr/bin/env python3
"""Runs a policy that asks for everything over messages that are made to exhaust a filter.

    swift build -c release --product defang-rulec
    Benchmarks/bombs.py [PATH-TO-DEFANG-RULEC]

Each must be done in 3 s and within twice its size plus 128 MB, and tell the limit that it hit where
one is named here. Prints seconds, megabytes, verdict and limits; ends with 1 when one is past these.
"""

import base64
import gzip
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

SECONDS_MAX = 3.0
SPARE_BYTES = 128 << 20

POLICY = """require ["defang", "body", "foreverypart", "mime"];
on_error :limit "continue";
phase part {
  rule "names" { if part :is "extension" ["exe", "js"] { log "name"; } }
  rule "kinds" { if part :is "kind" "executable" { log "kind"; } }
  rule "sniffed" { if part :is "sniffed" "application/x-dosexec" { log "sniffed"; } }
  rule "members" { if part :archive :matches "member" "*.exe" { log "member"; } }
  rule "traits" { if part :trait ["macro", "pdf-script", "html-script"] { log "trait"; } }
  rule "locked" { if part :encrypted ["archive", "office", "pdf"] { log "encrypted"; } }
  rule "lies" { if part :differs ["sniffed", "declared"] { log "lies"; } }
}
phase eom {
  rule "odd" { if anomaly { log "odd"; } }
  rule "body" { if body :text :contains "viagra" { log "body"; } }
  rule "from" { if address :all :contains ["from", "to", "cc"] "mallory" { log "from"; } }
  rule "limits" { if limit_hit { log "limit"; } }
}
"""

HEAD = b"From: ann@example.net\r\nTo: bob@example.com\r\nSubject: bomb\r\nMIME-Version: 1.0\r\n"


def multipart(content, boundary=b"b"):
    return HEAD + b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n' + content


def attached(content, name, kind=b"application/octet-stream"):
    return multipart(
        b"--b\r\nContent-Type: " + kind + b"\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="' + name + b'"\r\n\r\n'
        + base64.encodebytes(content).replace(b"\n", b"\r\n") + b"--b--\r\n")


def zipped(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def nested_zip(levels, width):
    content = zipped([("0.txt", b"\0" * 4_000_000)])
    for _ in range(levels):
        content = zipped([(f"{index}.zip", content) for index in range(width)])
    return content


def nested_parts(levels):
    lines = [HEAD]
    for level in range(levels):
        lines.append(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level))
    return b"".join(lines) + b"\r\nend\r\n"


def nested_ambiguous(levels):
    lines = [HEAD]
    for level in range(levels):
        lines.append(
            b"Content-Type: multipart/mixed; boundary=a%d; boundary=b%d\r\n"
            b"Content-Type: multipart/mixed; boundary=c%d\r\n\r\n--a%d\r\n\r\n--b%d\r\n\r\n--c%d\r\n"
            % (level, level, level, level, level, level))
    return b"".join(lines) + b"\r\nend\r\n"


def nested_encoded(levels):
    message = HEAD + b"\r\ninnermost\r\n"
    for _ in range(levels):
        message = (HEAD + b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                   + base64.encodebytes(message).replace(b"\n", b"\r\n"))
    return message


def deflated_bomb():
    """A zip whose one member says 100 bytes and unpacks to a gigabyte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = b"\0" * (1 << 20)
    data = b"".join(packer.compress(piece) for _ in range(1024)) + packer.flush()
    name = b"a.txt"
    local = (b"PK\3\4\x14\0\0\0\x08\0\0\0\0\0" + b"\0\0\0\0" + len(data).to_bytes(4, "little")
             + (100).to_bytes(4, "little") + len(name).to_bytes(2, "little") + b"\0\0" + name)
    central = (b"PK\1\2\x14\0\x14\0\0\0\x08\0\0\0\0\0" + b"\0\0\0\0" + len(data).to_bytes(4, "little")
               + (100).to_bytes(4, "little") + len(name).to_bytes(2, "little") + b"\0" * 16 + name)
    end = (b"PK\5\6\0\0\0\0\1\0\1\0" + len(central).to_bytes(4, "little")
           + (len(local) + len(data)).to_bytes(4, "little") + b"\0\0")
    return local + data + central + end


def overlapping_zip(count):
    """Members that all share one block of data."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(b"\0" * 20_000_000) + packer.flush()
    local = (b"PK\3\4\x14\0\0\0\x08\0\0\0\0\0" + b"\0\0\0\0" + len(data).to_bytes(4, "little")
             + (20_000_000).to_bytes(4, "little") + b"\5\0\0\0" + b"a.txt")
    central = b"".join(
        b"PK\1\2\x14\0\x14\0\0\0\x08\0\0\0\0\0" + b"\0\0\0\0" + len(data).to_bytes(4, "little")
        + (20_000_000).to_bytes(4, "little") + b"\x0a\0" + b"\0" * 16 + b"%06d.txt" % index
        for index in range(count))
    end = (b"PK\5\6\0\0\0\0" + count.to_bytes(2, "little") * 2 + len(central).to_bytes(4, "little")
           + (len(local) + len(data)).to_bytes(4, "little") + b"\0\0")
    return local + data + central + end


def bombs():
    """Name, bytes, and the limits of which one at least must be told."""
    yield "100,000 parts", multipart(b"--b\r\n\r\nx\r\n" * 100_000 + b"--b--\r\n"), {"parts"}
    yield "2,000 levels", nested_parts(2_000), {"depth", "parts"}
    yield "2,000 ambiguous levels", nested_ambiguous(2_000), {"depth", "parts", "readings"}
    yield "20,000 messages in messages", (
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + b"\r\nend\r\n"), {"depth"}
    yield "24 encoded messages in each other", nested_encoded(24), set()
    yield "a header of 10 MB", (
        HEAD + b"X-A: " + b"a" * 10_000_000 + b"\r\n\r\nx\r\n"), {"header-bytes"}
    yield "100,000 header fields", HEAD + b"X-A: b\r\n" * 100_000 + b"\r\nx\r\n", {
        "headers", "header-bytes"}
    yield "a line of 60 MB", HEAD + b"\r\n" + b"a" * 60_000_000 + b"\r\n", set()
    yield "60 MB of line ends", HEAD + b"\r\n" + b"\r\n" * 30_000_000, set()
    yield "60 MB of bare CR", HEAD + b"\r\n" + b"\r" * 60_000_000, set()
    yield "60 MB of dashes", multipart(b"--\r\n" * 15_000_000), set()
    yield "10,000 pieces of a name", HEAD + b"Content-Disposition: attachment" + b"".join(
        b";\r\n filename*%d=a" % index for index in range(10_000)) + b"\r\n\r\nx\r\n", {"parameters"}
    yield "10,000 parameters", HEAD + b"Content-Type: text/plain" + b"".join(
        b";\r\n a%d=b" % index for index in range(10_000)) + b"\r\n\r\nx\r\n", {"parameters"}
    yield "10,000 addresses", (b"Cc: " + b",\r\n ".join(
        b"a%d@example.net" % index for index in range(10_000)) + b"\r\n" + HEAD + b"\r\nx\r\n"), set()
    yield "nested comments", b"Cc: " + b"(" * 200_000 + b"\r\n" + HEAD + b"\r\nx\r\n", set()
    yield "encoded words without end", (
        b"Subject: " + b"=?utf-8?q?" * 20_000 + b"\r\n" + HEAD + b"\r\nx\r\n"), set()
    yield "40 MB of base64", attached(b"\0" * 30_000_000, b"a.bin"), set()
    yield "base64 full of padding", multipart(
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"QQ==" * 5_000_000 + b"\r\n--b--\r\n"), set()
    yield "1,000 uuencoded files", HEAD + b"\r\n" + b"begin 644 a.exe\r\n#86)C\r\n`\r\nend\r\n" * 1_000, {
        "embedded-files", "parts"}
    # Members are read only as far as their type needs: these two hit nothing.
    yield "a zip of a gigabyte", attached(deflated_bomb(), b"a.zip"), set()
    yield "a gzip of a gigabyte", attached(
        gzip.compress(b"\0" * (1 << 30), 9, mtime=0), b"a.gz"), set()
    yield "zips in zips", attached(nested_zip(5, 10), b"a.zip"), {
        "archive-bytes", "archive-ratio", "archive-depth", "archive-entries"}
    yield "members that overlap", attached(overlapping_zip(60_000), b"a.zip"), {
        "archive-bytes", "archive-ratio", "archive-entries"}
    yield "a zip of 65,000 members", attached(
        zipped([(f"{index}.txt", b"") for index in range(65_000)]), b"a.zip"), {"archive-entries"}
    yield "HTML of 20 MB of open tags", (
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div style=" * 2_000_000 + b"\r\n"), set()
    yield "PDF of 10 MB of open strings", attached(b"%PDF-1.7\n" + b"(<<" * 3_000_000, b"a.pdf"), set()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    program = sys.argv[1] if len(sys.argv) > 1 else os.path.join(
        here, "..", ".build", "release", "defang-rulec")
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        policy = os.path.join(folder, "bombs.rules")
        with open(policy, "w", encoding="utf-8") as file:
            file.write(POLICY)
        image = os.path.join(folder, "bombs.drc")
        subprocess.run([program, "-o", image, policy], check=True)
        message = os.path.join(folder, "bomb.eml")
        for name, content, expected in bombs():
            with open(message, "wb") as file:
                file.write(content)
            # The peak of children only grows: each is run by a child of its own.
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                begin = time.monotonic()
                done = subprocess.run(
                    [program, "run", image, "--message", message, "--json"],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
                took = time.monotonic() - begin
                peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
                try:
                    said = json.loads(done.stdout)
                    answer = {"verdict": said["verdict"], "limits": said["limits"]}
                except ValueError:
                    answer = {"verdict": f"exit {done.returncode}", "limits": []}
                with os.fdopen(writer, "w") as pipe:
                    json.dump({"took": took, "peak": peak, **answer}, pipe)
                os._exit(0)
            os.close(writer)
            with os.fdopen(reader) as pipe:
                answer = json.load(pipe)
            os.waitpid(child, 0)
            faults = []
            if answer["took"] > SECONDS_MAX:
                faults.append("too slow")
            if answer["peak"] > 2 * len(content) + SPARE_BYTES:
                faults.append("too large")
            if expected and not expected & set(answer["limits"]):
                faults.append("silent, wanted " + " or ".join(sorted(expected)))
            if answer["verdict"].startswith("exit"):
                faults.append("failed")
            failures += bool(faults)
            print(f"{name:36} {len(content) / 1e6:6.1f} MB  {answer['took']:5.2f} s  "
                  f"{answer['peak'] / 1e6:6.1f} MB  {answer['verdict']:8} "
                  f"{','.join(answer['limits']) or '-'}  {'; '.join(faults)}")
    print(f"{failures} of these past their bounds" if failures else "all within bounds")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
