"""Conflict evidence is read as it will be when the plan is written (step 9 of STATE-FORMAT 6.2), and only inside."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from omk_tui.core.records.file_names import REJECT_FILE, ROLLBACK_FILE
from tests.core.documents import GOAL_ID, conflict_task, graph_json, task
from tests.engine.states import State, as_ordinary_user, content, give_to_ordinary_user

SECRET = "do not read me"


def in_conflict(state: State, path: str) -> Path:
    return state.add(graph=graph_json(tasks=[conflict_task(path)]))


def embedded(state: State, path: str) -> str:
    """The section's text after the evidence path, the same in the preview and on disk."""
    preview = state.plan("reject", "no").rollback
    state.recorded("reject", "no")
    written = (state.folder() / ROLLBACK_FILE).read_text(encoding="utf-8", errors="surrogateescape")
    head = f"**Evidence artifact:** `{path}`\n\n"
    assert head in written
    assert preview is not None
    if REJECT_FILE not in path and "link" not in path:
        assert preview == written
    return written.partition(head)[2]


@pytest.mark.parametrize("kind", ["absolute", "dotdot", "link", "link to folder", "link chain", "goal's own path"])
def test_what_resolves_outside_the_goal_is_not_read(state: State, kind: str) -> None:
    """omk embeds any file that it can read (H24)."""
    outside = state.base / "outside"
    outside.mkdir()
    (outside / "secret").write_text(SECRET)
    paths = {
        "absolute": str(outside / "secret"),
        "dotdot": "../../../outside/secret",
        "link to folder": "folder/secret",
    }
    path = paths.get(kind, "evidence")
    folder = in_conflict(state, path)
    match kind:
        case "link":
            (folder / "evidence").symlink_to(outside / "secret")
        case "link to folder":
            (folder / "folder").symlink_to(outside)
        case "link chain":
            (folder / "evidence").symlink_to("second")
            (folder / "second").symlink_to("../../../outside/secret")
        case "goal's own path":
            (folder / "evidence").symlink_to(f"../../goals/{GOAL_ID}/../../../outside/secret")
    text = embedded(state, path)
    assert text.startswith("_(unreadable: ")
    assert "outside the goal directory" in text
    for file in folder.rglob("*"):
        if file.is_file() and not file.is_symlink():
            assert SECRET not in file.read_text(), file


@pytest.mark.parametrize("kind", ["absolute", "dotdot", "link", "through the root"])
def test_what_leads_back_inside_is_read(state: State, kind: str) -> None:
    paths = {
        "absolute": str(state.folder() / "real"),
        "dotdot": f"artifacts/../../{GOAL_ID}/real",
        "through the root": f"../../goals/{GOAL_ID}/./real",
    }
    path = paths.get(kind, "evidence")
    folder = in_conflict(state, path)
    (folder / "artifacts").mkdir()
    (folder / "real").write_text("inside")
    (folder / "evidence").symlink_to(folder / "real")
    assert embedded(state, path) == "```\ninside\n```\n\n"


@pytest.mark.parametrize("kind", ["a FIFO", "a socket", "a device"])
def test_what_is_no_regular_file_is_never_opened(state: State, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """omk hangs on a FIFO for good (H3)."""
    if kind == "a device" and os.geteuid() != 0:
        kind = "a FIFO"
    folder = in_conflict(state, "evidence")
    if kind == "a FIFO":
        os.mkfifo(folder / "evidence")
    elif kind == "a device":
        os.mknod(folder / "evidence", 0o020644, os.makedev(1, 3))
    else:
        monkeypatch.chdir(folder)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("evidence")
    started = time.monotonic()
    assert embedded(state, "evidence") == f"_(unreadable: it is {kind}, and is not opened)_\n\n"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("nowhere", "No such file or directory (os error 2)"),
        ("", "Is a directory (os error 21)"),
        (".", "Is a directory (os error 21)"),
        ("artifacts", "Is a directory (os error 21)"),
        ("artifacts/integration", "Is a directory (os error 21)"),
        ("artifacts/integration/", "Is a directory (os error 21)"),
        ("artifacts/integration/other", "No such file or directory (os error 2)"),
        ("goal.json/x", "Not a directory (os error 20)"),
        ("goal.json/", "Not a directory (os error 20)"),
        ("x" * 300, "File name too long (os error 36)"),
        ("artifacts/integration/" + "x" * 300, "File name too long (os error 36)"),
        ("a/" * 2500, "File name too long (os error 36)"),
        ("loop", "Too many levels of symbolic links (os error 40)"),
        ("nul\0", "file name contained an unexpected NUL byte"),
    ],
)
def test_the_reasons_are_omks(state: State, path: str, error: str) -> None:
    """The folder of the decision files is not there yet, but will be when the evidence is read."""
    folder = in_conflict(state, path)
    (folder / "loop").symlink_to("loop")
    assert not (folder / "artifacts").exists()
    assert embedded(state, path) == f"_(unreadable: {error})_\n\n"


def test_a_file_that_may_not_be_read_says_so(state: State) -> None:
    folder = in_conflict(state, "evidence")
    (folder / "evidence").write_text(SECRET)
    give_to_ordinary_user(state.base)
    (folder / "evidence").chmod(0)
    code = f"print(engine.plan(engine.review({GOAL_ID!r}), 'reject', 'no').rollback)"
    assert "_(unreadable: Permission denied (os error 13))_" in as_ordinary_user(code, state).stdout


@pytest.mark.parametrize(
    "path",
    [REJECT_FILE, f"./{REJECT_FILE}", "artifacts/../artifacts/integration//integrator-reject.json", "link", "linked/x"],
)
@pytest.mark.parametrize("again", [False, True])
def test_a_path_that_names_the_decision_file_embeds_the_one_just_written(state: State, path: str, again: bool) -> None:
    folder = in_conflict(state, path)
    (folder / "link").symlink_to(REJECT_FILE)
    (folder / "linked").mkdir()
    (folder / "linked/x").symlink_to("../artifacts/integration/integrator-reject.json")
    if again:
        state.recorded("reject", "the first time")
    text = embedded(state, path)
    written = (folder / REJECT_FILE).read_text()
    assert '"summary": "no"' in written
    assert text == f"```\n{written}\n```\n\n"


def test_a_path_that_names_the_plan_embeds_the_previous_plan(state: State) -> None:
    in_conflict(state, ROLLBACK_FILE)
    assert embedded(state, ROLLBACK_FILE) == "_(unreadable: No such file or directory (os error 2))_\n\n"
    first = (state.folder() / ROLLBACK_FILE).read_text()
    second = embedded(state, ROLLBACK_FILE)
    assert second == f"```\n{first}```\n\n"


def test_a_path_that_names_a_document_embeds_it_as_it_was_before(state: State) -> None:
    folder = in_conflict(state, "goal.json")
    before = (folder / "goal.json").read_text()
    assert embedded(state, "goal.json") == f"```\n{before}\n```\n\n"
    assert content(folder / "goal.json")["failure"]["reason"] == "no"


def test_a_linked_integration_folder_inside_the_goal_is_used_as_it_is(state: State) -> None:
    folder = in_conflict(state, "real/integrator-reject.json")
    (folder / "real").mkdir()
    (folder / "artifacts").mkdir()
    (folder / "artifacts/integration").symlink_to("../real")
    text = embedded(state, "real/integrator-reject.json")
    assert text == f"```\n{(folder / 'real/integrator-reject.json').read_text()}\n```\n\n"
    assert (folder / "real").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "\n"),
        (b"a", "a\n"),
        (b"a\n", "a\n"),
        (b"a\xff\xe2\x82b", "a\ufffd\ufffdb\n"),
        (b"x" * 65_536, "x" * 65_536 + "\n"),
        (b"x" * 65_537, "x" * 65_536 + "\n...(truncated at 65536 bytes)\n"),
        (b"x" * 65_535 + "é".encode(), "x" * 65_535 + "\ufffd\n...(truncated at 65536 bytes)\n"),
    ],
)
def test_at_most_64_kib_are_embedded_and_decoded_with_replacement(state: State, data: bytes, text: str) -> None:
    folder = in_conflict(state, "evidence")
    (folder / "evidence").write_bytes(data)
    assert embedded(state, "evidence") == f"```\n{text}```\n\n"


@pytest.mark.parametrize(
    ("inside", "fence"), [("`", 3), ("``", 3), ("```", 4), ("a\n`````\nb ```", 6), ("````````````", 13)]
)
def test_the_fence_is_longer_than_any_run_of_backticks_inside(state: State, inside: str, fence: int) -> None:
    """omk always takes three, and evidence can close its own block and go on as text of the plan (H25)."""
    folder = in_conflict(state, "evidence")
    (folder / "evidence").write_text(inside)
    assert embedded(state, "evidence") == f"{'`' * fence}\n{inside}\n{'`' * fence}\n\n"


def test_each_review_holds_the_evidence_that_a_plan_would_embed(state: State) -> None:
    tasks = [
        task("b", delivery={"conflict_evidence_path": "one"}),
        task("a", delivery={"conflict_evidence_path": "two"}),
        task("c", delivery={"conflict_blocking_reason": "by hand"}),
        task("d", delivery={"slice_id": "Z", "conflict_evidence_path": ""}),
    ]
    folder = state.add(graph=graph_json(tasks=tasks))
    (folder / "one").write_text('{"clean_merge": false, "conflicting_files": ["x"], "source_ref": "s"}')
    conflicts = state.review().conflicts
    assert [one.section_id for one in conflicts] == ["Z", "a", "b", "c"]
    assert [one.evidence.error if one.evidence else None for one in conflicts] == [
        "Is a directory (os error 21)",
        "No such file or directory (os error 2)",
        None,
        None,
    ]
    merge = conflicts[2].merge
    assert merge is not None
    assert (merge.clean_merge, merge.files, merge.source_ref) == (False, ("x",), "s")
    assert conflicts[3].evidence is None
