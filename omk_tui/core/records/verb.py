"""Which decision it is."""

from __future__ import annotations

from typing import Literal

Verb = Literal["accept", "reject"]
"""The two decisions, by the names of their commands."""
