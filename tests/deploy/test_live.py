"""A whole installation of the test's own: it answers, survives kills and keeps its data."""

import time
from urllib.request import urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from deploy.health import require_durable_database
from deploy.launcher.children import http_status, wait_until

LIVE = ("web",)
pytestmark = pytest.mark.live


def test_the_installation_is_ready_and_alive(live) -> None:
    for path in ("healthz", "readyz"):
        with urlopen(f"{live.url}/{path}", timeout=5) as answer:
            assert answer.status == 200


def test_pages_carry_the_strict_policy(live) -> None:
    with urlopen(f"{live.url}/healthz", timeout=5) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert f"ws://127.0.0.1:{live.port}" in policy
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_killed_web_process_comes_back_on_the_same_address(live) -> None:
    live.kill("web")
    live.start("web")
    with urlopen(f"{live.url}/readyz", timeout=5) as answer:
        assert answer.status == 200


def test_without_its_database_it_is_alive_but_not_ready(breakable) -> None:
    breakable.sql("CREATE TABLE proof (word text)")
    breakable.sql("INSERT INTO proof VALUES ('kept')")
    breakable.harness.postgres.kill()
    with urlopen(f"{breakable.url}/healthz", timeout=5) as answer:
        assert answer.status == 200
    assert http_status(breakable.port, "/readyz", 10) == 503
    time.sleep(4)
    breakable.harness.postgres.start()
    assert wait_until(lambda: http_status(breakable.port, "/readyz", 5) == 200, 4), "slow to notice the database"
    assert breakable.sql("SELECT word FROM proof") == [("kept",)]


@pytest.mark.parametrize("path", ["/ws/ruang/01890000-0000-7000-8000-000000000000/", "/ws/tidak-ada/"])
def test_a_staff_socket_from_another_origin_or_to_nowhere_is_refused(live, path) -> None:
    for origin in ("http://jahat.invalid", f"http://127.0.0.1:{live.port + 1}", None):
        with pytest.raises(InvalidStatus) as refusal, connect(f"{live.ws_url}{path}", origin=origin):
            pass
        assert refusal.value.response.status_code == 403


@pytest.mark.django_db
def test_a_connection_that_could_lose_an_answer_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    require_durable_database()
    pages = connection.settings_dict["OPTIONS"]
    monkeypatch.setitem(pages, "options", f"{pages.get('options', '')} -c synchronous_commit=off")
    with pytest.raises(ImproperlyConfigured, match="synchronous_commit"):
        require_durable_database()
