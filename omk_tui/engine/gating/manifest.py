"""What the tracked files of a checkout were before anything ran: kept in this process, where no gate can change it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable

from omk_tui.engine.files import open_flags
from omk_tui.light.dataclass import dataclass

_LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\n"
_LARGEST_POINTER = 1024
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Tracked:
    """A file as it was: what a look at it tells, and the digest of its content (of a link: of where it leads)."""

    size: int
    mode: int
    inode: int
    modified: int
    changed: int
    digest: bytes

    def looks_untouched(self, about: os.stat_result) -> bool:
        return (self.size, self.mode, self.inode, self.modified, self.changed) == (
            about.st_size,
            about.st_mode,
            about.st_ino,
            about.st_mtime_ns,
            about.st_ctime_ns,
        )


class Manifest:
    """The files of a checkout. `lfs_pointers` counts those that only stand for a file of git-lfs."""

    def __init__(self, folder: str, names: Iterable[bytes]) -> None:
        self._folder = os.fsencode(folder)
        self.lfs_pointers = 0
        self._files: dict[bytes, _Tracked] = {}
        for name in names:
            about = os.lstat(os.path.join(self._folder, name))
            if not stat.S_ISDIR(about.st_mode):  # an empty folder stands for a submodule
                self._files[name] = self._tracked(name, about)

    def _tracked(self, name: bytes, about: os.stat_result) -> _Tracked:
        digest, beginning = _digest(os.path.join(self._folder, name), about)
        self.lfs_pointers += about.st_size <= _LARGEST_POINTER and beginning.startswith(_LFS_POINTER)
        return _Tracked(about.st_size, about.st_mode, about.st_ino, about.st_mtime_ns, about.st_ctime_ns, digest)

    def changed(self, most: int) -> tuple[str, ...]:
        """The names of the first `most` files that are not what they were: other content, another mode, or gone."""
        folders: dict[bytes, bool] = {b"": True}
        names = []
        for name, before in self._files.items():
            if not (self._is_folder(os.path.dirname(name), folders) and self._is_same(name, before)):
                names.append(name.decode("utf-8", "replace"))
                if len(names) == most:
                    break
        return tuple(names)

    def _is_same(self, name: bytes, before: _Tracked) -> bool:
        path = os.path.join(self._folder, name)
        try:
            about = os.lstat(path)
            if before.looks_untouched(about):
                return True
            same = before.size == about.st_size and before.mode == about.st_mode
            return same and _digest(path, about)[0] == before.digest
        except OSError:
            return False

    def _is_folder(self, name: bytes, known: dict[bytes, bool]) -> bool:
        """Whether a folder of the tree is one still: behind a link there may be files that only look the same."""
        if name not in known:
            above = self._is_folder(os.path.dirname(name), known)
            try:
                known[name] = above and stat.S_ISDIR(os.lstat(os.path.join(self._folder, name)).st_mode)
            except OSError:
                known[name] = False
        return known[name]


def _digest(path: bytes, about: os.stat_result) -> tuple[bytes, bytes]:
    """The digest of a regular file or of a link, and its first bytes. Raises OSError."""
    digest = hashlib.blake2b(digest_size=20)
    if stat.S_ISLNK(about.st_mode):
        digest.update(os.readlink(path))
        return digest.digest(), b""
    with open(os.open(path, open_flags.FILE), "rb", buffering=0) as file:
        beginning = piece = file.read(_PIECE)
        while piece:
            digest.update(piece)
            piece = file.read(_PIECE)
    return digest.digest(), beginning[:_LARGEST_POINTER]
