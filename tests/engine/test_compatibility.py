"""docs/COMPATIBILITY.md names a test for each difference, and each of them is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/COMPATIBILITY.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| omk 0.5.0 ", "| --- "))]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_every_difference_is_shown_by_tests_that_exist(row: str) -> None:
    cells = row.strip("|").split(" | ")
    assert len(cells) == 4, row
    assert all(cell.strip() for cell in cells)
    named = NAMED.findall(cells[3])
    assert named
    for path, name in named:
        nodes = ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        tests = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert name in tests, f"{path}::{name}"


def test_nothing_is_named_outside_the_last_column() -> None:
    assert len(NAMED.findall(PAGE)) == sum(len(NAMED.findall(row.rpartition(" | ")[2])) for row in ROWS)
    assert len(ROWS) >= 30
