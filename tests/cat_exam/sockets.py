"""A started web server of each kind over the live installation, and two candidates at its door."""

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from cat_exam import actions
from cat_exam.hallclock import hall_now
from deploy.launcher import children, places
from tests.cat_exam.builders import Built, make_exam
from tests.cat_exam.wire import Wire
from tests.fixtures.sites import Live, free_port
from tests.people import People


class Server:
    """A web server over the live installation's database."""

    def __init__(self, live: Live, name: str, port: int) -> None:
        self.live, self.name, self.port = live, name, port
        self.ws_url, self.origin = f"ws://127.0.0.1:{port}", f"http://127.0.0.1:{live.port}"

    def wire(self, **options: Any) -> Wire:
        return Wire(self.ws_url, self.origin, **options)


@pytest.fixture(scope="module", params=["daphne", "uvicorn"], name="server")
def each_server(request: pytest.FixtureRequest, live: Live) -> Iterator[Server]:
    if request.param == "daphne":
        yield Server(live, "daphne", live.port)
        return
    port = free_port()
    argv = (
        sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port), "--ws", "websockets-sansio",
        "--ws-max-size", "65536", "--ws-per-message-deflate", "false", "--lifespan", "off", "--log-level", "warning",
        "deploy.asgi:application",
    )  # fmt: skip
    child = children.spawn(
        argv, log=live.home / "uvicorn.log", env=live.site.env_of(live.programs["web"]), cwd=places.ROOT
    )
    assert children.wait_until(lambda: _answers(port), 60, 0.1), (live.home / "uvicorn.log").read_text()
    yield Server(live, "uvicorn", port)
    children.end(child)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(name="built")
def two_admitted(people: People, live: Live) -> Built:
    """An exam with two admitted candidates who took the oath; not started."""
    made = make_exam(people).open()
    made.pins = made.admit_all()
    for attempt in made.attempts():
        actions.agree_oath(attempt=attempt, now=hall_now())
    return made


def ticket(built: Built, which: int = 0) -> str:
    """A fresh ticket, by the PIN the first time."""
    attempt = built.attempts()[which]
    if attempt.station_id:
        return actions.renew_ticket(attempt=attempt, now=hall_now()).value
    return built.enter(attempt, built.pins[attempt.pk]).value


async def off(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Synchronous work beside the loop, on a connection of its thread."""
    return await asyncio.to_thread(_closing, work, *args, **kwargs)


def _closing(work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return work(*args, **kwargs)
    finally:
        connection.close()
