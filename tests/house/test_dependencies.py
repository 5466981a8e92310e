"""What the program brings along: exact pins, each with its reason, under licences that ask nothing of its users."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
PERMISSIVE = re.compile(r"\b(MIT|BSD|ISC|Apache|PSF|Python Software Foundation)\b", re.IGNORECASE)


def runtime_requirements() -> list[str]:
    """The requirements of the program itself."""
    found: list[str] = tomllib.loads(PYPROJECT.read_text())["project"]["dependencies"]
    return found


def everything_installed_with(requirements: list[str]) -> set[str]:
    """The names of all packages that these requirements bring, directly or not."""
    names: set[str] = set()
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        wanted = {(name, each) for each in requirement.extras} | {(name, "")}
        for _, each in wanted:
            if f"{name}[{each}]" not in names:
                names.add(f"{name}[{each}]")
                waiting += [(Requirement(text), each) for text in distribution(name).requires or []]
    return {name.partition("[")[0] for name in names}


def licence(name: str) -> str:
    """What a package says of its licence, in whichever field it says it."""
    metadata = distribution(name).metadata
    fields = ("License-Expression", "License", "Classifier")
    said = [text.partition("\n")[0] for field in fields for text in metadata.get_all(field) or []]
    return " | ".join(text for text in said if "License" in text or "::" not in text)


def test_every_runtime_package_is_permissive() -> None:
    names = everything_installed_with(runtime_requirements())
    assert {"textual", "rich", "pydantic-core", "anyio", "linkify-it-py"} <= names
    refused = {name: licence(name) for name in names if not PERMISSIVE.search(licence(name))}
    assert refused == {}
    copyleft = {name: licence(name) for name in names if re.search(r"\bA?L?GPL|Mozilla|MPL", licence(name))}
    assert copyleft == {}


def test_runtime_pins_are_exact_and_installed() -> None:
    for text in runtime_requirements():
        requirement = Requirement(text)
        (pin,) = requirement.specifier
        assert pin.operator == "=="
        assert distribution(requirement.name).version == pin.version


def test_every_pin_has_its_reason() -> None:
    pins = [line for line in PYPROJECT.read_text().splitlines() if re.search(r'"[\w-]+(==|>=)[\d.]+', line)]
    declared = tomllib.loads(PYPROJECT.read_text())
    wanted = [*declared["build-system"]["requires"], *declared["project"]["dependencies"]]
    for extra in declared["project"]["optional-dependencies"].values():
        wanted += extra
    assert len(pins) == len(wanted)
    for line in pins:
        assert re.search(r"# \w.{20,}", line), f"no reason: {line.strip()}"
