"""A candidate is taken out of the count by a proctor's request and a coordinator's word, never by one person."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from cat_exam.hallclock import hall_now
from core.errors import Refusal
from core.models import TrailEntry
from proctoring import actions, queries
from proctoring.models import Alarm, Incident
from tests.proctoring.conftest import RoomOfTest

pytestmark = pytest.mark.django_db
WHY = "Orang lain yang mengerjakan"


def refused(code: str, act: Callable[..., object], **given: object) -> None:
    with pytest.raises(Refusal) as caught:
        act(now=hall_now(), **given)
    assert caught.value.code == code


def test_a_proctor_asks_and_a_coordinator_confirms(room: RoomOfTest) -> None:
    attempt = room.expect()
    room.open()
    seen = actions.report_incident(
        exam=room.exam, kind="conduct", text="Wajah tidak sama dengan foto", attempt=attempt, by=room.proctor(),
        now=hall_now(),
    )  # fmt: skip
    asked = actions.ask_removal(
        exam=room.exam, attempt=attempt, to="disqualified", reason=WHY, evidence=[f"incident:{seen.pk}"],
        by=room.proctor(), now=hall_now(),
    )  # fmt: skip
    attempt.refresh_from_db()
    assert attempt.state == "expected" and asked.evidence == [f"incident:{seen.pk}"]
    refused("not_your_room", actions.confirm_removal, removal=asked, by=room.proctor(2))
    refused("not_your_room", actions.confirm_removal, removal=asked, by=room.stranger())
    assert actions.confirm_removal(removal=asked, by=room.coordinator(), now=hall_now()).state == "disqualified"
    kinds = TrailEntry.objects.filter(verb__startswith="cat_exam.").values_list("verb", "actor")
    assert ("cat_exam.removal_asked", room.proctor().pk) in kinds
    assert ("cat_exam.attempt_disqualified", room.coordinator().pk) in kinds


def test_a_coordinator_who_asked_does_not_confirm(room: RoomOfTest) -> None:
    asked = actions.ask_removal(
        exam=room.exam, attempt=room.expect(), to="voided", reason=WHY, by=room.coordinator(), now=hall_now()
    )
    refused("four_eyes", actions.confirm_removal, removal=asked, by=room.coordinator())
    refused("not_your_room", actions.decline_removal, removal=asked, by=room.proctor())
    actions.decline_removal(removal=asked, by=room.coordinator(), now=hall_now())
    refused("decided", actions.confirm_removal, removal=asked, by=room.coordinator(2))


def test_evidence_is_of_this_room_and_this_candidate(room: RoomOfTest) -> None:
    attempt, other = room.expect(), room.expect()
    about_other = Incident.objects.create(
        exam=room.exam, attempt=other, kind="conduct", text="Membuka ponsel", by=room.proctor(), at=hall_now()
    )
    given = {"exam": room.exam, "to": "disqualified", "by": room.proctor()}
    refused(
        "evidence_foreign",
        actions.ask_removal,
        attempt=attempt,
        reason=WHY,
        evidence=[f"incident:{about_other.pk}"],
        **given,
    )
    refused("text_short", actions.ask_removal, attempt=attempt, reason="joki", **given)
    elsewhere = room.make_exam(room.room)
    stranger = room.expect(exam=elsewhere)
    refused("attempt_foreign", actions.ask_removal, attempt=stranger, reason=WHY, **given)


def test_the_page_offers_what_is_recorded_about_this_candidate_and_the_room(room: RoomOfTest) -> None:
    attempt, other = room.expect(), room.expect()
    room.open()
    for about, text in (
        (attempt, "Membuka ponsel di bawah meja"),
        (other, "Berbicara dengan tetangga"),
        (None, "Listrik padam semenit"),
    ):
        actions.report_incident(
            exam=room.exam, kind="conduct", text=text, attempt=about, by=room.proctor(), now=hall_now()
        )
    actions.send_word(
        exam=room.exam, text="Jangan membuka ponsel.", attempt=attempt, by=room.proctor(), now=hall_now()
    )
    Alarm.objects.create(exam=room.exam, attempt=attempt, kind="focus", strength=3, first_at=hall_now(),
                         last_at=hall_now(), raised_at=hall_now())  # fmt: skip
    client = room.people.client(room.proctor())
    address = reverse("proctoring:removal_ask", args=[room.exam.reference, attempt.reference])
    page = client.get(address).text
    for text in (
        "Membuka ponsel di bawah meja",
        "Listrik padam semenit",
        "Jangan membuka ponsel.",
        "Keluar dari halaman",
    ):
        assert text in page
    assert "Berbicara dengan tetangga" not in page
    answer = client.post(address, {"to": "disqualified", "reason": "pendek"})
    assert answer.status_code == 200 and "pendek" in answer.text and not attempt.removals.exists()


def test_a_coordinator_confirms_on_the_own_sign_in_and_the_room_calls_until_then(room: RoomOfTest) -> None:
    attempt = room.expect()
    room.open()
    seen = actions.report_incident(exam=room.exam, kind="conduct", text="Wajah tidak sama dengan foto",
                                   attempt=attempt, by=room.proctor(), now=hall_now())  # fmt: skip
    asker, chief = room.people.client(room.proctor()), room.people.client(room.coordinator())
    ask = reverse("proctoring:removal_ask", args=[room.exam.reference, attempt.reference])
    sent = asker.post(ask, {"to": "disqualified", "reason": WHY, "evidence": [f"incident:{seen.pk}"]})
    row = attempt.removals.get()
    page = reverse("proctoring:removal", args=[room.exam.reference, row.pk])
    assert sent["Location"] == page
    assert "Tarik kembali" in asker.get(page).text and "Setuju:" not in asker.get(page).text
    (call,) = queries.read_room(room.exam, hall_now()).calls
    assert (call.code, call.id, call.ref) == ("removal", str(row.pk), attempt.reference)
    told = chief.get(page).text
    assert "Yang tidak dapat dibatalkan" in told and "Wajah tidak sama dengan foto" in told
    assert "Setuju" not in room.people.client(room.proctor(2)).get(page).text
    mine = asker.post(page, {"putusan": "setuju"})
    assert mine.status_code == 200 and "Belum diputus" in mine.text
    attempt.refresh_from_db()
    assert attempt.state == "expected"
    chief.post(page, {"putusan": "setuju"})
    attempt.refresh_from_db()
    assert attempt.state == "disqualified"
    assert not queries.read_room(room.exam, hall_now()).calls
    for address in (page, reverse("proctoring:proposals", args=[room.exam.reference])):
        assert "Disetujui" in chief.get(address).text
        assert room.people.client(room.stranger()).get(address).status_code == 404
