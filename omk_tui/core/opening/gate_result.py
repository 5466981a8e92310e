"""A gate that ended, as omk's verify records it (STATE-FORMAT 2.1, 4.3)."""

from __future__ import annotations

from typing import Protocol

from omk_tui.core.opening.gate_definitions import GateDefinition
from omk_tui.core.records.proof import Gate
from omk_tui.core.text.words import lines, trim
from omk_tui.light.dataclass import replace

IN_PROOF = (256 << 10, 8 << 10, 0)
"""Characters of a gate's output that its record holds; less, where the proof would be too large to be read again."""
_SUMMARY_LINES, _SUMMARY_WIDTH = 3, 240


class HowItEnded(Protocol):
    """What is known of a process that ended."""

    @property
    def exit_code(self) -> int | None:
        """Its exit code; None when it was ended or not started."""
        ...

    @property
    def timed_out(self) -> bool:
        """Whether its time was up."""
        ...

    @property
    def spawn_error(self) -> str:
        """Why it could not be started."""
        ...

    @property
    def duration_ms(self) -> int:
        """How long it took."""
        ...


def gate_of(
    definition: GateDefinition, ended: HowItEnded, stdout: str, stderr: str, trouble: str, log: str | None
) -> Gate:
    """The record of a gate; `trouble` makes it fail although its command succeeded, `log` is its log's path."""
    if ended.timed_out:
        stderr = f"Timed out after {definition.limit}s"
    elif ended.spawn_error:
        stderr = f"Spawn error: {ended.spawn_error}"
    elif trouble:
        stderr = f"{stderr.rstrip()}\nomk-tui: {trouble}\n".lstrip()
    return Gate(
        name=definition.name,
        passed=ended.exit_code == 0 and not trouble,
        stdout="" if ended.timed_out or ended.spawn_error else stdout,
        stderr=stderr,
        duration_ms=ended.duration_ms,
        required=definition.required,
        command_line=definition.command_line,
        exit_code=ended.exit_code,
        timed_out=ended.timed_out,
        stdout_summary=_summary(stdout),
        stderr_summary=_summary(stderr),
        output_path=log,
        timeout_secs=definition.timeout_secs,
    )


def with_output_of(gate: Gate, most: int) -> Gate:
    """The gate with at most `most` characters of each output, the first and the last half; its log has all of them."""
    return replace(gate, stdout=_ends(gate.stdout, most // 2), stderr=_ends(gate.stderr, most // 2))


def _ends(text: str, half: int) -> str:
    dropped = len(text) - 2 * half
    if dropped <= 0:
        return text
    return f"{text[:half]}\n... {dropped:,} characters dropped; the log has them ...\n{text[len(text) - half :]}"


def log_of(stdout: str, stderr: str) -> bytes:
    """The log of a gate as omk writes it."""
    return f"[stdout]\n{stdout.rstrip()}\n\n[stderr]\n{stderr.rstrip()}\n".encode()


def _summary(text: str) -> str | None:
    """The first lines of an output that are not blank, cut; None for an empty one."""
    every = lines(text)
    filled = [trim(each) for each in every if trim(each)][:_SUMMARY_LINES]
    if not filled:
        return None
    cut = [each if len(each) <= _SUMMARY_WIDTH else f"{each[:_SUMMARY_WIDTH]}..." for each in filled]
    return "\n".join([*cut, "..."] if len(every) > _SUMMARY_LINES else cut)
