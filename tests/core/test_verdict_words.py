"""The words of a decision: the same in list, header, result and on the command line."""

from __future__ import annotations

import pytest

from omk_tui.core.judgement.verdict import Verdict
from omk_tui.core.text.words import joined_lines


@pytest.mark.parametrize(
    ("verdict", "status", "words", "says"),
    [
        (Verdict("accepted"), "ready", "accepted", "goal.json says ready"),
        (Verdict("accepted", waived_count=2), "not_ready", "accepted, 2 waived", "not_ready, as omk knows no waivers"),
        (Verdict("accepted!"), "not_ready", "accepted, not ready", "not_ready, as evidence is missing"),
        (Verdict("accepted!", 0, 1), "not_ready", "accepted, not ready, 1 waived", "not_ready, as evidence is missing"),
        (Verdict("rejected"), "not_ready", "rejected", "not_ready, as of every rejected goal"),
        (Verdict("missing", 4), "not_ready", "missing 4", "goal.json says not_ready"),
        (Verdict("paused"), "paused", "paused", "goal.json says paused"),
    ],
)
def test_the_decision_comes_first_and_what_omk_says_is_a_fact(
    verdict: Verdict, status: str, words: str, says: str
) -> None:
    assert verdict.words == words
    assert verdict.status_words(status).endswith(says)


@pytest.mark.parametrize(
    ("text", "line"),
    [("", ""), ("one", "one"), ("No.\n\nPlease add tests.\r\n", "No. \u00b7 Please add tests."), ("\n \n", "")],
)
def test_the_lines_of_a_text_in_one(text: str, line: str) -> None:
    assert joined_lines(text) == line
