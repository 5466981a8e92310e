"""Modules of the standard library that are imported when they are first used: most commands can do without them.

`from omk_tui.light.late import sqlite3` in the place of `import sqlite3`, where a command loads what it may not need.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import hashlib
    import hmac
    import secrets
    import selectors
    import shlex
    import shutil
    import sqlite3
    import subprocess
    import tempfile
    import tomllib
    import uuid
    from typing import Any

__all__ = [
    "hashlib",
    "hmac",
    "secrets",
    "selectors",
    "shlex",
    "shutil",
    "sqlite3",
    "subprocess",
    "tempfile",
    "tomllib",
    "uuid",
]


class _LateModule:
    """The module of a name; whatever is read or set of it is the module's own."""

    __slots__ = ("__name__",)

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "__name__", name)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(__import__(self.__name__), attribute)

    def __setattr__(self, attribute: str, value: Any) -> None:
        setattr(__import__(self.__name__), attribute, value)

    def __delattr__(self, attribute: str) -> None:
        delattr(__import__(self.__name__), attribute)


if not TYPE_CHECKING:
    hashlib = _LateModule("hashlib")
    hmac = _LateModule("hmac")
    secrets = _LateModule("secrets")
    selectors = _LateModule("selectors")
    shlex = _LateModule("shlex")
    shutil = _LateModule("shutil")
    sqlite3 = _LateModule("sqlite3")
    subprocess = _LateModule("subprocess")
    tempfile = _LateModule("tempfile")
    tomllib = _LateModule("tomllib")
    uuid = _LateModule("uuid")
