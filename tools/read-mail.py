#!/usr/bin/python3
"""Reads mail as Python's email package does, for tests that want a second opinion.

Standard input: a decimal length and a line feed, then that many bytes of a message; again and again.
Standard output: for each message one line of JSON with its header fields, its parts in depth-first
order (numbered as the filter numbers them, the content transfer-decoded, as base64), and what the
package found wrong. Trusts nothing: what cannot be read is told as a defect.
"""
import base64
import json
import sys
from email import message_from_bytes, policy


def decoded(part):
    """The bytes behind the transfer encoding; none for what holds other parts."""
    if part.is_multipart():
        return None
    return part.get_payload(decode=True) or b""


def shown(text):
    """Bytes that are no text come out of the package as lone surrogates, which JSON has no place for."""
    return None if text is None else str(text).encode("utf-8", "replace").decode("utf-8")


def text_of(part, content):
    if content is None or part.get_content_maintype() != "text":
        return None
    try:
        return content.decode(part.get_content_charset("us-ascii"), "replace")
    except LookupError:
        return None


def outline(part, path, found, defects):
    content = decoded(part)
    found.append({
        "path": path,
        "type": part.get_content_type(),
        "name": shown(part.get_filename()),
        "disposition": part.get_content_disposition(),
        "charset": shown(part.get_content_charset()),
        "content": None if content is None else base64.b64encode(content).decode("ascii"),
        "text": text_of(part, content),
    })
    defects += [f"{path}: {type(defect).__name__}" for defect in part.defects]
    if part.is_multipart():
        for number, child in enumerate(part.get_payload(), 1):
            outline(child, f"{path}.{number}", found, defects)


def read(data):
    message = message_from_bytes(data, policy=policy.default)
    parts, defects = [], []
    outline(message, "1", parts, defects)
    fields = []
    for name, value in message.items():
        fields.append([name, shown(value)])
        defects += [f"{name}: {type(defect).__name__}" for defect in getattr(value, "defects", ())]
    return {"fields": fields, "parts": parts, "defects": defects}


def main():
    source, sink = sys.stdin.buffer, sys.stdout
    while line := source.readline():
        data = source.read(int(line))
        try:
            answer = read(data)
        except Exception as error:  # the package raises on some broken mail
            answer = {"fields": [], "parts": [], "defects": [f"unreadable: {error!r}"]}
        sink.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")) + "\n")
        sink.flush()


if __name__ == "__main__":
    main()
