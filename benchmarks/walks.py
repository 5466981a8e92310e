"""From a key until its frame, beside one Static; and what a large log takes of the memory."""

from __future__ import annotations

from pathlib import Path

from benchmarks import frames, scenes
from benchmarks.large import LARGE_LOG, large_goals
from benchmarks.measure import Row, key_rows, percentile


def walks(folder: Path, large: int) -> list[Row]:
    """Walking diffs, a log and a list of `large` goals, which is also filtered, filled and changed meanwhile."""
    floor = frames.run(frames.floor())
    rows: list[Row] = []

    def add(name: str, times: list[float], p50: float = 3.0, p95: float = 8.0) -> None:
        rows.extend(key_rows(name, times, floor, p50, p95))

    root, goal_id = scenes.reviewed(folder, 60, 20_000)
    ways = {"80x24": ((80, 24), ()), "160x50, side by side": ((160, 50), ("S",)), "wrapped": ((120, 40), ("w",))}
    for word, (size, more) in ways.items():
        for name, times in frames.run(frames.diff(root, goal_id, size, more)).items():
            add(f"diff of 20,000 lines, {word}: {name}", times)
    path = folder / "log"
    with path.open("w") as file:
        file.writelines(f"line {number} of a log\n" for number in range(1_000_000))
    add("log of 1,000,000 lines", frames.run(frames.log(path))[0])
    many = scenes.many(folder, large)
    listed = frames.run(frames.goals(many))
    add(f"list of {large:,} goals", listed["still"])
    add(f"list of {large:,} goals, {scenes.CHANGES_A_SECOND} a second change", listed["changing"], 4.0, 10.0)
    add(f"list of {large:,} goals, while it fills", frames.run(frames.filling(many)), 4.0, 10.0)
    nothing = frames.run(frames.goals(scenes.many(folder, 0)))["filter"]
    name, least = f"a letter of the filter, {large:,} goals", percentile(nothing, 0.5)
    rows.append(Row(name, "the same, no goal", percentile(listed["filter"], 0.5), least, 1.5))
    scenes.write_log(path, LARGE_LOG)
    times, memory = frames.run(frames.log(path))
    add("log of 2 GB", times)
    rows.append(Row("memory, a log of 2 GB open", "16 MiB", memory, 16, 1.0, "MiB"))
    path.unlink()
    return [*rows, *large_goals(folder, 5, floor)]
