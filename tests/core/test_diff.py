"""Any text is taken apart without losing a line, and git's own diffs are read as git means them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from omk_tui.core.review.diff import NO_CHANGES, NO_TRACKED_DIFF, FilePatch, RunDiff, read_diff

ADDED_LINE_THAT_LOOKS_LIKE_A_HEADER = """\
diff --git a/a.sql b/a.sql
--- a/a.sql
+++ b/a.sql
@@ -1,3 +1,3 @@
 one
--- two
+++ two
 three
diff --git a/b b/b
--- a/b
+++ b/b
@@ -1 +1 @@
-x
+y
\\ No newline at end of file
"""


def files(text: str) -> tuple[FilePatch, ...]:
    return read_diff("run", "mutation.diff", text).files


def shape(patch: FilePatch) -> tuple[str, str, int, int]:
    return patch.path, patch.change, patch.added, patch.removed


def every_line(diff: RunDiff) -> list[str]:
    return [*diff.preamble, *(line.text for patch in diff.files for line in patch.lines)]


def test_signs_are_counted_by_the_hunks_own_numbers() -> None:
    assert [shape(patch) for patch in files(ADDED_LINE_THAT_LOOKS_LIKE_A_HEADER)] == [
        ("a.sql", "changed", 1, 1),
        ("b", "changed", 1, 1),
    ]
    first = files(ADDED_LINE_THAT_LOOKS_LIKE_A_HEADER)[0]
    assert first.hunks == (3,)
    assert [(line.kind, line.old, line.new) for line in first.lines[4:]] == [
        ("context", 1, 1), ("removed", 2, None), ("added", None, 2), ("context", 3, 3),
    ]  # fmt: skip


def test_notes_and_stripped_blanks_belong_to_their_hunk() -> None:
    note = "\\ No newline at end of file"
    (patch,) = files(f"--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n{note}\n+c\n{note}\n")
    assert [(line.kind, line.old, line.new) for line in patch.lines[3:]] == [
        ("context", 1, 1), ("context", 2, 2), ("removed", 3, None),
        ("note", None, None), ("added", None, 3), ("note", None, None),
    ]  # fmt: skip
    assert patch.lines[-1].text == note


def test_a_diff_without_gits_header() -> None:
    text = "--- a/x.c\t2026-01-01\n+++ b/x.c\t2026-01-02\n@@ -1 +1,2 @@\n-a\n+b\n+c\n--- y\n+++ y\n@@ -0,0 +1 @@\n+z\n"
    assert [shape(patch) for patch in files(text)] == [("x.c", "changed", 2, 1), ("y", "changed", 1, 0)]


def test_hunks_whose_numbers_lie_hide_nothing() -> None:
    header = "diff --git a/x b/x\n--- a/x\n+++ b/x\n"
    text = f"{header}@@ -1 +1 @@\n-a\n+b\n+evil\n-gone\n@@ -5,900 +5,900 @@\n+more\ndiff --git a/y b/y\n"
    first, second = files(text)
    assert shape(first) == ("x", "changed", 2, 1) and second.path == "y"
    assert [line.text for line in first.lines if line.kind == "stray"] == ["+evil", "-gone"]


def test_a_hunk_may_end_with_removed_lines() -> None:
    (patch,) = files("--- a/x\n+++ b/x\n@@ -1,3 +1 @@\n-a\n+b\n-c\n-d\n")
    assert [(line.kind, line.old, line.new) for line in patch.lines[3:]] == [
        ("removed", 1, None), ("added", None, 1), ("removed", 2, None), ("removed", 3, None),
    ]  # fmt: skip


def test_a_hunk_that_is_cut_short_by_the_next_one() -> None:
    text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n a\n@@ -20,2 +20,2 @@\n--- x\n+++ x\n b\n"
    assert [shape(patch) for patch in files(text)] == [("x", "changed", 1, 1)]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("diff --git a/n b/n\nnew file mode 100644\nindex 0..1\n--- /dev/null\n+++ b/n\n", ("n", "n", "new")),
        ("diff --git a/o b/o\ndeleted file mode 100644\n--- a/o\n+++ /dev/null\n", ("o", "o", "deleted")),
        ("diff --git a/p b/q\nsimilarity index 90%\nrename from p\nrename to q\n", ("p", "q", "renamed")),
        ("diff --git a/p b/q\ncopy from p\ncopy to q\n", ("p", "q", "copied")),
        ("diff --git a/s b/s\nold mode 100644\nnew mode 100755\n", ("s", "s", "mode")),
        ("diff --git a/s b/s\nold mode 100644\nnew mode 100755\n--- a/s\n+++ b/s\n", ("s", "s", "changed")),
        ("diff --git a/i.png b/i.png\nBinary files a/i.png and b/i.png differ\n", ("i.png", "i.png", "binary")),
        ("diff --git a/i b/i\nindex 0..1\nGIT binary patch\nliteral 5\n", ("i", "i", "binary")),
        ("diff --git a/i b/i\nold mode 1\nnew mode 2\nBinary files a/i and b/i differ\n", ("i", "i", "binary")),
        ("diff --git a/p b/q\nrename from p from a\nrename to q to b\n", ("p from a", "q to b", "renamed")),
        ("diff --git a/p b/q\n--- a/x\n+++ b/y\n", ("x", "y", "changed")),
        ("diff --git a/p b/q\n--- /dev/null\n+++ b/y\n", ("y", "y", "changed")),
        ("diff --git a/a b c b/a b c\nold mode 1\nnew mode 2\n", ("a b c", "a b c", "mode")),
        ("diff --git a/e b/e\n", ("e", "e", "changed")),
        ('diff --git "a/t\\tb\\"" "b/t\\tb\\""\n--- "a/t\\tb\\""\n+++ "b/t\\tb\\""\n', ('t\tb"', 't\tb"', "changed")),
        ('diff --git "a/\\303\\244" "b/\\303\\244"\n', ("ä", "ä", "changed")),
        ('diff --git "a/x\n', ('"a/x', '"a/x', "changed")),
        ("diff --git \n", ("", "", "changed")),
    ],
)
def test_names_and_what_happened(header: str, expected: tuple[str, str, str]) -> None:
    (patch,) = files(header)
    assert (patch.old_path, patch.path, patch.change) == expected


def test_the_plain_forms_of_omk() -> None:
    assert NO_CHANGES == "No project file changes were detected after the agent wave."
    assert read_diff("r", "p", f"{NO_CHANGES}\n") == RunDiff("r", "p", note=NO_CHANGES)
    assert read_diff("r", "p", NO_CHANGES, cut=True).cut
    assert RunDiff("r", "p").problem == ""
    listed = read_diff("r", "p", f"{NO_TRACKED_DIFF}\n- src/a.py\n- - odd\n")
    assert (listed.note, listed.listed, listed.files) == (NO_TRACKED_DIFF, ("src/a.py", "- odd"), ())
    assert read_diff("r", "p", "") == RunDiff("r", "p")
    prose = read_diff("r", "p", "nothing\nof a diff", cut=True)
    assert prose.preamble == ("nothing", "of a diff") and prose.files == () and prose.cut


def test_counts_add_up_over_files() -> None:
    diff = read_diff("r", "p", ADDED_LINE_THAT_LOOKS_LIKE_A_HEADER)
    assert (diff.added, diff.removed) == (2, 2)


def test_what_git_says_of_the_same_diff(tmp_path: Path) -> None:
    """git's own numstat is the judge."""

    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-c", "core.quotePath=true", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout

    git("init", "-q")
    names = ("plain.txt", "with blank.txt", "tab\tname", "ümläut", "-- dashes")
    for name in names:
        (tmp_path / name).write_text("".join(f"-- {number}\n" for number in range(40)))
    git("add", "-A")
    git("commit", "-qm", "x")
    for number, name in enumerate(names):
        lines = (tmp_path / name).read_text().splitlines(keepends=True)
        lines[5:7] = ["++ new\n"] * number
        lines[30] = "-- a/evil\n++ b/evil\n"
        (tmp_path / name).write_text("".join(lines)[: -1 if number % 2 else None])
    (tmp_path / "plain.txt").chmod(0o755)
    numstat = [entry.split("\t", 2) for entry in git("diff", "--numstat", "-z").split("\0") if entry]
    assert [(str(patch.added), str(patch.removed), patch.path) for patch in files(git("diff"))] == [
        tuple(entry) for entry in numstat
    ]


_PIECES = st.sampled_from(
    ["diff --git a/x b/x", "--- a/x", "+++ b/x", "@@ -1,2 +1,2 @@", "@@ -1 +1 @@ f", "+a", "-b", " c", "", "\\ No",
     "prose", "--- ", "+++ ", "@@", "diff --git ", "rename from ", "Binary files ", NO_CHANGES, "\r", "+\x1b[2J"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(st.one_of(_PIECES, st.text(max_size=12))).map("\n".join)))
@example("@@ -1 +1 @@\n+a\n--- x\n+++ x\n")
def test_no_line_is_lost(text: str) -> None:
    diff = read_diff("r", "p", text)
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if diff.note:
        assert lines[0] == diff.note and len(diff.listed) == len(lines) - 1
    else:
        assert every_line(diff) == lines
    assert all(patch.added == sum(line.kind == "added" for line in patch.lines) for patch in diff.files)


_LINK = """\
diff --git a/link b/link
new file mode 120000
index 0000000..9b40195
--- /dev/null
+++ b/link
@@ -0,0 +1 @@
+../../etc/passwd
\\ No newline at end of file
"""
_MOVED_LINK = """\
diff --git a/link b/link
index 9b40195..1de5659 120000
--- a/link
+++ b/link
@@ -1 +1 @@
-../../etc/passwd
\\ No newline at end of file
+target
\\ No newline at end of file
"""


def test_a_symlink_is_known_by_its_mode_and_where_it_points() -> None:
    (new, moved) = files(_LINK + _MOVED_LINK)
    assert (new.stands_for, new.summary, new.link_targets) == (
        "symlink",
        "symlink, new",
        ("", "../../etc/passwd"),
    )
    assert (moved.stands_for, moved.summary, moved.link_targets) == (
        "symlink",
        "symlink",
        ("../../etc/passwd", "target"),
    )
    (gone,) = files(_LINK.replace("new file", "deleted file"))
    assert gone.summary == "symlink, deleted"
    for text in (_LINK.replace("120000", "100644"), _MOVED_LINK.replace(" 120000", " 100755")):
        assert files(text)[0].stands_for == ""
    (ordinary,) = files(
        "diff --git a/x b/x\nindex 9b40195..1de5659 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+new file mode 120000\n"
    )
    assert ordinary.stands_for == "", "what a file says is no header"
