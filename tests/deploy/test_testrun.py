"""What `make test` asks of the machine, and the order in which it sends files to its processes."""

import pytest

from deploy.launcher import places, tools
from deploy.launcher.words import Stop
from tests.fixtures.order import LONGEST


def test_a_missing_program_is_named_with_the_line_to_type(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "SBIN", str(tmp_path))  # a machine without any of them
    with pytest.raises(Stop, match=r"apt-get install -y chromium poppler-utils nginx-light$"):
        tools.need(*tools.PACKAGES)
    (tmp_path / "chromium").touch(mode=0o755)
    (tmp_path / "pdftotext").touch(mode=0o755)
    with pytest.raises(Stop, match=r"apt-get install -y nginx-light$"):
        tools.need(*tools.PACKAGES)
    (tmp_path / "nginx").touch(mode=0o755)
    tools.need(*tools.PACKAGES)


def test_the_files_that_go_first_are_there() -> None:
    assert [name for name in LONGEST if not (places.ROOT / name).exists()] == []
    assert len(set(LONGEST)) == len(LONGEST)
