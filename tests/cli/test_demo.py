"""`omk-tui demo` without a terminal: the whole journey as text, in a place that is gone afterwards."""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from omk_tui.core.review.goal_review import Review
from omk_tui.demo import NAMES, goal_id, samples
from omk_tui.engine import Engine
from tests.cli.commands import Desk
from tests.cli.processes import command, surroundings

CONFLICTS, READY = goal_id("conflicts"), goal_id("ready")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which private places are made."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


def test_it_tells_the_whole_journey_and_leaves_nothing(tmp_path: Path, temporary: Path) -> None:
    ended = Desk(tmp_path, tmp_path).run("demo")
    assert ended.code == 0
    commands = re.findall(r"^\$ (omk-tui \w+(?: goal-\S+)?(?: accept| reject)?)", ended.out, re.MULTILINE)
    assert commands == [
        "omk-tui list",
        f"omk-tui check {CONFLICTS}",
        f"omk-tui plan {CONFLICTS} reject",
        f"omk-tui reject {CONFLICTS}",
        f"omk-tui accept {READY}",
        "omk-tui list",
    ]
    before, _, after = ended.out.rpartition("$ omk-tui list\n")
    assert re.search(rf"^conflict .*{CONFLICTS}", before, re.MULTILINE)
    assert re.search(rf"^rejected .*{CONFLICTS}", after, re.MULTILINE)
    assert re.search(rf"^accepted .*{READY}", after, re.MULTILINE)
    assert "Acceptance: ready\n" in ended.out
    assert list(temporary.iterdir()) == []


def test_a_named_place_is_kept(tmp_path: Path, temporary: Path) -> None:
    place = tmp_path / "kept"
    ended = Desk(tmp_path, tmp_path).run("demo", "--into", str(place))
    assert ended.code == 0
    goals = {path.name for path in (place / "goals").iterdir()}
    (opened,) = goals - {sample.goal_id for sample in samples()}
    assert "-000-" in opened, "one sample is a branch that was opened"
    assert {path.name for path in (place / "project").iterdir()} == {*NAMES, "branch"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert json.loads((place / "goals" / READY / "goal.json").read_text())["status"] == "ready"
    assert f"omk-tui --state-root {place}" in ended.err
    assert list(temporary.iterdir()) == []


def test_an_empty_place_will_do_and_a_full_one_will_not(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    assert Desk(tmp_path, tmp_path).run("demo", "--into", str(place)).code == 0
    before = sorted(place.rglob("*"))
    again = Desk(tmp_path, tmp_path).run("demo", "--into", str(place))
    assert (again.code, again.out) == (1, "")
    assert f"not empty: {place}" in again.err
    assert sorted(place.rglob("*")) == before
    file = tmp_path / "file"
    file.write_text("")
    assert Desk(tmp_path, tmp_path).run("demo", "--into", str(file)).code == 1


def test_the_project_can_be_named(tmp_path: Path, temporary: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    ended = Desk(tmp_path, tmp_path).run("demo", "--project-dir", str(project))
    assert ended.code == 0
    assert f"$ cd {project}\n" in ended.out
    assert list(project.iterdir()) == []
    assert Desk(tmp_path, tmp_path).run("demo", "--project-dir", str(tmp_path / "absent")).code == 1
    assert list(temporary.iterdir()) == []


def test_in_a_terminal_the_desk_opens_on_the_private_root(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def desk(engine: Engine, goal: str | None, label: str, welcome: Sequence[str]) -> int:
        assert goal == CONFLICTS
        assert len(welcome) == 3
        assert label == engine.root.path
        assert len(engine.goals().goals) == len(samples()) + 1
        assert stat.S_IMODE(Path(label).parent.stat().st_mode) == 0o700
        assert engine.project_dir is None
        assert Path.cwd() == Path(label).parent / "project" / "branch", "it offers no branch of somebody's own project"
        ready = engine.review(READY)
        assert isinstance(ready, Review) and ready.facts.head.state == "same"
        seen.append(label)
        return 0

    monkeypatch.setattr("omk_tui.__main__._desk", desk)
    before = Path.cwd()
    assert Desk(tmp_path, tmp_path).run("demo", terminal=True).code == 0
    assert len(seen) == 1
    assert Path.cwd() == before
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_the_private_place_is_removed_however_the_desk_ends(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    def desk(*_: object) -> int:
        raise error

    monkeypatch.setattr("omk_tui.__main__._desk", desk)
    assert Desk(tmp_path, tmp_path).run("demo", terminal=True).code == (130 if error is KeyboardInterrupt else 1)
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_removes_the_private_place(tmp_path: Path, number: signal.Signals) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    waiting = (
        "import sys, time; import omk_tui.__main__ as program\n"
        "program._desk = lambda *_: (print('here', flush=True), time.sleep(60), 0)[-1]\n"
        "from omk_tui.cli.console import Console\n"
        "Console.is_terminal = property(lambda self: True)\n"
        "sys.exit(program.main(['demo']))\n"
    )
    process = subprocess.Popen(
        [command()[0], "-c", waiting],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(tmp_path, TMPDIR=str(place)),
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"here\n"
    assert len(list(place.iterdir())) == 1
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert err == b""
    assert list(place.iterdir()) == []


def test_a_reader_that_goes_away_lets_it_end_in_order(tmp_path: Path) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        command("demo"),
        stdout=writer,
        stderr=subprocess.PIPE,
        env=surroundings(tmp_path, TMPDIR=str(place)),
        check=False,
    )
    os.close(writer)
    assert b"Traceback" not in ended.stderr
    assert ended.returncode == 0
    assert list(place.iterdir()) == []


def test_the_desk_gets_the_full_id_of_latest(samples: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str | None] = []

    def desk(_engine: Engine, goal: str | None, *_: object) -> int:
        opened.append(goal)
        return 0

    monkeypatch.setattr("omk_tui.__main__._desk", desk)
    assert samples.run("latest", terminal=True).code == 0
    assert samples.run(terminal=True).code == 0
    assert samples.run("unknown", terminal=True).code == 1
    assert opened == [goal_id("running"), None]
