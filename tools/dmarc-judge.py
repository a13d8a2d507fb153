#!/usr/bin/python3
"""Judges DMARC (RFC 7489) with python3-authheaders: answers lines of JSON, one by one.

  {"author": "example.org", "records": {"_dmarc.example.org": "v=DMARC1; p=reject"},
   "spf": ["pass", "example.org"], "dkim": ["fail", "example.com"]}
  is answered with: RESULT POLICY

Nothing is looked up: what stands in no record is not there.
"""
import functools
import json
import sys

import authheaders
from authheaders import dmarc_lookup
from authres import DKIMAuthenticationResult, SPFAuthenticationResult

# It reads the list of public suffixes anew for each name.
organisation = functools.lru_cache(maxsize=None)(dmarc_lookup.get_org_domain)
dmarc_lookup.get_org_domain = organisation
authheaders.get_org_domain = organisation


def verdict(case):
    spf = SPFAuthenticationResult(
        result=case["spf"][0], smtp_mailfrom="someone@" + case["spf"][1])
    dkim = DKIMAuthenticationResult(result=case["dkim"][0], header_d=case["dkim"][1])
    result, _, _, policy = authheaders.dmarc_per_from(
        case["author"], spf, dkim, dnsfunc=case["records"].get)
    return result, policy


for line in sys.stdin:
    print(*verdict(json.loads(line)), flush=True)
