"""Every point at which a decision or its recovery can be struck, and what must hold afterwards."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from omk_tui.core.decision.outcome import Failed, Recorded, Refused
from omk_tui.core.decision.plan import DecisionPlan
from tests.faults.company import FAULTS, WRITING, Company, Fault, Report
from tests.faults.scenes import Picture, Scene, decided
from tests.golden.tree import Tree


@dataclass(frozen=True)
class Density:
    """How many of the points are struck: every n-th of the kills at calls that write, of the errors there, and of the
    faults of calls that only look.

    Numbers above one have no divisor in common with the number of faults, so that a sample has all of them.
    """

    kills: int
    errors: int
    looking: int


WHOLE = Density(1, 1, 1)
REPEATED = Density(1, 3, 21)
"""For what is done again and again: shifted each time, it strikes every point now and then, and every kill always."""
SAMPLE = Density(17, 17, 151)
THIN = Density(37, 37, 499)


@dataclass
class Tally:
    """What came out of all the points of a matrix."""

    points: int = 0
    states: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        self.points += other.points
        self.states += other.states
        self.outcomes += other.outcomes

    def __str__(self) -> str:
        return f"{self.points} points, 0 mixed: {_list(self.states)}; said: {_list(self.outcomes)}"


def _list(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items()))


def faults(counts: Mapping[str, int], density: Density, start: int = 0) -> Iterator[Fault]:
    """The faults of an act whose calls were counted, thinned out to a density; `start` shifts the choice."""
    seen: Counter[int] = Counter()
    for call, number in counts.items():
        for when in range(1, number + 1):
            for what in FAULTS:
                kind, every = _kind(call, what, density)
                if (seen[kind] + start) % every == 0:
                    yield Fault(call, what, when)
                seen[kind] += 1


def _kind(call: str, what: str, density: Density) -> tuple[int, int]:
    if call not in WRITING:
        return 0, density.looking
    return (1, density.kills) if what == "SIGKILL" else (2, density.errors)


class Trial:
    """One scene and its two ends: never decided, and decided."""

    def __init__(self, company: Company, scene: Scene) -> None:
        self.company, self.scene = company, scene
        self.old = scene.picture()
        self.act = scene.decision()
        assert scene.picture() == self.old, "looking writes nothing"
        (report,) = company.play([self.act])
        assert isinstance(report.result, Recorded), report
        assert report.result.finished and not report.result.notes
        self.plan = report.result.plan
        self.new = scene.picture()
        assert not decided(self.old, self.plan).difference(self.new), "the model of a decision is right"
        scene.restore()
        self.counts = company.counts(self.act)

    def strike(self, density: Density) -> Tally:
        """The decision, struck at every point."""
        tally = Tally()
        for fault in faults(self.counts, density):
            self.scene.restore()
            (report,) = self.company.play([self.act], fault)
            tally.outcomes[said(report)] += 1
            tally.states[self.judge(report, str(fault))] += 1
            tally.points += 1
        return tally

    def judge(self, report: Report, where: str) -> str:
        """Whether the goal is undecided or decided after a struck decision and a fresh look. Raises AssertionError."""
        assert not report.raised, f"{where}: {report.raised}"
        now, wanted = self.scene.picture(), [self.old, self.new]
        match report.result:
            case Recorded(plan, _, _, finished):
                wanted = [self._after(plan)]
                if finished:
                    assert not wanted[0].difference(now), f"{where}: recorded, but {wanted[0].difference(now)}"
            case Refused() | Failed():
                wanted = [self.old]
                assert not self.old.difference(now), f"{where}: {report.result}, but {self.old.difference(now)}"
        left = self.scene.look().facts.interrupted
        assert not left, f"{where}: not recovered: {left}"
        after = self.scene.picture()
        differences = [one.difference(after) for one in wanted]
        assert "" in differences, f"{where}: mixed after {said(report)}: {differences}"
        return "undecided" if after == self.old else "decided"

    def ruins(self, every: int) -> list[Ruin]:
        """Every different state that a kill at every n-th writing call leaves, with what a look has to make of it."""
        found: dict[bytes, Ruin] = {}
        calls = [(call, when + 1) for call in self.counts if call in WRITING for when in range(self.counts[call])]
        for call, when in calls[::every]:
            self.scene.restore()
            fault = Fault(call, "SIGKILL", when)
            (report,) = self.company.play([self.act], fault)
            raw = self.scene.raw()
            key = pickle.dumps(sorted(raw.items()))
            if key not in found:
                self.judge(report, str(fault))
                found[key] = Ruin(str(fault), raw, self.scene.picture())
        return list(found.values())

    def strike_recovery(self, ruin: Ruin, density: Density, start: int) -> Tally:
        """The look that recovers a ruin, struck at every point; a second look must find or make it whole."""
        tally = Tally()
        recovery = self.scene.recovery()
        ruin.restore(self.scene)
        for fault in faults(self.company.counts(recovery), density, start):
            ruin.restore(self.scene)
            (report,) = self.company.play([recovery], fault)
            where = f"{ruin.name}, then {fault}"
            assert not report.raised, f"{where}: {report.raised}"
            tally.outcomes["killed" if report.killed else "not finished" if report.result else "looked"] += 1
            assert not self.scene.look().facts.interrupted, where
            difference = ruin.whole.difference(self.scene.picture())
            assert not difference, f"{where}: {difference}"
            tally.states["undecided" if ruin.whole == self.old else "decided"] += 1
            tally.points += 1
        return tally

    def _after(self, plan: DecisionPlan) -> Picture:
        return self.new if plan == self.plan else decided(self.old, plan)


@dataclass(frozen=True)
class Ruin:
    """What a kill left, and what it must become."""

    name: str
    raw: Tree
    whole: Picture

    def restore(self, scene: Scene) -> None:
        scene.lay(self.raw)


def said(report: Report) -> str:
    """How an act ended, in a word."""
    match report.result:
        case Recorded(finished=True):
            return "recorded"
        case Recorded():
            return "not finished yet"
        case Refused() | Failed():
            return "not recorded"
    return "killed"
