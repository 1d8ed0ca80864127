"""PDF bytes that depend on the drawing alone.

The writer behind vl-convert emits fonts and the names of resources in the order of a hash, which
differs from drawing to drawing. Here the objects are numbered in the order in which they are met
from the root, names sorted, and the table of places is written anew.
"""

from __future__ import annotations

import re

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_NAMES = re.compile(rb"(?:^ +/[a-z]+\d+ \d+ 0 R\n)+", re.MULTILINE)
_STREAM = b"stream\n"


def settled(pdf: bytes) -> bytes:
    """The same document in canonical order; ValueError for one without a plain table of places."""
    start = int(pdf[pdf.rindex(b"startxref") + 9 : pdf.rindex(b"%%EOF")])
    table, trailer = pdf[start:].split(b"trailer", 1)
    if not table.startswith(b"xref"):
        raise ValueError("this PDF keeps its table of places in a stream")
    places = [int(line[:10]) for line in table.splitlines()[2:] if line.rstrip().endswith(b"n")]
    ends = sorted([*places, start])
    objects = {
        number: _sorted(pdf[place : ends[ends.index(place) + 1]])
        for number, place in enumerate(places, start=1)
    }
    order = _met(trailer, objects)
    renamed = {old: new for new, old in enumerate(order, start=1)}
    head = pdf[: min(places)]
    return _written(head, [_renamed(objects[old], renamed) for old in order], trailer, renamed)


def _sorted(text: bytes) -> bytes:
    """An object with the names in its resource tables in order; its stream stays as it is."""
    head, mark, stream = text.partition(_STREAM)
    names = _NAMES.sub(lambda found: b"".join(sorted(found[0].splitlines(keepends=True))), head)
    return names + mark + stream


def _references(text: bytes) -> list[int]:
    return [int(found) for found in _REFERENCE.findall(text.partition(_STREAM)[0])]


def _met(trailer: bytes, objects: dict[int, bytes]) -> list[int]:
    """Every object that the trailer leads to, in the order in which it is met, breadth first."""
    order = list(dict.fromkeys(_references(trailer)))
    for number in order:  # grows while it is walked
        order += [one for one in dict.fromkeys(_references(objects[number])) if one not in order]
    return order


def _renamed(text: bytes, renamed: dict[int, int]) -> bytes:
    head, mark, stream = text.partition(_STREAM)
    body = head.split(b" 0 obj", 1)[1]
    return _pointed(body, renamed) + mark + stream


def _pointed(text: bytes, renamed: dict[int, int]) -> bytes:
    return _REFERENCE.sub(lambda found: b"%d 0 R" % renamed[int(found[1])], text)


def _written(head: bytes, bodies: list[bytes], trailer: bytes, renamed: dict[int, int]) -> bytes:
    out, places = bytearray(head), []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + body
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n\r\n" % place for place in places)
    ending = re.sub(rb"/Size \d+", b"/Size %d" % (len(bodies) + 1), _pointed(trailer, renamed))
    ending = re.sub(rb"startxref\n\d+", b"startxref\n%d" % start, ending)
    return bytes(out + b"trailer" + ending)
