"""What a ledger says: its lines, each checked against its seal and against the line after it.

The ledger is an append-only record of decisions. omk ignores the file.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Literal

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.records.ledger_line import LEDGER_SCHEMA, line_hash, seal_holds
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One line of a ledger: its members, and the fault of the line if it has one."""

    number: int
    members: dict[str, Json]
    fault: str = ""

    def text(self, key: str) -> str:
        """The string value of `key`, or the empty string."""
        value = self.members.get(key)
        return value if isinstance(value, str) else ""

    @property
    def verdict(self) -> Literal["", "accepted", "accepted!", "rejected"]:
        """The decision in the list's word: ``accepted!`` where evidence was missing that no policy waived.

        Empty for a line without a decision.
        """
        match self.text("verb"):
            case "accept":
                return "accepted" if self.text("status") == "ready" or self._all_waived else "accepted!"
            case "reject":
                return "rejected"
            case _:
                return ""

    @property
    def _all_waived(self) -> bool:
        """Whether each requirement that was not met was waived, and there was one."""
        every = self.members.get("requirements")
        judged = (
            [requirement for requirement in every if isinstance(requirement, dict)] if isinstance(every, list) else []
        )
        unmet = [requirement for requirement in judged if not requirement.get("met")]
        return bool(unmet) and all(requirement.get("waived") is True for requirement in unmet)

    @property
    def written(self) -> dict[str, str]:
        """Path and hash of each file that the decision wrote."""
        value = self.members.get("written")
        if not isinstance(value, dict):
            return {}
        return {path: digest for path, digest in value.items() if isinstance(digest, str)}


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A decision that the file at `path` records and the ledger does not: taken with omk, or its line was removed."""

    path: str
    verb: str
    decided_at: str
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """The decisions of one goal, oldest first; `interrupted` says why a decision that was begun is not finished.

    `unlisted` are those that left a file but no line.
    """

    entries: tuple[LedgerEntry, ...]
    interrupted: str = ""
    unlisted: tuple[Unlisted, ...] = ()


def read_ledger(lines: Sequence[bytes], names: Container[str]) -> tuple[LedgerEntry, ...]:
    """The entries of a ledger's lines, each checked against its seal and against the hash that the next one has of it.

    `names` are the names of the goal: its id, and another where its directory is linked.
    A fault is told at the line that does not fit: it is no record, it was changed, it is another goal's, or the line
    before it was changed, dropped or put in between. What hashes cannot show: that lines were removed which were the
    newest then, or that somebody who may write the file has written it anew.
    """
    entries: list[LedgerEntry] = []
    previous: str | None = None
    for number, line in enumerate(lines, start=1):
        members = _members(line)
        if members is None:
            entries.append(LedgerEntry(number, {}, "the line is no ledger record: it was cut off or changed"))
        elif not seal_holds(line):
            entries.append(LedgerEntry(number, members, "the line was changed: its seal does not fit what it says"))
        elif members.get("goal_id") not in names:
            fault = "the line is about another goal: it was copied here, or the directory had another name"
            entries.append(LedgerEntry(number, members, fault))
        elif members.get("previous") != previous:
            fault = "the line before it is not the one it was written after: a line was changed, dropped or added"
            entries.append(LedgerEntry(number, members, fault))
        else:
            entries.append(LedgerEntry(number, members))
        previous = line_hash(line)
    return tuple(entries)


def _members(line: bytes) -> dict[str, Json] | None:
    try:
        raw = omk_json.parse(line.decode("utf-8"))
    except (UnicodeDecodeError, omk_json.JsonError):
        return None
    return raw if isinstance(raw, dict) and raw.get("schema") == LEDGER_SCHEMA else None
