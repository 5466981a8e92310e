"""Which repository a folder is the work tree of: its own, and only where both sides say so."""

from __future__ import annotations

import os
import stat

from omk_tui.engine.files import open_flags
from omk_tui.light.dataclass import dataclass

_POINTER_LIMIT = 8192
"""Bytes of a file that names another folder (``.git``, ``gitdir``, ``commondir``)."""
_READ_BY_GIT = (
    "HEAD",
    "config",
    "config.worktree",
    "index",
    "packed-refs",
    "shallow",
    "info/exclude",
    "info/attributes",
)
"""Files of a repository that git opens whatever it is asked; one that could block is told before git is asked."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A verified repository: absolute real paths of its work tree, its git directory, and the one with refs and config.

    `git_dir` and `common_dir` differ in a linked worktree only.
    """

    work_tree: str
    git_dir: str
    common_dir: str

    @property
    def is_own(self) -> bool:
        """Whether all of it belongs to this user, as git asks of a repository unless it is told otherwise."""
        try:
            owners = {os.stat(path).st_uid for path in (self.work_tree, self.git_dir, self.common_dir)}
        except OSError:
            return False
        return owners <= {os.geteuid(), _sudo_user()}


class NoRepository(Exception):
    """Why a folder is not looked at as a repository, in a clause: ``it has no .git``."""


def find_repository(folder: str) -> Repository:
    """The repository whose work tree is exactly `folder`, never a parent's. Raises NoRepository.

    A ``.git`` file (a linked worktree, a submodule) is followed only to a git directory that names this folder in
    turn, or to the ``.git`` of a folder that this one is inside of; otherwise any folder could borrow the HEAD of any
    repository.
    """
    try:
        work_tree = os.path.realpath(folder)
    except ValueError:
        raise NoRepository("no folder can have this name") from None
    pointer = os.path.join(work_tree, ".git")
    mode = _mode(pointer)
    if mode is None:
        raise NoRepository("it has no .git")
    if stat.S_ISLNK(mode):
        raise NoRepository("its .git is a link, which is not followed")
    if stat.S_ISDIR(mode):
        repository = Repository(work_tree, pointer, pointer)
        if _mode(os.path.join(pointer, "commondir")) is not None:
            raise NoRepository("its .git directory says that its refs are elsewhere")
    elif stat.S_ISREG(mode):
        repository = _pointed_to(work_tree, pointer)
    else:
        raise NoRepository("its .git is neither a directory nor a file")
    _require_whole(repository)
    return repository


def _pointed_to(work_tree: str, pointer: str) -> Repository:
    line = _line(pointer)
    if not line.startswith("gitdir:"):
        raise NoRepository("its .git file names no git directory")
    git_dir = os.path.realpath(os.path.join(work_tree, line.removeprefix("gitdir:").strip()))
    if not os.path.isdir(git_dir):
        raise NoRepository("its .git file leads nowhere")
    above = os.path.dirname(git_dir)
    if os.path.basename(git_dir) == ".git" and work_tree.startswith(os.path.join(above, "")):
        return Repository(work_tree, git_dir, git_dir)
    if os.path.basename(above) == "worktrees":
        back = os.path.join(git_dir, _line(os.path.join(git_dir, "gitdir")))
        common = os.path.realpath(os.path.join(git_dir, _line(os.path.join(git_dir, "commondir"))))
        if os.path.dirname(above) == common and _same(os.path.dirname(back), work_tree):
            return Repository(work_tree, git_dir, common)
    elif _mode(os.path.join(git_dir, "commondir")) is None:
        back = _core_worktree(os.path.join(git_dir, "config"))
        if back and _same(os.path.join(git_dir, back), work_tree):
            return Repository(work_tree, git_dir, git_dir)
    raise NoRepository("its .git file leads to a git directory that does not name this folder in turn")


def _core_worktree(config: str) -> str:
    """The plain ``worktree = PATH`` of the section ``[core]``, as git itself writes it; empty when there is none."""
    section, value = "", ""
    for line in _text(config).splitlines():
        words = line.strip()
        if words.startswith("["):
            section = words.rstrip("]").lstrip("[").strip().lower()
        name, equals, setting = words.partition("=")
        if section == "core" and equals and name.strip().lower() == "worktree":
            value = setting.strip().strip('"')
    return value


def _require_whole(repository: Repository) -> None:
    """Raises NoRepository where git would look elsewhere or could wait for ever."""
    for top in {repository.git_dir, repository.common_dir}:
        for name in _READ_BY_GIT:
            path = os.path.join(top, name)
            mode = _mode(path, follow=True)
            if mode is not None and not stat.S_ISREG(mode):
                raise NoRepository(f"{name} of its git directory is no regular file")
    if not stat.S_ISREG(_mode(os.path.join(repository.git_dir, "HEAD")) or 0):
        raise NoRepository("its git directory has no HEAD")
    for name in ("objects", "refs"):
        if not os.path.isdir(os.path.join(repository.common_dir, name)):
            raise NoRepository(f"its git directory has no {name}")


def _sudo_user() -> int:
    """The user behind sudo, whose repositories root may look at (as git has it); root itself otherwise."""
    user = os.environ.get("SUDO_UID", "")
    return int(user) if os.geteuid() == 0 and user.isascii() and user.isdigit() else os.geteuid()


def _same(path: str, folder: str) -> bool:
    return os.path.realpath(path) == folder


def _line(path: str) -> str:
    return _text(path).strip()


def _text(path: str) -> str:
    """The text of a small regular file. Raises NoRepository."""
    try:
        fd = os.open(path, open_flags.FILE)
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise NoRepository(f"{os.path.basename(path)} of its git directory is no regular file")
            return os.fsdecode(file.read(_POINTER_LIMIT))
    except OSError as error:
        raise NoRepository(f"{os.path.basename(path)} of its git directory cannot be read: {error.strerror}") from None


def _mode(path: str, *, follow: bool = False) -> int | None:
    try:
        return (os.stat(path) if follow else os.lstat(path)).st_mode
    except (OSError, ValueError):
        return None
