"""A tile says what is true of its seat, and asks for a person only when one is needed."""

import pytest

from cat_exam.rules import lifecycle
from cat_exam.rules.presence import Preflight, Seen, chromium_of, read, write
from proctoring.rules.seats import SHAPES, TONES, SeatFacts, SeatKind, calls_for, faults_of, kind_of


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        (SeatFacts("expected"), SeatKind.AWAITED),
        (SeatFacts("admitted"), SeatKind.CHECKED_IN),
        (SeatFacts("admitted", pin_tries=5), SeatKind.BLOCKED),
        (SeatFacts("admitted", pin_tries=4), SeatKind.CHECKED_IN),
        (SeatFacts("admitted", entered=True, connected=True, preflight=True), SeatKind.READY),
        (SeatFacts("admitted", entered=True, connected=True, preflight=False), SeatKind.PREFLIGHT_FAILED),
        (SeatFacts("admitted", entered=True, connected=True), SeatKind.CHECKING),
        (SeatFacts("admitted", entered=True), SeatKind.READY),
        (SeatFacts("admitted", entered=True, connected=False), SeatKind.DISCONNECTED),
        (SeatFacts("running", entered=True, connected=True), SeatKind.WORKING),
        (SeatFacts("running", entered=True, connected=None), SeatKind.WORKING),
        (SeatFacts("running", entered=True, connected=False), SeatKind.DISCONNECTED),
        (SeatFacts("paused", entered=True, connected=True), SeatKind.PAUSED),
        (SeatFacts("paused", entered=True, connected=False), SeatKind.DISCONNECTED),
        (SeatFacts("submitted", connected=False), SeatKind.FINISHED),
        (SeatFacts("expired", connected=False), SeatKind.FINISHED),
        (SeatFacts("scored"), SeatKind.SCORED),
        (SeatFacts("absent"), SeatKind.ABSENT),
        (SeatFacts("disqualified"), SeatKind.DISQUALIFIED),
        (SeatFacts("voided"), SeatKind.VOIDED),
    ],
)
def test_the_kind_of_a_seat_follows_from_its_facts(facts: SeatFacts, kind: SeatKind) -> None:
    assert kind_of(facts) == kind


def test_every_state_of_an_attempt_has_a_kind_and_every_kind_its_own_shape() -> None:
    for state in lifecycle.ATTEMPT:
        kind_of(SeatFacts(state))
    assert set(TONES) == set(SHAPES) == set(SeatKind)
    assert len(set(SHAPES.values())) == len(SHAPES)


def test_an_unknown_state_is_an_error_not_a_guess() -> None:
    with pytest.raises(KeyError):
        kind_of(SeatFacts("elsewhere"))


@pytest.mark.parametrize(("seconds", "calls"), [(29, []), (30, []), (31, ["disconnected"]), (None, [])])
def test_a_lost_browser_calls_somebody_after_thirty_seconds(seconds: int | None, calls: list[str]) -> None:
    assert calls_for(SeatFacts("running", entered=True, connected=False, gone_seconds=seconds)) == calls


def test_a_finished_seat_calls_nobody() -> None:
    facts = SeatFacts("submitted", entered=True, connected=False, gone_seconds=500, wrong_station=True)
    assert calls_for(facts) == []


def test_a_wrong_computer_and_a_blocked_pin_call_somebody() -> None:
    assert calls_for(SeatFacts("admitted", pin_tries=5, wrong_station=True)) == ["blocked", "wrong_station"]
    assert calls_for(SeatFacts("admitted", entered=True, connected=True, preflight=False)) == ["preflight"]


GOOD = {"storage": True, "width": 1366, "height": 768, "offset_ms": 0, "latency_ms": 5, "browser": 131}


@pytest.mark.parametrize(
    ("shown", "codes"),
    [
        ({}, ()),
        ({"storage": False}, ("storage",)),
        ({"browser": 108}, ("browser",)),
        ({"browser": 109}, ()),
        ({"browser": 0}, ()),
        ({"width": 1023}, ("screen",)),
        ({"width": 1024}, ()),
        ({"latency_ms": 1001}, ("network",)),
        ({"latency_ms": 1000}, ()),
        ({"offset_ms": -120_001}, ("clock",)),
        ({"offset_ms": 120_000}, ()),
        ({"storage": False, "latency_ms": 5000, "width": 800}, ("storage", "screen", "network")),
    ],
)
def test_a_preflight_names_what_is_wrong_at_its_limits(shown: dict[str, int], codes: tuple[str, ...]) -> None:
    assert faults_of(Preflight(**(GOOD | shown))) == codes


def test_presence_is_read_as_it_was_written_and_anything_else_is_unknown() -> None:
    for seen in (
        Seen(True, 17),
        Seen(False, 17, Preflight(**GOOD)),
        Seen(True, 17, Preflight(**GOOD | {"offset_ms": -4})),
    ):
        assert read(write(seen)) == seen
    for text in ("1:17:1", "", "[1]", "[1,2,3]", '{"a":1}', '[1,"17"]', "[true,17]"):
        assert read(text) is None


def test_the_version_is_that_of_chromium_behind_the_agent() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
    assert [chromium_of(agent.format(version)) for version in (95, 131)] == [95, 131]
    assert chromium_of("Mozilla/5.0 (X11; rv:109.0) Gecko/20100101 Firefox/115.0") == 0
