"""What the base says of how a branch is judged: its gates and its policy, by their blobs and their text."""

from __future__ import annotations

from omk_tui.core.format.git_hash import is_git_hash
from omk_tui.core.opening.base_files import GATES_FILE, POLICY_FILE
from omk_tui.core.opening.gate_definitions import BadGates, GateDefinition, read_gates
from omk_tui.core.opening.policy import BadPolicy, read_policy
from omk_tui.engine.git.command import GitAnswer
from omk_tui.engine.opening.source import LARGEST_BLOB, Source
from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class BaseConfiguration:
    """Gates and policy of a base commit.

    `gates_blob` and `policy_blob` are the hashes of the files, empty where there is none. `waivers` are reasons by the
    key of what is waived, `gate_words` the words of the gates' commands, `notes` what is skipped or cannot be used.
    """

    gates_blob: str
    policy_blob: str
    waivers: dict[str, str]
    gate_words: tuple[str, ...]
    notes: tuple[str, ...]


def read_configuration(source: Source, base: str, answer: GitAnswer) -> BaseConfiguration:
    """The configuration of a base, from git's answer to ``cat-file --batch`` for both of its files."""
    (gates_blob, gates_text), (policy_blob, policy_text) = _blobs(source, base, answer)
    waivers, policy_note = _waivers(policy_text)
    gates, gates_note = _gates(gates_text)
    words = tuple(word for gate in gates for word in gate.argv)
    skipped = tuple(f"gate {gate.name} is skipped by {GATES_FILE} of the base" for gate in gates if gate.skip)
    return BaseConfiguration(gates_blob, policy_blob, waivers, words, (*policy_note, *gates_note, *skipped))


def _blobs(source: Source, base: str, answer: GitAnswer) -> tuple[tuple[str, str], tuple[str, str]]:
    """Blob and text of the base's gates and of its policy, each as `Source.blob` gives them."""
    blobs, rest = [], answer.output
    while answer.code == 0 and rest:
        about, _, rest = rest.partition(b"\n")
        words = about.decode("utf-8", "replace").split(" ")
        if len(words) == 3 and is_git_hash(words[0]) and words[2].isdigit():
            size = int(words[2])
            is_file = words[1] == "blob" and size <= LARGEST_BLOB
            blobs.append((words[0], rest[:size].decode("utf-8", "replace")) if is_file else ("", ""))
            rest = rest[size + 1 :]
        else:
            blobs.append(("", ""))
    if len(blobs) == 2:
        return blobs[0], blobs[1]
    return source.blob(base, GATES_FILE), source.blob(base, POLICY_FILE)


def _waivers(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    try:
        return dict(read_policy(text)), ()
    except BadPolicy as error:
        return {}, (f"{POLICY_FILE} of the base waives nothing: {error}",)


def _gates(text: str) -> tuple[tuple[GateDefinition, ...], tuple[str, ...]]:
    try:
        return tuple(read_gates(text)), ()
    except BadGates as error:
        return (), (f"{GATES_FILE} of the base defines no gate: {error}",)
