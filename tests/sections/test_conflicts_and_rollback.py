"""Sections 6 and 7: what each conflict record comes to, and the plan, exactly as it would be written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from omk_tui.core.decision.rollback import REASON_PLACEHOLDER
from omk_tui.core.records.conflict import (
    DECISION_FILE,
    EMBED_LIMIT,
    Conflict,
    Evidence,
    embedded_text,
    parse_merge_conflict,
)
from omk_tui.core.records.file_names import ROLLBACK_FILE
from omk_tui.core.review.goal_review import Target
from omk_tui.core.review.live_merge import ConflictHunk, LiveMerge
from omk_tui.core.review.plan_comparison import PlanComparison, compare_plans
from omk_tui.sections.conflicts import NOT_STOPPED, evidence_word, verdict
from omk_tui.sections.rollback import plan_section
from omk_tui.sections.view import FileDetail, TextDetail
from omk_tui.text import State
from tests.sections.samples import Samples, build, header, rows, told

CLEAN = '{"clean_merge": true, "source_ref": "a", "target_ref": "b", "conflicting_files": []}'


def conflict(evidence: Evidence | None, *, is_open: bool = True) -> Conflict:
    """A conflict record with this evidence."""
    text = evidence.text if evidence else None
    merge = parse_merge_conflict(text) if text is not None else None
    return Conflict("slice", "task", "slice", "blocked", "why", "path", is_open, evidence, merge)


def test_a_row_for_each_slice_and_the_warning_that_omk_does_not_look(samples: Samples) -> None:
    view = samples.section("conflicts", "6")
    assert header(view).split() == ["SLICE", "VERDICT", "STATUS", "FILES", "EVIDENCE", "NOW"]
    assert [line.split() for line in rows(view)[:2]] == [
        ["search", "[!]", "UNSAFE", "blocked", "2", "json", "ok", "trying"],
        ["store-io", "[!]", "UNSAFE", "blocked", "1", "json", "ok", "trying"],
    ]
    assert rows(view)[-1] == f"[!] {NOT_STOPPED}"
    assert view.blockers == ("slice search", "slice store-io")


def test_the_merge_conflict_is_told_field_by_field(samples: Samples) -> None:
    text = told(samples.section("conflicts", "6", width=200).details["slice search"])
    for line in (
        "CLASS  Unsafe: file 'notes/cli.py' contains substantive conflicts",
        "BLOCK  auto-rebase could not resolve conflicts: file 'notes/cli.py' contains substantive conflicts",
        "FILES  notes/cli.py",
        "       notes/store.py",
        "FROM   omk/goal-20261122-205557-473-03da4154/search",
        "TO     omk/goal-20261122-205557-473-03da4154/integrator",
        "FILE   artifacts/integration/merge-conflict-goal-agent-implement-2.json",
        f"ACCEPT {NOT_STOPPED}",
    ):
        assert line in text
    assert "CHECK  git merge-tree omk/goal-20261122-205557-473-03da4154/integrator omk/goal-" in text


def test_raw_shows_the_file_as_it_is(samples: Samples) -> None:
    review = samples.review("conflicts")
    detail = samples.section("conflicts", "6", raw=True).details["slice search"]
    assert isinstance(detail, TextDetail) and not detail.wrap
    evidence = review.conflicts[0].evidence
    assert evidence is not None and told(detail) == evidence.text
    hunk = ConflictHunk("notes/cli.py", 7, ("a",), ("b", "c\x1b[2J"), ())
    merges = (LiveMerge("conflict", "it conflicts", hunks=(hunk,)), LiveMerge("clean", "it is clean"))
    view = build("6", review, replace(samples.data(review, raw=True), merges=merges))
    after = told(view.details["slice search"]).removeprefix(evidence.text or "").splitlines()
    assert "notes/cli.py: conflict 1 of 1, line 7" in after[-8]
    assert after[-7:] == ["<<<<<<< ours", "b", "c\u241b[2J", "||||||| base", "a", "=======", ">>>>>>> theirs"]


@pytest.mark.parametrize(
    ("evidence", "is_open", "said", "held"),
    [
        (Evidence(text=CLEAN), True, (State.STALE, "CLEAN NOW"), (State.STALE, "stale")),
        (Evidence(text=CLEAN), False, (State.MET, "settled"), (State.MET, "json ok")),
        (Evidence(text="{}"), True, (State.FAILED, "open"), (State.MET, "json ok")),
        (Evidence(text="prose"), True, (State.FAILED, "open"), (State.NOTE, "text")),
        (Evidence(text="a\0b"), True, (State.FAILED, "open"), (State.UNREADABLE, "binary")),
        (Evidence(text=embedded_text(b"\xff\xfe")), True, (State.FAILED, "open"), (State.UNREADABLE, "binary")),
        (
            Evidence(text=embedded_text(b"x" * (EMBED_LIMIT + 1))),
            True,
            (State.FAILED, "open"),
            (State.UNREADABLE, "truncated"),
        ),
        (
            Evidence(error="No such file or directory (os error 2)"),
            True,
            (State.FAILED, "open"),
            (State.MISSING, "missing"),
        ),
        (Evidence(error="resolves outside"), True, (State.FAILED, "open"), (State.UNREADABLE, "unreadable")),
        (DECISION_FILE, True, (State.FAILED, "open"), (State.NOTE, "decision")),
        (None, True, (State.FAILED, "open"), (State.NOTE, "none")),
    ],
)
def test_the_states_of_record_and_evidence(
    samples: Samples, evidence: Evidence | None, is_open: bool, said: tuple[State, str], held: tuple[State, str]
) -> None:
    one = conflict(evidence, is_open=is_open)
    assert verdict(one) == said and evidence_word(one) == held
    review = replace(samples.review("ready"), conflicts=(one,))
    for raw in (False, True):
        view = build("6", review, samples.data(samples.review("ready"), raw=raw))
        assert said[1] in rows(view)[0] and held[1] in rows(view)[0]
        assert told(view.details["slice slice"])
        assert (NOT_STOPPED in "\n".join(rows(view))) is is_open


def test_many_files_in_conflict_are_named_below_everything_else(samples: Samples) -> None:
    names = [f"part-{number:02}.py" for number in range(40)]
    record = json.dumps({"clean_merge": False, "source_ref": "a", "target_ref": "b", "conflicting_files": names})
    review = replace(samples.review("ready"), conflicts=(conflict(Evidence(record)),))

    def detail(live: LiveMerge) -> list[str]:
        view = build("6", review, replace(samples.data(review), merges=(live,)))
        return [line.strip("─ ") for line in told(view.details["slice slice"]).splitlines()]

    for live in (LiveMerge("conflict", "40 files", tuple(names)), LiveMerge("clean", "it is clean")):
        lines = detail(live)
        assert lines.count("and 32 more, see below") == 1, "where both are the same, they are named once"
        assert lines.index("and 32 more, see below") < lines.index("the 40 files of the record")
        assert lines[lines.index("the 40 files of the record") + 1 :] == names
    lines = detail(LiveMerge("conflict", "39 files", tuple(names[1:])))
    assert lines[lines.index("the 39 files in conflict now") + 1 :] == names[1:]


@pytest.mark.parametrize("raw", [False, True])
def test_files_in_conflict_that_no_lines_are_shown_of_are_counted(samples: Samples, raw: bool) -> None:
    names = tuple(f"part-{number:02}.py" for number in range(40))
    record = json.dumps({"clean_merge": False, "source_ref": "a", "target_ref": "b", "conflicting_files": names})
    review = replace(samples.review("ready"), conflicts=(conflict(Evidence(record)),))
    hunks = tuple(ConflictHunk(name, 1, ("x",), ("y",), ("z",)) for name in names[:20])

    def detail(live: LiveMerge) -> str:
        view = build("6", review, replace(samples.data(review, raw=raw), merges=(live,)))
        return told(view.details["slice slice"])

    assert "20 more files in conflict, without lines here" in detail(LiveMerge("conflict", "40 files", names, hunks))
    assert "without lines here" not in detail(LiveMerge("conflict", "20 files", names[:20], hunks))


def test_no_conflict_says_that_nobody_may_have_looked(samples: Samples) -> None:
    view = samples.section("ready", "6")
    assert rows(view) == ["[x] no slice has a conflict record"] and view.blockers == ()
    assert "nobody may have looked" in told(view.details["no conflicts"])


@pytest.mark.parametrize("raw", [False, True])
def test_the_plan_is_shown_line_by_line_as_it_would_be_written(samples: Samples, raw: bool) -> None:
    review = samples.review("conflicts")
    data = samples.data(review, raw=raw)
    assert data.rollback is not None
    view = build("7", review, data)
    assert told(view.details["the whole plan"]) == data.rollback.removesuffix("\n")
    assert f"to: {ROLLBACK_FILE}  {len(data.rollback.encode()):,} bytes" in view.summary.plain
    assert rows(view) == [
        "the whole plan  what reject would write",
        "scope  2 files  +10 -7",
        "git commands  6 commands  not part of the file; y copies",
        "conflict evidence  slice search  688 B",
        "conflict evidence  slice store-io  660 B",
    ]


def test_the_plan_on_disk_is_compared_with_the_one_that_would_be_written(samples: Samples) -> None:
    review = samples.review("conflicts")
    review = replace(review, targets=(Target(ROLLBACK_FILE, exists=True),))
    data = samples.data(samples.review("conflicts"))
    assert data.rollback is not None

    def shown(on_disk: PlanComparison | str) -> tuple[str, str]:
        view = build("7", review, replace(data, plan_on_disk=on_disk))
        row = next(row for row in rows(view) if "plan on disk" in row)
        return row, told(view.details["compared"])

    old = data.rollback.replace(REASON_PLACEHOLDER, "too\nslow")
    row, text = shown(compare_plans(data.rollback, REASON_PLACEHOLDER, old))
    assert row == "[x] the plan on disk says the same"
    assert text.startswith("REASON too\n       slow\n") and "every other line is the same" in text

    other = old.replace("- `notes/store.py`\n", "- `notes/\x1b[2Jold.py`\n- `gone.py`\n")
    row, text = shown(compare_plans(data.rollback, REASON_PLACEHOLDER, other))
    assert row == "[~] the plan on disk differs: 2 lines of it would go, 1 would come"
    assert "- - `notes/\u241b[2Jold.py`\n- - `gone.py`" in text and "\n+ - `notes/store.py`" in text

    row, text = shown("rollback-rejected-slice.md: it is a FIFO, and is not opened")
    assert row == "[?] the plan on disk cannot be compared" and "a FIFO" in text


def test_the_sections_of_the_plan_are_parts_of_it(samples: Samples) -> None:
    for name in ("conflicts", "hostile"):
        review = samples.review(name)
        text = samples.data(review).rollback
        sections = "".join(plan_section(review.goal_id, one) for one in review.conflicts)
        assert text is not None and sections and text.endswith(sections)


def test_a_plan_on_disk_and_an_obstacle_are_told(samples: Samples) -> None:
    view = samples.section("rejected-before", "7")
    assert view.summary.plain.endswith("bytes  replaces")
    detail = view.details["the plan on disk"]
    assert isinstance(detail, FileDetail) and detail.path == ROLLBACK_FILE
    review = samples.review("ready")
    blocked = replace(review, targets=(Target(ROLLBACK_FILE, exists=False, obstacle="Is a directory"),))
    view = build("7", blocked, samples.data(review))
    assert "Is a directory" in told(view.details["obstacle"]) and view.blockers == ("obstacle",)


def test_a_refused_reject_has_no_plan(samples: Samples) -> None:
    view = samples.section("paused", "7")
    assert rows(view) == ["[!] a reject would be refused"]
    assert "is paused" in told(view.details["refused"])


def test_what_a_merge_comes_to_now_stands_beside_what_the_record_says(samples: Samples) -> None:
    review = samples.review("conflicts")
    merges = (
        LiveMerge("clean", "the sentence for clean", ("notes/\x1b.py",)),
        LiveMerge("conflict", "the sentence for conflict"),
    )
    view = build("6", review, replace(samples.data(review), merges=merges))
    assert ["clean now" in rows(view)[0], "conflicts" in rows(view)[1]] == [True, True]
    shown = told(view.details[next(iter(view.details))])
    assert "NOW" in shown and "the sentence for clean" in shown and "the record is stale" in shown
    assert "\x1b" not in shown
    assert "trying" in rows(build("6", review, samples.data(review)))[0]
