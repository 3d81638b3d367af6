"""What `make test` asks of the machine, and the order in which it sends files to its processes."""

import pytest

from deploy.launcher import places, testrun
from deploy.launcher.words import Stop
from tests.fixtures.order import LONGEST


def test_a_missing_program_is_named_with_the_line_to_type(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Stop, match="apt-get install -y chromium poppler-utils"):
        testrun.need_tools()
    here = tmp_path / "chromium"
    here.touch(mode=0o755)
    with pytest.raises(Stop, match="apt-get install -y poppler-utils"):
        testrun.need_tools()
    (tmp_path / "pdftotext").touch(mode=0o755)
    testrun.need_tools()


def test_the_files_that_go_first_are_there() -> None:
    assert [name for name in LONGEST if not (places.ROOT / name).exists()] == []
    assert len(set(LONGEST)) == len(LONGEST)
