"""The small rules about opened goals: whose goal it is, what a review speaks of, how much of an output is stored."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.opening.gate_progress import GateProgress, GatesProgress
from omk_tui.core.opening.gate_result import with_output_of
from omk_tui.core.opening.review_text import names_commit, review_file, speaks_of
from omk_tui.core.records.gate_run import (
    BadGateRun,
    GateNote,
    GateRun,
    never_ran,
    read_gate_run,
    what_lacks,
    write_gate_run,
)
from omk_tui.core.records.intake import was_opened
from omk_tui.core.records.proof import Gate
from omk_tui.core.review.diff import read_diff

HEAD = "1f0c9a2b" + "0" * 32


@pytest.mark.parametrize(
    ("goal_id", "commits", "is_ours"),
    [
        ("goal-20261122-205557-000-1f0c9a2b", [HEAD], True),
        ("goal-20261122-205557-000-1f0c9a2b", [None, "2" * 40, HEAD], True),
        ("goal-20261122-205557-000-1f0c9a2b", ["2" * 40], False),
        ("goal-20261122-205557-000-1f0c9a2b", [], False),
        ("goal-20261122-205557-473-1f0c9a2b", [HEAD], False),
        ("goal-20261122-205557-000-1f0c9a2", [HEAD], False),
    ],
)
def test_whose_goal_it_is(goal_id: str, commits: list[str | None], is_ours: bool) -> None:
    assert was_opened(goal_id, commits) is is_ours


def test_what_a_review_speaks_of() -> None:
    assert names_commit("1F0C9A2", HEAD) and not names_commit("1f0c9a", HEAD) and not names_commit("2f0c9a2b", HEAD)
    assert speaks_of("I read 1f0c9a2b, all of it", HEAD) and not speaks_of("I read x1f0c9a2b_ and 1f0c9a", HEAD)
    text = review_file("fine\n\n", security=True, who="Ada", commit="", now=Timestamp.from_unix_seconds(0)).decode()
    assert text.startswith("# Goal Security Review\n\nBy: Ada\nAt: ") and "Commit: none that it names\n" in text
    assert text.endswith("---\n\nfine\n")


def test_of_a_long_output_its_ends_are_stored() -> None:
    gate = Gate("unit", True, "a" * 50 + "b" * 50, "short", 1, True, "true", 0, False, None, None, None, 0)
    assert with_output_of(gate, 100) == gate
    cut = with_output_of(gate, 10)
    assert cut.stdout == f"aaaaa\n... 90 characters dropped; the log has them ...\n{'b' * 5}" and cut.stderr == "short"
    assert with_output_of(gate, 0).stdout == "\n... 100 characters dropped; the log has them ...\n"


def test_notes_without_the_later_counts_are_read_too() -> None:
    note = GateNote("unit", "base", "4" * 40, False, "bwrap", 12, lfs_pointers=3, submodules=1)
    text = write_gate_run(GateRun((note,), ("unit", "smoke"))).decode()
    assert read_gate_run(text) == GateRun((note,), ("unit", "smoke"))
    older = json.loads(text)
    del older["required"], older["gates"][0]["lfs_pointers"], older["gates"][0]["submodules"]
    assert read_gate_run(json.dumps(older)) == GateRun((replace(note, lfs_pointers=0, submodules=0),))
    with pytest.raises(BadGateRun):
        read_gate_run(text.replace('"submodules": 1', '"submodules": "1"'))
    for odd in ('"smoke"', "[1]"):
        with pytest.raises(BadGateRun):
            read_gate_run(json.dumps(json.loads(text) | {"required": json.loads(odd)}))
    gate = Gate("unit", True, "", "", 1, True, "true", 0, False, None, None, None, 0)
    assert never_ran(("unit", "smoke"), (gate,)) == ("smoke",) and never_ran((), (gate,)) == ()
    assert what_lacks(0, 0) == "" and "only pointers: 3, submodules" in what_lacks(3, 1)


def test_where_a_run_is() -> None:
    waiting, running = (
        GateProgress("a", "make a", 60),
        GateProgress("b", "make b", 60, "running", 3, 10, "live log 1.1"),
    )
    assert GatesProgress("goal").words == "the gates are about to begin"
    assert GatesProgress("goal", (waiting, running)).words == "gate 2 of 2 is running: b"


def test_a_patch_of_a_pointer_or_a_submodule_is_known_for_it() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1"
    texts = {
        "lfs": f"diff --git a/m b/m\n--- a/m\n+++ b/m\n@@ -1,2 +1,2 @@\n {pointer}\n-oid sha256:1\n+oid sha256:2\n",
        "submodule": f"diff --git a/s b/s\n--- a/s\n+++ b/s\n@@ -1 +1 @@\n-Subproject commit {HEAD}\n",
        "": f"diff --git a/t b/t\n--- a/t\n+++ b/t\n@@ -1,2 +1,2 @@\n a text\n-x\n+{pointer}\n",
    }
    assert {read_diff("run", "path", text).files[0].stands_for: "" for text in texts.values()} == dict.fromkeys(
        texts, ""
    )
