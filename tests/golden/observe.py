"""One run seen from outside: everything on disk before and after it, and what it printed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.golden.case import Places
from tests.golden.confinement import links_outside
from tests.golden.deciders import Decider, Result
from tests.golden.tree import Database, Entry, Tree, photograph, read_database

LEDGER = "artifacts/integration/integrator-decisions.jsonl"
"""The product's own ledger, in a goal directory; omk has none."""


@dataclass(frozen=True)
class Scene:
    """A laid out case at one moment.

    `state`: the state root, without the database and the product's ledger. `database`: the rows, or None.
    `database_file`: omk.db as a file. `beside`: everything that is not the state root (project, outside files), without
    git's index, whose cached file times any look at the project may renew. `links_outside`: what a decision would
    read or write through a link outside a goal directory, as names below the state root.
    """

    state: Tree
    database: Database | None
    database_file: Entry | None
    beside: Tree
    links_outside: frozenset[str]


@dataclass(frozen=True)
class Observation:
    """A run: the scene before, what was printed, the scene after."""

    places: Places
    before: Scene
    result: Result
    after: Scene

    def changed_files(self) -> Mapping[str, Entry]:
        """What is new or different below the state root; a grown file is reduced to what was appended."""
        changed: dict[str, Entry] = {}
        for name, entry in self.after.state.items():
            old = self.before.state.get(name)
            if old == entry:
                continue
            grown = old is not None and old.kind == entry.kind == "file" and entry.content.startswith(old.content)
            content = entry.content[len(old.content) :] if old is not None and grown else entry.content
            changed[name] = Entry(entry.kind, entry.mode, content)
        return changed


def look(places: Places) -> Scene:
    """Photograph a laid out case without leaving a trace."""
    root = places.root
    # HOME/.omk holds the state root, the project and the files outside; omk's own log lies elsewhere.
    surroundings = photograph(root.parent)
    prefix = root.name + "/"
    inside = {
        name.removeprefix(prefix) or "./": entry for name, entry in surroundings.items() if name.startswith(prefix)
    }
    state = {name: entry for name, entry in inside.items() if not (name.startswith("omk.db") or name.endswith(LEDGER))}
    beside = {
        name: entry
        for name, entry in surroundings.items()
        if not name.startswith(prefix) and not name.endswith(".git/index")
    }
    leaving = frozenset(
        f"goals/{folder.name}/{name}" for folder in root.glob("goals/*") for name in links_outside(folder)
    )
    return Scene(state, _read_copy(root), inside.get("omk.db", inside.get("omk.db/")), beside, leaving)


def _read_copy(root: Path) -> Database | None:
    """The rows, read from a copy: even looking at a database can change its files."""
    with tempfile.TemporaryDirectory() as folder:
        for path in root.glob("omk.db*"):
            if path.is_file():
                shutil.copy(path, folder)
        return read_database(Path(folder) / "omk.db")


def run(decider: Decider, argv: tuple[str, ...], places: Places) -> Observation:
    """Run a command on a laid out case and observe it; placeholders in its words are filled."""
    before = look(places)
    result = decider(tuple(places.fill(word) for word in argv), places)
    return Observation(places, before, result, look(places))
