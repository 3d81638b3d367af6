"""The trail and its signed checkpoints: append-only, ids only."""

import pgtrigger
from django.db import models
from django.db.models import Func

from core.models.base import uuid_key


class CurrentTransaction(Func):
    """The writing transaction, so that a reader can stay below the oldest one still running."""

    function = "pg_current_xact_id"
    template = "(%(function)s()::text::bigint)"
    arity = 0
    output_field = models.BigIntegerField()


class TrailEntry(models.Model):
    """One act: who (id), when, what (verb), on which thing, and the facts that explain it."""

    id = uuid_key()
    at = models.DateTimeField()
    actor = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=80)
    thing = models.CharField(max_length=80)
    thing_id = models.CharField(max_length=80)
    facts = models.JSONField()
    tx = models.BigIntegerField(db_default=CurrentTransaction(), db_index=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["thing", "thing_id", "at"], name="trail_thing")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]


class Checkpoint(models.Model):
    """A signed Merkle root over the committed trail lines of [tx_from, tx_to)."""

    id = uuid_key()
    tx_from = models.BigIntegerField()
    tx_to = models.BigIntegerField(unique=True)
    lines = models.IntegerField()
    root = models.BinaryField(max_length=32)
    seal_kid = models.CharField(max_length=40)
    seal_signature = models.BinaryField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        ]
