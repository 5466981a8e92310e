"""The intake record of an opened goal: which commits were looked at, and where everything in the goal came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from omk_tui.core.format import omk_json
from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.format.omk_json import Json, JsonError
from omk_tui.light.dataclass import dataclass, declared_fields, field, values
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    MergeState = Literal["clean", "conflict", "not_checked"]

INTAKE_FOLDER = "artifacts/intake"
INTAKE_FILE = f"{INTAKE_FOLDER}/intake.json"
SUPERSEDED_FILE = f"{INTAKE_FOLDER}/superseded.json"
SCHEMA = "omk-tui/intake/1"
LARGEST_INTAKE = 4 << 20
"""Bytes of an intake record that are read."""

MERGE_STATES = ("clean", "conflict", "not_checked")
_SHORT = 8
_OPENED_ID = pattern(rf"goal-[0-9]{{8}}-[0-9]{{6}}-000-([0-9a-f]{{{_SHORT}}})")


@dataclass(frozen=True, slots=True)
class Intake:
    """What a goal was opened from. Hashes are whole; what is not known is empty.

    `branch` is a full ref name (empty for a commit without one), `base_ref` the name behind `base`, `repository` the
    real path of the repository's common git directory, `worktree` the work tree in which the branch was checked out.
    `merge` is what merging head into base came to, `merge_tree` the tree of that merge. `text_from` says where the
    goal's text came from. `gate_config` and `policy` are the blobs of `.omk/gates.toml` and `.omk/desk.toml` on the
    base, `waivers` what the latter waives, by key with the reason. `self_graded` are files of the branch that its own
    gates depend on, `tests_removed` and `tests_skipped` lines of tests that it removes or skips, `tests_changed`
    test files of the base that it takes lines out of, with how many lines go and come.
    """

    goal_id: str
    opened_at: str
    opened_by: str
    tool: str
    git: str
    project_dir: str
    repository: str
    branch: str
    head: str
    base_ref: str
    base: str
    merge_base: str
    merge: MergeState
    merge_tree: str
    merge_text: str
    text_from: str
    worktree: str = ""
    uncommitted: int = 0
    commits: int = 0
    authors: tuple[str, ...] = ()
    gate_config: str = ""
    policy: str = ""
    waivers: Mapping[str, str] = field(default_factory=dict)
    self_graded: tuple[str, ...] = ()
    tests_removed: int = 0
    tests_skipped: int = 0
    tests_changed: tuple[str, ...] = ()

    @property
    def branch_name(self) -> str:
        """The branch as people say it, or the beginning of the commit."""
        for prefix in ("refs/heads/", "refs/remotes/"):
            if self.branch.startswith(prefix):
                return self.branch.removeprefix(prefix)
        return self.branch or self.head[:12]


class BadIntake(ValueError):
    """Why a text is no intake record, in a clause."""


def write_intake(intake: Intake) -> bytes:
    """The record as it stands in INTAKE_FILE."""
    members: dict[str, Json] = {"schema": SCHEMA}
    for name, value in values(intake).items():
        members[name] = list(value) if isinstance(value, tuple) else value
    return (omk_json.pretty(members) + "\n").encode("utf-8")


def read_intake(text: str) -> Intake:
    """The record in a text. Raises BadIntake: nothing in it is believed to have the right type."""
    try:
        document = omk_json.parse(text)
    except JsonError as error:
        raise BadIntake(f"it is not valid JSON: {error}") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise BadIntake(f"it is no {SCHEMA}")
    document = {"tests_changed": [], **document}  # the first records have none
    values = {each.name: _value(each.name, each.type, document.get(each.name)) for each in declared_fields(Intake)}
    intake = Intake(**values)
    if not all(is_git_hash(each) for each in (intake.head, intake.base, intake.merge_base)):
        raise BadIntake("head, base or merge_base is no commit")
    if intake.merge not in MERGE_STATES:
        raise BadIntake("merge is none of its states")
    return intake


def _value(name: str, kind: str, value: Json) -> Any:
    if kind == "int" and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    if kind in ("str", "MergeState") and isinstance(value, str):
        return value
    if kind == "tuple[str, ...]" and isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(each for each in value if isinstance(each, str))
    if (
        kind == "Mapping[str, str]"
        and isinstance(value, dict)
        and all(isinstance(each, str) for each in value.values())
    ):
        return {key: each for key, each in value.items() if isinstance(each, str)}
    raise BadIntake(f"{name} is missing or of the wrong type")


def goal_id_of(head: str, committed_at: str) -> str:
    """The id of the goal of a commit; `committed_at` is its committer's time as ``YYYYMMDD-HHMMSS`` in UTC."""
    return f"goal-{committed_at}-000-{head[:_SHORT]}"


def was_opened(goal_id: str, commits: Iterable[str | None]) -> bool:
    """Whether a goal without an intake record was opened from a branch all the same: its id names a commit of its own.

    `commits` are those of its deliveries. A goal that omk makes has a random ending there.
    """
    match = _OPENED_ID.fullmatch(goal_id)
    return match is not None and any(commit is not None and commit.startswith(match[1]) for commit in commits)
