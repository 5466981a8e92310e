"""The decision files that omk and omk-tui both write: when it was decided each way last, and what the ledger misses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json, JsonError
from omk_tui.core.format.timestamp import Timestamp, TimestampError
from omk_tui.core.records.file_names import CHECKPOINTS_FILE, DECISION_FILES
from omk_tui.core.records.ledger_entries import LedgerEntry, Unlisted
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable

NOT_KNOWN = (Unreadable, UnicodeDecodeError, JsonError, TimestampError)
"""What reading a moment raises when it is not known."""
_MOST = 64 << 20
_LABEL = b"integration_decision"


def read_moment(folder: GoalFolder, path: str, key: str) -> Timestamp | None:
    """The moment under `key` of a document; None when there is no such file. Raises what NOT_KNOWN names."""
    document = _document(folder, path)
    return None if document is None else _moment(document, key)


def unlisted(folder: GoalFolder, entries: Sequence[LedgerEntry]) -> tuple[Unlisted, ...]:
    """The decisions that omk's own files tell of and the ledger does not: omk's, or lines that somebody removed.

    The oldest first; a file that cannot be read tells of none.
    """
    listed = {(entry.text("verb"), _moment_or_none(entry.members, "decided_at")) for entry in entries}
    decisions = _by_their_files(folder, listed)
    moments = [moment for _, moment in listed if moment] + [moment for moment, _ in decisions]
    decisions += [(moment, Unlisted(CHECKPOINTS_FILE, "", moment.text(), "")) for moment in _left_over(folder, moments)]
    return tuple(decision for _, decision in sorted(decisions, key=lambda pair: pair[0]))


def _by_their_files(folder: GoalFolder, listed: Container[object]) -> list[tuple[Timestamp, Unlisted]]:
    decisions: list[tuple[Timestamp, Unlisted]] = []
    for verb, (path, *_) in DECISION_FILES.items():
        try:
            document = _document(folder, path)
            if document is None:
                continue
            moment = _moment(document, "decided_at")
        except NOT_KNOWN:
            continue
        if (verb, moment) not in listed:
            text = document.get("summary")
            decisions.append((moment, Unlisted(path, verb, moment.text(), text if isinstance(text, str) else "")))
    return decisions


def _left_over(folder: GoalFolder, decided: Iterable[Timestamp]) -> list[Timestamp]:
    """The moments of checkpoints that belong to none of the decisions taken at the moments `decided`.

    Each decision writes one checkpoint, a little later (STATE-FORMAT 6.7).
    """
    without_checkpoint, extra = sorted(decided), []
    for moment in sorted(_checkpoints(folder)):
        place = bisect_right(without_checkpoint, moment)
        if place:
            del without_checkpoint[place - 1]
        else:
            extra.append(moment)
    return extra


def _checkpoints(folder: GoalFolder) -> Iterator[Timestamp]:
    try:
        data = folder.read(CHECKPOINTS_FILE, _MOST)
    except Unreadable:
        return
    for line in data.split(b"\n"):
        if _LABEL in line:
            with suppress(*NOT_KNOWN):
                document = omk_json.parse(line.decode("utf-8"))
                if isinstance(document, dict) and document.get("label") == "integration_decision":
                    yield _moment(document, "recorded_at")


def _document(folder: GoalFolder, path: str) -> dict[str, Json] | None:
    """The object in a file, an empty one for anything else, None when it is not there. Raises Unreadable and others."""
    try:
        document = omk_json.parse(folder.read(path, _MOST).decode("utf-8"))
    except Unreadable as error:
        if error.missing:
            return None
        raise
    return document if isinstance(document, dict) else {}


def _moment(document: dict[str, Json], key: str) -> Timestamp:
    moment = document.get(key)
    return Timestamp.parse(moment if isinstance(moment, str) else "")


def _moment_or_none(document: dict[str, Json], key: str) -> Timestamp | None:
    try:
        return _moment(document, key)
    except TimestampError:
        return None
