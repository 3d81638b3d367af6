"""Three different people from draft to approval, by action and by database."""

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from core import clock
from core.errors import Refusal
from questionbank import actions, content
from questionbank.models import ItemVersion, Review

pytestmark = pytest.mark.django_db


def refusal_of(act, **arguments) -> str:
    with pytest.raises(Refusal) as refused:
        act(now=clock.now(), **arguments)
    return refused.value.code


def run(sql: str, *params) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_the_writer_may_neither_review_nor_approve_and_the_reviewer_not_approve(make_item, hands):
    waiting = make_item(state="in_review")
    accept = {"verdict": "accept"}
    assert refusal_of(actions.review_version, version=waiting, by=hands.writer, **accept) == "own_work"
    assert refusal_of(actions.approve_version, version=waiting, by=hands.approver) == "not_waiting"
    read = actions.review_version(version=waiting, by=hands.reviewer, now=clock.now(), **accept)
    assert refusal_of(actions.approve_version, version=read, by=hands.writer) == "own_work"
    assert refusal_of(actions.approve_version, version=read, by=hands.reviewer) == "own_work"
    assert refusal_of(actions.review_version, version=read, by=hands.approver, **accept) == "not_waiting"
    assert actions.approve_version(version=read, by=hands.approver, now=clock.now()).state == "approved"
    assert [review.by for review in Review.objects.order_by("at")] == [hands.reviewer, hands.approver]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("reviewer_id = writer_id", "item_writer_not_reviewer"),
        ("approver_id = writer_id", "item_writer_not_approver"),
        ("approver_id = reviewer_id", "item_reviewer_not_approver"),
        ("state = 'approved'", "item_approved_by_three"),
    ],
)
def test_the_database_wants_three_people_too(make_item, change, constraint):
    version = make_item(state="reviewed")
    with pytest.raises(IntegrityError, match=constraint):
        run(f"UPDATE questionbank_itemversion SET {change} WHERE id = %s", version.pk)


@pytest.mark.parametrize(
    ("state", "change"),
    [
        ("draft", "state = 'approved'"),
        ("draft", "state = 'in_use'"),
        ("in_review", "content = ''"),
        ("in_review", "digest = 'x'"),
        ("in_review", "writer_id = gen_random_uuid()"),
        ("approved", "content = ''"),
        ("approved", "reviewer_id = NULL"),
        ("approved", "approver_id = NULL"),
        ("approved", "state = 'draft'"),
        ("approved", "state = 'in_review'"),
        ("approved", "number = 7"),
    ],
)
def test_the_database_keeps_the_lifecycle_and_the_frozen_content(make_item, state, change):
    version = make_item(state=state)
    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(f"UPDATE questionbank_itemversion SET {change} WHERE id = %s", version.pk)


def test_no_version_is_born_approved(make_item, hands):
    version = make_item(state="approved")
    columns = "language, content, digest, writer_id, reviewer_id, approver_id, created_at, changed_at"
    with pytest.raises(ProgrammingError, match="pgtrigger"):
        run(
            f"INSERT INTO questionbank_itemversion (item_id, number, state, {columns}) "
            f"SELECT item_id, 2, 'approved', {columns} FROM questionbank_itemversion WHERE id = %s",
            version.pk,
        )


def test_a_return_needs_a_note_and_gives_the_draft_back(make_item, hands):
    version = make_item(state="reviewed")
    arguments = {"version": version, "verdict": "return", "by": hands.approver}
    assert refusal_of(actions.approve_version, note="  ", **arguments) == "note_empty"
    back = actions.approve_version(note="Opsi A kabur.", now=clock.now(), **arguments)
    assert (back.state, back.reviewer) == ("draft", None)
    assert Review.objects.get(verdict="return").note == "Opsi A kabur."


def test_approving_a_new_version_retires_the_old_one_in_the_same_step(make_item, hands, people):
    old = make_item()
    other = people.staff("writer", 2)
    fresh = actions.start_version(version=old, by=other, now=clock.now())
    assert refusal_of(actions.start_version, version=old, by=hands.writer) == "version_open"
    draft = content.to_draft(fresh, content.open_version(fresh))
    assert refusal_of(actions.save_draft, version=fresh, draft=draft, by=hands.writer) == "not_writer"
    actions.submit_for_review(version=fresh, by=other, now=clock.now())
    actions.review_version(version=fresh, verdict="accept", by=hands.reviewer, now=clock.now())
    actions.approve_version(version=fresh, by=hands.approver, now=clock.now())
    states = dict(ItemVersion.objects.filter(item=old.item).values_list("number", "state"))
    assert states == {1: "retired", 2: "approved"}


def test_a_draft_changes_only_by_its_writer_and_an_approved_one_not_at_all(make_item, hands, people):
    version = make_item(state="draft")
    draft = content.to_draft(version, content.open_version(version))
    assert refusal_of(actions.submit_for_review, version=version, by=people.staff("writer", 2)) == "not_writer"
    actions.submit_for_review(version=version, by=hands.writer, now=clock.now())
    assert refusal_of(actions.save_draft, version=version, draft=draft, by=hands.writer) == "not_draft"


def test_the_content_is_bound_to_its_row(make_item):
    from cryptography.exceptions import InvalidTag

    one, two = make_item(), make_item()
    one.content = two.content
    with pytest.raises(InvalidTag):
        content.open_version(one)
    assert b"Pertanyaan" not in bytes(two.content)


def test_retiring_needs_a_reason_and_a_version_in_review_is_returned_instead(make_item, hands):
    approved, waiting = make_item(), make_item(state="in_review")
    assert refusal_of(actions.retire_version, version=approved, reason=" ", by=hands.approver) == "reason_empty"
    assert refusal_of(actions.retire_version, version=waiting, reason="x", by=hands.approver) == "wrong_state"
    gone = actions.retire_version(version=approved, reason="Usang", by=hands.approver, now=clock.now())
    assert gone.state == "retired"
