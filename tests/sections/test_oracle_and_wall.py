"""Sections 2 and 3: why a kind was chosen, which names would do, and what the six passes rest on."""

from __future__ import annotations

from dataclasses import replace

from omk_tui.core.judgement.oracle import REQUIRED_CHECKS
from omk_tui.core.judgement.review_wall import build_wall
from omk_tui.core.records.proof import SKIPPED_COMMAND
from omk_tui.sections.oracle import around
from omk_tui.sections.wall import recorded_passes, wall_differences
from tests.sections.samples import Samples, build, header, rows, told, with_facts


def test_the_word_that_chose_the_kind_is_shown_where_it_stands(samples: Samples) -> None:
    view = samples.section("missing-evidence", "2")
    assert view.summary.plain == "oracle rewrite  [ ] 0 of 2 checks passed"
    assert header(view).split() == ["CHECK", "STATE", "GATE", "RESULT", "TIME", "EXIT"]
    assert rows(view)[:2] == ["compatibility  [ ] missing  no such gate", "golden         [ ] missing  no such gate"]
    assert any('matched "port" (rewrite) in report' in line for line in rows(view))
    assert view.blockers == ("check compatibility", "check golden")


def test_each_missing_check_has_its_own_stanza(samples: Samples) -> None:
    text = told(samples.section("missing-evidence", "2", width=200).details["check golden"])
    assert 'no gate name has the word "golden"; the proof has: acceptance, smoke, demo,' in text
    assert 'name = "golden"' in text and 'name = "compatibility"' not in text
    assert text.splitlines()[-1].strip() == "omk goal verify goal-20261122-205548-361-a1b96270"


def test_met_checks_name_their_gate_and_how_it_ended(samples: Samples) -> None:
    view = samples.section("ready", "2")
    assert rows(view)[0].split() == ["acceptance", "[x]", "met", "acceptance", "pass", "0.4s", "0"]
    assert "gate acceptance passed and bears the word" in told(view.details["check acceptance"])
    others = told(view.details["other kinds"])
    assert all(f"{kind:<12} {', '.join(checks)}" in others for kind, checks in REQUIRED_CHECKS.items())


def test_a_failed_gate_of_the_name_and_a_skipped_one(samples: Samples) -> None:
    review = samples.review("ready")
    stored = review.facts.stored
    assert stored is not None
    first, *others = stored.proof.gates
    data = samples.data(review)

    failed = replace(stored, proof=replace(stored.proof, gates=(replace(first, passed=False, exit_code=2), *others)))
    view = build("2", with_facts(review, stored=failed), data)
    assert rows(view)[0].split() == ["acceptance", "[!]", "failed", "acceptance", "FAIL", "0.4s", "2"]
    assert "bears the word, but FAIL" in told(view.details["check acceptance"])

    skip = replace(first, command_line=SKIPPED_COMMAND)
    skipped = replace(stored, proof=replace(stored.proof, gates=(skip, *others)))
    view = build("2", with_facts(review, stored=skipped), data)
    assert "[-] skipped" in rows(view)[0] and view.blockers == ()
    assert "omk counts that as passed" in told(view.details["check acceptance"])


def test_the_word_around_a_match() -> None:
    assert around("port", "Please  support it") == "support"
    assert around("fix ", "a bug fix now") == "fix"
    assert around("bug fix", "one bug fixed") == "bug fixed"
    assert around("port", "nothing") == "port"


def test_the_wall_tells_every_field_of_a_pass(samples: Samples) -> None:
    review = samples.review("failing-gate")
    view = samples.section("failing-gate", "3", width=138)
    assert view.summary.plain == "wall  [!] 2 of 6 passed  by tasks, gates and file names; nobody read the code"
    for one in review.judgement.wall:
        text = told(view.details[f"pass {one.name}"])
        fields = (one.status, one.evidence, one.risk, one.recommended_next_step, one.path, *one.known_gaps)
        assert all(field in text for field in fields), text
    assert "omk goal review goal-20261122-205552-659-61541d09" in told(view.details["pass architect"])
    assert "omk goal verify goal-20261122-205552-659-61541d09" in told(view.details["pass test"])
    assert view.blockers == ("pass architect", "pass code", "pass test", "pass anti-slop")
    architect = told(view.details["pass architect"])
    assert "GAP    " in architect and "SAYS" not in architect and "in any case; the gap is what holds" in architect


def test_the_recorded_wall_is_compared_with_the_one_of_now(samples: Samples) -> None:
    assert "equal to recomputed: yes" in rows(samples.section("ready", "3"))[6]
    review = samples.review("ready")
    stored = review.facts.stored
    assert stored is not None and wall_differences(review) == ()
    graph = review.facts.graph
    assert graph is not None
    tasks = tuple(replace(task, status="pending") if task.id == "goal-review" else task for task in graph.tasks)
    moved = with_facts(review, graph=replace(graph, tasks=tasks))
    assert wall_differences(moved)[0] == "architect: recorded passed, now blocked"
    view = build("3", moved, samples.data(review))
    assert "equal to recomputed: no" in rows(view)[6]
    assert "status was passed, is blocked" in told(view.details["pass architect"])
    assert len(recorded_passes(moved)) == 6


def test_a_foreign_pass_in_the_record_is_named(samples: Samples) -> None:
    view = samples.section("hostile", "3", width=4000)
    assert "3 recorded in proof.json, equal to recomputed: no" in rows(view)[6]
    assert "recorded, but omk has no such pass" in told(view.details["recorded"])
    assert "security: not recorded, now passed" in told(view.details["recorded"])


def test_before_any_review_the_wall_is_empty_and_says_what_to_do(samples: Samples) -> None:
    assert build_wall(reviewed=False, security_reviewed=False, gates=(), changed_files=()) == ()
    view = samples.section("paused", "3")
    assert rows(view) == [
        "[ ] no review has run yet: the wall is empty",
        "    next  omk goal review goal-20261122-205605-666-bbe535a7",
    ]
    assert "neither task goal-review nor goal-security-review is done" in told(view.details["empty wall"])
    assert view.blockers == ("empty wall",)
