"""A candidate is taken out of the count by a proctor's request and a coordinator's word, never by one person."""

from collections.abc import Callable

import pytest

from cat_exam.hallclock import hall_now
from core.errors import Refusal
from core.models import TrailEntry
from proctoring import actions
from proctoring.models import Incident
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
        exam=room.exam, attempt=attempt, to="disqualified", reason=WHY, evidence=[seen], by=room.proctor(),
        now=hall_now(),
    )  # fmt: skip
    attempt.refresh_from_db()
    assert attempt.state == "expected" and asked.evidence == [str(seen.pk)]
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
    refused("evidence_foreign", actions.ask_removal, attempt=attempt, reason=WHY, evidence=[about_other], **given)
    refused("text_short", actions.ask_removal, attempt=attempt, reason="joki", **given)
    elsewhere = room.make_exam(room.room)
    stranger = room.expect(exam=elsewhere)
    refused("attempt_foreign", actions.ask_removal, attempt=stranger, reason=WHY, **given)
