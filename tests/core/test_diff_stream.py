"""The stream of diffs: folds between hunks, unfolding from the file before the change, two sides, searching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.review.diff import DiffLine, FilePatch, read_diff
from omk_tui.core.review.diff_stream import (
    LONGEST_RUN,
    WHOLE_ROW,
    Part,
    counterpart,
    hunk_at,
    hunk_ranges,
    sides,
    stream_lines,
    unfolded,
)
from omk_tui.core.text.search import BadPattern, Search

OLD = "".join(f"{letter}\n" for letter in "abcdefghijklm")
DIFF = """diff --git a/x b/x
index abc1234..def5678 100644
--- a/x
+++ b/x
@@ -3,3 +3,4 @@ fn
 c
-d
+D
+E
 e
@@ -10,0 +12,1 @@
+new
"""


def patch(text: str = DIFF) -> FilePatch:
    return read_diff("r", "p", text).files[0]


def test_what_the_diff_leaves_out_is_a_fold_with_its_number() -> None:
    lines = stream_lines(patch())
    folds = [(line.text, line.old, line.new) for line in lines if line.kind == "fold"]
    assert folds == [("2", 1, 1), ("5", 6, 7), ("", 11, 13)]


def test_a_new_file_and_one_without_a_version_have_no_rest_to_unfold() -> None:
    new = (
        "diff --git a/x b/x\nnew file mode 100644\nindex 0000000..def5678\n--- /dev/null\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"
    )
    assert [line.kind for line in stream_lines(patch(new))] == ["header", "hunk", "added"]
    assert patch(new).blobs == ("", "def5678")
    assert not any(line.kind == "fold" for line in stream_lines(patch("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n")))


@pytest.mark.parametrize(
    ("hunks", "goes_on"),
    [
        ("@@ -1 +1,4 @@\n a\n+b\n+c\n+d\n", False),
        ("@@ -1,2 +1,2 @@\n a\n-b\n+c\n", False),
        ("@@ -1,4 +1,4 @@\n-a\n+b\n x\n x\n x\n", True),
        ("@@ -1,3 +1,3 @@\n-a\n+b\n x\n x\n", False),
        ("@@ -1 +1 @@\n-/old\n\\ No newline at end of file\n+/new\n\\ No newline at end of file\n", False),
        ("@@ -4,4 +4,4 @@\n x\n x\n x\n-a\n+b\n", False),
        ("@@ -4,3 +4,3 @@\n x\n-a\n+b\n x\n", True),
        ("@@ -4 +4 @@\n-a\n+b\n", True),
    ],
)
def test_a_hunk_with_less_context_behind_it_ends_the_file(hunks: str, goes_on: bool) -> None:
    text = f"diff --git a/x b/x\nindex abc1234..def5678 100644\n--- a/x\n+++ b/x\n{hunks}"
    assert (stream_lines(patch(text))[-1].kind == "fold") is goes_on


def test_every_fold_unfolded_gives_the_whole_file_with_both_numbers() -> None:
    lines: tuple[DiffLine, ...] = stream_lines(patch())
    while any(line.kind == "fold" for line in lines):
        more = unfolded(lines, next(at for at, line in enumerate(lines) if line.kind == "fold"), OLD)
        assert not isinstance(more, str)
        lines = more
    before = [line for line in lines if line.kind in ("context", "removed")]
    after = [line for line in lines if line.kind in ("context", "added")]
    assert [line.text[1:] for line in before] == list("abcdefghijklm")
    assert [line.old for line in before] == list(range(1, 14))
    assert [line.text[1:] for line in after] == [*"abcDEefghij", "new", *"klm"]
    assert [line.new for line in after] == list(range(1, 16))


def test_a_hunk_is_the_diffs_own_whatever_is_unfolded_beside_it() -> None:
    whole = patch()
    before = stream_lines(whole)
    lines = unfolded(before, next(at for at, line in enumerate(before) if line.kind == "fold"), OLD)
    assert not isinstance(lines, str)
    part = Part("file x", "file", "x", (), lines, whole)
    first, second = ["@@ -3,3 +3,4 @@ fn", " c", "-d", "+D", "+E", " e"], ["@@ -10,0 +12,1 @@", "+new"]
    hunks = [[line.text for line in hunk_at(part, at)] for at in range(len(lines))]
    #        a and b are unfolded; then the hunk, a fold, the second hunk, a fold
    assert hunks == [[], [], *[first] * 6, [], *[second] * 2, []]
    stray = patch("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+evil\n")
    lying = Part("file x", "file", "x", (), stream_lines(stray), stray)
    assert [line.text for line in hunk_at(lying, 1)] == ["@@ -1 +1 @@", "-a", "+b", "+evil"]
    assert hunk_at(Part("file x", "file", "x", (), lines), 3) == (), "there is no diff of it"
    twice = patch("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -1 +1 @@\n-c\n+d\n")
    equal = Part("file x", "file", "x", (), twice.lines[2:], twice)
    assert [line.text for line in hunk_at(equal, 3)] == ["@@ -1 +1 @@", "-c", "+d"], "of equal headings the one meant"


def test_another_file_is_not_unfolded() -> None:
    lines = stream_lines(patch())
    assert isinstance(unfolded(lines, 0, OLD.replace("d", "other")), str)
    assert isinstance(unfolded(lines, 0, ""), str)


def test_a_long_fold_is_unfolded_next_to_its_hunk_first() -> None:
    text = "--- a/x\n+++ b/x\n@@ -9000 +9000 @@\n-a\n+b\n"
    lines = stream_lines(patch(text))
    more = unfolded(lines, 0, "".join(f"{number}\n" for number in range(1, 9000)) + "a\n")
    assert not isinstance(more, str)
    assert more[0] == DiffLine("fold", "3999", 1, 1) and more[1].text == " 4000" and more[5000].text == " 8999"


def test_removed_stands_beside_added() -> None:
    lines = stream_lines(patch())
    assert sides(lines) == (
        *((0, WHOLE_ROW), (1, WHOLE_ROW), (2, 2), (3, 4), (-1, 5), (6, 6)),
        *((7, WHOLE_ROW), (8, WHOLE_ROW), (-1, 9), (10, WHOLE_ROW)),
    )


@given(st.lists(st.sampled_from(["removed", "added", "context", "hunk", "fold", "note", "stray", "header"])))
def test_two_sides_have_every_line_once_and_counterparts_are_mutual(kinds: list[str]) -> None:
    lines = [DiffLine(kind, f"-{at}") for at, kind in enumerate(kinds)]  # type: ignore[arg-type]
    shown = [at for pair in sides(lines) for at in sorted({pair[0], pair[1]}) if at >= 0]
    assert sorted(shown) == list(range(len(lines)))
    for at in range(len(lines)):
        other = counterpart(lines, at)
        if other >= 0:
            assert {lines[at].kind, lines[other].kind} == {"removed", "added"}
            assert counterpart(lines, other) == at
    in_hunks = [at for lines_of_hunk in hunk_ranges(lines) for at in lines_of_hunk]
    assert in_hunks == [at for at, kind in enumerate(kinds) if kind in ("removed", "added", "context", "note")]


def test_nobody_replaced_anybody_in_a_run_that_is_too_long() -> None:
    lines = [DiffLine("removed", "-a")] * LONGEST_RUN + [DiffLine("added", "+b")] * LONGEST_RUN
    assert counterpart(lines, 0) == LONGEST_RUN and counterpart(lines, 2 * LONGEST_RUN - 1) == LONGEST_RUN - 1
    longer = [DiffLine("removed", "-a"), *lines, DiffLine("added", "+b")]
    assert {counterpart(longer, at) for at in range(len(longer))} == {-1}


def test_small_letters_find_both_cases_and_a_capital_itself() -> None:
    assert Search("limit").spans("Limit limit") == [(0, 5), (6, 11)]
    assert Search("Limit").spans("Limit limit") == [(0, 5)]
    assert Search("a.b").spans("axb a.b") == [(4, 7)]
    assert not Search("").is_in("anything") and not Search()


def test_a_regular_expression_stands_between_slashes() -> None:
    assert Search("/def \\w+/").spans("def run():") == [(0, 7)]
    assert Search("/x*/").spans("abc") == [] and not Search("/x*/").is_in("abc")
    assert Search("/").spans("a/b") == [(1, 2)] and Search("//").spans("a//b") == [(1, 3)]
    with pytest.raises(BadPattern, match="no regular expression"):
        Search("/(/")
