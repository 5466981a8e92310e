"""A decider that does what a recording says: it fills the masks with real clock readings and fresh uuids.

It stands in for a perfect product, so that the harness itself can be tested: played back as it is, a case must show no
difference; played back with one thing wrong, it must show one.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

from tests.golden.case import Case, Item, Places, Row
from tests.golden.deciders import Result
from tests.golden.layout import write_database
from tests.golden.mask import SECOND, checkpoint_seconds

_SECS = re.compile(
    rb'"recorded_at":"(?P<at>[^"]*)"(?P<budget>[^{}]*?(?:"total_budget_secs":(?P<total>\d+))?)'
    rb',"elapsed_since_created_secs":<SECS>'
    rb'(?P<rest>,"remaining_budget_secs":<SECS>)?'
)


def written(instant: int) -> str:
    """A Unix time in nanoseconds in omk's written form, with all nine digits."""
    seconds, fraction = divmod(instant, SECOND)
    # A fraction that ends in 000 would have to be shorter.
    fraction += fraction % 1000 == 0
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{fraction:09d}Z"


@dataclass(frozen=True)
class Playback:
    """Plays one case back."""

    case: Case

    def __call__(self, argv: tuple[str, ...], places: Places) -> Result:
        started = time.time_ns()
        decided = time.time_ns()
        for name, item in self.case.expect.files.items():
            self._apply(places, name, item, decided)
        if self.case.expect.db_rows is not None:
            rows = [places.fill_row(row) for row in self.case.expect.db_rows]
            replace_rows(places.root / "omk.db", [_filled(row, decided) for row in rows])
        stdout = places.fill(self.case.expect.stdout).encode()
        stderr = places.fill(self.case.expect.error).encode()
        # The readings written to the logs lie a few microseconds after the decision.
        time.sleep(0.001)
        return Result(self.case.expect.exit, stdout, stderr, started, time.time_ns())

    def _apply(self, places: Places, name: str, item: Item | None, decided: int) -> None:
        path = places.root / name
        if item is None:
            path.unlink()
            return
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        elif item.form is not None:
            content = item.data(places)
            if item.form == "append":
                content = (path.read_bytes() if path.exists() else b"") + content
            if path.is_symlink():
                # A link is replaced, not followed; a log behind a link is named by its own place.
                path.unlink()
            path.write_bytes(self._fill(places, name, content, decided))
        if item.mode is not None:
            path.chmod(item.mode)

    def _fill(self, places: Places, name: str, content: bytes, decided: int) -> bytes:
        if name.endswith(".jsonl"):
            content = _fill_log(content, decided)
            goal = self.case.expect.files["/".join([*name.split("/")[:2], "goal.json"])]
            assert goal is not None, f"{self.case.name} removes a goal.json"
            created = json.loads(goal.data(places))["created_at"]
            content = _SECS.sub(lambda match: _seconds(match, created), content)
        return content.replace(b"<NOW>", written(decided).encode())


def _fill_log(content: bytes, decided: int) -> bytes:
    """First event, checkpoint, second event: 100, 200 and 300 microseconds after the decision."""
    content = re.sub(rb"<UUID>", lambda _: str(uuid.uuid4()).encode(), content)
    content = content.replace(b'"recorded_at":"<NOW>"', f'"recorded_at":"{written(decided + 200_000)}"'.encode())
    later = iter((100_000, 300_000))
    return re.sub(rb'"ts":"<NOW>"', lambda _: f'"ts":"{written(decided + next(later))}"'.encode(), content)


def _seconds(match: re.Match[bytes], created: str) -> bytes:
    total = match["total"] if match["rest"] else None
    elapsed, remaining = checkpoint_seconds(created, match["at"].decode(), total)
    text = f'"recorded_at":"{match["at"].decode()}"{match["budget"].decode()}'
    text += f',"elapsed_since_created_secs":{elapsed}'
    if remaining is not None:
        text += f',"remaining_budget_secs":{remaining}'
    return text.encode()


def _filled(row: Row, decided: int) -> Row:
    filled: Row = {column: decided // SECOND if value == "<NOW>" else value for column, value in row.items()}
    if isinstance(filled.get("failure"), str):
        filled["failure"] = filled["failure"].replace("<NOW>", written(decided))
    return filled


def replace_rows(path: Path, rows: list[Row]) -> None:
    """Make `rows` all the rows of an omk database, which is made if it is not there."""
    if not path.exists():
        write_database(path, rows, 2)
        return
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("DELETE FROM goals")
        for row in rows:
            columns = ", ".join(f'"{column}"' for column in row)
            marks = ", ".join("?" for _ in row)
            connection.execute(f"INSERT INTO goals ({columns}) VALUES ({marks})", list(row.values()))
    connection.close()
