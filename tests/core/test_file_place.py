"""Where a line of a diff is in the file after the change."""

from __future__ import annotations

import pytest

from omk_tui.core.review.diff import read_diff
from omk_tui.core.review.diff_stream import Part, stream_lines
from omk_tui.core.review.file_place import FilePlace, place_in_part

DIFF = """diff --git a/src/x b/src/x
index abc1234..def5678 100644
--- a/src/x
+++ b/src/x
@@ -3,4 +3,4 @@ fn
 c
-d
+D
+E
-f
 e
@@ -10,1 +11,0 @@
-gone
"""
DELETED = """diff --git a/y b/y
deleted file mode 100644
--- a/y
+++ /dev/null
@@ -1 +0,0 @@
-all
"""


def part(text: str) -> Part:
    patch = read_diff("r", "p", text).files[0]
    return Part(f"file {patch.path}", "file", patch.path, (), stream_lines(patch), patch)


@pytest.mark.parametrize(
    ("text", "line"),
    [("@@ -3,4 +3,4 @@ fn", 3), (" c", 3), ("-d", 4), ("+D", 4), ("+E", 5), ("-f", 6), (" e", 6), ("-gone", 12)],
)
def test_a_line_is_where_it_or_the_next_of_the_new_file_is(text: str, line: int) -> None:
    lines = [each.text for each in part(DIFF).lines]
    assert place_in_part(part(DIFF), lines.index(text)) == FilePlace("project", "src/x", line)


def test_a_heading_leads_to_the_first_change_and_the_end_to_the_last_line_that_is_known() -> None:
    assert place_in_part(part(DIFF), -1) == FilePlace("project", "src/x", 4)
    assert place_in_part(part(DIFF), len(part(DIFF).lines)) == FilePlace("project", "src/x", 12)
    assert place_in_part(Part("file z", "file", "z"), -1) == FilePlace("project", "z", None)


def test_what_is_no_file_says_so() -> None:
    assert "deletes the file" in str(place_in_part(part(DELETED), 1))
    assert "no file" in str(place_in_part(Part("run 1", "run", "run 1"), -1))
