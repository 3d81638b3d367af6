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


def test_what_only_saves_time_is_asked_of_nobody(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tools, "SBIN", str(tmp_path))
    tools.welcome(*tools.QUICKER)
    assert capsys.readouterr().out == ""
    apt = tmp_path / "apt-get"
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n')
    apt.chmod(0o755)
    monkeypatch.setattr(tools.os, "geteuid", lambda: 0)
    tools.welcome(*tools.QUICKER)
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked[1].endswith("install -y -qq --no-remove chromium-headless-shell"), asked
    (tmp_path / "chromium-headless-shell").touch(mode=0o755)
    tools.welcome(*tools.QUICKER)
    assert len((tmp_path / "asked").read_text().splitlines()) == 2


def test_the_files_that_go_first_are_there() -> None:
    assert [name for name in LONGEST if not (places.ROOT / name).exists()] == []
    assert len(set(LONGEST)) == len(LONGEST)
