"""Items: who may see which version."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from core import access
from core.models import User
from questionbank.models import ItemVersion

State = ItemVersion.State


def versions_visible_to(user: User) -> QuerySet[ItemVersion]:
    """Versions a staff member may list.

    A writer sees versions of items he or she has written a version of; a reviewer and an approver all that have
    left the draft state; a custodian those that can be drawn.
    """
    roles = {grant.role for grant in access.grants_of(user, "writer", "reviewer", "approver", "custodian")}
    seen = Q(pk__in=[])
    if "writer" in roles:
        seen |= Q(item__in=ItemVersion.objects.filter(writer=user).values("item"))
    if roles & {"reviewer", "approver"}:
        seen |= ~Q(state=State.DRAFT)
    if "custodian" in roles:
        seen |= Q(state__in=[State.APPROVED, State.IN_USE])
    rows = ItemVersion.objects.filter(seen)
    return rows.select_related("item__topic__section", "writer", "reviewer", "approver")


def reads_content(user: User) -> bool:
    """True for those who work on the words of items; a custodian counts items and does not read them."""
    return bool(access.roles_of(user) & {"writer", "reviewer", "approver"})


def newest_only(rows: QuerySet[ItemVersion]) -> QuerySet[ItemVersion]:
    """Of every item and language the newest of the versions in ``rows``."""
    newer = rows.select_related(None).order_by().filter(
        item=OuterRef("item"), language=OuterRef("language"), number__gt=OuterRef("number")
    )
    return rows.filter(~Exists(newer))


def waits_for(user: User, version: ItemVersion) -> str:
    """What ``user`` may do with ``version`` now: ``write``, ``review``, ``approve`` or nothing ("")."""
    roles = access.roles_of(user)
    hands = {version.writer_id, version.reviewer_id}
    if version.state == State.DRAFT and "writer" in roles and version.writer_id == user.pk:
        return "write"
    if version.state != State.IN_REVIEW or user.pk in hands:
        return ""
    if version.reviewer_id is None:
        return "review" if "reviewer" in roles else ""
    return "approve" if "approver" in roles else ""
