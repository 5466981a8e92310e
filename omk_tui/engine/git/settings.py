"""The settings that git obeys in a project: a short list of harmless ones, and none of the project's own otherwise.

Git runs programs that a configuration names: fsmonitor, filters, drivers, hooks, helpers of transports. A list of
what to switch off would miss what the next git adds. So git is given a common directory of our own, in which refs and
objects are the project's and the configuration holds only what is listed here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from omk_tui.engine.files.temporary_folder import temporary_folder
from omk_tui.engine.git.command import Git
from omk_tui.engine.git.repository import NoRepository, Repository, find_repository

_HARMLESS = frozenset(
    {
        "core.repositoryformatversion",
        "core.filemode",
        "core.ignorecase",
        "core.symlinks",
        "core.precomposeunicode",
        "core.autocrlf",
        "core.eol",
        "core.trustctime",
        "core.checkstat",
        "core.excludesfile",
        "core.attributesfile",
        "core.sparsecheckout",
        "core.sparsecheckoutcone",
        "core.untrackedcache",
        "extensions.objectformat",
        "extensions.refstorage",
        "index.sparse",
        "status.showuntrackedfiles",
        "diff.ignoresubmodules",
    }
)
"""What changes how files and refs are read or compared, and names no program. Without their section's own case."""
_SHARED = ("objects", "refs", "packed-refs", "reftable", "info", "shallow")
"""What the project's own common directory lends to the stand-in."""
_MOST_SETTINGS = 4 << 20
_OWN_CONFIGURATION = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
"""Variables with which a person names a configuration of their own."""

Settings = Mapping[str, str]
"""The value of each setting by its name, the last one where there are several."""


class NoSettings(Exception):
    """Why the configuration of a repository cannot be read, in a clause."""


def read_settings(git: Git, repository: Repository, meanwhile: Callable[[], object] | None = None) -> Settings:
    """Every setting that is in force for a repository, the person's own included. Nothing is run by that.

    `meanwhile` is done while git reads them. Raises NoSettings.
    """
    with git.start(
        ["config", "--list", "-z", "--includes"],
        folder=repository.work_tree,
        variables={**_person(), "GIT_DIR": repository.git_dir, "GIT_WORK_TREE": repository.work_tree},
        largest=_MOST_SETTINGS,
    ) as reading:
        if meanwhile is not None:
            meanwhile()
        answer = reading.answer()
    if answer.code is None:
        raise NoSettings("git did not read its configuration in time")
    if answer.code:
        raise NoSettings("git cannot read its configuration")
    return _pairs(answer.text)


def read_settings_file(git: Git, folder: str, path: str) -> Settings:
    """The settings of one file alone, includes left out; none where it cannot be read."""
    words = ["config", "--file", path, "--no-includes", "--list", "-z"]
    answer = git.start(words, folder=folder, variables={"GIT_CONFIG_NOSYSTEM": "1"}, largest=_MOST_SETTINGS).answer()
    return _pairs(answer.text) if answer.code == 0 else {}


def is_trusted(git: Git, repository: Repository) -> bool:
    """Whether this user may rely on a repository: it is theirs, or their own configuration says ``safe.directory``."""
    if repository.is_own:
        return True
    words = ["config", "--global", "--includes", "-z", "--get-all", "safe.directory"]
    answer = git.start(words, folder="/", variables=_person(), largest=_MOST_SETTINGS).answer()
    named = answer.text.split("\0") if answer.code == 0 else []
    return "*" in named or repository.work_tree in named


@contextmanager
def stand_in(repository: Repository, settings: Settings) -> Iterator[Mapping[str, str]]:
    """The variables under which git reads this repository and obeys only harmless settings, for as long as it lasts.

    Raises OSError when no temporary folder can be made.
    """
    with temporary_folder("omk-tui-git-") as folder:
        for name in _SHARED:
            path = os.path.join(repository.common_dir, name)
            if os.path.lexists(path):
                os.symlink(path, os.path.join(folder, name))
        with open(os.path.join(folder, "config"), "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines(_line(name, value) for name, value in settings.items() if name in _HARMLESS)
        yield {
            "GIT_DIR": repository.git_dir,
            "GIT_COMMON_DIR": folder,
            "GIT_WORK_TREE": repository.work_tree,
            "GIT_CEILING_DIRECTORIES": os.path.dirname(repository.work_tree),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_ATTR_NOSYSTEM": "1",
        }


@contextmanager
def readable_repository(
    git: Git, path: str, meanwhile: Callable[[], object] | None = None
) -> Iterator[tuple[Repository, Settings, Mapping[str, str]]]:
    """The repository at `path`, its settings, and the variables under which git may read it, while it lasts.

    `meanwhile` is done while git reads the settings.

    Raises NoRepository, NoSettings, OSError.
    """
    repository = find_repository(path)
    if not is_trusted(git, repository):
        raise NoRepository("it belongs to another user")
    settings = read_settings(git, repository, meanwhile)
    with stand_in(repository, settings) as variables:
        yield repository, settings, variables


def _line(name: str, value: str) -> str:
    section, _, key = name.partition(".")
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'[{section}]\n\t{key} = "{quoted}"\n'


def _pairs(text: str) -> Settings:
    """``name LF value NUL`` of git config; a name without a value stands for true."""
    settings: dict[str, str] = {}
    for entry in text.split("\0"):
        name, is_set, value = entry.partition("\n")
        if name:
            settings[name] = value if is_set else "true"
    return settings


def _person() -> dict[str, str]:
    return {name: os.environ[name] for name in _OWN_CONFIGURATION if name in os.environ}
