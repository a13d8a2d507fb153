#!/usr/bin/python3
# Judges sanitised pages by html5lib, a parser that is not ours. Standard input: for each page its
# length in bytes, a line end, and the page. Standard output: a line for each fault, with the number
# of the page; nothing where all are harmless.
# What may stay is written here once more, so that a slip in the tables of the sanitiser shows.
import re
import sys

import html5lib
from html5lib import constants, serializer, treewalkers

HTML = "{http://www.w3.org/1999/xhtml}"
ELEMENTS = set("""
  html head body address article aside blockquote center div figcaption figure footer header hr main
  nav p pre section h1 h2 h3 h4 h5 h6 abbr acronym b bdi bdo big br cite code del dfn em font i ins
  kbd mark nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr dd dir dl dt
  li menu ol ul caption col colgroup table tbody td tfoot th thead tr a img
""".split())
ATTRIBUTES = set("""
  title alt summary abbr lang dir role align valign width height bgcolor color border cellpadding
  cellspacing hspace vspace face size noshade rules frame bordercolor text link vlink alink
  topmargin leftmargin marginwidth marginheight colspan rowspan span nowrap scope type start value compact
  reversed clear datetime style href src rel
""".split())
ADDRESSES = re.compile(r"(https?|mailto):", re.I)
PICTURES = re.compile(r"cid:|data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]*$", re.I)
STYLE = re.compile(r"[a-z-]+:[^:;\\{}<>@]*(;[a-z-]+:[^:;\\{}<>@]*)*$")
BAD_STYLE = re.compile(
    r"url|expression|position|behavior|binding|/\*|var\(|attr\(|import(?!ant)", re.I)


def faults(tree):
    for node in tree.iter():
        if not isinstance(node.tag, str):
            yield "a comment"
            continue
        if not node.tag.startswith(HTML) or node.tag[len(HTML):] not in ELEMENTS:
            yield "element " + node.tag
        name = node.tag[len(HTML):]
        for key, value in node.attrib.items():
            if key not in ATTRIBUTES:
                yield "attribute " + str(key)
            if key == "href" and (name != "a" or not ADDRESSES.match(value)):
                yield "address " + value
            if key == "href" and node.attrib.get("rel") != "noopener noreferrer":
                yield "a link without rel"
            if key == "src" and (name != "img" or not PICTURES.match(value)):
                yield "picture " + value
            if key == "style" and (not STYLE.match(value) or BAD_STYLE.search(value)):
                yield "style " + value
            if any(ord(letter) < 32 and letter not in "\t\n\r" for letter in value):
                yield "control in " + key


def judged(page):
    for scripting in (False, True):
        tree = html5lib.parse(page, scripting=scripting)
        yield from faults(tree)
        # What a web mailer makes of it when it puts the tree into another page.
        walker = treewalkers.getTreeWalker("etree")
        writer = serializer.HTMLSerializer(
            omit_optional_tags=False, quote_attr_values="always", alphabetical_attributes=False)
        again = writer.render(walker(tree))
        for fault in faults(html5lib.parse(again, scripting=scripting)):
            yield "written again: " + fault
        fragment = html5lib.parseFragment(page, container="div", scripting=scripting)
        for child in fragment:
            yield from faults(child)


def main():
    source = sys.stdin.buffer
    number = 0
    while True:
        line = source.readline()
        if not line:
            break
        page = source.read(int(line)).decode("utf-8")
        for fault in sorted(set(judged(page))):
            print(number, fault)
        number += 1
    print(number, "pages")


main()
