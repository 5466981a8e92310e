"""Which decision it is."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Verb = Literal["accept", "reject"]
else:
    Verb = str
"""The two decisions, by the names of their commands."""
