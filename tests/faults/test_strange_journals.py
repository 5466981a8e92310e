"""Journals that are none of ours: forged, torn, of a later version, or no file at all. They are told, and kept."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.journal import decode, encode
from omk_tui.core.ledger import History
from omk_tui.core.outcome import Refused
from tests.core.documents import GOAL_ID
from tests.faults import scenes
from tests.faults.scenes import Scene, fresh_accept, journal_of, second_reject
from tests.faults.stage import NOW

BEFORE_GOAL_JSON = 4


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return fresh_accept(tmp_path / "scene")


def forge(scene: Scene, edit: Callable[[dict[str, object]], object]) -> None:
    """Plant a journal with a right checksum."""
    body = json.loads(journal_of(scene).read_bytes().partition(b"\n")[2])
    edit(body)
    data = json.dumps(body).encode() + b"\n"
    journal_of(scene).write_bytes(b"omk-tui-journal/1 " + hashlib.sha256(data).hexdigest().encode() + b"\n" + data)


def _entries(body: dict[str, object]) -> list[dict[str, object]]:
    entries = body["entries"]
    assert isinstance(entries, list)
    return entries


def _row(body: dict[str, object]) -> dict[str, object]:
    row = _entries(body)[3]["row"]
    assert isinstance(row, dict)
    return row


FORGED: dict[str, Callable[[dict[str, object]], object]] = {
    "another goal": lambda body: body.update(goal_id="goal-2"),
    "a path outside": lambda body: _entries(body)[2].update(path="../../omk.db"),
    "a path twice": lambda body: _entries(body)[2].update(path="goal.json"),
    "a step left out": lambda body: _entries(body).pop(),
    "no steps": lambda body: body.update(entries=[]),
    "a row of another shape": lambda body: _entries(body)[3].update(row={"goal_id": GOAL_ID}),
    "another goal's row": lambda body: _row(body).update(goal_id="goal-2"),
    "a goal.json that is none": lambda body: _entries(body)[4].update(data="[]"),
    "a size below zero": lambda body: _entries(body)[6].update(size=-1),
    "a size of a float": lambda body: _entries(body)[6].update(size=0.5),
    "two lines in one": lambda body: _entries(body)[6].update(data="a\nb\n"),
    "data of no text": lambda body: _entries(body)[2].update(data=["x"]),
    "data that no file can hold": lambda body: _entries(body)[2].update(data="\ud800"),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_journal_is_kept_told_and_not_carried_out(scene: Scene, forged: str) -> None:
    scene.cut_off(BEFORE_GOAL_JSON)
    forge(scene, FORGED[forged])
    half = scene.raw()
    told = scene.look().facts.interrupted
    assert "is not as this omk-tui left it" in told
    history = scene.engine().history(GOAL_ID)
    assert isinstance(history, History) and history.interrupted == told
    assert scene.raw() == half


def test_a_journal_of_a_later_version_is_kept(scene: Scene) -> None:
    scene.cut_off(BEFORE_GOAL_JSON)
    journal = journal_of(scene)
    journal.write_bytes(journal.read_bytes().replace(b"journal/1", b"journal/2", 1))
    assert "another version" in scene.look().facts.interrupted
    assert journal.exists()


def test_a_journal_that_was_damaged_half_way_is_kept_for_a_person(scene: Scene) -> None:
    """Its decision may be half carried out: to discard it would leave a goal between undecided and decided."""
    scene.cut_off(BEFORE_GOAL_JSON + 1)
    journal = journal_of(scene)
    whole = journal.read_bytes()
    journal.write_bytes(whole.replace(b'"who"', b'"wh0"'))
    half = scene.raw()
    assert "it was damaged" in scene.look().facts.interrupted
    (finding,) = scene.engine().doctor()
    assert finding.code == "interrupted" and "it was damaged" in finding.text and not finding.repair
    assert isinstance(scene.state.decide("reject", "no"), Refused)
    assert scene.raw() == half
    journal.write_bytes(whole)
    assert not scene.look().facts.interrupted, "put right again, it is finished"


FOLDERS = 2
"""The first steps make folders: to leave those behind is no harm."""


@pytest.mark.parametrize(
    ("make", "steps"),
    [*((fresh_accept, steps) for steps in range(10)), *((second_reject, steps) for steps in range(11))],
)
def test_a_journal_that_lost_its_end_is_given_up_only_while_nothing_was_begun(
    make: Callable[[Path], Scene], steps: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = make(tmp_path / "scene")
    monkeypatch.setattr(scenes, "NOW", NOW + 10**9)
    scene.cut_off(steps)
    journal = journal_of(scene)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:-100])
    told = scene.look().facts.interrupted
    assert bool(told) == journal.exists() == (steps > FOLDERS)
    if told:
        journal.write_bytes(whole)
        assert not scene.look().facts.interrupted, "put right again, it is finished"


@pytest.mark.parametrize("kept", [0, 1, 20, 100, -1])
def test_a_torn_journal_was_never_a_decision(scene: Scene, kept: int) -> None:
    before = scene.picture()
    scene.cut_off(0)
    journal = journal_of(scene)
    journal.write_bytes(journal.read_bytes()[:kept])
    assert not scene.look().facts.interrupted
    assert not before.difference(scene.picture())


@pytest.mark.parametrize("shape", ["fifo", "folder", "socket", "link"])
def test_a_journal_that_is_no_file_is_told(scene: Scene, shape: str) -> None:
    path = journal_of(scene)
    makers: dict[str, Callable[[], None]] = {
        "fifo": lambda: os.mkfifo(path),
        "folder": path.mkdir,
        "socket": lambda: os.mknod(path, stat.S_IFSOCK | 0o600),
        "link": lambda: path.symlink_to("/dev/zero"),
    }
    makers[shape]()
    before = scene.raw()
    assert scene.look().facts.interrupted
    assert isinstance(scene.state.decide("reject", "no"), Refused)
    assert scene.raw() == before


def test_a_journal_survives_encoding_with_any_text(scene: Scene) -> None:
    scene.cut_off(0)
    journal = decode(journal_of(scene).read_bytes())
    assert decode(encode(journal)) == journal
