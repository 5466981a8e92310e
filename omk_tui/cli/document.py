"""What every document of `--json` is: a strict pydantic model that prints as one line of ASCII."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

Instant = Annotated[
    str,
    Field(description="An instant as omk writes it: UTC, up to nine digits of a second."),
]


def _valid_unicode(value: object) -> object:
    """A text without the lone surrogates that stand for bytes of a file name which are no UTF-8."""
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_valid_unicode)]


class Part(BaseModel):
    """Something inside a document; no key is ever left out."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class Document(Part):
    """One whole answer. `schema` names its kind and version; a key that changes its meaning changes the version."""

    schema_: str = Field(alias="schema", description="Which document this is.")

    def line(self) -> str:
        """The document as one line of ASCII with its newline."""
        text = json.dumps(self.model_dump(by_alias=True), ensure_ascii=True, separators=(",", ":"), allow_nan=False)
        return text.replace("\x7f", "\\u007f") + "\n"


def schema_of(name: str) -> Any:
    """The field `schema` of the document of that name."""
    return Field(default=name, alias="schema", description="Which document this is.", examples=[name])
