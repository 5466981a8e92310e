"""Gates as they are defined: omk's `.omk/gates.toml`, and those that a person adds by hand."""

from __future__ import annotations

from omk_tui.core.records.proof import DEFAULT_SECONDS
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import shlex, tomllib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

LONGEST_SECONDS = 24 * 3600
MOST_GATES = 200


@dataclass(frozen=True, slots=True)
class GateDefinition:
    """One gate: its argv, whether it must pass, its limit in seconds (0: the usual); `junit` is a report of its own.

    `source` says who defined it: the base commit's `.omk/gates.toml`, or the person who ran it.
    """

    name: str
    command: str
    args: tuple[str, ...] = ()
    required: bool = True
    timeout_secs: int = 0
    allow_fail: bool = False
    skip: bool = False
    junit: str = ""
    source: Literal["base", "added"] = "base"

    @property
    def argv(self) -> tuple[str, ...]:
        """The words of the command; no shell reads them."""
        return (self.command, *self.args)

    @property
    def limit(self) -> int:
        """Seconds that it may take."""
        return self.timeout_secs or DEFAULT_SECONDS

    @property
    def command_line(self) -> str:
        """The words as a shell would have to be given them: omk records them with blanks between, and unquoted."""
        return shlex.join(self.argv)


_NAMES = {str: "a string", list: "a list", int: "a whole number", bool: "true or false", dict: "a table"}
"""What the types of TOML are called."""


class BadGates(ValueError):
    """Why gate definitions cannot be used, in a clause."""


def read_gates(text: str) -> tuple[GateDefinition, ...]:
    """The gates of a gates.toml in their order; unknown keys are allowed, as in omk. Raises BadGates."""
    if not text.strip():
        return ()
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadGates(f"it is not valid TOML: {error}") from None
    gates = document.get("gates", [])
    if not isinstance(gates, list) or len(gates) > MOST_GATES:
        raise BadGates(f"[[gates]] is no list of at most {MOST_GATES} gates")
    definitions = tuple(_gate(number, gate) for number, gate in enumerate(gates, 1))
    _require_distinct(definitions)
    return definitions


def added_gate(text: str) -> GateDefinition:
    """The gate of ``NAME=COMMAND``, split as a shell splits it and run without one. Raises BadGates."""
    name, sign, command = text.partition("=")
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise BadGates(f"{text}: {error}") from None
    if not sign or not name.strip() or not words:
        raise BadGates(f"{text} is not NAME=COMMAND")
    return GateDefinition(name.strip(), words[0], tuple(words[1:]), source="added")


def joined(defined: tuple[GateDefinition, ...], added: tuple[GateDefinition, ...]) -> tuple[GateDefinition, ...]:
    """Both, in order. Raises BadGates when a name is taken: an added gate never replaces a defined one."""
    gates = (*defined, *added)
    _require_distinct(gates)
    return gates


def _require_distinct(gates: tuple[GateDefinition, ...]) -> None:
    names = [gate.name for gate in gates]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadGates(f"there are two gates called {twice}")


def _gate(number: int, gate: Any) -> GateDefinition:
    def of(key: str, kind: type, default: Any, *spellings: str) -> Any:
        value = next((gate[each] for each in (key, *spellings) if each in gate), default)
        if key == "command" and isinstance(value, list):
            raise BadGates(f"command of gate {number} is a list: it is a string, the program, with its args beside it")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise BadGates(
                f"{key} of gate {number} is {_NAMES.get(type(value), 'of another kind')}, not {_NAMES[kind]}"
            )
        return value

    if not isinstance(gate, dict):
        raise BadGates(f"gate {number} is no table")
    name, command = of("name", str, ""), of("command", str, "")
    if not name.strip() or not command or "\0" in name + command:
        raise BadGates(f"gate {number} has no name or no command")
    args = of("args", list, [])
    if not all(isinstance(each, str) and "\0" not in each for each in args):
        raise BadGates(f"args of gate {number} are no strings")
    seconds = of("timeout_secs", int, 0)
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise BadGates(f"timeout_secs of gate {number} is not between 0 and {LONGEST_SECONDS}")
    allow_fail, skip = of("allow_fail", bool, False, "allow-fail"), of("skip", bool, False, "skipped")
    return GateDefinition(
        name,
        command,
        tuple(args),
        of("required", bool, True) and not (allow_fail or skip),
        seconds,
        allow_fail,
        skip,
        of("junit", str, ""),
    )
