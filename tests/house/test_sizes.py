"""Small pieces, each with its sentence, nothing unfinished."""

import subprocess
from pathlib import Path

import pytest

from tests.house import sizes
from tests.house.samples import expect_none, plant

PROJECT = Path(__file__).resolve().parents[2]


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [PROJECT / name for name in listed.stdout.splitlines()]
    hidden = {".venv", ".run", ".git", "build"}
    return [path for path in PROJECT.rglob("*") if not hidden & set(path.relative_to(PROJECT).parts)]


def test_no_file_and_no_function_is_too_long() -> None:
    expect_none(sizes.too_long(PROJECT))


def test_most_files_and_functions_are_short() -> None:
    files, functions = sizes.share_over_usual(PROJECT)
    assert files <= 0.10
    assert functions <= 0.10


def test_every_module_says_what_it_is_for() -> None:
    expect_none(sizes.without_sentence(PROJECT))


def test_nothing_is_left_unfinished() -> None:
    expect_none(sizes.unfinished(PROJECT, _tracked()))


def test_a_long_file_and_a_long_function_are_found(tmp_path) -> None:
    plant(tmp_path, {"core/long.py": "x = 1\n" * 401})
    plant(tmp_path, {"core/tall.py": "def act():\n" + "    x = 1\n" * 60})
    found = sizes.too_long(tmp_path)
    assert len(found) == 2
    assert sizes.share_over_usual(tmp_path) == (0.5, 1.0)


def test_a_module_without_a_sentence_is_found(tmp_path) -> None:
    assert sizes.without_sentence(plant(tmp_path, {"core/mute.py": "x = 1\n", "core/__init__.py": ""}))


MARKS = ["# TO" "DO later", "# fix" "me", "lorem " "ipsum", "see /ho" "me/ani/x", "done \u2705"]


@pytest.mark.parametrize("text", MARKS)
def test_unfinished_work_is_found(text, tmp_path) -> None:
    plant(tmp_path, {"core/a.py": text + "\n"})
    assert sizes.unfinished(tmp_path, [tmp_path / "core/a.py"])
