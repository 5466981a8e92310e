"""A scratch repository of our own that borrows a project's objects: what git does there touches and obeys nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from omk_tui.engine.files.temporary_folder import temporary_folder
from omk_tui.engine.git.repository import Repository
from omk_tui.engine.git.settings import Settings


@contextmanager
def scratch_repository(repository: Repository, settings: Settings) -> Iterator[str]:
    """An empty repository of our own that can read the project's objects. Raises OSError."""
    with temporary_folder("omk-tui-merge-") as folder:
        os.makedirs(os.path.join(folder, "objects", "info"))
        os.makedirs(os.path.join(folder, "refs"))
        _write(os.path.join(folder, "HEAD"), "ref: refs/heads/none\n")
        _write(
            os.path.join(folder, "objects", "info", "alternates"), f"{os.path.join(repository.common_dir, 'objects')}\n"
        )
        format_ = settings.get("extensions.objectformat", "sha1")
        version = "[core]\n\trepositoryformatversion = {}\n\tbare = true\n"
        sha256 = "[extensions]\n\tobjectformat = sha256\n"
        is_sha256 = format_ == "sha256"
        _write(os.path.join(folder, "config"), version.format(int(is_sha256)) + (sha256 if is_sha256 else ""))
        shallow = os.path.join(repository.common_dir, "shallow")
        if os.path.isfile(shallow):
            os.symlink(shallow, os.path.join(folder, "shallow"))
        yield folder


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def scratch_variables(scratch: str) -> dict[str, str]:
    """The variables under which git works in a scratch repository and obeys nobody's configuration."""
    return {
        "GIT_DIR": scratch,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
    }
