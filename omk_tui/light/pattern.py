"""Regular expressions that are compiled when they are first used: most commands use few of those that they load."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from typing import Any, AnyStr


class _Pattern:
    """Behaves as the compiled expression of its source."""

    def __init__(self, source: str | bytes) -> None:
        self._source = source

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # asked for by copy and pickle, before there is a source
            raise AttributeError(name)
        import re

        attribute = getattr(re.compile(self._source), name)
        setattr(self, name, attribute)
        return attribute


def pattern(source: AnyStr) -> re.Pattern[AnyStr]:
    """The regular expression of that source, flags written in it as `(?i)`; `re.error` is raised at its first use."""
    late: Any = _Pattern(source)
    return late  # type: ignore[no-any-return]
