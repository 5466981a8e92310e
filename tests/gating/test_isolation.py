"""How gates are isolated: by the bubblewrap of an absolute folder of PATH, whatever the checkout has of that name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from omk_tui.engine.gating import isolation


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What is known of this machine's bubblewrap is looked up anew by the test, and after it."""
    for known in (isolation._bwrap, isolation._bounds_sizes, isolation.bwrap_problem):
        known.cache_clear()
    yield
    for known in (isolation._bwrap, isolation._bounds_sizes, isolation.bwrap_problem):
        known.cache_clear()


def test_a_program_of_the_checkout_is_not_taken_for_the_sandbox(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forgetful: None
) -> None:
    checkout, programs = tmp_path / "checkout", tmp_path / "bin"
    for folder in (checkout, programs):
        folder.mkdir()
        (folder / "bwrap").write_text("#!/bin/sh\n")
        (folder / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f".::{programs}")
    monkeypatch.chdir(checkout)
    words = isolation.Isolation("bwrap").words(["true"], str(checkout), str(tmp_path), str(tmp_path))
    assert words[0] == str(programs / "bwrap")
    assert isolation.bwrap_problem() == "", "the one that is probed is the one that is run"
    monkeypatch.setenv("PATH", ".:")
    isolation._bwrap.cache_clear()
    isolation.bwrap_problem.cache_clear()
    assert "not installed" in isolation.bwrap_problem()
