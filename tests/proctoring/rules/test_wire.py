"""The listening socket says only what changed."""

import json
from dataclasses import replace

from proctoring.protocol import Call, Change, Full, Refused, Room, Tile, changes, dump

TILE = Tile("aa", "A-1", "26-1", "Siti", "working", 3, 1000, 9000, None, None, "")
FULL = Full(1000, Room("running", "", 500), (TILE, replace(TILE, ref="bb", label="A-2")), ())


def test_nothing_is_said_when_nothing_changed() -> None:
    assert changes(FULL, replace(FULL, now=2000)) is None


def test_only_the_tile_that_changed_travels() -> None:
    new = replace(FULL.seats[1], answered=4, saved=2000)
    change = changes(FULL, replace(FULL, now=2000, seats=(TILE, new)))
    assert change == Change(2000, None, (new,), None)


def test_a_pause_and_a_call_travel_without_tiles() -> None:
    after = replace(FULL, room=Room("running", "room", 500), calls=(Call("outage", "", "", "", 1),))
    change = changes(FULL, after)
    assert change is not None
    assert (change.seats, change.room, change.calls) == ((), after.room, after.calls)


def test_a_call_that_ended_is_taken_back() -> None:
    before = replace(FULL, calls=(Call("outage", "", "", "", 1),))
    change = changes(before, FULL)
    assert change is not None
    assert change.calls == ()


def test_frames_carry_their_type() -> None:
    assert json.loads(dump(FULL))["t"] == "room"
    assert json.loads(dump(Refused("signed_out", "…")))["t"] == "refused"
    tags = json.loads(dump(FULL))["seats"][0]
    assert tags["label"] == "A-1"
    assert set(tags) == set(Tile.__dataclass_fields__)
