"""The text of a decision that was begun and not recorded: small enough to keep for every goal and verb."""

from __future__ import annotations

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.format.record_table import STRING, TIMESTAMP, Field, FieldError, Table
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
    clean = Draft(draft.at, pasted_text(draft.text))
    return omk_json.compact(_DRAFT.write(clean)).encode("utf-8", "replace")


def decode_draft(data: bytes) -> Draft | None:
    """What `encode_draft` gave; None when the bytes are anything else, too many, or hold what no dialog lets in."""
    if len(data) > LARGEST_DRAFT:
        return None
    try:
        draft = _DRAFT.read(omk_json.parse(data.decode("utf-8")))
    except (UnicodeDecodeError, JsonError, FieldError):
        return None
    return draft if draft.text.strip() and pasted_text(draft.text) == draft.text else None
