"""The journal of a decision: what was written comes back, nothing else is believed, and what is left to do is found."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omk_tui.core.decision.journal import (
    ABSENT,
    Entry,
    Journal,
    State,
    StrangeJournal,
    TornJournal,
    decode,
    encode,
    fingerprint,
    open_journal,
    remaining,
)
from omk_tui.core.decision.ledger import Signature, with_ledger
from omk_tui.core.decision.plan import AppendLine, MakeFolder, ReplaceFile, UpsertRow
from omk_tui.core.records.file_names import (
    ACCEPT_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    JOURNAL_FILE,
    PROOF_FILE,
    REJECT_FILE,
    ROLLBACK_FILE,
)
from omk_tui.core.records.goal_row import COLUMNS
from omk_tui.core.records.verb import Verb
from tests.core.documents import GOAL_ID, facts_of
from tests.core.reviews import VERBS, plan_of, review_of


def journal_of(verb: Verb, text: str = "text") -> Journal:
    """The journal of a whole decision, its logs of some size and its files with something before."""
    review = review_of(facts_of())
    plan = with_ledger(plan_of(verb, review, text), review, text, Signature("me@here", "omk-tui"))
    entries = []
    for number, step in enumerate(plan.steps):
        before = f"before {number}" if isinstance(step, ReplaceFile) else ""
        entries.append(Entry(step, before, size=number if isinstance(step, AppendLine) else 0))
    return Journal(GOAL_ID, verb, "2026-06-12T00:00:00.500Z", "me@here", tuple(entries))


def document(journal: Journal) -> Any:
    return json.loads(encode(journal).split(b"\n", 1)[1])


def sealed(changed: Any, magic: str = "omk-tui-journal/1") -> bytes:
    """A journal of the version before seals, with a right checksum over whatever is in it."""
    body = changed if isinstance(changed, bytes) else json.dumps(changed).encode() + b"\n"
    return f"{magic} {hashlib.sha256(body).hexdigest()}\n".encode() + body


@pytest.mark.parametrize("verb", VERBS)
def test_what_was_written_comes_back(verb: Verb) -> None:
    journal = journal_of(verb, "é \U0001f600 \x00")
    assert decode(encode(journal)) == journal


def test_the_form_is_one_line_of_magic_checksum_and_seal_and_one_of_json() -> None:
    head, body, rest = encode(journal_of("accept")).split(b"\n")
    assert rest == b""
    assert head == b"omk-tui-journal/2 " + hashlib.sha256(body + b"\n").hexdigest().encode() + b" " + b"-" * 64
    written = json.loads(body)
    assert list(written) == ["goal_id", "verb", "decided_at", "who", "directory", "inode", "entries"]
    assert [written[key] for key in ("goal_id", "verb", "decided_at", "who")] == [
        GOAL_ID, "accept", "2026-06-12T00:00:00.500Z", "me@here",
    ]  # fmt: skip
    assert [one["step"] for one in written["entries"]] == [
        "folder", "folder", "replace", "row", "replace", "replace", "append", "append", "append", "append",
    ]  # fmt: skip
    assert list(written["entries"][0]) == ["step", "path", "exists", "private"]
    assert list(written["entries"][2]) == ["step", "path", "exists", "before", "data"]
    assert list(written["entries"][6]) == ["step", "path", "exists", "private", "size", "data"]
    assert list(written["entries"][3]) == ["step", "row"]


def test_a_name_that_is_not_utf8_does_not_stop_it() -> None:
    journal = replace(journal_of("accept"), who="caf\udce9@here")
    assert decode(encode(journal)) == journal


whole = encode(journal_of("reject"))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(whole) - 1))
def test_no_part_of_a_journal_is_one(cut: int) -> None:
    with pytest.raises(TornJournal):
        decode(whole[:cut])


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.integers(len("omk-tui-journal/2 "), whole.index(b" ", 20) - 1),
        st.integers(whole.index(b"\n"), len(whole) - 1),
    ),
    st.integers(1, 255),
)
@example(whole.index(b"\n"), 1)
def test_a_changed_byte_is_seen(at: int, change: int) -> None:
    # What was written to its end may be half carried out, so a damaged journal is kept; only its last byte tells.
    with pytest.raises(StrangeJournal if at < len(whole) - 1 else TornJournal):
        decode(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])


@pytest.mark.parametrize("data", [b"", b"\n", b"omk-tui-journal/1", whole + b"x", whole + whole, b" " + whole[17:]])
def test_what_is_no_journal_at_all_is_torn_or_strange(data: bytes) -> None:
    with pytest.raises((TornJournal, StrangeJournal)):
        decode(data)


def test_only_the_key_that_sealed_it_opens_a_journal() -> None:
    journal = journal_of("reject")
    data = encode(journal, b"k" * 32)
    assert decode(data) == journal
    assert open_journal(data).opens_with(b"k" * 32)
    assert not open_journal(data).opens_with(b"x" * 32)
    assert not open_journal(encode(journal)).opens_with(b"k" * 32)
    assert not open_journal(sealed(document(journal))).opens_with(b"k" * 32)
    at = data.index(b"\n") - 1
    assert not open_journal(data[:at] + (b"1" if data[at : at + 1] == b"0" else b"0") + data[at + 1 :]).opens_with(
        b"k" * 32
    )


def test_letters_stand_there_as_they_are() -> None:
    assert "é \U0001f600".encode() in encode(journal_of("accept", "é \U0001f600"))


def test_a_word_too_many_before_the_checksum_is_strange() -> None:
    with pytest.raises(StrangeJournal, match=r"^its checksum does not hold: it was damaged$"):
        decode(sealed(document(journal_of("accept")), "omk-tui-journal/1 more"))


def strange(data: bytes) -> str:
    with pytest.raises(StrangeJournal) as caught:
        decode(data)
    return str(caught.value)


def test_another_versions_journal_is_left_alone() -> None:
    assert strange(sealed(document(journal_of("accept")), "omk-tui-journal/3")) == (
        "it was written by another version of omk-tui"
    )


NO_RECORD = "it is no record of a decision"
NOT_ITS_STEPS = "its steps are not those of a decision"


@pytest.mark.parametrize("body", [b"\xff\n", b"{\n", b"[]\n", b"5\n", b"null\n", b"[" * 100_000, b"{}\n"])
def test_a_whole_journal_of_something_else_is_strange(body: bytes) -> None:
    assert strange(sealed(body)) == NO_RECORD


# Where in a journal (of a rejection) something is put, and what.
FORGED: list[tuple[tuple[str | int, ...], Any]] = [
    (("goal_id",), 5), (("verb",), None), (("decided_at",), []), (("who",), None), (("entries",), None),
    (("entries",), [5]), (("entries", 0, "step"), "burn"), (("entries", 0, "path"), 5),
    (("entries", 0, "exists"), 1), (("entries", 0, "private"), None), (("entries", 2, "data"), 5),
    (("entries", 2, "data"), "\ud800"), (("entries", 2, "before"), None), (("entries", 4, "row"), {}),
    (("entries", 4, "row"), None), (("entries", 4, "row", "goal_id"), []), (("entries", 4, "row", "goal_id"), True),
    (("entries", 4, "row", "budget_usd"), 1.5), (("entries", 7, "size"), -1), (("entries", 7, "size"), True),
    (("entries", 7, "size"), 1 << 62), (("entries", 7, "size"), "0"), (("entries", 7, "private"), 1),
    (("entries", 7, "path"), "proof.json"), (("entries", 7, "path"), "../events.jsonl"),
    (("entries", 7, "data"), "two\nlines\n"), (("entries", 7, "data"), "no newline"), (("entries", 7, "data"), ""),
    (("entries", 7, "data"), "\n"), (("entries", 7, "step"), "append "), (("entries", 7, "data"), " \n{}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "value"), FORGED)
def test_nothing_in_a_forged_journal_is_believed(where: tuple[str | int, ...], value: Any) -> None:
    forged = document(journal_of("reject"))
    place = forged
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    assert strange(sealed(forged)) == NO_RECORD


@pytest.mark.parametrize("goal", ['{"goal_id": "another"}', "{}", "[]", "{", "[" * 100_000])
def test_no_journal_reaches_another_goals_row(goal: str) -> None:
    forged = document(journal_of("accept"))
    (place,) = (entry for entry in forged["entries"] if entry.get("path") == GOAL_FILE)
    place["data"] = goal
    assert strange(sealed(forged)) == "its row in omk.db is another goal's"


@pytest.mark.parametrize("size", [0, (1 << 62) - 1])
def test_a_log_may_have_any_size_that_a_file_can_have(size: int) -> None:
    forged = document(journal_of("accept"))
    forged["entries"][6]["size"] = size
    assert decode(sealed(forged)).entries[6].size == size


@pytest.mark.parametrize("column", COLUMNS)
def test_a_row_has_every_column(column: str) -> None:
    forged = document(journal_of("accept"))
    del forged["entries"][3]["row"][column]
    assert strange(sealed(forged)) == NO_RECORD


def test_a_newline_that_ends_a_torn_line_may_stand_before_a_line() -> None:
    forged = document(journal_of("accept"))
    forged["entries"][6]["data"] = "\n" + forged["entries"][6]["data"]
    assert decode(sealed(forged)).entries[6].step == AppendLine(
        EVENTS_FILE, forged["entries"][6]["data"].encode(), exists=False, private=False
    )


CHANGES: list[Callable[[list[Any]], object]] = [
    lambda entries: entries.pop(),
    lambda entries: entries.pop(0),
    lambda entries: entries.reverse(),
    lambda entries: entries.append(entries[-1]),
    lambda entries: entries.clear(),
    lambda entries: entries[2].update(path="../../evil"),
    lambda entries: entries[2].update(path=REJECT_FILE),
    lambda entries: entries[0].update(path="/etc"),
    lambda entries: entries[4].update(path=PROOF_FILE),
    lambda entries: entries.__setitem__(slice(0, 2), entries[1::-1]),
]


@pytest.mark.parametrize("change", CHANGES)
def test_other_steps_than_those_of_the_decision_are_refused(change: Callable[[list[Any]], object]) -> None:
    forged = document(journal_of("accept"))
    change(forged["entries"])
    assert strange(sealed(forged)) == NOT_ITS_STEPS


@pytest.mark.parametrize("verb", ["reject", "delete", ""])
def test_an_acceptance_under_another_verb_is_refused(verb: str) -> None:
    assert strange(sealed(document(journal_of("accept")) | {"verb": verb})) == NOT_ITS_STEPS


@pytest.mark.parametrize("line", ["X\n", "\n\nX\n", "X y\n"])
def test_what_a_line_says_is_not_judged(line: str) -> None:
    forged = document(journal_of("accept"))
    forged["entries"][6]["data"] = line
    step = decode(sealed(forged)).entries[6].step
    assert isinstance(step, AppendLine)
    assert step.data == line.encode()


def test_what_other_versions_find_on_a_disk() -> None:
    assert (JOURNAL_FILE, ABSENT) == (".omk-tui.txn", "absent")
    with pytest.raises(TornJournal, match=r"^the journal's end is missing$"):
        decode(b"")


def test_the_fingerprint_is_the_contents_sha256() -> None:
    assert fingerprint(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


# Of an acceptance: two folders, the decision file, the row, goal.json, proof.json, four lines.
DECISION, ROW, GOAL, PROOF = 2, 3, 4, 5


def left(states: str) -> list[int]:
    """Which entries of an acceptance remain; one letter a state: before, done, changed, untold."""
    words: dict[str, State] = {"b": "before", "d": "done", "c": "changed", "u": "untold"}
    entries = journal_of("accept").entries
    assert len(states) == len(entries)
    found = remaining(entries, [words[letter] for letter in states])
    assert [state for _, state in found] == [words[states[entries.index(entry)]] for entry, _ in found]
    return [entries.index(entry) for entry, _ in found]


@pytest.mark.parametrize(
    ("states", "wanted"),
    [
        ("uububbbbbb", list(range(10))),
        # The folders are made for what is still to come into them: here the ledger's line.
        ("uuduuuuuuu", [0, 1, 3, 4, 5, 6, 7, 8, 9]),
        ("uududdbbbb", [0, 1, 3, 6, 7, 8, 9]),
        ("uududddddb", [0, 1, 3, 9]),
        ("uududddddd", [3]),
        ("uuduuddddd", []),
        # Another program has changed goal.json since: the row is its business now.
        ("uuducddddd", []),
        ("uudcccdccb", [0, 1, 7, 8, 9]),
        ("uucudddddd", [3]),
        # What a disk lost, though what came later is there.
        ("uububddddd", [0, 1, 2, 3, 4]),
        ("uudubddddd", [3, 4]),
        ("uududbdddd", [3, 5]),
        ("uududdbbbd", [3, 6, 7, 8]),
        ("uuducdcubd", [8]),
    ],
)
def test_what_remains_to_be_done(states: str, wanted: list[int]) -> None:
    assert left(states) == wanted


def test_of_no_entries_nothing_remains() -> None:
    assert remaining((), ()) == ()


def test_while_nothing_is_done_everything_remains_whatever_has_changed() -> None:
    entries = (Entry(ReplaceFile(GOAL_FILE, b"", exists=True)), Entry(ReplaceFile(PROOF_FILE, b"", exists=True)))
    assert remaining(entries, ["changed", "changed"]) == ((entries[0], "changed"), (entries[1], "changed"))


def test_every_entry_has_a_state() -> None:
    entries = journal_of("accept").entries
    for count in (0, len(entries) - 1, len(entries) + 1):
        with pytest.raises(ValueError, match="argument"):
            remaining(entries, ["before"] * count)


def test_without_goal_json_the_row_is_not_written_again() -> None:
    entries = (Entry(UpsertRow({})), Entry(ReplaceFile(PROOF_FILE, b"", exists=True)))
    assert remaining(entries, ["untold", "done"]) == ()


def test_a_folder_is_made_again_only_for_what_is_in_it() -> None:
    entries = (
        Entry(MakeFolder("artifacts", exists=True, private=False)),
        Entry(MakeFolder("artifact", exists=True, private=False)),
        Entry(ReplaceFile(ACCEPT_FILE, b"", exists=True)),
        Entry(ReplaceFile(GOAL_FILE, b"", exists=True)),
    )
    assert remaining(entries, ["untold", "untold", "before", "done"]) == (
        (entries[0], "untold"),
        (entries[2], "before"),
    )


def test_a_folder_seen_last_is_made_again_for_what_is_still_to_come() -> None:
    entries = (
        Entry(MakeFolder("artifacts", exists=False, private=False)),
        Entry(ReplaceFile(ACCEPT_FILE, b"", exists=False)),
    )
    assert remaining(entries, ["done", "before"]) == ((entries[0], "done"), (entries[1], "before"))


def test_a_rejection_has_two_files_of_its_own() -> None:
    paths = [getattr(entry.step, "path", "row") for entry in decode(encode(journal_of("reject"))).entries]
    assert paths[2:4] == [REJECT_FILE, ROLLBACK_FILE]
