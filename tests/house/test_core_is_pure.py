"""The core is pure: it knows neither the machine nor the clock, only the standard library's calculating parts."""

import ast
import sys
from pathlib import Path

import pytest

import omk_tui.core

CORE = Path(omk_tui.core.__file__).parent
BELOW_CORE = ("omk_tui.core", "omk_tui.light.dataclass", "omk_tui.light.fresh_id", "omk_tui.light.pattern")
IMPURE = {
    *("asyncio", "fcntl", "glob", "io", "logging", "mmap", "multiprocessing", "os", "pathlib", "random", "secrets"),
    *("select", "shutil", "signal", "socket", "sqlite3", "stat", "subprocess", "tempfile", "threading", "time"),
    *("ctypes", "importlib", "pickle", "runpy", "urllib"),
}
LATE = "omk_tui.light.late"
"""Its names are modules of the standard library, as in an ordinary import."""
IMPURE_CALLS = {"open", "input", "print", "exec", "eval", "__import__"}


def imported_modules(tree: ast.AST) -> set[str]:
    """The names of the modules that a file imports, as written."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            names |= {alias.name for alias in node.names} if module == LATE else {module}
    return names


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda path: path.name)
def test_core_imports_pure_modules_only(path: Path) -> None:
    for name in imported_modules(ast.parse(path.read_bytes())):
        top = name.partition(".")[0]
        if top == "omk_tui":
            below = name in BELOW_CORE or name.startswith("omk_tui.core.")
            assert below, f"{path.name} imports {name}"
        else:
            assert top in sys.stdlib_module_names, f"{path.name} imports {name}, which is not in the standard library"
            assert top not in IMPURE, f"{path.name} imports {name}, which reaches out of the program"


@pytest.mark.parametrize("path", sorted(CORE.rglob("*.py")), ids=lambda path: path.name)
def test_core_calls_nothing_that_reaches_out(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            assert called not in IMPURE_CALLS | {"now", "utcnow", "today"}, f"{path.name}:{node.lineno}: {called}()"
