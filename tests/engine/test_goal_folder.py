"""A path is opened without being resolved where that makes no difference, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable

NAMES = ["file", "folder", "link", "loop", "out", "fifo", "gone", "a" * 300, "", ".", "..", "nul\0"]
paths = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join) | st.sampled_from(
    ["/file", "folder/" * 900 + "file", "folder/" * 10 + "file", "link/" * 50 + "file", "a/" * 3000]
)


@pytest.fixture(scope="module")
def goal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A goal directory in which the same few names stand at every depth."""
    base = tmp_path_factory.mktemp("goal")
    (base / "outside").mkdir()
    (base / "outside/file").write_text("secret")
    at = base / "goal"
    for depth in range(4):
        at.mkdir()
        (at / "file").write_text(f"depth {depth}")
        (at / "link").symlink_to("folder")
        (at / "loop").symlink_to("loop")
        (at / "out").symlink_to(base / "outside")
        os.mkfifo(at / "fifo")
        at /= "folder"
    return base / "goal"


@given(paths)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_opening_a_path_is_resolving_it_and_opening_that(goal: Path, path: str) -> None:
    def outcome(open_path: object) -> tuple[str, str]:
        try:
            with open_path() as file:  # type: ignore[operator]
                return ("text", file.read().decode())
        except Unreadable as error:
            return (error.reason, str(error.outside))

    with GoalFolder(str(goal)) as folder:
        assert outcome(lambda: folder.open(path)) == outcome(lambda: folder.open_located(folder.locate(path)))
