"""When a person last looked at a goal, and on which snapshot: small enough to keep for every goal."""

from __future__ import annotations

from omk_tui.core.format.record_table import STRING, TIMESTAMP, Field, Table
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """The moment up to which somebody has seen what happened to a goal, and the snapshot digest of then."""

    at: Timestamp
    snapshot: str


_LOOK = Table(Look, Field("at", TIMESTAMP), Field("snapshot", STRING))


def encode_look(look: Look) -> bytes:
    """A look as bytes to keep: one line of JSON."""
    return _LOOK.encode(look)


def decode_look(data: bytes) -> Look | None:
    """What `encode_look` gave; None when the bytes are anything else."""
    return _LOOK.decode(data)
