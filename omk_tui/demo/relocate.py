"""Sample goals name their state root and project by placeholders; this puts real paths there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

ROOT = "{{ROOT}}"
PROJECT = "{{PROJECT}}"

Cell = str | int | float | None
"""What a column of a sample's database row holds."""


class Places:
    """The two directories that sample goals name, in the spellings that their files need.

    Raises UnicodeEncodeError if a path is not valid UTF-8, because no JSON file could hold it.
    """

    def __init__(self, root: Path, project: Path) -> None:
        self._plain = {ROOT: str(root), PROJECT: str(project)}
        for text in self._plain.values():
            text.encode()

    def in_text(self, text: str) -> str:
        """`text` with the paths in place of their names."""
        for name, path in self._plain.items():
            text = text.replace(name, path)
        return text

    def in_file(self, path: str, data: bytes) -> bytes:
        """The bytes of the file `path` with the paths in place of their names, escaped where the file is JSON."""
        for name, directory in self._plain.items():
            is_json = path.endswith((".json", ".jsonl"))
            spelling = json.dumps(directory, ensure_ascii=False)[1:-1] if is_json else directory
            data = data.replace(name.encode(), spelling.encode())
        return data

    def in_row(self, row: Mapping[str, Cell]) -> dict[str, Cell]:
        """The database row with the paths in place of their names."""
        return {column: self.in_text(value) if isinstance(value, str) else value for column, value in row.items()}
