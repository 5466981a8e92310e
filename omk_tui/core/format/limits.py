"""How much of a goal is taken in: bounds that no real goal comes near, so that whatever is below them is quick.

A document above one of them is unreadable; the sentence says which bound, and by how much.
"""

from __future__ import annotations

LARGEST_DOCUMENT = 16 << 20
"""Bytes of the largest goal.json, proof.json or task-graph.json that is read."""
MOST_VALUES = 1_000_000
"""How many values such a document may hold, counted by the signs that separate or begin them."""
MOST_RECORDS = 10_000
"""How many members a list in such a document may have: gates, tasks, known gaps."""
MOST_PATHS = 100_000
"""How many members a list of plain paths or commits may have."""
LARGEST_EMBEDDED = 16 << 20
"""Bytes of conflict evidence that a rollback plan embeds in all."""


def too_many_values(text: str) -> str:
    """Why a JSON text is not even parsed, in a clause; empty when it may be."""
    if len(text) <= MOST_VALUES:
        return ""
    count = text.count(",") + text.count("[") + text.count("{")
    if count <= MOST_VALUES:
        return ""
    return f"it holds about {count:,} values, {count - MOST_VALUES:,} more than are read of such a file"


def too_many(count: int, most: int) -> str:
    """Why a list is not read, in a clause; empty when it is short enough."""
    return "" if count <= most else f"it has {count:,} members, {count - most:,} more than are read"
