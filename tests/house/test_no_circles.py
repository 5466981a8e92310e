"""No module of omk_tui imports, by whatever way and however late, a module that imports it."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import omk_tui

PACKAGE = Path(omk_tui.__file__).parent
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def imports(name: str) -> set[str]:
    """The modules of the package that a module imports, anywhere in its text."""
    wanted = set()
    for node in ast.walk(ast.parse(MODULES[name].read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            each = {f"{node.module}.{alias.name}" for alias in node.names}
            wanted |= {one if one in MODULES else node.module for one in each}
    return {one for one in wanted if one in MODULES} - {name}


def test_there_is_no_circle_of_imports() -> None:
    graph = {name: imports(name) for name in MODULES}
    assert sum(map(len, graph.values())) > 500
    TopologicalSorter(graph).prepare()  # raises CycleError with the circle
