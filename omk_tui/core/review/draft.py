"""The text of a decision that was begun and not recorded: small enough to keep for every goal and verb."""

from __future__ import annotations

from omk_tui.core.format.record_table import STRING, TIMESTAMP, Field, Table
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.text.pasted import pasted_text
from omk_tui.light.dataclass import dataclass

LARGEST_DRAFT = 256 << 10
"""Bytes of a draft that are kept; a longer text is not."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A summary or reason as it stood in a dialog, and when it last changed; nothing that was typed of an id."""

    at: Timestamp
    text: str


_DRAFT = Table(Draft, Field("at", TIMESTAMP), Field("text", STRING))


def encode_draft(draft: Draft) -> bytes:
    """A draft as bytes to keep: one line of JSON, of the text what a paste would have let through."""
    return _DRAFT.encode(Draft(draft.at, pasted_text(draft.text)))


def decode_draft(data: bytes) -> Draft | None:
    """What `encode_draft` gave; None when the bytes are anything else, too many, or hold what no dialog lets in."""
    draft = _DRAFT.decode(data) if len(data) <= LARGEST_DRAFT else None
    return draft if draft is not None and draft.text.strip() and pasted_text(draft.text) == draft.text else None
