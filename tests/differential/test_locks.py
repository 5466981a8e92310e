"""Someone else holds the database: omk waits, warns and decides all the same, and so do we (STATE-FORMAT 7.1)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.golden.case import CASES, Case, Places, load_case
from tests.golden.deciders import Decider, Result, omk, product
from tests.golden.layout import lay_out
from tests.golden.observe import Observation, run


def locked(decider: Decider) -> Decider:
    """A decider during which another connection keeps the database locked for writing."""

    def decide(argv: tuple[str, ...], places: Places) -> Result:
        connection = sqlite3.connect(places.root / "omk.db", isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        try:
            return decider(argv, places)
        finally:
            connection.execute("ROLLBACK")
            connection.close()

    return decide


def observed(case: Case, decider: Decider, base: Path) -> Observation:
    return run(locked(decider), case.argv, lay_out(case, base))


def test_a_locked_database_only_costs_time(omk_binary: Path, tmp_path: Path) -> None:
    case = load_case(CASES / "accept-ready.json")
    theirs = observed(case, omk(omk_binary), tmp_path / "omk")
    ours = observed(case, product, tmp_path / "ours")
    assert ours.result.exit == theirs.result.exit == 0
    assert ours.result.stdout == theirs.result.stdout
    assert ours.before.database is not None
    stale = [(row["status"], row["updated_at"]) for row in ours.before.database.rows]
    for seen in (theirs, ours):
        assert seen.after.database is not None
        assert [(row["status"], row["updated_at"]) for row in seen.after.database.rows] == stale
        assert sorted(seen.changed_files()) == sorted(theirs.changed_files())
