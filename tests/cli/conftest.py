"""The samples as a state root, once for reading and anew for each test that writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.commands import Desk, lay_out_desk


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The samples, for commands that only read."""
    return lay_out_desk(tmp_path_factory.mktemp("samples"))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The samples, to be decided on; the current directory is their project."""
    laid_out = lay_out_desk(tmp_path)
    monkeypatch.chdir(laid_out.project)
    return laid_out
