"""Building stones shared by every model: UUIDv7 keys, sealed papers, privileges of database roles."""

import os
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import migrations, models

from core.seal import Seal, holds

__all__ = ["Sealed", "UUIDv7", "grant", "hold_guards", "reference", "revoke", "uuid7", "uuid_key"]


def uuid7() -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then 74 random bits."""
    stamp, noise = time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10))
    head = ((stamp & 0xFFFF_FFFF_FFFF) << 16) | 0x7000 | (noise >> 68)
    tail = (0b10 << 62) | (noise & 0x3FFF_FFFF_FFFF_FFFF)
    return UUID(int=(head << 64) | tail)


class UUIDv7(models.Func):
    """PostgreSQL 18's ``uuidv7()`` as a column default."""

    function = "uuidv7"
    arity = 0
    output_field = models.UUIDField()


def uuid_key() -> "models.UUIDField[Any, Any]":
    """The primary key of everything a centre can create, filled in by Python or by the database."""
    return models.UUIDField(primary_key=True, default=uuid7, db_default=UUIDv7(), editable=False)


def reference() -> str:
    """An unguessable reference for URLs: 16 letters and digits without look-alikes (79 bits)."""
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    return "".join(alphabet[byte % 31] for byte in os.urandom(16))


class Sealed(models.Model):
    """A paper frozen and signed at hand-over; a later change is a new paper that names this one."""

    PURPOSE: str

    document = models.JSONField()
    digest = models.BinaryField(max_length=32)
    seal_kid = models.CharField(max_length=40)
    seal_signature = models.BinaryField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def seal_holds(self) -> bool:
        """True while no byte of ``document`` differs from what was signed."""
        return holds(self.PURPOSE, self.document, Seal(self.seal_kid, bytes(self.digest), bytes(self.seal_signature)))


def _tables(tables: str | Sequence[str]) -> list[str]:
    return [tables] if isinstance(tables, str) else list(tables)


def grant(tables: str | Sequence[str], role: str, privileges: str) -> migrations.RunSQL:
    """A migration step: give ``role`` the ``privileges`` on ``tables`` (defaults: see core.0001)."""
    names = ", ".join(_tables(tables))
    return migrations.RunSQL(
        f"GRANT {privileges} ON {names} TO {role}", f"REVOKE {privileges} ON {names} FROM {role}"
    )


def revoke(tables: str | Sequence[str], role: str, privileges: str) -> migrations.RunSQL:
    """A migration step: take ``privileges`` on ``tables`` away from ``role``."""
    names = ", ".join(_tables(tables))
    return migrations.RunSQL(
        f"REVOKE {privileges} ON {names} FROM {role}", f"GRANT {privileges} ON {names} TO {role}"
    )


def hold_guards() -> migrations.RunSQL:
    """The last step of every migration that adds a trigger of pgtrigger: no guard can be asked to look away.

    The library lets any login skip its triggers by the setting ``pgtrigger.ignore``; its function that asks for the
    setting says no from here on, until a later migration's new trigger brings the library's own text back.
    """
    held = (
        'CREATE OR REPLACE FUNCTION "public"._pgtrigger_should_ignore(trigger_name name) RETURNS boolean'
        " LANGUAGE sql IMMUTABLE AS 'SELECT false'"
    )
    return migrations.RunSQL(held, migrations.RunSQL.noop)
