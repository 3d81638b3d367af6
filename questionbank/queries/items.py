"""Items: who may see which version, whose turn it is, and what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from core import access
from core.models import User
from questionbank.models import ItemStatistic, ItemVersion, Review

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


def narrowed(rows: QuerySet[ItemVersion], user: User, asked: Mapping[str, Any]) -> QuerySet[ItemVersion]:
    """``rows`` by the filters ``bagian topik status giliran kode``; empty ones do not count."""
    fields = {"bagian": "item__topic__section__code", "topik": "item__topic_id", "status": "state"}
    rows = rows.filter(**{field: asked[name] for name, field in fields.items() if asked.get(name)})
    if asked.get("kode"):
        rows = rows.filter(item__code__icontains=asked["kode"])
    if asked.get("giliran") == "write":
        rows = rows.filter(state=State.DRAFT, writer=user)
    elif asked.get("giliran"):
        rows = rows.filter(state=State.IN_REVIEW, reviewer__isnull=asked["giliran"] == "review").exclude(writer=user)
        rows = rows.exclude(reviewer=user) if asked["giliran"] == "approve" else rows
    return rows


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a version's history."""

    at: datetime
    who: str
    what: str
    detail: str
    tone: str


def timeline_of(version: ItemVersion) -> list[Happening]:
    """When it was written and every reading of it, oldest first."""
    written = Happening(version.created_at, version.writer.full_name, _("Ditulis"), "", "info")
    steps = {
        ("review", "accept"): (_("Diterima penelaah"), "ok"),
        ("review", "return"): (_("Dikembalikan penelaah"), "warn"),
        ("approve", "accept"): (_("Disetujui"), "ok"),
        ("approve", "return"): (_("Dikembalikan penyetuju"), "warn"),
    }
    reviews = Review.objects.filter(version=version).select_related("by").order_by("at")
    read = [
        Happening(one.at, one.by.full_name, *_told(steps[one.step, one.verdict], one.note)) for one in reviews
    ]
    return [written, *read]


def _told(said: tuple[str, str], note: str) -> tuple[str, str, str]:
    return said[0], note, said[1]


def statistics_of(version: ItemVersion) -> list[ItemStatistic]:
    """Statistics of every sitting the version was used in, newest first."""
    return list(ItemStatistic.objects.filter(version=version).order_by("-computed_at"))
