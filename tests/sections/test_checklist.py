"""Section 1: omk's nine requirements, warnings, HEAD, gaps, and the recorded decision, in our words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.goal import Failure
from omk_tui.core.records.problem import Problem
from tests.sections.samples import NAMES, Samples, build, rows, told, with_facts

if TYPE_CHECKING:
    from omk_tui.core.records.facts import HeadState


def test_a_goal_without_gaps(samples: Samples) -> None:
    view = samples.section("ready", "1")
    assert rows(view)[:9] == [
        "1 [x] met         required verification gates          4/4 passed",
        "2 [x] met         local verification task evidence     task done",
        "3 [x] met         agent execution task evidence        task done",
        "4 [x] met         review task evidence                 task done",
        "5 [x] met         security review task evidence        task done",
        "6 [x] met         changed-file evidence                6 files",
        "7 [x] met         post-mutation verification evidence  ran",
        "8 [x] met         required review wall evidence        6/6 passes",
        "9 [x] met         greenfield oracle evidence           3/3 checks",
    ]
    assert view.summary.plain.startswith("[x] 9 of 9 met")
    assert view.blockers == () and view.start == ""
    assert "omk-tui accept goal-20261122-205543-199-20ed1a38 --summary TEXT" in told(view.details["requirement 1"])
    assert "--record-not-ready" not in told(view.details["requirement 1"])
    assert "required verification gates are met: " in told(view.details["requirement 1"])
    assert "review task evidence is met: " in told(view.details["requirement 4"])


def test_what_is_missing_is_told_with_the_next_step(samples: Samples) -> None:
    view = samples.section("failing-gate", "1")
    assert view.summary.plain.startswith("[!] BLOCKS ACCEPT: 4 of 9 missing")
    assert view.blockers == ("requirement 1", "requirement 2", "requirement 4", "requirement 8")
    assert view.start == "requirement 1"
    assert rows(view)[0].startswith("1 [!] failed      required verification gates          2/3 passed; unit FAIL")
    assert rows(view)[3] == "4 [ ] missing     review task evidence                 task blocked"
    assert told(view.details["requirement 4"]).splitlines()[:2] == [
        "WHY    review task evidence is missing: task goal-review is blocked",
        "NEXT   omk goal review goal-20261122-205552-659-61541d09",
    ]
    assert "--record-not-ready" in told(view.details["requirement 4"])


def test_a_missing_oracle_shows_the_stanza(samples: Samples) -> None:
    text = told(samples.section("missing-evidence", "1", width=138).details["requirement 9"])
    words = 'kind rewrite, chosen by "port" (rewrite); compatibility: no passed gate, golden: no passed gate'
    assert words in " ".join(text.split())
    assert 'name = "golden"' in text and "omk goal verify goal-20261122-205548-361-a1b96270" in text


def test_open_conflicts_are_blockers_although_omk_lets_them_pass(samples: Samples) -> None:
    view = samples.section("conflicts", "1")
    assert "[!] 2 conflicts open" in view.summary.plain
    assert len(view.blockers) == 2 and all(key.startswith("open_conflict: slice ") for key in view.blockers)
    assert "omk 0.5.0 would not stop an accept for this" in told(view.details[view.start])


def test_a_status_that_forbids_a_decision_comes_first(samples: Samples) -> None:
    view = samples.section("paused", "1")
    assert rows(view)[0].startswith("  [!] refused     status paused")
    text = told(view.details["status"])
    assert "is paused; run" in text and "NEXT   omk goal resume goal-" in text
    assert "omk-tui accept" not in text and "DECIDE refused: Goal" in text
    assert view.blockers[0] == "status"


@pytest.mark.parametrize("name", NAMES)
def test_every_warning_is_a_row(samples: Samples, name: str) -> None:
    review = samples.review(name)
    view = samples.section(name, "1")
    shown = [line.search for line in view.rows if line.search.startswith("warning ")]
    others = [one for one in review.judgement.warnings if one.code != "dropped_gap"]
    assert shown == [f"warning {one.code} {one.text}" for one in others]
    gaps = [line for line in rows(view) if "known gaps in the proof" in line]
    assert len(gaps) == 1, "all gaps are one row"
    assert ("news" in gaps[0]) == bool(review.judgement.gap_news)


def test_unreadable_files_are_rows_and_the_nine_are_said_to_be_unjudged(samples: Samples) -> None:
    review = samples.review("ready")
    broken = with_facts(review, stored=None, proof_problem=Problem("proof.json", "must be a string", "summary", "7"))
    view = build("1", broken, samples.data(review))
    assert rows(view)[0].startswith("  [?] unreadable  proof.json")
    assert "cannot be judged" in rows(view)[1]
    assert "proof.json, summary: must be a string (found 7)" in told(view.details["proof.json"])
    gone = with_facts(review, stored=None, proof_problem=Problem("proof.json", "is not there", missing=True))
    assert "[ ] missing" in rows(build("1", gone, samples.data(review)))[0]


def test_the_head_row_has_all_three_states(samples: Samples) -> None:
    review = samples.review("ready")
    data = samples.data(review)

    def row(state: HeadState) -> str:
        head = replace(review.facts.head, state=state, text=f"the sentence for {state}")
        return next(line for line in rows(build("1", with_facts(review, head=head), data)) if "project HEAD" in line)

    assert "[x] same" in row("same")
    assert "[~] stale" in row("moved")
    assert "[-] not checked" in row("not checked")


def test_a_recorded_decision_is_told(samples: Samples) -> None:
    review = samples.review("ready")
    stored = review.facts.stored
    assert stored is not None
    evidence: Json = {
        "status": "rejected",
        "summary": "no [b]good[/b]\nat all",
        "decided_at": stored.proof.generated_at.text(),
        "artifact_path": "artifacts/integration/integrator-reject.json",
        "missing_evidence": ["no good"],
    }
    sidecars = replace(stored.sidecars, integration_evidence=(evidence,))
    decided = with_facts(review, stored=replace(stored, sidecars=sidecars))
    view = build("1", decided, samples.data(review))
    assert "[~] rejected    recorded decision" in rows(view)[0]
    text = told(view.details["recorded decision"])
    assert "TEXT   no [b]good[/b]\n       at all" in text and "GAPS   no good" in text
    odd_ones: tuple[Json, ...] = (None, 7, ["x"], {"status": 3})
    for odd in odd_ones:
        strange = replace(stored, sidecars=replace(stored.sidecars, integration_evidence=(odd,)))
        assert "older decision" in told(
            build("1", with_facts(review, stored=strange), samples.data(review)).details["recorded decision"]
        )


def test_dropped_gaps_and_an_old_failure(samples: Samples) -> None:
    view = samples.section("rejected-before", "1")
    assert "accept drops 2" in next(line for line in rows(view) if "known gaps" in line)
    assert "2 would be dropped" in told(view.details["known gaps"])
    review = samples.review("ready")
    goal = review.facts.goal
    assert goal is not None
    failed = with_facts(review, goal=replace(goal, failure=Failure("was bad", Timestamp(0, 0))))
    assert any("old_failure" in line for line in rows(build("1", failed, samples.data(review))))


def test_each_way_to_decide_is_offered_or_refused_by_itself(samples: Samples) -> None:
    review = samples.review("ready")
    data = samples.data(review)
    graph = Problem("task-graph.json", "a task has no id", "tasks[2].id")
    broken = with_facts(review, graph=None, graph_problem=graph)
    text = told(build("1", broken, data).details["task-graph.json"])
    assert "R  omk-tui reject" in text and "A  refused: task-graph.json, tasks[2].id: a task has no id" in text
    begun = with_facts(review, interrupted="a reject was begun at 10:00")
    view = build("1", begun, data)
    key = "interrupted: a reject was begun at 10:00"
    assert view.start == key and key in view.blockers
    assert "DECIDE refused: a reject was begun at 10:00" in told(view.details[key])
