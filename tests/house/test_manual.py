"""Every section of the state format that the code cites is in docs/state-format.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MANUAL = (ROOT / "docs/state-format.md").read_text(encoding="utf-8")
SECTIONS = set(re.findall(r"^#+ (\d+(?:\.\d+)?)[. ]", MANUAL, re.M))
HAZARDS = set(re.findall(r"\bH\d+\b", MANUAL))
CITED = re.compile(r"STATE-FORMAT ((?:(?:\d+(?:\.\d+)?|H\d+)(?: and |, )?)+)")


@pytest.mark.parametrize("path", sorted((ROOT / "omk_tui").rglob("*.py")), ids=lambda path: path.stem)
def test_what_is_cited_is_there(path: Path) -> None:
    for cited in CITED.findall(path.read_text(encoding="utf-8")):
        for section in re.findall(r"H\d+|\d+(?:\.\d+)?", cited):
            assert section in SECTIONS | HAZARDS, f"{path} cites {section}"


def test_the_manual_has_the_sections_that_are_numbered() -> None:
    assert len(SECTIONS) > 40
