"""How a result must look: as omk's was recorded, or untouched; and the product's deliberate differences.

Every function returns the differences it found, in words; none means identical.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.golden.case import Case, Places, Row
from tests.golden.confinement import evidence_paths, is_outside
from tests.golden.mask import clock_faults, created_at_of, mask_row, mask_text, span_of_run
from tests.golden.observe import Observation
from tests.golden.plans import adapt_confined, adapt_fence
from tests.golden.tree import Entry, Tree

Adapt = Callable[[bytes, bytes], tuple[bytes, bytes, list[str]]]
"""Adapts the rollback plan to a deliberate difference: (expected, actual) -> the two to compare, and faults found."""

PLAN = "artifacts/integration/rollback-rejected-slice.md"
_SHOWN_LINES = 40
_GUARD = re.compile(r"Error: Goal '.*' is (paused; run `omk goal resume |blocked_on_human and needs|cancelled$)", re.S)
_NOWHERE = Path("/nowhere")


def omk_differences(case: Case, seen: Observation) -> list[str]:
    """What in a run of omk itself is not as recorded."""
    faults = as_recorded(case, seen)
    # Where a message counts columns, they grow with the length of the root's path.
    texts = (seen.places.fill(case.expect.error), seen.result.stderr.decode("utf-8", "replace"))
    message, stderr = (re.sub(r"column \d+", "column N", text) for text in texts)
    return faults if message in stderr else [*faults, f"stderr: {message!r} is not in {stderr!r}"]


def product_differences(case: Case, seen: Observation) -> list[str]:
    """What in a run of the product is neither as recorded nor as the case's deliberate difference wants it."""
    match case.deliberate:
        case "graph-refused" | "half-written" | "large":
            return exit_is(seen, 1, 4) + untouched(seen)
        case "goal-id":
            return exit_is(seen, 1, 2, 4) + untouched(seen)
        case "latest":
            # omk decided the goal that its database calls the newest.
            decided = {name.split("/")[1] for name in case.expect.files if name.startswith("goals/")}
            return latest_refused(seen, sorted(decided | {newest_goal(case)}))
        case "deep":
            refused = exit_is(seen, 1) + untouched(seen)
            return refused and _usual(case, seen)
        case "confined":
            return _confined(case, seen)
    return _usual(case, seen)


def _usual(case: Case, seen: Observation) -> list[str]:
    """Decided where omk decides, refused where omk fails."""
    if case.expect.exit == 0:
        return by_the_product(case, seen)
    return exit_is(seen, *refusal_exits(case.expect.error)) + untouched(seen)


def by_the_product(case: Case, seen: Observation, adapt_plan: Adapt | None = None) -> list[str]:
    """As recorded, but torn lines of logs are ended first (`torn`) and fences are long enough (`fence`).

    Where no log is torn and no evidence holds a fence, both are exactly as recorded.
    """
    return as_recorded(case, seen, end_torn_lines=True, adapt_plan=adapt_plan or adapt_fence)


def refusal_exits(error: str) -> tuple[int, ...]:
    """The product's exit codes where omk fails with `error`."""
    if _GUARD.match(error):
        return (4,)
    return (1, 2) if "cannot be empty" in error else (1,)


def exit_is(seen: Observation, *codes: int) -> list[str]:
    if seen.result.exit in codes:
        return []
    wanted = " or ".join(map(str, sorted(codes)))
    return [f"exit {seen.result.exit}, expected {wanted}; stderr: {seen.result.stderr.decode(errors='replace')}"]


def latest_refused(seen: Observation, names: list[str]) -> list[str]:
    """Database and files disagree on the newest goal: refused, with both named and nothing written."""
    faults = [f"stderr does not name {name}: {seen.result.stderr!r}" for name in names
              if name.encode() not in seen.result.stderr]  # fmt: skip
    return exit_is(seen, 1, 4) + untouched(seen) + faults


def newest_goal(case: Case) -> str:
    """The newest goal by the goal files of a case: by `created_at`, then by the name (STATE-FORMAT 5.3)."""
    found: list[tuple[str, str]] = []
    for name, item in case.files.items():
        if re.fullmatch(r"goals/[^/]+/goal\.json", name):
            text = item.data(Places(_NOWHERE, _NOWHERE)).decode("utf-8", "replace")
            created = re.search(r'"created_at": *"([^"]*)"', text)
            found.append((created[1] if created else "", name.split("/")[1]))
    return max(found)[1]


def _confined(case: Case, seen: Observation) -> list[str]:
    marker = (case.must_not_contain or "").encode()
    assert marker, f"{case.name}: a confined case says what must not appear"
    faults = [f"{name} holds {marker!r}" for name, entry in seen.changed_files().items() if marker in entry.content]
    rows = seen.after.database.rows if seen.after.database else ()
    faults += [f"the row of {row['goal_id']} holds {marker!r}" for row in rows if marker in repr(row).encode()]
    printed = {"stdout": seen.result.stdout, "stderr": seen.result.stderr}
    faults += [f"{stream} holds {marker!r}" for stream, text in printed.items() if marker in text]
    if seen.before.links_outside:
        # omk reads or writes outside; such a decision is refused.
        return faults + exit_is(seen, *{1, 4, *refusal_exits(case.expect.error)}) + untouched(seen)
    folder = seen.places.root / "goals" / case.goal.strip()
    graph = seen.before.state[f"goals/{folder.name}/task-graph.json"].content
    paths = [path for path in evidence_paths(graph) if is_outside(folder, os.path.join(folder, path))]
    return faults + by_the_product(case, seen, partial(adapt_confined, paths))


def untouched(seen: Observation) -> list[str]:
    """Nothing is different from before (an empty omk.db may have appeared), and nothing was printed."""
    faults = compare_trees(seen.before.state, seen.after.state) + _beside(seen)
    before, after = seen.before, seen.after
    if before.database is None and before.database_file is not None:
        faults += compare_trees(_named(before.database_file), _named(after.database_file))
    else:
        old = list(before.database.rows) if before.database else []
        faults += compare_rows(old, list(after.database.rows) if after.database else [])
    if seen.result.stdout:
        faults.append(f"stdout: {seen.result.stdout!r}, expected nothing")
    return faults


def as_recorded(
    case: Case, seen: Observation, *, end_torn_lines: bool = False, adapt_plan: Adapt | None = None
) -> list[str]:
    """Exit code, standard output, state root and rows are those of the recording."""
    faults = exit_is(seen, case.expect.exit)
    stdout = seen.places.fill(case.expect.stdout).encode()
    if seen.result.stdout != stdout:
        faults.append(describe("stdout", stdout, seen.result.stdout))
    rows = list(seen.after.database.rows) if seen.after.database else []
    span = span_of_run(seen.before.state, _rows(seen), seen.result.started, seen.result.ended)
    expected = expected_tree(case, seen.before.state, seen.places, end_torn_lines=end_torn_lines)
    actual: dict[str, Entry] = {}
    for name, entry in seen.after.state.items():
        changes = case.expect.files.get(name) is not None and entry.kind == "file"
        content = mask_text(entry.content, span, created_at_of(seen.after.state, name)) if changes else entry.content
        actual[name] = Entry(entry.kind, entry.mode, content)
        if adapt_plan is not None and name.endswith(PLAN) and name in expected:
            wanted, content, found = adapt_plan(expected[name].content, content)
            faults += found
            expected[name] = Entry(expected[name].kind, expected[name].mode, wanted)
            actual[name] = Entry(entry.kind, entry.mode, content)
    faults += compare_trees(expected, actual) + _beside(seen)
    faults += clock_faults(seen.changed_files(), _new_rows(seen), span)
    return faults + _database(case, seen, [mask_row(row, span) for row in rows])


def _database(case: Case, seen: Observation, masked: list[dict[str, Any]]) -> list[str]:
    wanted, found = case.expect.db_rows, seen.after.database
    if wanted is None:
        if found is not None:
            return [f"a database appeared, with {len(found.rows)} rows"]
        # What is no database stays what it is.
        return compare_trees(_named(seen.before.database_file), _named(seen.after.database_file))
    if found is None:
        return [f"no database that can be read, expected {len(wanted)} rows"]
    faults = compare_rows([seen.places.fill_row(row) for row in wanted], masked)
    # A database of omk's own version or a newer one keeps its number, a new one gets omk's.
    version = seen.before.database.user_version if seen.before.database else 2
    if version >= 2 and found.user_version != version:
        faults.append(f"user_version {found.user_version}, expected {version}")
    return faults


def user_version_differences(omk: Observation, product: Observation) -> list[str]:
    """Both left the same schema version in the database."""
    versions = [seen.after.database.user_version if seen.after.database else None for seen in (omk, product)]
    return [] if versions[0] == versions[1] else [f"user_version {versions[1]}, omk left {versions[0]}"]


def expected_tree(case: Case, before: Tree, places: Places, *, end_torn_lines: bool) -> dict[str, Entry]:
    """The state root as recorded, with the masks in it."""
    tree = dict(before)
    for name, item in case.expect.files.items():
        if item is None:
            del tree[name]
            continue
        old = tree.get(name)
        mode = item.mode if item.mode is not None else (old.mode if old else 0o755 if name.endswith("/") else 0o644)
        if name.endswith("/"):
            tree[name] = Entry("directory", mode)
        elif item.form == "link":
            tree[name] = Entry("link", 0o777, places.fill(item.content).encode())
        elif item.form is None:
            assert old is not None, f"{case.name}: {name} has no content"
            tree[name] = Entry(old.kind, mode, old.content)
        else:
            content = item.data(places)
            if item.form == "append":
                head = old.content if old else b""
                torn = end_torn_lines and head and not head.endswith(b"\n")
                content = head + (b"\n" if torn else b"") + content
            tree[name] = Entry("file", mode, content)
    return tree


def compare_trees(expected: Tree, actual: Tree) -> list[str]:
    """Names, kinds, modes and bytes."""
    faults = [f"{name} is missing" for name in sorted(set(expected) - set(actual))]
    faults += [f"{name} should not be there" for name in sorted(set(actual) - set(expected))]
    for name in sorted(set(expected) & set(actual)):
        wanted, found = expected[name], actual[name]
        if wanted.kind != found.kind:
            faults.append(f"{name} is a {found.kind}, expected a {wanted.kind}")
        elif wanted.mode != found.mode:
            faults.append(f"{name} has mode {found.mode:04o}, expected {wanted.mode:04o}")
        if wanted.content != found.content:
            faults.append(describe(name, wanted.content, found.content))
    return faults


def compare_rows(expected: list[Row], actual: list[Row]) -> list[str]:
    """Rows by goal id; 1 and 1.0 are different."""
    faults: list[str] = []
    old, new = ({repr(row["goal_id"]): row for row in rows} for rows in (expected, actual))
    faults += [f"the row of {goal} is missing" for goal in sorted(set(old) - set(new))]
    faults += [f"the row of {goal} should not be there" for goal in sorted(set(new) - set(old))]
    for goal in sorted(set(old) & set(new)):
        for column in sorted(set(old[goal]) | set(new[goal])):
            wanted, found = old[goal].get(column), new[goal].get(column)
            if (type(wanted), wanted) != (type(found), found):
                faults.append(f"row {goal}, {column}: {found!r}, expected {wanted!r}")
    return faults


def describe(name: str, expected: bytes, actual: bytes) -> str:
    """The difference of two contents, to be read by a person."""
    old, new = (text.decode("utf-8", "backslashreplace").split("\n") for text in (expected, actual))
    diff = list(difflib.unified_diff(old, new, "expected", "actual", lineterm="", n=1))
    shown = [line if len(line) < 400 else line[:400] + " ..." for line in diff[:_SHOWN_LINES]]
    return "\n".join([f"{name} differs ({len(expected)} bytes expected, {len(actual)} found):", *shown])


def _named(entry: Entry | None) -> Mapping[str, Entry]:
    return {} if entry is None else {"omk.db": entry}


def _beside(seen: Observation) -> list[str]:
    return [f"beside the state root: {fault}" for fault in compare_trees(seen.before.beside, seen.after.beside)]


def _rows(seen: Observation) -> list[Row]:
    return list(seen.before.database.rows) if seen.before.database else []


def _new_rows(seen: Observation) -> list[Row]:
    old = _rows(seen)
    return [row for row in (seen.after.database.rows if seen.after.database else ()) if row not in old]
