"""Roles: asked by one, approved by another; refused by the page and by the database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core import actions, clock
from core.access import roles_of
from core.errors import Refusal
from core.models import RoleGrant, User

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def asker(people) -> User:
    return people.staff("operator", 1)


@pytest.fixture
def approver(people) -> User:
    return people.staff("operator", 2)


@pytest.fixture
def newcomer(asker) -> User:
    return actions.create_staff_user(
        email="baru@uji.invalid", full_name="Petugas Baru", password="kunci-rumah-7-biru", by=asker, now=NOW
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_role_works_only_after_a_second_officer_approved_it(asker, approver, newcomer):
    grant = actions.grant_role(user=newcomer, role="proctor", by=asker, now=clock.now())
    assert roles_of(fresh(newcomer)) == frozenset()
    actions.approve_grant(grant=grant, by=approver, now=clock.now())
    assert roles_of(fresh(newcomer)) == {"proctor"}
    actions.revoke_grant(grant=grant, by=asker, now=clock.now())
    assert roles_of(fresh(newcomer)) == frozenset()


def test_who_asked_cannot_approve_neither_in_the_action_nor_through_the_page(people, asker, newcomer):
    grant = actions.grant_role(user=newcomer, role="proctor", by=asker, now=clock.now())
    with pytest.raises(Refusal) as refusal:
        actions.approve_grant(grant=grant, by=asker, now=clock.now())
    assert refusal.value.code == "four_eyes"
    client = people.client(asker)
    page = client.post(reverse("core:grant_decide", args=[grant.pk, "setujui"]), follow=True)
    assert "persetujuan harus dari petugas lain" in page.content.decode()
    grant.refresh_from_db()
    assert grant.approved_by is None


def test_the_page_offers_approval_only_to_somebody_else(people, asker, approver, newcomer):
    grant = actions.grant_role(user=newcomer, role="proctor", by=asker, now=clock.now())
    address = reverse("core:grant_decide", args=[grant.pk, "setujui"])
    assert address not in people.client(asker).get(reverse("core:grants")).content.decode()
    assert address in people.client(approver).get(reverse("core:grants")).content.decode()
    people.client(approver).post(address)
    assert roles_of(fresh(newcomer)) == {"proctor"}


def test_nobody_asks_for_or_approves_their_own_role(asker, approver):
    with pytest.raises(Refusal) as refusal:
        actions.grant_role(user=asker, role="chair", by=asker, now=clock.now())
    assert refusal.value.code == "own_role"
    grant = actions.grant_role(user=asker, role="chair", by=approver, now=clock.now())
    with pytest.raises(Refusal) as refusal:
        actions.approve_grant(grant=grant, by=asker, now=clock.now())
    assert refusal.value.code == "own_role"


FORGERIES = {
    "approve what one asked": "UPDATE core_rolegrant SET approved_by_id = granted_by_id, approved_at = now()"
    " WHERE id = %(id)s",
    "approve one's own": "UPDATE core_rolegrant SET approved_by_id = user_id, approved_at = now() WHERE id = %(id)s",
    "change who asked": "UPDATE core_rolegrant SET granted_by_id = %(other)s WHERE id = %(id)s",
    "change the role": "UPDATE core_rolegrant SET role = 'chair' WHERE id = %(id)s",
    "widen the time": "UPDATE core_rolegrant SET valid_from = valid_from - interval '1 day' WHERE id = %(id)s",
    "insert approved": "INSERT INTO core_rolegrant"
    " (user_id, role, valid_from, granted_by_id, approved_by_id, approved_at)"
    " SELECT user_id, 'auditor', now(), granted_by_id, %(other)s, now() FROM core_rolegrant WHERE id = %(id)s",
    "delete": "DELETE FROM core_rolegrant WHERE id = %(id)s",
    "unknown role": "UPDATE core_rolegrant SET role = 'king' WHERE id = %(id)s",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_the_database_refuses_a_forged_grant(asker, approver, newcomer, forgery):
    grant = actions.grant_role(user=newcomer, role="proctor", by=asker, now=clock.now())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FORGERIES[forgery], {"id": grant.pk, "other": approver.pk})
    assert roles_of(fresh(newcomer)) == frozenset()


@pytest.mark.parametrize(
    "change", ["approved_by_id = %(other)s", "approved_by_id = NULL, approved_at = NULL", "approved_at = now()"]
)
def test_the_database_keeps_a_decision_as_it_was_taken(asker, approver, newcomer, change):
    grant = actions.grant_role(user=newcomer, role="proctor", by=asker, now=clock.now())
    actions.approve_grant(grant=grant, by=approver, now=clock.now() - timedelta(minutes=1))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE core_rolegrant SET {change} WHERE id = %(id)s", {"id": grant.pk, "other": newcomer.pk}
        )


def test_a_revoked_role_cannot_come_back(asker, approver, newcomer):
    grant = actions.grant_role(user=newcomer, role="proctor", by=asker, now=clock.now())
    actions.refuse_grant(grant=grant, by=approver, now=clock.now())
    for change in ("revoked_at = NULL", "approved_by_id = %(other)s, approved_at = now()"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE core_rolegrant SET {change} WHERE id = %(id)s", {"id": grant.pk, "other": approver.pk}
            )


def test_the_same_role_is_not_given_twice_but_again_after_it_ended(asker, newcomer):
    first = actions.grant_role(user=newcomer, role="writer", by=asker, now=clock.now())
    with pytest.raises(Refusal) as refusal:
        actions.grant_role(user=newcomer, role="writer", by=asker, now=clock.now())
    assert refusal.value.code == "role_held"
    actions.revoke_grant(grant=first, by=asker, now=clock.now())
    actions.grant_role(user=newcomer, role="writer", by=asker, now=clock.now())


def test_a_role_with_an_end_stops_by_itself(asker, approver, newcomer):
    start = clock.now() - timedelta(hours=2)
    grant = actions.grant_role(
        user=newcomer, role="verifier", by=asker, now=start, valid_from=start, valid_to=start + timedelta(hours=1)
    )
    actions.approve_grant(grant=grant, by=approver, now=start)
    assert roles_of(fresh(newcomer)) == frozenset()


def test_deactivating_takes_every_role_at_once(people, asker, approver):
    proctor = people.staff("proctor")
    actions.deactivate_staff(user=proctor, by=asker, now=clock.now())
    assert not RoleGrant.objects.filter(user=proctor).in_force(clock.now()).exists()
    with pytest.raises(Refusal):
        actions.deactivate_staff(user=asker, by=asker, now=clock.now())


def test_a_role_is_asked_for_on_the_page_until_the_end_of_a_day(people, asker, newcomer):
    answer = people.client(asker).post(
        reverse("core:grant_new"),
        {"user": str(newcomer.pk), "role": "auditor", "valid_to_0": "31", "valid_to_1": "12", "valid_to_2": "2027"},
    )
    assert answer["Location"] == reverse("core:grants")
    assert RoleGrant.objects.get(user=newcomer).valid_to == datetime(2027, 12, 31, 17, 0, tzinfo=UTC)


def test_a_wrong_date_keeps_what_was_typed_and_says_what_is_wrong(people, asker, newcomer):
    page = people.client(asker).post(
        reverse("core:grant_new"),
        {"user": str(newcomer.pk), "role": "auditor", "valid_to_0": "31", "valid_to_1": "2", "valid_to_2": "2027"},
    )
    text = page.content.decode()
    assert "Tanggal ini tidak ada di kalender" in text
    assert 'value="31"' in text
    assert not RoleGrant.objects.filter(user=newcomer).exists()
