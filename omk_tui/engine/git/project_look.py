"""What the project has beside the evidence of a goal, read and never written: merges, files before and after."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.records.conflict import Conflict
from omk_tui.engine.files.work_file import read_below
from omk_tui.engine.git.command import find_git
from omk_tui.engine.git.repository import NoRepository, find_repository
from omk_tui.engine.git.settings import NoSettings, readable_repository
from omk_tui.light.late import hashlib
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.review.diff import DiffText, FilePatch
    from omk_tui.core.review.file_now import FileNow, FileState
    from omk_tui.core.review.live_merge import LiveMerge

LARGEST_FILE = 4 << 20
"""Bytes of a file that is read or compared."""
_MOST_COMPARED = 2_000
_MOST_NEW_FILES = 200
_BLOB = pattern("[0-9a-f]{4,64}")


class ProjectLook:
    """Looks at the project in `path`; an empty path stands for no known project. No method raises."""

    def __init__(self, path: str) -> None:
        self._path = path

    def merges(self, conflicts: Sequence[Conflict]) -> tuple[LiveMerge, ...]:
        """What the merge of each conflict comes to now, in their order."""
        if not conflicts:
            return ()
        from omk_tui.engine.git.live_merge import try_conflicts

        return try_conflicts(self._path, conflicts)

    def file_before(self, patch: FilePatch) -> str | Failed:
        """The text of a file as it was before a patch, from the repository's objects."""
        blob = patch.blobs[0]
        if not _BLOB.fullmatch(blob):
            return Failed("the diff does not say which version of the file it was made from")
        if not self._path:
            return Failed("no project is known for this goal")
        git = find_git(os.environ)
        if git is None:
            return Failed("there is no git on PATH")
        try:
            with readable_repository(git, self._path) as (repository, _, variables):
                answer = git.start(
                    ["cat-file", "blob", blob], folder=repository.work_tree, variables=variables, largest=LARGEST_FILE
                ).answer()
        except (NoRepository, NoSettings) as error:
            return Failed(f"{self._path}: {error}")
        except OSError as error:
            return Failed(f"{self._path}: {error.strerror or error}")
        if answer.code is None:
            return Failed(f"{patch.old_path} is larger than what is unfolded, or git took too long")
        if answer.code:
            return Failed(f"the repository at {self._path} does not have {blob}, the version before the change")
        return answer.text

    def files(self, diff: DiffText, changed_files: Sequence[str]) -> Mapping[str, FileNow]:
        """The files of a diff, and those that no diff shows, beside the working tree; none without a project."""
        try:
            top = find_repository(self._path).work_tree if self._path else ""
        except (NoRepository, OSError):
            return {}
        if not top:
            return {}
        from omk_tui.core.review.file_now import FileNow, last_patches, whole_file, without_diff

        patches = list(last_patches(diff).items())[:_MOST_COMPARED]
        compared = {path: FileNow(_compared(top, patch)) for path, patch in patches}
        for path in without_diff(diff, changed_files)[:_MOST_NEW_FILES]:
            data = read_below(top, path, LARGEST_FILE)
            if isinstance(data, bytes) and b"\0" not in data:
                compared[path] = FileNow("not_compared", whole_file(path, data.decode("utf-8", "replace")))
            elif data is None:
                compared[path] = FileNow("gone")
        return compared


def _compared(top: str, patch: FilePatch) -> FileState:
    data = read_below(top, patch.path, LARGEST_FILE)
    if patch.change == "deleted":
        return "same" if data is None else "differs"
    if data is None:
        return "gone"
    blob = patch.blobs[1]
    if not blob or isinstance(data, str):
        return "not_compared"
    kinds = (hashlib.sha1, hashlib.sha256)
    # Git may keep a text with other ends of lines than those that it checks out.
    versions = (data, data.replace(b"\r\n", b"\n")) if b"\r\n" in data else (data,)
    hashes = {
        kind(b"blob %d\0" % len(version) + version, usedforsecurity=False).hexdigest()
        for kind in kinds
        for version in versions
    }
    return "same" if any(each.startswith(blob) for each in hashes) else "differs"
