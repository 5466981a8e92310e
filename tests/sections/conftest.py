"""The sample goals, laid out once for all tests of this folder (nothing here writes to them)."""

from __future__ import annotations

import pytest

from tests.sections.samples import Samples, lay_out


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Samples:
    return lay_out(tmp_path_factory.mktemp("samples"))
