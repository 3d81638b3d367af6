"""The live room on a real server: what the socket says, to whom, and that strangers are refused in words."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import override_settings
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from cat_exam import protocol as hall_wire
from cat_exam.hallclock import hall_now
from core.actions import revoke_grant
from core.models import RoleGrant, User
from proctoring import actions
from proctoring.queries.live import to_ms
from tests.fixtures.sites import Live
from tests.people import People
from tests.proctoring.conftest import RoomOfTest

LIVE = ("web",)  # who scores and sweeps is not asked here
pytestmark = pytest.mark.live
Enter = Callable[[str], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
        yield


@pytest.fixture
def room(live: Live, quick_passwords: None, as_role: Enter, keyring_of: Enter, request: Any) -> Iterator[RoomOfTest]:
    """A room of the running installation, made once for the module; two seats, one checked in."""
    module = request.module
    with keyring_of("web"), override_settings(MEDIA_ROOT=live.home / "media", VALKEY_URL=live.valkey.url):
        if not hasattr(module, "_room"):
            made = RoomOfTest(People(), as_role, keyring_of)
            made.expect("Siti Aminah")
            made.expect("Budi Santoso")
            made.open()
            module._room = made
        yield module._room


def address(live: Live, room: RoomOfTest) -> str:
    return f"{live.ws_url}/ws/ruang/{room.exam.reference}/"


def headers(room: RoomOfTest, who: User | None) -> dict[str, str]:
    return {} if who is None else {"Cookie": f"{settings.SESSION_COOKIE_NAME}={room.people.session(who)}"}


async def frames(url: str, origin: str, cookies: dict[str, str], *, seconds: float, after: Any = None) -> list[Any]:
    """Everything the socket says within ``seconds``; ``after(frame)`` is called once, with the first frame."""
    heard: list[Any] = []
    async with connect(url, origin=origin, additional_headers=cookies, proxy=None) as socket:  # type: ignore[arg-type]
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                heard.append(json.loads(await asyncio.wait_for(socket.recv(), left)))
            except TimeoutError:
                break
            except ConnectionClosed as closed:
                heard.append(closed.rcvd.code if closed.rcvd else None)
                break
            if after is not None and len(heard) == 1:
                await asyncio.to_thread(in_own_connection, after)
    return heard


def in_own_connection(work: Any) -> None:
    try:
        work()
    finally:
        connection.close()


def listen(live: Live, room: RoomOfTest, who: User | None, *, seconds: float = 3, after: Any = None) -> list[Any]:
    return asyncio.run(frames(address(live, room), live.url, headers(room, who), seconds=seconds, after=after))


def test_the_room_is_told_whole_and_then_only_what_changed(live: Live, room: RoomOfTest) -> None:
    attempt = room.exam.attempts.get(display_name="Siti Aminah")

    heard = listen(live, room, room.proctor(), seconds=4, after=lambda: room.check_in(attempt))
    first, *changes = heard
    assert first["t"] == "room"
    assert [tile["kind"] for tile in first["seats"]] == ["awaited", "awaited"]
    assert [(tile["ref"], tile["kind"]) for change in changes for tile in change["seats"]] == [
        (attempt.reference, "checked_in")
    ]
    assert all(change["t"] == "change" for change in changes)


def test_who_is_lost_for_half_a_minute_calls_somebody(live: Live, room: RoomOfTest) -> None:
    attempt = room.exam.attempts.get(display_name="Siti Aminah")
    station = room.place.stations.create(label="B-99", token_hash="a" * 64, enrolled_at=hall_now())
    type(attempt).objects.filter(pk=attempt.pk).update(station=station)
    valkey = redis.Redis.from_url(live.valkey.url)
    gone = to_ms(hall_now()) - 45_000
    valkey.hset(hall_wire.PRESENCE.format(exam=room.exam.pk), str(attempt.pk), f"[0,{gone},1,1366,768,0,5,131]")
    first = listen(live, room, room.proctor(), seconds=2)[0]
    tile = next(tile for tile in first["seats"] if tile["ref"] == attempt.reference)
    assert (tile["kind"], tile["gone"], tile["station"]) == ("disconnected", gone, "B-99")
    assert {call["code"] for call in first["calls"]} == {"disconnected", "wrong_station"}
    valkey.hset(hall_wire.PRESENCE.format(exam=room.exam.pk), str(attempt.pk), f"[1,{gone},1,1366,768,0,5,131]")
    again = listen(live, room, room.proctor(), seconds=2)[0]
    assert next(tile for tile in again["seats"] if tile["ref"] == attempt.reference)["kind"] == "ready"


@pytest.mark.parametrize(
    ("who", "code"),
    [("visitor", 4401), ("applicant", 4401), ("stranger", 4403), ("committee", 4403), ("operator", 4403)],
)
def test_strangers_are_refused_in_words_and_hear_nothing_else(
    live: Live, room: RoomOfTest, who: str, code: int
) -> None:
    person = room.stranger() if who == "stranger" else room.people.who(who)
    heard = listen(live, room, person)
    assert [frame["t"] if isinstance(frame, dict) else frame for frame in heard] == ["refused", code]
    assert heard[0]["text"]


def test_without_the_second_factor_the_socket_is_refused(live: Live, room: RoomOfTest) -> None:
    from django.contrib.sessions.backends.db import SessionStore

    from core.access import SECOND_FACTOR

    key = room.people.session(room.proctor())
    store = SessionStore(key)
    del store[SECOND_FACTOR]
    store.save()
    cookies = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}
    heard = asyncio.run(frames(address(live, room), live.url, cookies, seconds=3))
    assert heard[-1] == 4401


def test_a_page_of_another_origin_gets_no_socket(live: Live, room: RoomOfTest) -> None:
    cookies = headers(room, room.proctor())
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(frames(address(live, room), "http://jahat.invalid", cookies, seconds=2))
    assert refused.value.response.status_code == 403


def test_an_unknown_room_is_refused_like_a_foreign_one(live: Live, room: RoomOfTest) -> None:
    url = f"{live.ws_url}/ws/ruang/tidakadaruangini/"
    heard = asyncio.run(frames(url, live.url, headers(room, room.proctor()), seconds=3))
    assert heard[-1] == 4403


def test_what_the_browser_says_changes_nothing(live: Live, room: RoomOfTest) -> None:
    cookies = headers(room, room.proctor())

    async def shout() -> list[Any]:
        async with connect(
            address(live, room),
            origin=live.url,
            additional_headers=cookies,
            proxy=None,  # type: ignore[arg-type]
        ) as socket:
            await socket.recv()
            await socket.send(json.dumps({"t": "start"}))
            await socket.send(b"\x00" * 1000)
            await asyncio.sleep(1.5)
            await socket.ping()
            return [socket.state.name]

    assert asyncio.run(shout()) == ["OPEN"]
    room.exam.refresh_from_db()
    assert room.exam.state == "open"


def test_a_pause_arrives_within_two_seconds(live: Live, room: RoomOfTest) -> None:
    attempt = room.exam.attempts.get(display_name="Budi Santoso")
    if attempt.state == "expected":
        room.check_in(attempt)
    room.start()

    def hold() -> None:
        actions.hold_exam(exam=room.exam, reason="Alarm kebakaran berbunyi.", by=room.proctor(), now=hall_now())

    began = time.monotonic()
    heard = listen(live, room, room.coordinator(), seconds=3, after=hold)
    assert heard[0]["room"] == {"state": "running", "paused": "", "started": heard[0]["room"]["started"]}
    paused = [frame for frame in heard[1:] if frame.get("room")]
    assert paused[0]["room"]["paused"] == "room"
    assert time.monotonic() - began < 6


def test_a_role_taken_away_ends_the_screen(live: Live, room: RoomOfTest) -> None:
    person = room.people.staff("proctor", 5, centre=room.centre)

    def revoke() -> None:
        grant = RoleGrant.objects.get(user=person)
        revoke_grant(grant=grant, by=room.people.staff("operator", 2), now=room.people.now)

    heard = listen(live, room, person, seconds=45, after=revoke)
    assert heard[-1] == 4403
    assert heard[-2]["t"] == "refused"
