"""Marks for files that were read: they are of a patch, lapse when that changes, and any other bytes are no marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from omk_tui.core.review import read_marks
from omk_tui.core.review.diff import DiffText, read_diff
from omk_tui.core.review.read_marks import (
    ChangedFile,
    ReadProgress,
    changed_files,
    decode_marks,
    encode_marks,
    with_changes,
)


def patch(name: str, new: str = "2", index: str = "index abc1234..def5678 100644", at: int = 1) -> str:
    names = f"diff --git a/{name} b/{name}\n{index}\n--- a/{name}\n+++ b/{name}\n"
    return f"{names}@@ -{at} +{at} @@\n-{name} = 1\n+{name} = {new}\n"


def files_of(*texts: str, cut: bool = False) -> tuple[ChangedFile, ...]:
    runs = tuple(read_diff(f"run {number}", "p", text, cut) for number, text in enumerate(texts))
    return changed_files(DiffText(runs))


def digest_of(text: str) -> str:
    (file,) = files_of(text)
    return file.digest


def progress_of(*read: int, total: int = 4, changed: tuple[int, ...] = (), is_cut: bool = False) -> ReadProgress:
    files = files_of("".join(patch(f"{number}.py") for number in range(total)))
    marks = {files[at].key: files[at].digest for at in read} | {files[at].key: "0" * 64 for at in changed}
    return ReadProgress("goal", files, marks, is_cut)


def test_a_mark_holds_for_the_very_same_patch_only() -> None:
    assert digest_of(patch("a")) == digest_of(patch("a"))
    assert digest_of(patch("a")) != digest_of(patch("a", new="3"))
    assert digest_of(patch("a")) != digest_of(patch("a", at=7))
    assert digest_of(patch("a")) != digest_of(patch("a", index="index abc1234..def5678 120000")), "it is a symlink then"
    renamed = "diff --git a/a b/b\nsimilarity index 100%\nrename from a\nrename to b\n"
    assert digest_of(renamed) != digest_of(renamed.replace("from a", "from c"))


def test_names_of_whole_files_count_only_where_no_hunk_tells_what_changed() -> None:
    assert digest_of(patch("a")) == digest_of(patch("a", index="index abc12345..def56789 100644"))
    binary = "diff --git a/x b/x\nindex abc1234..def5678 100644\nBinary files a/x and b/x differ\n"
    assert digest_of(binary) != digest_of(binary.replace("def5678", "fed5678"))


def test_the_order_of_files_does_not_matter_and_runs_do() -> None:
    first, second = files_of(patch("a") + patch("b"), patch("a", new="9"))[0::2]
    assert files_of(patch("b") + patch("a"))[1] == first
    assert (first.path, second.path) == ("a", "a") and first.key != second.key
    progress = ReadProgress("goal", (first, second), {first.key: first.digest})
    assert [progress.state(file) for file in progress.files] == ["read", "unread"]


def test_names_that_no_utf8_can_spell_have_a_mark_too() -> None:
    (file,) = files_of("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\ud800\n+\udc80\n")
    assert len(file.digest) == 64


def test_a_file_whose_patch_is_cut_cannot_be_marked_and_not_all_is_ever_read() -> None:
    files = files_of(patch("a") + patch("b"), cut=True)
    assert [bool(file.digest) for file in files] == [True, False]
    progress = progress_of(0, 1, 2, 3, is_cut=True)
    assert not progress.is_complete and progress.words == "4 of 4 files read"
    assert ReadProgress("goal", (replace(files[1], digest=""),), {files[1].key: "0" * 64}).count("changed") == 1


def test_what_is_read_changed_and_unread_is_counted_and_said() -> None:
    progress = progress_of(0, 2, changed=(3,))
    assert [progress.state(file) for file in progress.files] == ["read", "unread", "read", "changed"]
    assert progress.words == "2 of 4 files read"
    assert progress.decision_words == "2 of 4 changed files are marked as read; 1 changed since"
    assert progress_of(0, 1, 2, 3).words == "all 4 files read"
    assert progress_of(0, 1, 2, 3).decision_words == "all 4 changed files are marked as read"
    assert progress_of(0, total=1).words == "the 1 file read"
    assert progress_of(0, total=1).decision_words == "the 1 changed file is marked as read"


def test_nothing_is_said_to_who_marks_nothing() -> None:
    progress = progress_of()
    assert not progress.is_used and progress.decision_words == ""
    assert not replace(progress, marks={"f" * 32: "0" * 64}).is_used, "a mark of a file that is not changed any more"
    assert progress_of(changed=(1,)).is_used


def test_the_next_unread_file_comes_after_this_one_and_then_from_the_beginning() -> None:
    progress = progress_of(1, changed=(2,))
    assert [progress.next_unread(at) for at in range(4)] == [2, 2, 3, 0]
    assert progress_of(0, 1, 2, 3).next_unread(1) == -1
    assert progress_of(0, 1, 3).next_unread(2) == 2
    assert not ReadProgress("goal").is_complete


def test_marks_come_back_in_the_order_in_which_they_were_set(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = {file.key: file.digest for file in progress_of().files}
    first, second, *rest = marks
    assert decode_marks(encode_marks(marks)) == marks
    assert list(with_changes(marks, {first: "0" * 64, second: None})) == [*rest, first]
    monkeypatch.setattr(read_marks, "MOST_MARKS", 2)
    assert list(with_changes(marks, {first: "0" * 64})) == [rest[-1], first], "those set first are forgotten"


def test_the_most_marks_fit_into_what_is_read() -> None:
    most = {f"{number:032x}": f"{number:064x}" for number in range(read_marks.MOST_MARKS)}
    data = encode_marks(most)
    assert len(data) <= read_marks.LARGEST_MARKS and decode_marks(data) == most


ENTRY = b'"' + b"a" * 32 + b" " + b"b" * 64 + b'"'


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b'{"marks":{}}',
        b'{"marks":[1]}',
        b'{"marks":[' + ENTRY + b',"' + b"a" * 32 + b' ../../etc"]}',
        b'{"marks":[' + ENTRY.upper() + b"]}",
        b"[" * 100_000,
        b'{"marks":[' + ENTRY + b"]" + b" " * (1 << 20) + b"}",
    ],
    ids=lambda damage: damage[:20].decode("ascii", "replace"),
)
def test_other_bytes_are_no_marks(damage: bytes) -> None:
    assert decode_marks(damage) == {}
    assert decode_marks(b'{"marks":[' + ENTRY + b"]}") == {"a" * 32: "b" * 64}
