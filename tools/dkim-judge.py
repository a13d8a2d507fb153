#!/usr/bin/python3
"""Judges DKIM signatures (RFC 6376) with python3-dkim, for tests of what edits leave whole.

  dkim-judge.py sign HEADER/BODY <message >signed    signs with the key of the tests, by example.org
  dkim-judge.py verify <message                      valid if all signatures are, or what is wrong
  dkim-judge.py chain <message                       its ARC chain: pass, fail or none
  dkim-judge.py key rsa|ed25519                      prints the key of the tests
  dkim-judge.py answer                               answers lines, one by one:
      verify MESSAGE                                 valid or invalid
      chain MESSAGE                                  its ARC chain: pass, fail or none
      sign rsa|ed25519 HEADER/BODY whole|length NAMES MESSAGE
                                                     the message, signed for its NAMES (from:to)

MESSAGE is base64; keys are those of the selectors test and ed.
HEADER and BODY are relaxed or simple. The key signs nothing but the tests' messages: no DNS has its
public half, which stands below, so that nothing is looked up.
"""
import base64
import sys

import dkim

KEY = b"""-----BEGIN RSA PRIVATE KEY-----
MIICXgIBAAKBgQDHt4DF28ZghNjfjXJudhd6KhcEcUTYqS+pr8fzu6elYFeL0G96
9CFg4rXwspZa6c57GAYi3rPbDw5VupGtxEVO4RypL6LSoyTiRUEN1Mli1VWnAvj2
f7xrcNjMMatfTjUkjIUpqJDxZeY5YjOVSzVGP5MYRvmje9sy+2P9qMfHdwIDAQAB
AoGAUDahn9Y/fPCecltLRJZlo4lYKU6dCjAZlpulQX1zPfbN8rfKrqVy6ojj7kKs
JOOXLNVfUY4EysznQwNmE1arRud4ZpTK0sv7+vQbQIPQ6ybshhjbbcdBcRhGjmWs
6U/M+VcvtnJ9igOAfRYGcI9VjCd1J82gA8dYWL2gyETwdLECQQDlTmsmFD4KcLZF
QtQUbilpH6nD3vmqHtzgwiYbYiojB5ZkPWj9aS+djKr5jCp++pUGLge1r2BD0m4v
m5q5WqUtAkEA3vdIyEioGTE3QvFctvKHBBI6RYZsTcY+7nhYvvmuRCaZnNejZGkg
1N8kkZWYEDr4NkoNzD/DvZYfDQIKm+8NswJBAK63fH7MJ6Vu0gKd89gJQ/Y8UO7U
Y2jTETsT01NEDZUZP+bqv6duUQB7YP65ZNvRdGD8C5XMpc2ndZtCtbaLMZUCQQDc
treSo/HbNk/48YqRA5XJ3u1WI5IUj1l+oR1gtzLd/cP0cbYp0LOSZe4CO66S6n0I
6Netx7VReEj2jH3KDKNnAkEAwiVxeNMXwDhSNeNkg1LSSPx9Hvx67QyE0lIfwO6D
aFC8aRUjFIr6GHJvm4bap6HZLZLsJ4/hDVJljt7hhxRH4Q==
-----END RSA PRIVATE KEY-----
"""
RECORD = (
    b"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDHt4DF28ZghNjfjXJudhd6KhcEcUTYqS"
    b"+pr8fzu6elYFeL0G969CFg4rXwspZa6c57GAYi3rPbDw5VupGtxEVO4RypL6LSoyTiRUEN"
    b"1Mli1VWnAvj2f7xrcNjMMatfTjUkjIUpqJDxZeY5YjOVSzVGP5MYRvmje9sy+2P9qMfHdwIDAQAB")
SIGNED = [b"from", b"to", b"date", b"message-id", b"subject", b"mime-version", b"content-type"]

# The first key of RFC 8032 §7.1.
ED25519_KEY = b"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
ED25519_RECORD = b"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


ED25519_PREFIX = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410 §7


def key(algorithm):
    if algorithm == "rsa":
        return KEY.decode()
    text = base64.b64encode(ED25519_PREFIX + base64.b64decode(ED25519_KEY)).decode()
    return f"-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n"


def record(name, timeout=5):
    return ED25519_RECORD if name.startswith(b"ed.") else RECORD


def signed(algorithm, forms, extent, names, message):
    rsa = algorithm == "rsa"
    field = dkim.sign(
        message, b"test" if rsa else b"ed", b"example.org", KEY if rsa else ED25519_KEY,
        canonicalize=tuple(forms.encode().split(b"/")), length=extent == "length",
        signature_algorithm=algorithm.encode() + b"-sha256",
        include_headers=names.encode().split(b":"))
    return base64.b64encode(field + message).decode()


def verdict(message):
    try:
        return "valid" if dkim.DKIM(message).verify(dnsfunc=record) else "invalid"
    except Exception:  # It raises whatever its parsers meet.
        return "invalid"


def chain(message):
    try:
        return (dkim.ARC(message).verify(dnsfunc=record)[0] or b"fail").decode()
    except Exception:  # As above.
        return "fail"


def answer():
    for line in sys.stdin:
        words = line.split()
        message = base64.b64decode(words[-1])
        if words[0] == "verify":
            print(verdict(message), flush=True)
        elif words[0] == "chain":
            print(chain(message), flush=True)
        else:
            print(signed(*words[1:-1], message), flush=True)


def main():
    if sys.argv[1] == "answer":
        answer()
        return
    if sys.argv[1] == "key":
        sys.stdout.write(key(sys.argv[2]))
        return
    message = sys.stdin.buffer.read()
    if sys.argv[1] == "chain":
        print(chain(message))
        return
    if sys.argv[1] == "sign":
        header, body = sys.argv[2].encode().split(b"/")
        field = dkim.sign(
            message, b"test", b"example.org", KEY, canonicalize=(header, body),
            include_headers=SIGNED)
        sys.stdout.buffer.write(field + message)
        return
    try:
        names = [name.lower() for name, _ in dkim.DKIM(message).headers]
        count = max(names.count(b"dkim-signature"), 1)
        valid = all(dkim.DKIM(message).verify(index, dnsfunc=record) for index in range(count))
        print("valid" if valid else "invalid")
    except dkim.DKIMException as error:
        print(f"invalid: {error}")


if __name__ == "__main__":
    main()
