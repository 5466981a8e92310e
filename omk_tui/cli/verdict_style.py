"""How a verdict is drawn on a page."""

from __future__ import annotations

from omk_tui.core.judgement.verdict import Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.cli.page import Style
    from omk_tui.core.judgement.verdict import Tone

_STYLES: dict[Tone, Style] = {"met": "met", "failed": "failed", "asks": "warning", "plain": "", "quiet": ""}


def verdict_style(verdict: Verdict) -> Style:
    """The style of a verdict's words."""
    return _STYLES.get(verdict.tone, "missing")
