"""The oracle: what kind of goal this is, and which gates prove it (STATE-FORMAT 6.4)."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.format.omk_json import Json
from omk_tui.core.records.proof import Gate
from omk_tui.core.text.words import ascii_lower, name_parts, normalise
from omk_tui.light.dataclass import dataclass

# Kind, and the words of which one must occur anywhere in the goal's text, in omk's order.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rewrite", ("rewrite", "port")),
    ("migration", ("migrate", "migration")),
    ("refactor", ("refactor",)),
    ("audit", ("audit",)),
    ("bugfix", ("bugfix", "bug fix", "fix ")),
    ("performance", ("performance", "benchmark", "perf")),
    ("docs", ("docs", "documentation", "readme")),
)
_GREENFIELD = "greenfield"
_BUILDING_WORDS = ("build", "create", "implement", "add ")

REQUIRED_CHECKS: dict[str, tuple[str, ...]] = {
    "greenfield": ("acceptance", "smoke", "demo"),
    "rewrite": ("compatibility", "golden"),
    "migration": ("compatibility", "golden"),
    "refactor": ("compatibility", "golden"),
    "audit": ("audit",),
    "bugfix": ("regression",),
    "performance": ("performance",),
    "docs": ("docs",),
    "mixed": ("acceptance", "compatibility"),
}
CHECK_NAMES = tuple(dict.fromkeys(name for names in REQUIRED_CHECKS.values() for name in names))
"""Every check that some kind of goal requires."""


@dataclass(frozen=True, slots=True)
class OracleCheck:
    """One required check and the name of the gate that satisfies it, if any."""

    name: str
    gate: str | None

    @property
    def passed(self) -> bool:
        """Whether a passed gate bears the check's name."""
        return self.gate is not None


@dataclass(frozen=True, slots=True)
class Oracle:
    """The oracle of one goal: its kind, the (kind, word) pairs that chose it, and its checks in order."""

    kind: str
    matched: tuple[tuple[str, str], ...]
    checks: tuple[OracleCheck, ...]

    @property
    def passed(self) -> bool:
        """Whether every check passed."""
        return all(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Json]:
        """The `oracle_evidence` that a decision writes."""
        return {
            "kind": self.kind,
            "status": _status(self.passed),
            "checks": [
                {"name": check.name, "status": _status(check.passed), "gate": check.gate} for check in self.checks
            ],
        }


def consult(goal_text: str, gates: Sequence[Gate]) -> Oracle:
    """The oracle for a goal's normalised text and its gates in proof order."""
    kind, matched = classify(goal_text)
    return Oracle(kind, matched, tuple(OracleCheck(name, _gate_for(name, gates)) for name in REQUIRED_CHECKS[kind]))


def classify(goal_text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The goal's kind and the (kind, word) pairs found in its text, in omk's order.

    A goal in which nothing is found is greenfield, with no pair.
    """
    text = ascii_lower(normalise(goal_text))
    matched = [(kind, word) for kind, words in _WORDS for word in words if word in text]
    kinds = list(dict.fromkeys(kind for kind, _ in matched))
    if _GREENFIELD in text:
        matched.append((_GREENFIELD, _GREENFIELD))
        kinds.append(_GREENFIELD)
    elif not kinds:
        matched.extend((_GREENFIELD, word) for word in _BUILDING_WORDS if word in text)
    if len(kinds) > 1:
        return "mixed", tuple(matched)
    return (kinds[0] if kinds else _GREENFIELD), tuple(matched)


def gates_named(check: str, gates: Sequence[Gate]) -> tuple[Gate, ...]:
    """The gates that bear a check's name as one part of their own, passed or not."""
    return tuple(gate for gate in gates if check in name_parts(gate.name))


def _gate_for(check: str, gates: Sequence[Gate]) -> str | None:
    return next((gate.name for gate in gates_named(check, gates) if gate.passed), None)


def _status(passed: bool) -> str:
    return "passed" if passed else "blocked"
