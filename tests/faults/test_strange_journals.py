"""Journals that are none of ours: forged, torn, of a later version, or no file at all. They are told, and kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.decision.findings import Finding
from omk_tui.core.decision.journal import decode, encode
from omk_tui.core.decision.outcome import Refused
from omk_tui.core.records.ledger_entries import History
from omk_tui.engine.files.seal_key import KEY_FILE, NoKey, make_key, read_key
from tests.core.documents import GOAL_ID
from tests.engine.states import State
from tests.faults import scenes
from tests.faults.scenes import Scene, fresh_accept, journal_of, second_reject
from tests.faults.stage import NOW

BEFORE_GOAL_JSON = 4


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return fresh_accept(tmp_path / "scene")


def forge(scene: Scene, edit: Callable[[dict[str, object]], object]) -> None:
    """Change what a journal says, and seal it again as only this user can."""
    plant(scene, edit, read_key(os.environ))


def plant(scene: Scene, edit: Callable[[dict[str, object]], object], key: bytes | None) -> None:
    """Plant a journal with a right checksum, sealed with `key`; without one it is as the version before seals."""
    body = json.loads(journal_of(scene).read_bytes().partition(b"\n")[2])
    if key is None:
        body.pop("directory", None)
        body.pop("inode", None)
    edit(body)
    data = json.dumps(body).encode() + b"\n"
    words = [b"omk-tui-journal/1" if key is None else b"omk-tui-journal/2", hashlib.sha256(data).hexdigest().encode()]
    if key is not None:
        words.append(hmac.new(key, data, hashlib.sha256).hexdigest().encode())
    journal_of(scene).write_bytes(b" ".join(words) + b"\n" + data)


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
    "another directory": lambda body: body.update(directory="/elsewhere/goal", inode=1),
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
    journal.write_bytes(journal.read_bytes().replace(b"journal/2", b"journal/3", 1))
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


# -- seals


def interrupted(scene: Scene, approve: Callable[[str], bool] | None = None) -> Finding:
    """What the check-up finds of the interrupted decision."""
    (finding,) = [one for one in scene.engine().doctor(approve) if one.code == "interrupted"]
    return finding


@pytest.mark.parametrize("key", [None, b"k" * 32], ids=["the version before seals", "another user's key"])
def test_a_journal_that_this_users_key_did_not_seal_is_shown_and_never_carried_out_by_looking(
    scene: Scene, key: bytes | None
) -> None:
    scene.cut_off(BEFORE_GOAL_JSON)
    plant(scene, lambda body: body.update(who="ceo@boardroom"), key)
    half = scene.raw()
    said = scene.look().facts.interrupted
    assert "was not sealed with this user's key" in said and "omk-tui doctor --repair" in said
    scene.engine().goals()
    scene.engine().history(GOAL_ID)
    refusal = scene.state.decide("reject", "no")
    assert isinstance(refusal, Refused) and "doctor --repair" in refusal.why
    finding = interrupted(scene)
    assert "ceo@boardroom" in finding.text and "it would write" in finding.text
    assert not interrupted(scene, lambda what: False).repair
    assert scene.raw() == half


def test_a_journal_of_the_version_before_seals_is_still_finished_when_told_yes(tmp_path: Path) -> None:
    state = State(tmp_path)
    earlier = Path(__file__).parents[1] / "engine/earlier/journal-1.txn"
    (state.add() / ".omk-tui.txn").write_bytes(earlier.read_bytes())
    assert "was not sealed" in state.review().facts.interrupted
    (finding,) = [one for one in state.engine().doctor(lambda what: True) if one.code == "interrupted"]
    assert finding.repair == "finished it"
    history = state.engine().history(GOAL_ID)
    assert isinstance(history, History) and [entry.text("text") for entry in history.entries] == ["cut off"]


def test_a_sealed_journal_of_an_earlier_version_is_finished_by_any_look(scene: Scene) -> None:
    """Only the seal and the folder's identity are made anew: both belong to the machine on which it was written."""
    scene.cut_off(BEFORE_GOAL_JSON)
    here = json.loads(journal_of(scene).read_bytes().partition(b"\n")[2])
    earlier = Path(__file__).parents[1] / "engine/earlier/journal-2.txn"
    journal_of(scene).write_bytes(earlier.read_bytes())
    forge(scene, lambda body: body.update(directory=here["directory"], inode=here["inode"]))
    assert not scene.look().facts.interrupted
    assert not journal_of(scene).exists()
    history = scene.state.engine().history(GOAL_ID)
    assert isinstance(history, History) and [entry.fault for entry in history.entries] == [""]


def test_it_is_finished_when_a_person_says_yes_to_what_it_would_do(scene: Scene) -> None:
    scene.cut_off(BEFORE_GOAL_JSON)
    plant(scene, lambda body: None, None)
    asked: list[str] = []

    def approve(what: str) -> bool:
        asked.append(what)
        return True

    finding = interrupted(scene, approve)
    assert finding.repair == "finished it"
    assert "it would write" in asked[0]
    assert not scene.look().facts.interrupted
    assert not journal_of(scene).exists()


def test_yes_to_one_journal_is_no_yes_to_another_that_is_put_in_its_place(scene: Scene) -> None:
    scene.cut_off(BEFORE_GOAL_JSON)
    plant(scene, lambda body: None, None)

    def approve(what: str) -> bool:
        plant(scene, lambda body: body.update(who="somebody else"), None)
        return True

    before = (scene.state.folder() / "goal.json").read_bytes()
    finding = interrupted(scene, approve)
    assert "was not sealed" in finding.text and not finding.repair
    assert (scene.state.folder() / "goal.json").read_bytes() == before


@pytest.mark.parametrize("forged", ["another goal", "another goal's row", "another directory", "a path outside"])
def test_yes_reaches_no_other_goal_and_no_other_directory(scene: Scene, forged: str) -> None:
    scene.cut_off(BEFORE_GOAL_JSON)
    plant(scene, FORGED[forged], None)
    half = scene.raw()
    scene.engine().doctor(lambda what: True)
    assert scene.raw() == half


def test_a_whole_forgery_does_not_reach_the_row_of_another_goal(scene: Scene) -> None:
    """The id inside the goal.json that the journal brings along is the forger's; the one that stands there counts."""

    def reach(body: dict[str, object]) -> None:
        _row(body).update(goal_id="goal-2")
        goal = json.loads(str(_entries(body)[4]["data"]))
        _entries(body)[4].update(data=json.dumps(goal | {"goal_id": "goal-2"}))

    scene.cut_off(BEFORE_GOAL_JSON)
    plant(scene, reach, None)
    half = scene.raw()
    scene.engine().doctor(lambda what: True)
    forge(scene, reach)
    half = scene.raw()
    assert "its row in omk.db is not that of the goal" in scene.look().facts.interrupted
    assert scene.raw() == half


def test_without_a_place_for_a_key_a_decision_goes_without_a_seal_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    state = State(tmp_path)
    state.add()
    assert any("had no seal" in note for note in state.recorded("reject", "no").notes)


@pytest.mark.parametrize("damage", ["short", "open to others", "a link", "a FIFO", "a folder"])
def test_a_key_that_cannot_be_relied_on_is_none(tmp_path: Path, damage: str) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    assert make_key(environ) == make_key(environ) == read_key(environ)
    path = tmp_path / "omk-tui" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = path.read_bytes()
    match damage:
        case "short":
            path.write_bytes(key[:-1])
        case "open to others":
            path.chmod(0o640)
        case "a link":
            path.rename(tmp_path / "other")
            path.symlink_to(tmp_path / "other")
        case "a FIFO":
            path.unlink()
            os.mkfifo(path, 0o600)
        case "a folder":
            path.unlink()
            path.mkdir()
    with pytest.raises(NoKey):
        make_key(environ)
