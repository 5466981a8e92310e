"""Timings as ratios to a floor of the same run: `make bench`."""

import os

from omk_tui.__main__ import FRAMES_A_SECOND

os.environ.setdefault("TEXTUAL_FPS", str(FRAMES_A_SECOND))  # as the program does, before Textual is imported
