"""Figures of a web process: for the holder of the token only, and true."""

import asyncio
import re
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from cat_exam import actions, protocol
from cat_exam.hallclock import hall_now
from deploy import environment
from tests.cat_exam.builders import make_exam
from tests.cat_exam.wire import Wire
from tests.people import People

LIVE = ("sweep",)  # the web process is started by each test, in its own environment
pytestmark = pytest.mark.live
TOKEN = "sebuah-kata-yang-panjang-sekali-0123456789"


def read(url: str, token: str = TOKEN) -> dict[str, float]:
    """Sample → value."""
    request = Request(f"{url}/metrics", headers={"Authorization": f"Bearer {token}"} if token else {})
    with urlopen(request, timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line and line[0] != "#"}


def status(url: str, token: str) -> int:
    try:
        read(url, token)
    except HTTPError as error:
        return error.code
    return 200


@pytest.fixture
def told(live, monkeypatch):
    """The installation with a token in its environment."""
    given = type(live.site).env_of
    monkeypatch.setattr(type(live.site), "env_of", lambda self, p: given(self, p) | {"CAT_METRICS_TOKEN": TOKEN})
    live.start("web")
    yield live
    live.stop("web")


def test_figures_count_what_happened_and_only_the_token_opens_them(told) -> None:
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"], VALKEY_URL=told.valkey.url):
        built = make_exam(People(), seats=1, sections=(("TWK", 5),)).open()
        pins = built.admit_all()
        [attempt] = built.attempts()
        actions.agree_oath(attempt=attempt, now=hall_now())
        ticket = built.enter(built.attempts()[0], pins[attempt.pk]).value
        built.start()
    options = list(built.form.best().items())

    async def play() -> dict[str, float]:
        async with Wire(told.ws_url, told.url) as wire:
            await wire.hello(ticket)
            await wire.until(protocol.Start)
            for item, option in options:
                assert isinstance(await wire.answer(item, option), protocol.Saved)
            assert isinstance(await wire.answer(999_999, 1), protocol.Refused)
            return await asyncio.to_thread(read, told.url)

    before = read(told.url)
    after = asyncio.run(play())
    assert after["cat_hall_acknowledged_lines_total"] >= 5 + 2  # the epoch and the start are lines as well
    assert after["cat_hall_commit_seconds_count"] == after["cat_hall_commits_total"] > 0
    assert after['cat_hall_refused_total{code="item_unknown"}'] == 1
    assert (before["cat_hall_sockets"], after["cat_hall_sockets"]) == (0, 1)
    assert after["cat_hall_queue_lines"] == 0
    assert after["cat_hall_beat_age_seconds"] < 5
    assert after["process_resident_memory_bytes"] > 1e7
    for wrong in ("", "x", TOKEN[:-1], TOKEN + "x"):
        assert status(told.url, wrong) == 404


def test_without_a_token_in_the_environment_there_is_no_such_page(live) -> None:
    live.start("web")
    try:
        for word in ("", "None", TOKEN):
            assert status(live.url, word) == 404
    finally:
        live.stop("web")


@pytest.mark.parametrize("word", ["kurang", "a" * 40])
def test_a_guessable_token_is_refused(monkeypatch, word) -> None:
    monkeypatch.setenv("CAT_METRICS_TOKEN", word)
    with pytest.raises(ImproperlyConfigured, match="CAT_METRICS_TOKEN"):
        environment.read_metrics_token()


def test_no_figure_names_a_person() -> None:
    """Labels are codes of the protocol, never an attempt, a card or an address."""
    from prometheus_client import REGISTRY, generate_latest

    labels = set(re.findall(r"^cat_[a-z_]+\{([a-z]+)=", generate_latest(REGISTRY).decode(), re.MULTILINE))
    assert labels <= {"code", "le"}
