"""Spans of time in at most four characters, the same on every screen and page."""

from __future__ import annotations

_UNITS = (("s", 1, 60), ("m", 60, 60), ("h", 3600, 24), ("d", 86_400, 14), ("w", 604_800, 104))
_YEAR = 31_557_600


def age(seconds: float) -> str:
    """A span of seconds as `8s 12m 2h 3d 5w 2y`; what lies ahead of the clock is `0s`."""
    left = max(int(seconds), 0)
    for unit, length, most in _UNITS:
        if left < length * most:
            return f"{left // length}{unit}"
    return f"{min(left // _YEAR, 999)}y"
