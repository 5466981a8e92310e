"""Delivery slices: the `delivery` objects of task-graph.json, read raw (STATE-FORMAT 4.2)."""

from __future__ import annotations

from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import MOST_RECORDS, too_many
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.record_table import FieldError
from omk_tui.light.dataclass import dataclass

# The typed keys in canonical order; true where the value is a list of strings.
_TYPED_KEYS: tuple[tuple[str, bool], ...] = (
    ("slice_id", False),
    ("owner", False),
    ("read_scope", True),
    ("write_scope", True),
    ("dependencies", True),
    ("branch", False),
    ("worktree_name", False),
    ("worktree_path", False),
    ("gates", True),
    ("review_needs", True),
    ("pr_url", False),
    ("commit_sha", False),
    ("verification_summary", False),
    ("status", False),
    ("conflict_evidence_path", False),
    ("conflict_blocking_reason", False),
    ("slice_lease_id", False),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery record: the task it belongs to, its typed values and the extras that omk keeps as they are.

    `extras` are in the order that omk's swap-remove leaves. A typed value that is absent or of the wrong type has no
    entry in `typed`.
    """

    task_id: str
    typed: dict[str, str | list[str]]
    extras: dict[str, Json]

    def text(self, key: str) -> str | None:
        """The typed string value of `key`, or None. An empty string is a value."""
        value = self.typed.get(key)
        return value if isinstance(value, str) else None

    @property
    def has_conflict(self) -> bool:
        """Whether a rollback plan has a section for this record (STATE-FORMAT 6.6)."""
        return "conflict_evidence_path" in self.typed or "conflict_blocking_reason" in self.typed

    @property
    def section_id(self) -> str:
        """What the slice is called and sorted by: its slice id if set (even if empty), else the task id."""
        slice_id = self.text("slice_id")
        return self.task_id if slice_id is None else slice_id

    def as_json(self) -> dict[str, Json]:
        """The record as it is written to `delivery_metadata` (STATE-FORMAT 4.2, re-assembly)."""
        members = dict(self.extras)
        for key, is_list in _TYPED_KEYS:
            value = self.typed.get(key)
            if value is None or (is_list and not value):
                continue
            members[key] = list(value) if isinstance(value, list) else value
        members["task_id"] = self.task_id
        return members


def read_deliveries(text: str) -> tuple[Delivery, ...]:
    """The delivery records in the text of a task-graph.json, in file order.

    Raises JsonError (raw read), FieldError for more tasks than are read.

    A document without a `tasks` list has none.
    """
    raw = omk_json.parse(text)
    tasks = raw.get("tasks") if isinstance(raw, dict) else None
    if isinstance(tasks, list) and (excess := too_many(len(tasks), MOST_RECORDS)):
        raise FieldError("tasks", excess)
    records = []
    for task in tasks if isinstance(tasks, list) else ():
        if not isinstance(task, dict):
            continue
        task_id, delivery = task.get("id"), task.get("delivery")
        if isinstance(task_id, str) and isinstance(delivery, dict) and delivery:
            records.append(_split(task_id, delivery))
    return tuple(records)


def _split(task_id: str, delivery: dict[str, Json]) -> Delivery:
    """The object taken apart into typed values and extras."""
    extras = list(delivery.items())
    typed: dict[str, str | list[str]] = {}
    for key, is_list in _TYPED_KEYS:
        value = delivery.get(key)
        if is_list:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                continue
            typed[key] = [item for item in value if isinstance(item, str)]
        elif isinstance(value, str):
            typed[key] = value
        else:
            continue
        place = next(i for i, (name, _) in enumerate(extras) if name == key)
        last = extras.pop()
        if place < len(extras):
            extras[place] = last
    return Delivery(task_id, typed, dict(extras))
