"""Which changed files a person has marked as read: a mark is of a file's patch, and lapses when that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.review.diff import DiffText, FilePatch
from omk_tui.light.dataclass import dataclass, field
from omk_tui.light.late import hashlib
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from omk_tui.core.records.intake import Intake

    ReadState = Literal["read", "changed", "unread"]

MOST_MARKS = 8_192
"""How many files of a subject stay marked; of more the marks that were set first are forgotten."""
LARGEST_MARKS = 1 << 20
"""Bytes of encoded marks that are read: more than MOST_MARKS of them take."""

_KEY = pattern("[0-9a-f]{32}")
_DIGEST = pattern("[0-9a-f]{64}")
_BLOBS = pattern(r"index [0-9a-f]{4,64}\.\.[0-9a-f]{4,64}")

Marks = Mapping[str, str]
"""The digest of the patch that was read, by the key of the file; the mark that was set last comes last."""
MarkChanges = Mapping[str, str | None]
"""Marks to set, and by None to take back, by the key of the file."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file's patch in one run, as marks know it.

    `key` stands for the path, and where several runs changed it for which of them in order. `digest` is the SHA-256 of
    path and patch; it is empty where the patch was not read to its end, so that nobody can have read it.
    """

    key: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReadProgress:
    """How far a person is in a goal's changed files, which are in the order of its runs and their diffs.

    `is_cut` says that a diff is longer than what was read: there may be further files.
    """

    goal_id: str
    files: tuple[ChangedFile, ...] = ()
    marks: Marks = field(default_factory=dict)
    is_cut: bool = False

    def state(self, file: ChangedFile) -> ReadState:
        """`read` as it is now, `changed` since it was marked as read, or `unread`."""
        marked = self.marks.get(file.key)
        if marked is None:
            return "unread"
        return "read" if marked == file.digest else "changed"

    def count(self, state: ReadState) -> int:
        """How many files are in a state."""
        return sum(self.state(file) == state for file in self.files)

    @property
    def is_used(self) -> bool:
        """Whether any of the files has been marked, as it is now or as it was."""
        return any(file.key in self.marks for file in self.files)

    @property
    def is_complete(self) -> bool:
        """Whether every file is read, and there can be no further ones."""
        return bool(self.files) and not self.is_cut and self.count("read") == len(self.files)

    def next_unread(self, at: int) -> int:
        """Which file after the one at this place is not read, after the last the first ones; -1 when all are."""
        places = (*range(at + 1, len(self.files)), *range(at + 1))
        return next((place for place in places if self.state(self.files[place]) != "read"), -1)

    @property
    def words(self) -> str:
        """`12 of 40 files read`, or `all 40 files read`."""
        return self._counted("file", "read")

    @property
    def decision_words(self) -> str:
        """The same for a dialog, with how many have changed since; empty where no file is marked."""
        if not self.is_used:
            return ""
        changed = self.count("changed")
        since = f"; {changed:,} changed since" if changed else ""
        return self._counted("changed file", f"{'is' if self._is_single else 'are'} marked as read") + since

    @property
    def _is_single(self) -> bool:
        return len(self.files) == 1

    def _counted(self, noun: str, what: str) -> str:
        total = len(self.files)
        plural = noun if self._is_single else f"{noun}s"
        if self.is_complete:
            return f"{'the' if self._is_single else 'all'} {total:,} {plural} {what}"
        return f"{self.count('read'):,} of {total:,} {plural} {what}"


def changed_files(diff: DiffText) -> tuple[ChangedFile, ...]:
    """Every file of the diffs, as marks know it."""
    times: Counter[str] = Counter()
    files = []
    for run in diff.runs:
        for number, patch in enumerate(run.files, 1):
            key = file_key(patch.path, times[patch.path])
            times[patch.path] += 1
            is_whole = not run.cut or number < len(run.files)
            files.append(ChangedFile(key, patch.path, _digest(patch) if is_whole else ""))
    return tuple(files)


def file_key(path: str, times_before: int) -> str:
    """What stands for a path that so many earlier runs changed too: 32 hexadecimal characters."""
    return _sha256(str(times_before), path)[:32]


def _digest(patch: FilePatch) -> str:
    return _sha256(patch.old_path, patch.path, "\n".join(_lasting(patch)))


def _sha256(*texts: str) -> str:
    """The digest of texts, whatever characters are in them: an agent may have written them."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def _lasting(patch: FilePatch) -> Iterator[str]:
    """The lines of a patch. Where hunks tell what changed, git's names of the whole files are left out.

    Git abbreviates them to as many characters as a repository needs at the time, and a base that moves elsewhere in a
    file changes them.
    """
    for line in patch.lines:
        is_index = line.kind == "header" and line.text.startswith("index ") and patch.hunks
        yield _BLOBS.sub("index", line.text) if is_index else line.text


def with_changes(marks: Marks, changes: MarkChanges) -> dict[str, str]:
    """The marks after some were set, which then come last, or taken back; bounded."""
    after = {key: digest for key, digest in marks.items() if key not in changes}
    after.update((key, digest) for key, digest in changes.items() if digest is not None)
    return dict(list(after.items())[-MOST_MARKS:])


def encode_marks(marks: Marks) -> bytes:
    """Marks as bytes to keep: one line of JSON."""
    return omk_json.compact({"marks": [f"{key} {digest}" for key, digest in marks.items()]}).encode("ascii")


def decode_marks(data: bytes) -> dict[str, str]:
    """What `encode_marks` gave; no marks when the bytes are anything else."""
    if len(data) > LARGEST_MARKS:
        return {}
    try:
        document = omk_json.parse(data.decode("ascii"))
    except (UnicodeDecodeError, JsonError):
        return {}
    entries = document.get("marks") if isinstance(document, dict) else None
    pairs = [_pair(entry) for entry in entries] if isinstance(entries, list) else []
    return with_changes({}, dict(pair for pair in pairs if pair)) if all(pairs) else {}


def _pair(entry: object) -> tuple[str, str] | None:
    key, _, digest = entry.partition(" ") if isinstance(entry, str) else ("", "", "")
    return (key, digest) if _KEY.fullmatch(key) and _DIGEST.fullmatch(digest) else None


def subject_of(intake: Intake | None) -> tuple[str, ...] | None:
    """What the marks of an opened goal are kept under: its repository and branch, as for a newer goal of the branch.

    None for a goal without a branch: its marks are those of its own directory.
    """
    if intake is None or not intake.branch:
        return None
    return ("branch", _sha256(intake.repository, intake.branch))
