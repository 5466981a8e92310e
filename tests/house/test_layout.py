"""House rules that a machine can see: short files, an honest Makefile, nothing of the machine it was written on."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted(path for folder in ("omk_tui", "tests", "benchmarks") for path in (REPOSITORY / folder).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_make_help_explains_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
    told = subprocess.run(["make"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  make (\S+) +\S", told, re.MULTILINE) == targets


def test_the_package_costs_nothing_to_import() -> None:
    code = "import sys; before = set(sys.modules); import omk_tui; print(*(set(sys.modules) - before))"
    told = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["omk_tui"]


@pytest.mark.parametrize("path", sorted((REPOSITORY / "omk_tui").rglob("*.py")), ids=lambda path: path.name)
def test_dataclasses_are_those_that_cost_nothing_to_declare(path: Path) -> None:
    library = re.search(r"^(from dataclasses import|import dataclasses)", path.read_text(), re.MULTILINE)
    assert library is None, "import from omk_tui.light.dataclass"
