"""One goal directory, opened once: confined, bounded reading of what is in it.

What resolves outside the directory (symlinks, ``..``, absolute paths) is not read, and only regular files are opened:
a FIFO or device would block or never end.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from types import TracebackType

from omk_tui.engine.files import open_flags
from omk_tui.light.dataclass import dataclass

MAX_LINKS = 40
PATH_MAX = 4096
NAME_MAX = 255

_SURELY_SHORT = PATH_MAX // 4
"""Characters of a path that has fewer than PATH_MAX bytes, however it is encoded."""
_SPECIAL_NAMES = frozenset(("", ".", ".."))
OUTSIDE = "it resolves outside the goal directory, and is not read"
_KINDS = (
    (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class Unreadable(Exception):
    """A path that is not read; the message is the reason, in omk's words where omk has some (STATE-FORMAT 6.6)."""

    def __init__(self, reason: str, *, code: int = 0, outside: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.code, self.outside = reason, code, outside

    @classmethod
    def of(cls, error: OSError) -> Unreadable:
        """The reason as omk prints an error of the operating system."""
        return cls.of_code(error.errno or 0)

    @classmethod
    def of_code(cls, code: int) -> Unreadable:
        """The reason for an error number."""
        return cls(f"{os.strerror(code)} (os error {code})", code=code)

    @property
    def missing(self) -> bool:
        """Whether the reason is that nothing is there."""
        return self.code == errno.ENOENT

    def as_os_error(self, path: str) -> OSError:
        """The same as an error of the operating system, where one is expected."""
        return OSError(self.code or errno.EACCES, self.reason, path)


@dataclass(frozen=True, slots=True)
class Overlay:
    """What will stand in the goal directory when a rollback plan is written, though it may not be there yet.

    `folders` and `file` are absolute component tuples; `file` is the decision file of a reject.
    """

    folders: frozenset[tuple[str, ...]] = frozenset()
    file: tuple[str, ...] = ()


AS_IT_IS = Overlay()
"""Nothing laid over."""


class GoalFolder:
    """An open goal directory. Use as a context manager; `path` is the directory as omk spells it."""

    def __init__(self, path: str) -> None:
        """Open the directory. Raises OSError."""
        self.path = path
        self.fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    @cached_property
    def real(self) -> tuple[str, ...]:
        """The components of the directory's real path."""
        return tuple(part for part in os.path.realpath(self.path).split("/") if part)

    @property
    def name(self) -> str:
        """The directory's name, which is the goal's id."""
        return os.path.basename(self.path.rstrip("/"))

    @property
    def real_path(self) -> str:
        """The directory's real path: one directory has one, whatever links lead to it."""
        return "/" + "/".join(self.real)

    @property
    def real_name(self) -> str:
        """The last component of the real path."""
        return self.real[-1] if self.real else ""

    def is_in_place(self) -> bool:
        """Whether the path still leads to the open directory, as far as is known: it may be moved or removed by now."""
        try:
            return os.path.samestat(os.stat(self.path), os.fstat(self.fd))
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            return True

    def __enter__(self) -> GoalFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        _close(self.fd)

    # -- names -----------------------------------------------------------------------------------------------------

    def locate(self, path: str, overlay: Overlay = AS_IT_IS) -> tuple[str, ...]:
        """The components below the goal directory that `path` resolves to, every symlink followed.

        Raises Unreadable: with the operating system's error, or `outside` when it ends elsewhere.
        """
        if "\0" in path:
            raise Unreadable("file name contained an unexpected NUL byte")
        if len(os.fsencode(os.path.join(self.path, path))) >= PATH_MAX:
            raise Unreadable.of_code(errno.ENAMETOOLONG)
        at = list(() if path.startswith("/") else self.real)
        waiting = path.split("/")[::-1]
        is_folder, links = True, 0
        while waiting:
            name = waiting.pop()
            if not is_folder:
                raise Unreadable.of_code(errno.ENOTDIR)
            if name in ("", "."):
                continue
            if name == "..":
                del at[-1:]
                continue
            mode = self._mode((*at, name), overlay)
            if stat.S_ISLNK(mode):
                links += 1
                if links > MAX_LINKS:
                    raise Unreadable.of_code(errno.ELOOP)
                target = self._link((*at, name))
                if target.startswith("/"):
                    at = []
                waiting.extend(target.split("/")[::-1])
                continue
            at.append(name)
            is_folder = stat.S_ISDIR(mode)
        if tuple(at[: len(self.real)]) != self.real:
            raise Unreadable(OUTSIDE, outside=True)
        return tuple(at[len(self.real) :])

    def _link(self, at: tuple[str, ...]) -> str:
        try:
            return os.readlink("/" + "/".join(at))
        except OSError as error:
            raise Unreadable.of(error) from None

    def _mode(self, at: tuple[str, ...], overlay: Overlay) -> int:
        if at == overlay.file:
            return stat.S_IFREG
        try:
            return os.lstat("/" + "/".join(at)).st_mode
        except OSError as error:
            if error.errno == errno.ENOENT and at in overlay.folders:
                return stat.S_IFDIR
            if error.errno == errno.ENOENT and at[:-1] in overlay.folders and len(os.fsencode(at[-1])) > NAME_MAX:
                raise Unreadable.of_code(errno.ENAMETOOLONG) from None
            raise Unreadable.of(error) from None

    # -- reading ---------------------------------------------------------------------------------------------------

    def open(self, path: str) -> io.FileIO:
        """A regular file inside the goal directory, opened for reading. Raises Unreadable."""
        names = tuple(path.split("/"))
        is_short = len(self.path) + len(path) < _SURELY_SHORT
        if is_short and "\0" not in path and _SPECIAL_NAMES.isdisjoint(names):
            try:
                return self.open_located(names)  # most paths lead through no symlink, and need not be resolved
            except Unreadable as error:
                if error.missing:
                    raise
        return self.open_located(self.locate(path))

    def open_located(self, parts: tuple[str, ...]) -> io.FileIO:
        """The regular file at components without symlinks; one that appears meanwhile is refused. Raises Unreadable."""
        try:
            if not parts:
                raise Unreadable.of_code(errno.EISDIR)
            with self.parent(parts) as parent:
                mode = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    _close(os.open(parts[-1], open_flags.FOLDER, dir_fd=parent))
                    raise Unreadable.of_code(errno.EISDIR)
                _require_regular(mode)
                file = _ReadFile(os.open(parts[-1], open_flags.FILE, dir_fd=parent), "r")
        except OSError as error:
            raise Unreadable.of(error) from None
        try:
            _require_regular(os.fstat(file.fileno()).st_mode)
        except OSError as error:
            file.close()
            raise Unreadable.of(error) from None
        except Unreadable:
            file.close()
            raise
        return file

    @contextmanager
    def parent(self, parts: tuple[str, ...]) -> Iterator[int]:
        """A descriptor of the folder that holds the last component, walked to without following symlinks."""
        if len(parts) == 1:
            yield self.fd
            return
        fd = os.dup(self.fd)
        try:
            for name in parts[:-1]:
                below = os.open(name, open_flags.FOLDER, dir_fd=fd)
                _close(fd)
                fd = below
            yield fd
        finally:
            _close(fd)

    def read(self, path: str, limit: int) -> bytes:
        """The whole file, if it is not larger than `limit` bytes. Raises Unreadable."""
        with self.open(path) as file:
            size = _size(file)
            data = read_up_to(file, size + 1) if size <= limit else b""
            if len(data) > size:  # it grew meanwhile
                data += read_up_to(file, limit + 1 - len(data))
        size = max(size, len(data))
        if size > limit:
            excess = f"{size - limit:,} bytes more than the {limit >> 20} MiB that are read of such a file"
            raise Unreadable(f"it has {size:,} bytes, {excess}")
        return data

    def size(self, path: str) -> int:
        """The size of a readable regular file in bytes. Raises Unreadable."""
        with self.open(path) as file:
            return _size(file)

    def names(self, path: str) -> tuple[str, ...]:
        """The sorted names in a folder inside the goal directory; none when it is not there or not a folder."""
        try:
            parts = self.locate(path)
            with self.parent((*parts, "")) as fd:
                return tuple(sorted(os.listdir(fd)))
        except (OSError, Unreadable):
            return ()


class _ReadFile(io.FileIO):
    """A file that is only read."""

    def close(self) -> None:
        with suppress(OSError):
            super().close()


def _close(fd: int) -> None:
    """Close a descriptor that nothing was written through: a failing close loses nothing."""
    with suppress(OSError):
        os.close(fd)


def _require_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        kind = next((name for test, name in _KINDS if test(mode)), "not a regular file")
        raise Unreadable(f"it is {kind}, and is not opened")


def _size(file: io.FileIO) -> int:
    try:
        return os.fstat(file.fileno()).st_size
    except OSError as error:
        raise Unreadable.of(error) from None


def read_up_to(file: io.FileIO, limit: int) -> bytes:
    """At most `limit` bytes from where the file stands. Raises Unreadable."""
    pieces: list[bytes] = []
    room = limit
    try:
        while room > 0 and (piece := file.read(min(room, 1 << 20))):
            pieces.append(piece)
            room -= len(piece)
    except OSError as error:
        raise Unreadable.of(error) from None
    return b"".join(pieces)
