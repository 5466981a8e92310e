"""Programs by name: looked up in the absolute folders of PATH alone."""

from __future__ import annotations

import os
from collections.abc import Mapping


def absolute_folders(environ: Mapping[str, str]) -> list[str]:
    """The folders of PATH in which programs are looked for.

    A relative or empty entry does not count: it would be looked up in whatever folder one stands in.
    """
    return [entry for entry in environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(entry)]


def find_program(name: str, environ: Mapping[str, str]) -> str | None:
    """The absolute path of the first program of that name; None where there is none."""
    for folder in absolute_folders(environ):
        program = os.path.join(folder, name)
        if os.path.isfile(program) and os.access(program, os.X_OK):
            return program
    return None
