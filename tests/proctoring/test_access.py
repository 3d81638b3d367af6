"""Who may enter which page of a room; strangers learn nothing, auditors only read."""

import pytest
from django.urls import reverse

from cat_exam.hallclock import hall_now
from core.errors import Refusal
from proctoring import actions, queries
from proctoring.models import Incident, Watch
from tests.people import EVERYBODY
from tests.proctoring.conftest import RoomOfTest

READ = ["room", "snapshot", "incidents", "messages", "time", "papers", "proposals"]
ACT = ["open", "start", "pause", "resume", "close", "find", "envelopes"]
POST_ONLY = ["duty", "sign", "countersign", "make_paper"]
READERS = {"proctor", "coordinator", "auditor"}
ACTORS = {"proctor", "coordinator"}


def allowed(status: int) -> bool:
    return status not in {302, 403, 404}


@pytest.mark.parametrize("who", EVERYBODY)
def test_each_page_opens_to_its_roles_only(room: RoomOfTest, who: str) -> None:
    attempt = room.expect()
    client = room.people.client(room.people.who(who))
    here = room.exam.reference
    for name in READ:
        assert allowed(client.get(reverse(f"proctoring:{name}", args=[here])).status_code) == (who in READERS), name
    for name in ACT:
        assert allowed(client.get(reverse(f"proctoring:{name}", args=[here])).status_code) == (who in ACTORS), name
    seat = reverse("proctoring:seat", args=[here, attempt.reference])
    assert allowed(client.get(seat).status_code) == (who in READERS)
    for name in ("check_in", "new_pin", "move_ask", "removal_ask", "take_picture"):
        address = reverse(f"proctoring:{name}", args=[here, attempt.reference])
        assert allowed(client.get(address).status_code) == (who in ACTORS), name
    assert (client.get(reverse("proctoring:rooms")).status_code == 200) == (who in READERS)
    for name in POST_ONLY[:-1]:  # papers are made of a closed exam only; see test_papers
        answer = client.post(reverse(f"proctoring:{name}", args=[here]))
        back = answer.headers.get("Location", "").startswith(f"/ruang/{here}/")
        assert (answer.status_code == 302 and back) == (who in ACTORS), name


def test_a_proctor_of_another_centre_sees_no_sign_of_the_room(room: RoomOfTest) -> None:
    attempt = room.expect()
    client = room.people.client(room.stranger())
    here = room.exam.reference
    assert here not in client.get(reverse("proctoring:rooms")).text
    for name in [*READ, *ACT]:
        assert client.get(reverse(f"proctoring:{name}", args=[here])).status_code == 404, name
    for name in ("seat", "check_in", "new_pin", "photo", "move_ask", "removal_ask", "take_picture", "picture"):
        address = reverse(f"proctoring:{name}", args=[here, attempt.reference])
        assert client.get(address).status_code == 404, name
    for name in POST_ONLY:
        assert client.post(reverse(f"proctoring:{name}", args=[here])).status_code == 404, name
    assert not Watch.objects.exists()


def test_the_action_itself_refuses_people_of_another_centre_and_auditors(room: RoomOfTest) -> None:
    for person in (room.stranger(), room.people.staff("auditor"), room.people.staff("committee")):
        with pytest.raises(Refusal) as refusal:
            actions.open_registration(exam=room.exam, by=person, now=hall_now())
        assert refusal.value.code == "not_your_room"
    room.exam.refresh_from_db()
    assert room.exam.state == "prepared"


def test_an_auditor_reads_but_cannot_write_by_hand_made_posts(room: RoomOfTest) -> None:
    client = room.people.client(room.people.staff("auditor"))
    form = {"kind": "other", "seat": "semua", "text": "Auditor mencoba mencatat."}
    page = client.post(reverse("proctoring:incidents", args=[room.exam.reference]), form)
    assert page.status_code == 200
    assert not Incident.objects.exists()


def test_a_role_for_the_country_sees_every_centre_and_a_role_for_an_agency_none(room: RoomOfTest) -> None:
    assert room.exam in queries.visible_to(room.people.staff("proctor", 3))
    assert not queries.visible_to(room.people.staff("proctor", 4, agency=room.agency)).exists()
    assert not queries.visible_to(room.people.applicant()).exists()


def test_a_seat_of_another_exam_is_not_found_under_this_one(room: RoomOfTest) -> None:
    other = room.make_exam(room.room)
    attempt = room.expect(exam=other)
    client = room.people.client(room.proctor())
    assert client.get(reverse("proctoring:seat", args=[room.exam.reference, attempt.reference])).status_code == 404


def test_without_the_second_factor_nobody_enters(room: RoomOfTest) -> None:
    from core.access import SECOND_FACTOR

    client = room.people.client(room.proctor())
    session = client.session
    del session[SECOND_FACTOR]
    session.save()
    assert client.get(reverse("proctoring:rooms")).status_code == 302
