"""The sample goals as they are laid out: complete, at home in their new root, with omk's modes."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from omk_tui import demo
from omk_tui.demo import DemoError, lay_out, samples

RECORDED = Path(demo.__file__).parent / "goals"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state root with every sample, under a name that JSON has to escape."""
    root = tmp_path_factory.mktemp("demo") / 'root "quoted" \\ ünï'
    lay_out(root, root.parent / "project")
    return root


def entries(directory: Path) -> set[str]:
    """Everything below `directory`, directories with a slash at the end."""
    return {f"{path.relative_to(directory)}{'/' * path.is_dir()}" for path in directory.rglob("*")}


def about(name: str) -> dict[str, dict[str, str]]:
    parsed: dict[str, dict[str, str]] = json.loads((RECORDED / name / "about.json").read_text())
    return parsed


def test_every_sample_has_its_directory(root: Path) -> None:
    assert {path.name for path in (root / "goals").iterdir()} == {sample.goal_id for sample in samples()}
    assert len(samples()) == 8


@pytest.mark.parametrize("name", demo.NAMES)
def test_a_recorded_sample_is_laid_out_whole(root: Path, name: str) -> None:
    recorded = RECORDED / name / demo.goal_id(name)
    laid_out = root / "goals" / demo.goal_id(name)
    assert entries(laid_out) == entries(recorded)
    for path in entries(recorded):
        if not path.endswith("/") and path not in about(name)["with_placeholders"]:
            assert (laid_out / path).read_bytes() == (recorded / path).read_bytes()


@pytest.mark.parametrize("name", demo.NAMES)
def test_modes_are_those_of_omk(root: Path, name: str) -> None:
    goal = root / "goals" / demo.goal_id(name)
    found = {path: f"{(goal / path).stat().st_mode & 0o7777:04o}" for path in about(name)["modes"]}
    assert found == about(name)["modes"]


def test_the_root_is_private(tmp_path: Path) -> None:
    lay_out(tmp_path / "deep" / "root", tmp_path)
    assert (tmp_path / "deep" / "root").stat().st_mode & 0o777 == 0o700


def test_no_placeholder_is_left(root: Path) -> None:
    for path in (root / "goals").rglob("*"):
        if path.is_file():
            assert b"{{ROOT}}" not in path.read_bytes(), path
            assert b"{{PROJECT}}" not in path.read_bytes(), path


@pytest.mark.parametrize("name", [*demo.NAMES, "hostile"])
def test_goals_name_their_new_root(root: Path, name: str) -> None:
    directory = root / "goals" / demo.goal_id(name)
    goal = json.loads((directory / "goal.json").read_bytes())
    assert goal["goal_id"] == directory.name
    assert goal["state_dir"] == str(directory)
    for gate in json.loads((directory / "proof.json").read_bytes())["gates"]:
        assert Path(gate["output_path"]).is_file()


def test_the_database_has_a_row_for_every_goal(root: Path) -> None:
    with closing(sqlite3.connect(root / "omk.db")) as database:
        rows = dict(database.execute("SELECT goal_id, state_dir FROM goals"))
    assert rows == {sample.goal_id: str(root / "goals" / sample.goal_id) for sample in samples()}


def test_laying_out_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    readings = []
    for _ in range(2):
        root = tmp_path / "root"
        lay_out(root, tmp_path)
        goals = root / "goals"
        readings.append({path: path.read_bytes() for path in goals.rglob("*") if path.is_file()})
        root.rename(tmp_path / f"earlier-{len(readings)}")
    assert readings[0] == readings[1]


def test_an_empty_directory_is_taken(tmp_path: Path) -> None:
    lay_out(tmp_path, tmp_path.parent)
    assert (tmp_path / "goals").is_dir()


def test_a_directory_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(DemoError, match="not empty"):
        lay_out(tmp_path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "root").write_text("keep")
    with pytest.raises(DemoError, match="not a directory"):
        lay_out(tmp_path / "root", tmp_path)


def test_a_path_that_json_cannot_hold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="not valid UTF-8"):
        lay_out(tmp_path / "caf\udce9", tmp_path)
    assert list(tmp_path.iterdir()) == []
