"""Gaps that repeat the requirements are no news; all that an accept would drop are one warning."""

from __future__ import annotations

from omk_tui.core.judgement.judge import judge
from omk_tui.core.judgement.known_gaps import NO_PROMPT, REPEATED, dropped_sentence, news_among
from tests.core.documents import CREATED, conflict_task, facts_of, goal_json, graph_json, proof_json

STANDING = "integration loop has not committed, opened a PR, or accepted the agent changes yet"


def test_what_omk_writes_into_every_proof_is_no_news() -> None:
    assert STANDING in REPEATED
    assert "architect review artifact is missing" in REPEATED
    assert news_among([STANDING, "the parser ignores tabs", "required verification gates failed"]) == (
        "the parser ignores tabs",
    )


def test_gaps_are_one_warning() -> None:
    judgement = judge(facts_of(proof=proof_json(known_gaps=[STANDING, *"abcde"])))
    (warning,) = judgement.warnings
    assert warning.code == "dropped_gap"
    assert warning.text == f"accept would drop 6 known gaps: {STANDING}; a; b; and 3 more"
    assert judgement.news == 1
    assert dropped_sentence(["one"]) == "accept would drop a known gap: one"


def test_the_verdict_says_some_warnings_itself() -> None:
    ready = judge(facts_of(proof=proof_json(known_gaps=[STANDING])))
    assert (str(ready.verdict), len(ready.warnings), ready.news) == ("acceptable", 1, 0)
    conflict = judge(facts_of(graph=graph_json(tasks=[conflict_task()])))
    assert (str(conflict.verdict), len(conflict.warnings), conflict.news) == ("conflict", 1, 0)
    missing = judge(facts_of(proof=proof_json(changed_files=[]), graph=graph_json(tasks=[conflict_task()])))
    assert missing.verdict.word == "missing"
    assert missing.news == 1, "a conflict beside what is missing"


def test_the_reason_of_a_reject_is_said_by_its_failure() -> None:
    failure = {"reason": "too slow", "recorded_at": CREATED}
    judgement = judge(facts_of(goal=goal_json(failure=failure), proof=proof_json(known_gaps=["too slow", "another"])))
    assert judgement.dropped_gaps == ("too slow", "another")
    assert judgement.gap_news == ("another",)


def test_that_no_prompt_was_there_is_no_warning_by_itself() -> None:
    alone = judge(facts_of(proof=proof_json(known_gaps=[NO_PROMPT])))
    assert (alone.warnings, alone.gap_news, alone.dropped_gaps) == ((), (), (NO_PROMPT,))
    beside = judge(facts_of(proof=proof_json(known_gaps=[NO_PROMPT, "too slow"])))
    assert beside.gap_news == ("too slow",) and len(beside.warnings) == 1
