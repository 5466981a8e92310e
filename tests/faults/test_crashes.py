"""A decision struck at every system call, and its recovery struck again: always undecided or decided, never between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.records.file_names import JOURNAL_FILE
from tests.depth import DEEP
from tests.faults.company import Company
from tests.faults.conftest import Tell
from tests.faults.matrix import REPEATED, THIN, Density, Tally, Trial
from tests.faults.scenes import (
    Scene,
    accept_without_database,
    fresh_accept,
    reject_of_a_fresh_goal,
    second_reject,
)

Make = Callable[[Path], Scene]
USUAL: tuple[Make, ...] = (fresh_accept, second_reject)
FURTHER: tuple[Make, ...] = (accept_without_database, reject_of_a_fresh_goal)
MOST_SYNCS = 16


@pytest.mark.parametrize("make", USUAL + FURTHER)
def test_a_decision_struck_at_a_call_is_there_or_not(
    make: Make, place: Path, company: Company, density: Density, tell: Tell
) -> None:
    trial = Trial(company, make(place / "scene"))
    tally = trial.strike(THIN if make in FURTHER and not DEEP else density)
    tell(f"faults: {trial.scene.name}: {tally}")
    assert tally.points > 10
    assert tally.states["decided"] and tally.states["undecided"]


@pytest.mark.parametrize("make", USUAL)
def test_a_recovery_struck_at_a_call_loses_nothing(make: Make, place: Path, company: Company, tell: Tell) -> None:
    trial = Trial(company, make(place / "scene"))
    ruins = trial.ruins(every=1 if DEEP else 13)
    tally = Tally()
    for number, ruin in enumerate(ruins):
        tally.add(trial.strike_recovery(ruin, REPEATED if DEEP else THIN, start=number))
    tell(f"faults: recovery after {trial.scene.name}: {len(ruins)} ruins, {tally}")
    assert tally.points > 10
    assert tally.states["decided"] and tally.states["undecided"]


@pytest.mark.parametrize("make", USUAL + FURTHER)
def test_nothing_counts_on_what_a_power_cut_may_lose(make: Make, place: Path, company: Company) -> None:
    """The order of the calls: what is renamed was synced, and the journal goes when all is durable."""
    if not company.by_strace:
        pytest.skip("NOT TESTED: the order of system calls is seen by strace only, which is not here or may not trace")
    scene = make(place / "scene")
    root, goal = str(scene.root), str(scene.state.folder())
    durable: set[str] = set()
    left: set[str] = set()
    for call, paths in company.trace(scene.decision()):
        path = paths[0]
        if not path.startswith(root) or path.endswith(("-shm", "-wal", "-journal")):
            continue  # omk-tui's own note, and what SQLite looks after
        if call in ("fdatasync", "fsync"):
            left.discard(path)
            durable.add(path)
            continue
        if call.startswith("unlink"):
            assert not left, f"the journal goes before these are durable: {left}"
            return
        if call.startswith("rename"):
            _, old, folder, new = paths
            assert f"{path}/{old}" in durable, f"{old} is renamed before it is durable"
            left.discard(f"{path}/{old}")
            if new == JOURNAL_FILE:
                durable.discard(goal)
            else:
                assert goal in durable, f"{new} is replaced before the journal is durable"
            left.add(folder)
        else:
            assert call == "fchmod" or goal in durable or ".omk-tui." in path, f"{call} {path} before the journal"
            left.add(path)
    raise AssertionError("the journal stays")


@pytest.mark.parametrize("make", USUAL)
def test_faults_inside_the_process_find_the_same(make: Make, place: Path, tell: Tell) -> None:
    """What is run where strace is missing: held here too, so that it works when it is needed."""
    company = Company(place, by_strace=False)
    try:
        trial = Trial(company, make(place / "scene"))
        tally = trial.strike(THIN)
    finally:
        company.close()
    tell(f"faults without strace: {trial.scene.name}: {tally}")
    assert tally.states["decided"] and tally.states["undecided"]


@pytest.mark.parametrize("make", USUAL)
def test_a_decision_syncs_as_often_as_it_must(make: Make, place: Path, company: Company, tell: Tell) -> None:
    trial = Trial(company, make(place / "scene"))
    syncs = {call: trial.counts.get(call, 0) for call in ("fdatasync", "fsync")}
    tell(f"faults: {trial.scene.name}: {syncs['fdatasync']} fdatasync, {syncs['fsync']} fsync")
    assert sum(syncs.values()) <= MOST_SYNCS
