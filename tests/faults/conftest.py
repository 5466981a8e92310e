"""How much of the faults is run, and how their numbers reach the end of the run's output."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.depth import DEEP
from tests.faults.company import Company
from tests.faults.matrix import SAMPLE, WHOLE, Density

Tell = Callable[[str], None]


@pytest.fixture
def density() -> Density:
    return WHOLE if DEEP else SAMPLE


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """Say a line at the end of the run, however its tests are distributed."""
    return lambda line: record_property("told", line)


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    """The usual umask."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: no system call knows the difference, and nothing waits for a disk."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="omk-tui-faults-") as folder:
        yield Path(folder)


@pytest.fixture
def company(place: Path, tell: Tell) -> Iterator[Company]:
    folder = place / "company"
    folder.mkdir()
    company = Company(folder)
    if not company.by_strace:
        tell(
            "NOT TESTED WITH strace: it is not installed here or may not trace, so faults are injected into Python's "
            "own calls only; what SQLite calls is not struck."
        )
    yield company
    company.close()
