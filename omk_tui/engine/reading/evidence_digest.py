"""Digests of evidence files for the snapshot: each file once, within a bound for all of one look.

A file up to `WHOLE_LIMIT` is known by its content, as long as all of them together stay below `LOOK_LIMIT`; a larger
one, or one behind that bound, by its size, times and inode (of which the change time cannot be set back) and its ends.
Digests of content are kept as long as size, times and inode stay: to read again what did not change costs nothing.
"""

from __future__ import annotations

import os

from omk_tui.engine.files.file_memory import FileMemory, Identity, identity_of
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.progress import Progress
from omk_tui.light.dataclass import dataclass, field
from omk_tui.light.late import hashlib

WHOLE_LIMIT = 16 << 20
"""Bytes up to which a file is known by its content."""
LOOK_LIMIT = 256 << 20
"""Bytes of all files that are known by their content in one look."""
END_SIZE = 1 << 20
"""Bytes at either end of a larger file that are part of what it is known by."""
_PIECE = 1 << 20


@dataclass(slots=True)
class EvidenceDigests:
    """The digests of one look. `by_identity` are the paths that are not known by their whole content."""

    memory: FileMemory
    progress: Progress
    by_identity: list[str] = field(default_factory=list)
    _left: int = LOOK_LIMIT
    _in_this_look: dict[Identity, tuple[str, bool]] = field(default_factory=dict)

    def of(self, folder: GoalFolder, path: str) -> str:
        """SHA-256, in hexadecimal, by which a file below the goal directory is known, or of why it cannot be read."""
        self.progress(0)
        try:
            with folder.open(path) as file:
                fd = file.fileno()
                identity = identity_of(fd)
                digest, whole = self._in_this_look.get(identity) or self._read(fd, identity)
        except (Unreadable, OSError) as error:
            return hashlib.sha256(f"problem {error}".encode("utf-8", "surrogateescape")).hexdigest()
        self._in_this_look[identity] = digest, whole
        if not whole:
            self.by_identity.append(path)
        return digest

    def _read(self, fd: int, identity: Identity) -> tuple[str, bool]:
        """The digest, and whether it is that of the whole content. Raises OSError."""
        size = identity[2]
        if size <= WHOLE_LIMIT and size <= self._left:
            self._left -= size
            return self.memory.value(fd, identity, lambda: self._hash(fd, 0, size + 1, hashlib.sha256())), True
        known = hashlib.sha256(f"identity {identity}\n".encode())
        if self._left >= 2 * END_SIZE:
            self._left -= 2 * END_SIZE
            self._hash(fd, 0, END_SIZE, known)
            self._hash(fd, max(0, size - END_SIZE), END_SIZE, known)
        return known.hexdigest(), False

    def _hash(self, fd: int, start: int, most: int, digest: hashlib._Hash) -> str:
        end = start + most
        while start < end and (piece := os.pread(fd, min(_PIECE, end - start), start)):
            digest.update(piece)
            start += len(piece)
            self.progress(len(piece))
        return digest.hexdigest()
