"""The deliberate differences inside a rollback plan (STATE-FORMAT 6.6): longer fences, evidence that is not read."""

from __future__ import annotations

import re

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


def adapt_confined(marker: bytes, expected: bytes, actual: bytes) -> tuple[bytes, bytes, list[str]]:
    """Replace each fenced block of omk's plan that holds `marker` by the product's note that it was not read."""
    done = b""
    while marker in expected:
        at = expected.index(marker)
        start = expected.rindex(b"\n```\n", 0, at) + 1
        end = expected.index(b"\n```\n\n", at) + len(b"\n```\n\n")
        done += expected[:start]
        note = _UNREADABLE.match(actual, len(done))
        done += note[0] if note else b"_(unreadable: <reason>)_\n\n"
        expected = expected[end:]
    return done + expected, actual, []
