"""The locks fit pyproject.toml, name no host, and every file has its hash."""

import shutil
from pathlib import Path

import pytest

from tests.house import locks
from tests.house.samples import expect_none

PROJECT = Path(__file__).resolve().parents[2]
FILES = ("pyproject.toml", "requirements.lock", "requirements-test.lock")


def test_the_locks_are_fresh_hashed_and_without_hosts() -> None:
    expect_none(locks.findings(PROJECT))


def test_no_other_lock_lies_about() -> None:
    assert not (PROJECT / "uv.lock").exists()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("pyproject.toml", '"django>=5.2.19,<5.3"', '"django>=5.3,<5.4"'),
        ("pyproject.toml", '"redis>=8.1,<8.2"', '"redis>=8.1,<8.2", "absent>=1,<2"'),
        ("pyproject.toml", '"redis>=8.1,<8.2"', '"redis>=8.1"'),
        ("requirements.lock", "django==", "--index-url https://example.invalid\ndjango=="),
        ("requirements.lock", "redis==8.1.0", "redis==8.1.1"),
    ],
)
def test_a_bad_lock_is_found(file, old, new, tmp_path) -> None:
    for name in FILES:
        shutil.copy(PROJECT / name, tmp_path / name)
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1))
    assert locks.findings(tmp_path)


def test_a_missing_hash_is_found(tmp_path) -> None:
    for name in FILES:
        shutil.copy(PROJECT / name, tmp_path / name)
    lock = tmp_path / "requirements.lock"
    lock.write_text(lock.read_text() + "left-over==1.0\n")
    assert any("left-over has no hash" in line for line in locks.findings(tmp_path))
