"""Syntax colour of code from outside, found in a process of its own that may be slow, may die, and is then let go."""

from __future__ import annotations

from omk_tui.syntax.highlighter import Highlighter

__all__ = ["Highlighter"]
