"""Pictures made of text: the task graph, gate durations, budget burn, sizes of changes. Readable without colour.

Every picture is a list of plain lines; names in them come from outside and are cleaned by whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from omk_tui.core.format.omk_json import Json
from omk_tui.core.records.proof import Gate
from omk_tui.core.records.task_graph import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.review.diff import FilePatch

MOST_DRAWN = 200
"""Tasks, gates or files in one picture; of more the first are drawn and the rest is counted."""
_BAR, _REST = "█", "·"
_BAR_WIDTH = 24
_SIGNS = {"done": "[x]", "blocked": "[!]"}
_MEASURES = (
    ("time", "elapsed_since_created_secs", "total_budget_secs", " s"),
    ("tokens", "used_tokens", "budget_tokens", ""),
    ("USD", "estimated_cost_usd", "budget_usd", ""),
)


def bar(value: float, most: float, width: int) -> str:
    """A bar of `width` cells; whatever is above zero has at least one of them filled."""
    if most <= 0 or value <= 0:
        return _REST * width
    filled = width if value >= most else max(1, round(width * (value / most)))
    return _BAR * filled + _REST * (width - filled)


def task_lines(tasks: Sequence[Task]) -> list[str]:
    """The task graph as a tree, each task below the first it waits for, and which ones block the rest."""
    by_id = {task.id: task for task in tasks}
    below: dict[str, list[Task]] = {}
    for task in tasks[:MOST_DRAWN]:
        first = next((name for name in task.dependencies if name in by_id), "")
        below.setdefault(first, []).append(task)
    lines: list[str] = []
    drawn: set[str] = set()

    def draw(task: Task, before: str, arm: str, below_arm: str) -> None:
        if task.id in drawn:
            return
        drawn.add(task.id)
        lines.append(f"{before}{arm}{_SIGNS.get(task.status, '[ ]')} {task.id}  {task.status}{_waits(task, by_id)}")
        children = below.get(task.id, ())
        for number, child in enumerate(children):
            last = number == len(children) - 1
            draw(child, before + below_arm, "└─ " if last else "├─ ", "   " if last else "│  ")

    for root in below.get("", ()):
        draw(root, "", "", "")
    for task in tasks[:MOST_DRAWN]:  # what waits for itself in a circle has no root
        draw(task, "", "", "")
    if len(tasks) > MOST_DRAWN:
        lines.append(f"… {len(tasks) - MOST_DRAWN} more")
    return lines


def _waits(task: Task, by_id: dict[str, Task]) -> str:
    known = [by_id[name] for name in task.dependencies if name in by_id]
    also = f"  (also after {', '.join(dependency.id for dependency in known[1:])})" if len(known) > 1 else ""
    unknown = [name for name in task.dependencies if name not in by_id]
    lost = f"  (after {', '.join(unknown)}, which is no task)" if unknown else ""
    blocks = "  <- blocks what comes after it" if not task.done and all(dependency.done for dependency in known) else ""
    return also + lost + blocks


def gate_lines(gates: Sequence[Gate]) -> list[str]:
    """How long each gate took, beside the longest, and how it ended."""
    most = max((gate.duration_ms or 0 for gate in gates), default=0)
    names = max((len(gate.name) for gate in gates[:MOST_DRAWN]), default=0)
    lines = []
    for gate in gates[:MOST_DRAWN]:
        took = gate.duration_ms or 0
        ended = "skipped" if gate.skipped else "pass" if gate.passed else "FAIL"
        drawn = bar(took, most, _BAR_WIDTH)
        lines.append(f"{gate.name:<{min(names, 30)}}  {drawn}  {took / 1000:>8.1f} s  {ended}")
    return [*lines, f"… {len(gates) - MOST_DRAWN} more"] if len(gates) > MOST_DRAWN else lines


def diff_lines(patches: Sequence[FilePatch]) -> list[str]:
    """How much was added to and removed from each file, beside the most changed one."""
    most = max((patch.added + patch.removed for patch in patches), default=0)
    lines = []
    for patch in patches[:MOST_DRAWN]:
        changed = patch.added + patch.removed
        filled = 0 if not changed else max(1, round(_BAR_WIDTH * changed / most))
        plus = round(filled * patch.added / changed) if changed else 0
        drawn = ("+" * plus + "-" * (filled - plus)).ljust(_BAR_WIDTH)
        lines.append(f"{patch.added:>6} {-patch.removed or '-0':>6}  {drawn}  {patch.path}")
    return [*lines, f"… {len(patches) - MOST_DRAWN} more"] if len(patches) > MOST_DRAWN else lines


def budget_lines(checkpoints: Iterable[dict[str, Json]]) -> list[str]:
    """What was used of time, tokens and money at the last checkpoint, against its limit if there is one."""
    every = list(checkpoints)
    if not every:
        return []
    lines = []
    for name, used_key, limit_key, unit in _MEASURES:
        used = [_number(point.get(used_key)) for point in every]
        limit = _number(every[-1].get(limit_key))
        if limit:
            share = f"{100 * used[-1] / limit:.0f} %"
            lines.append(
                f"{name:<6}  {bar(used[-1], limit, _BAR_WIDTH)}  {used[-1]:g}{unit} of {limit:g}{unit}  {share}"
            )
        else:
            lines.append(f"{name:<6}  {bar(0, 0, _BAR_WIDTH)}  {used[-1]:g}{unit}, no limit")
    labels = [label for point in every if isinstance(label := point.get("label"), str)]
    lines.append(f"at {len(every)} {'checkpoint' if len(every) == 1 else 'checkpoints'}: {' > '.join(labels[-8:])}")
    return lines


def _number(value: Json) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
