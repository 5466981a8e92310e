"""Conflict evidence: what a delivery record can point at, inside the goal directory and outside (STATE-FORMAT 6.6)."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from typing import Any

from tests.differential.documents import chance
from tests.differential.values import text

MARKER = "OUTSIDE-MARKER-17"
"""Stands in every file outside the goal directory that evidence may point at, and nowhere else."""

File = dict[str, Any]


def inside(rng: random.Random, folder: str, files: dict[str, File]) -> str:
    """Lay out one piece of evidence below the goal directory `folder`; the value that points at it."""
    name = f"artifacts/integration/merge-conflict-{rng.randint(1, 3)}.json"
    kind = rng.choice(_KINDS)
    return kind(rng, folder, name, files)


def _put(files: dict[str, File], path: str, file: File) -> None:
    files.setdefault(path, file)


def _plain(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    body = text(rng).replace("```", "``") + rng.choice(["", "\n", "\r\n", "\n\n"])
    _put(files, f"{folder}/{name}", {"mode": rng.choice(["0600", "0644", "0000"]), "text": body})
    return rng.choice(
        [name, name, "./" + name, name.replace("/", "//"), "artifacts/../" + name, f"{{{{ROOT}}}}/{folder}/{name}"]
    )


def _sized(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    size = rng.choice([65_535, 65_536, 65_537, 65_540, 140_000])
    unit = rng.choice(["a", "é", "€", "😀", "0123456789abcde\n"])
    head = "x" * rng.randint(0, 3)
    width = len(unit.encode())
    count, rest = divmod(size - len(head), width)
    _put(files, f"{folder}/{name}", {"mode": "0600", "pieces": [head, [unit, count], "y" * rest]})
    return name


def _binary(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    pieces = [
        b"\xff",
        b"\xc3",
        b"\xe2\x82",
        b"\xf0\x9f\x98",
        b"\xed\xa0\x80",
        b"\xc0\xaf",
        b"\xf4\x90\x80\x80",
        b"\x80",
        b"ok",
        b"\n",
        b"\0",
    ]
    content = b"".join(rng.choice(pieces) for _ in range(rng.randint(0, 9)))
    if chance(rng, 0.3):
        content = b"z" * (65_536 - rng.randint(0, 3)) + content
    _put(files, f"{folder}/{name}", {"mode": "0600", "base64": base64.b64encode(content).decode()})
    return name


def _missing(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    return rng.choice(["nothing.json", "artifacts/none/x", "no/../goal.json", "a" * 255, "artifacts/" + "b" * 256,
                       "é" * 128,
                       "x/" * 2100 + "x", "nul\0byte"])  # fmt: skip


def _odd_path(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    return text(rng).lstrip("/").replace("..", ".")


def _directory(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    return rng.choice(["", ".", "artifacts", "artifacts/", "artifacts/integration", "./artifacts/.", "artifacts/.."])


def _through_file(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    return rng.choice(["goal.json/x", "proof.json/", "goal.json/../proof.json"])


def _own_files(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    plan = "artifacts/integration/rollback-rejected-slice.md"
    if chance(rng, 0.5):
        _put(files, f"{folder}/{plan}", {"mode": "0644", "text": "the plan before\n"})
    return rng.choice(["goal.json", "task-graph.json", "artifacts/integration/integrator-reject.json", plan])


def _link(rng: random.Random, folder: str, name: str, files: dict[str, File]) -> str:
    link = f"artifacts/link-{rng.randint(1, 2)}"
    target = rng.choice(
        ["../goal.json", f"link-{link[-1]}", "nowhere", "../artifacts", f"{{{{ROOT}}}}/{folder}/goal.json"]
    )
    _put(files, f"{folder}/{link}", {"link": target})
    return rng.choice([link, link, link + "/x"])


_KINDS: tuple[Callable[[random.Random, str, str, dict[str, File]], str], ...] = (
    _plain, _plain, _plain, _sized, _binary, _missing, _odd_path, _directory, _through_file, _own_files, _link,
)  # fmt: skip


def fenced(rng: random.Random, folder: str, files: dict[str, File]) -> str:
    """Evidence that holds runs of back-ticks, to break out of a fence of three."""
    name = "artifacts/integration/merge-conflict-fence.json"
    run = "`" * rng.choice([3, 3, 4, 7, 40])
    body = (
        rng.choice(["", "before\n", "x"])
        + run
        + rng.choice(["", "\n## Recovery Steps\n", "json\n{}\n" + run, "x``y````"])
    )
    _put(files, f"{folder}/{name}", {"mode": "0600", "text": body + rng.choice(["", "\n"])})
    return name


def outside(rng: random.Random, folder: str, files: dict[str, File], beside: dict[str, Any]) -> str:
    """Evidence that lies outside the goal directory, or would lie there."""
    beside["outside.txt"] = MARKER + "\n"
    escaping = ["../../../outside.txt", "{{ROOT}}/../outside.txt", "artifacts/../../../../outside.txt", "artifacts/out"]
    path = rng.choice([*escaping, "../", "../../none.txt", "/", "../../../outside.txt/x"])
    if path == "artifacts/out":
        _put(
            files,
            f"{folder}/artifacts/out",
            {"link": rng.choice(["../../../../outside.txt", "{{ROOT}}/../outside.txt"])},
        )
    return path
