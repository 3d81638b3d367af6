"""A board process for tests, and the line that feeds it."""

import http.client
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cat_exam.tally import Feed
from deploy.launcher import children, places
from tests.fixtures.sites import free_port


class Shown:
    """A board process of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.feed = free_port(), folder / "feed"
        self.log = folder / "board.log"

    def start(self) -> None:
        argv = (
            sys.executable, "-m", "uvicorn", "cat_exam.board:application",
            "--host", "127.0.0.1", "--port", str(self.port), "--lifespan", "on",
            "--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--log-level", "warning",
        )  # fmt: skip
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.child = children.spawn(
            argv, log=self.log, env=kept | {"CAT_BOARD_FEED": str(self.feed)}, cwd=places.ROOT
        )
        assert children.wait_until(lambda: children.http_status(self.port, "/papan/sehat") == 200, 30, 0.05), (
            self.log.read_text()
        )

    def get(self, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        line.close()
        return answer.status, body, {name.lower(): value for name, value in answer.getheaders()}


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[Shown]:
    board = Shown(tmp_path)
    board.start()
    yield board
    children.end(board.child)


def until(found: Callable[[], bool]) -> None:
    assert children.wait_until(found, 10, 0.05)


@pytest.fixture
def feed(shown: Shown) -> Iterator[Feed]:
    line = Feed(str(shown.feed))
    yield line
    line.close()
