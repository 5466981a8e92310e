"""By which rule a decision was refused."""

from __future__ import annotations

from typing import Literal

RefusalKind = Literal[
    "missing", "conflict", "status", "stale", "outside", "locked", "ambiguous", "interrupted", "branch"
]
"""The rules, by the words that documents have for them."""
