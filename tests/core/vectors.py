"""The recorded test vectors (STATE-FORMAT 14)."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent.parent / "vectors"


def rows(name: str) -> list[tuple[str, str, str]]:
    """The rows of one table: what is read, what is written back, and the third column."""
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    table = [tuple(line.split("\t")) for line in lines]
    return [(read, written, third) for read, written, third in table]
