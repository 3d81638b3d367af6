"""The trail: one line for every act that changes the world, holding ids only, never personal data."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from core.models import TrailEntry, User


def record(
    verb: str,
    thing: models.Model,
    *,
    by: User | None,
    now: datetime,
    **facts: str | int | bool | UUID | list[Any] | None,
) -> TrailEntry:
    """Write one trail line in the caller's transaction.

    ``verb`` is ``<room>.<past tense>`` (``registration.application_submitted``); ``facts`` are ids, codes and
    counts, never names or numbers of a person; ``by`` is None for the system's own acts.
    """
    return TrailEntry.objects.create(
        at=now,
        actor_id=by.pk if by else None,
        verb=verb,
        thing=thing._meta.label_lower,
        thing_id=str(thing.pk),
        facts={key: str(value) if isinstance(value, UUID) else value for key, value in facts.items()},
    )
