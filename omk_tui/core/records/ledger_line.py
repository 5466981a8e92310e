"""One line of the ledger: the seal at its end, and the hash by which the next line names it."""

from __future__ import annotations

from omk_tui.light.late import hashlib
from omk_tui.light.pattern import pattern

_SEAL = pattern(rb',"seal":"([0-9a-f]{64})"\}')

LEDGER_SCHEMA = "omk-tui/ledger/1"


def line_hash(line: bytes) -> str:
    """The hash by which the next line names this one: SHA-256 of the line without its newline."""
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def sealed(line: bytes) -> bytes:
    """A line, one JSON object, with its seal as the last member: SHA-256 of the line without it."""
    return line[:-1] + b',"seal":"' + hashlib.sha256(line).hexdigest().encode() + b'"}'


def seal_holds(line: bytes) -> bool:
    """Whether a line is still what was sealed."""
    end = len(line) - len(sealed(b"{}")) + 1
    seal = _SEAL.fullmatch(line, max(end, 0))
    return seal is not None and hashlib.sha256(line[:end] + b"}").hexdigest().encode() == seal[1]
