"""How many tests a gate ran: from a JUnit report, or from what test runners say when there was none."""

from __future__ import annotations

import re

from omk_tui.light.dataclass import dataclass

LARGEST_REPORT = 32 << 20
_NO_TESTS = re.compile(
    r"collected 0 items|no tests ran|^Ran 0 tests|No tests found|^\s*0 passing|no tests to run|^Tests:\s+0 total",
    re.MULTILINE,
)
_CARGO = re.compile(r"^running (\d+) tests?\s*$", re.MULTILINE)
_GO_NONE = re.compile(r"\[no test files\]")
_GO_SOME = re.compile(r"^(?:ok|FAIL|---)\s", re.MULTILINE)
_LOOKED_AT = 200_000


@dataclass(frozen=True, slots=True)
class TestReport:
    """Counts of one report: tests in all, failed ones (errors included), and skipped ones."""

    __test__ = False  # pytest takes the name for a test

    tests: int
    failed: int
    skipped: int


def read_junit(data: bytes) -> TestReport | str:
    """The counts of a JUnit report, or why it is none."""
    if len(data) > LARGEST_REPORT:
        return f"the report is larger than {LARGEST_REPORT >> 20} MiB"
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        return "the report declares entities, which no test runner does"
    from xml.etree import ElementTree  # only a gate that names a report needs it

    try:
        root = ElementTree.fromstring(data)  # entities are refused above
    except (ElementTree.ParseError, ValueError) as error:
        return f"the report is no XML: {error}"
    cases = [element for element in root.iter() if element.tag.rpartition("}")[2] == "testcase"]
    kinds = [{child.tag.rpartition("}")[2] for child in case} for case in cases]
    return TestReport(
        tests=len(cases),
        failed=sum(bool(kind & {"failure", "error"}) for kind in kinds),
        skipped=sum("skipped" in kind for kind in kinds),
    )


def says_no_tests(output: str) -> bool:
    """Whether what a gate printed says that no test ran."""
    text = output if len(output) <= 2 * _LOOKED_AT else output[:_LOOKED_AT] + output[-_LOOKED_AT:]
    if counts := _CARGO.findall(text):  # cargo says it for every crate and its examples: one with tests is enough
        return not any(int(count) for count in counts)
    return bool(_NO_TESTS.search(text)) or (bool(_GO_NONE.search(text)) and not _GO_SOME.search(text))
