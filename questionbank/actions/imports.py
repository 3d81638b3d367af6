"""Importing items: everything or nothing, as drafts of the person who imports."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from questionbank import words
from questionbank.actions.items import new_version
from questionbank.models import Item, ItemVersion
from questionbank.queries import imports
from questionbank.rules.drafts import Draft, Problem


class ImportRefused(Refusal):
    """An import with problems: nothing was written; ``plan`` lists them by place and field."""

    def __init__(self, plan: imports.Plan) -> None:
        text = _("Impor dibatalkan, tidak ada yang disimpan: %(count)s masalah ditemukan.")
        super().__init__("import_problems", text % {"count": len(plan.problems)})
        self.plan = plan

    def lines(self) -> list[str]:
        """Every problem in words: place, field, reason."""
        return [words.say(problem) for problem in self.plan.problems]


def import_items(
    *, drafts: Sequence[Draft], problems: Iterable[Problem] = (), by: User, now: datetime
) -> imports.Plan:
    """Store every draft as a new item or a new version written by ``by``; the same content again changes nothing.

    Raises :class:`ImportRefused` when a single row has a problem; then nothing is written.
    """
    with transaction.atomic():
        list(Item.objects.select_for_update().filter(code__in=[draft.code for draft in drafts]).order_by("code"))
        plan = imports.plan_import(drafts, problems)
        if plan.problems:
            raise ImportRefused(plan)
        items = _new_items(plan, now)
        versions = [
            new_version(row.item or items[row.draft.code], row.number, row.draft.language, row.body, by=by, now=now)
            for row in plan.rows
            if row.outcome != imports.SAME
        ]
        ItemVersion.objects.bulk_create(versions, batch_size=500)
        if versions:
            trail.record(
                "questionbank.items_imported", versions[0], by=by, now=now, count=len(versions),
                same=plan.count(imports.SAME), versions=[str(version.pk) for version in versions],
            )  # fmt: skip
    return plan


def _new_items(plan: imports.Plan, now: datetime) -> dict[str, Item]:
    fresh: dict[str, Item] = {}
    for row in plan.rows:
        if row.outcome == imports.NEW:
            fresh.setdefault(
                row.draft.code,
                Item(code=row.draft.code, topic=row.topic, enemies=row.draft.enemies.strip(), created_at=now),
            )
    Item.objects.bulk_create(fresh.values(), batch_size=500)
    return fresh


def note_export(*, versions: Sequence[ItemVersion], by: User, now: datetime) -> None:
    """Items with their keys leave the bank in a file: the trail says who took which."""
    with transaction.atomic():
        trail.record(
            "questionbank.items_exported", versions[0], by=by, now=now, count=len(versions),
            versions=[str(version.pk) for version in versions],
        )  # fmt: skip
