"""Signed checkpoints over the trail: what was committed cannot be changed unseen."""

from datetime import datetime

from django.db import connection, transaction

from core import queries, seal
from core.models import Checkpoint, User

_LOCK = 7_305_001


def make_checkpoint(*, by: User | None = None, now: datetime) -> Checkpoint | None:
    """Seal every trail line committed since the last checkpoint; None when there is none.

    Only transactions below the oldest one still running are taken, so no line can appear later in a range that is
    already sealed. A checkpoint writes no trail line itself: it would call for the next one for ever.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        tx_to = int(cursor.fetchone()[0])
        last = queries.last_checkpoint()
        tx_from = last.tx_to if last else 0
        lines = queries.count_trail(tx_from, tx_to)
        if not lines:
            return None
        root = seal.merkle_root(queries.trail_leaves(tx_from, tx_to))
        row = Checkpoint(tx_from=tx_from, tx_to=tx_to, lines=lines, root=root, made_at=now)
        signed = seal.sign("checkpoint", queries.checkpoint_document(row))
        row.seal_kid, row.seal_signature = signed.kid, signed.signature
        row.save(force_insert=True)
    return row
