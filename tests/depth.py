"""How deep the tests go: the ordinary run takes samples, `make faults` everything."""

from __future__ import annotations

import os

DEEP = os.environ.get("OMK_TUI_FAULTS") == "whole"
"""Whether every size, seed and point of failure is tried, not the sample of the ordinary run."""
