"""The deliberate differences inside a rollback plan (STATE-FORMAT 6.6): longer fences, evidence that is not read."""

from __future__ import annotations

import re
from collections.abc import Iterable

_FENCED = re.compile(rb"(?<=`\n\n)(?P<fence>`{3,})\n(?P<body>.*?)(?<=\n)(?P=fence)\n\n", re.S)
_UNREADABLE = re.compile(rb"_\(unreadable: [^\n]+\)_\n\n")


def longest_run(body: bytes) -> int:
    """The length of the longest run of back-ticks."""
    return max(map(len, re.findall(rb"`+", body)), default=0)


def adapt_fence(expected: bytes, actual: bytes) -> tuple[bytes, bytes, list[str]]:
    """Make the product's fences omk's, checking that each is max(3, longest run inside + 1) long."""
    faults: list[str] = []

    def shorten(match: re.Match[bytes]) -> bytes:
        wanted = max(3, longest_run(match["body"]) + 1)
        if len(match["fence"]) != wanted:
            faults.append(f"a fence of {len(match['fence'])} back-ticks, expected {wanted}")
        return b"```\n" + match["body"] + b"```\n\n"

    return expected, _FENCED.sub(shorten, actual), faults


def adapt_confined(paths: Iterable[str], expected: bytes, actual: bytes) -> tuple[bytes, bytes, list[str]]:
    """Replace what omk's plan says about each of `paths` by the product's note that it was not read."""
    _, actual, faults = adapt_fence(expected, actual)
    for path in dict.fromkeys(paths):
        head = f"**Evidence artifact:** `{path}`\n\n".encode()
        done = b""
        while head in expected:
            start = expected.index(head) + len(head)
            done += expected[:start]
            block = _FENCED.match(expected, start) or _UNREADABLE.match(expected, start)
            note = _UNREADABLE.match(actual, len(done))
            done += note[0] if note else b"_(unreadable: <reason>)_\n\n"
            expected = expected[block.end() if block else start :]
        expected = done + expected
    return expected, actual, faults
