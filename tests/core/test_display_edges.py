"""Names in diffs, duplicates in the event log: the edges of what is only shown."""

from __future__ import annotations

import json

import pytest

from omk_tui.core.records.event_log import Event, Timeline, read_timeline
from omk_tui.core.review.diff import NO_TRACKED_DIFF, read_diff


def names(*lines: str) -> tuple[str, str]:
    """The path of the one file in a diff of these lines, and what it was called before."""
    (patch,) = read_diff("run", "mutation.diff", "\n".join(lines) + "\n").files
    return patch.path, patch.old_path


@pytest.mark.parametrize(
    ("quoted", "path"),
    [
        (r'"a/\n\t\r\a\b\f\v\"\\x"', '\n\t\r\a\b\f\v"\\x'),
        (r'"a/\303\251"', "é"),
        (r'"a/\377"', "\ufffd"),
        (r'"a/é\303\251"', "éé"),
        (r'"a/ÿ漢\t"', "ÿ漢\t"),
        ('"a/x"', "x"),
        ('"a/x\ty"', "x\ty"),
        ('"a/x\udce9"', "x?"),
        ('""', ""),
        ('"', '"'),
        ('"a/x', '"a/x'),
    ],
)
def test_a_quoted_name_is_taken_apart(quoted: str, path: str) -> None:
    new = quoted.replace("a/", "b/", 1)
    assert names("--- /dev/null", f"+++ {new}", "@@ -0,0 +1 @@", "+z")[0] == path.replace("a/", "b/", 1)


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("a/x b/x", "x"), ("a/x b/y b/x b/y", "x b/y"), ("a/x y b/x y", "x y"), ("a/é b/é", "é"), ("a/xy b/z", "z"),
        ("a/ b/", ""), (r'"a/\t" "b/\t"', "\t"), ("a/x", "x"), ("noprefix", "noprefix"),
    ],
)  # fmt: skip
def test_the_names_of_gits_own_header(line: str, path: str) -> None:
    assert names(f"diff --git {line}", "old mode 100644", "new mode 100755")[0] == path


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a/x b/y", ("y", "x")), ("a/x", ("x", "x")), ("ab c", ("ab c", "ab c")), ("x ", ("x ", "x ")), ("", ("", "")),
    ],
)  # fmt: skip
def test_both_names_in_a_header_that_does_not_tell_where_the_first_one_ends(line: str, expected: object) -> None:
    assert names(f"diff --git {line}", "old mode 100644", "new mode 100755") == expected


def test_what_stands_after_the_first_tab_is_no_part_of_a_name() -> None:
    assert names("--- a/x\t2026\t+0000", "+++ b/y\t2026\t+0000") == ("y", "x")


def test_a_quoted_name_that_a_tab_ends_is_that_name() -> None:
    quoted = r'docs/\303\234bersicht neu.md"'
    assert names(f'--- "a/{quoted}\t', f'+++ "b/{quoted}\t') == ("docs/\u00dcbersicht neu.md",) * 2


def test_a_line_of_minus_signs_alone_begins_no_file() -> None:
    first, last = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n", "--- a/y\n+++ b/y\n"
    patches = read_diff("run", "mutation.diff", f"{first}--- of old\nend\n{last}").files
    assert [patch.path for patch in patches] == ["x", "y"]
    assert read_diff("run", "mutation.diff", f"{first}--- of old\n").files[0].lines[-1].kind == "stray"


def test_the_sentence_for_no_diff_is_omks() -> None:
    assert NO_TRACKED_DIFF == "No tracked git diff was available. Changed files:"


def timeline(*events: dict[str, object]) -> Timeline:
    usual: dict[str, object] = {"id": "i", "run_id": "g", "ts": "2026-01-01T00:00:00Z", "schema_version": 1,
                                "kind": "task_output", "actor": None, "payload": {}}  # fmt: skip
    return read_timeline([json.dumps(usual | event).encode() + b"\n" for event in events])


@pytest.mark.parametrize(
    "other",
    [
        {"id": "j"}, {"run_id": "h"}, {"ts": "2026-01-01T00:00:01Z"}, {"ts": "2026-01-01T00:00:00.000000001Z"},
        {"schema_version": 2}, {"kind": "task_failed"}, {"actor": "a"}, {"payload": {"a": 1}}, {"payload": {"a": 1.0}},
    ],
)  # fmt: skip
def test_events_that_differ_anywhere_are_no_duplicates(other: dict[str, object]) -> None:
    assert timeline({}, other).duplicates == 0
    assert timeline({}, {}, other, other).duplicates == 2
    assert timeline({}, {"ts": "2026-01-01T01:00:00+01:00"}).duplicates == 1


def test_the_mark_of_a_decision_is_put_on_its_proof_wherever_that_stands() -> None:
    proof: dict[str, object] = {"kind": "proof_written"}
    point: dict[str, object] = {"kind": "budget_checkpoint", "payload": {"label": "integration_decision"}}

    def marked(*events: dict[str, object]) -> list[bool]:
        rows: tuple[Event, ...] = timeline(*({"id": str(n)} | event for n, event in enumerate(events))).rows
        return [row.decision for row in rows]

    assert marked(proof, point) == [True, False]
    assert marked({}, proof, point, {}) == [False, True, False, False]
    assert marked(proof, proof, point) == [False, True, False]
    assert marked({}, {}, {}) == [False] * 3
    assert marked(proof, point | {"payload": 5}) == marked(proof, point | {"payload": ["label"]}) == [False, False]
