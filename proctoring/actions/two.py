"""What every proposal of two officers shares: read under lock, decided once, by another than asked."""

from datetime import datetime
from typing import TypeVar

from django.utils.translation import gettext as _

from cat_exam.models import Attempt, Proposal
from core import trail
from core.errors import Refusal
from core.models import User
from proctoring.actions.duty import begin_watch

Kind = TypeVar("Kind", bound=Proposal)


def waiting(proposal: Kind) -> Kind:
    """The request under the lock of its candidate; :class:`core.errors.Refusal` ``decided`` when it waits no more."""
    Attempt.objects.select_for_update().get(pk=proposal.attempt_id)
    rows = type(proposal)._default_manager.select_related("attempt__exam__sitting__room", "attempt__seat", "asked_by")
    row = rows.get(pk=proposal.pk)
    if row.confirmed is not None:
        raise Refusal("decided", _("Permintaan ini sudah diputus. Muat ulang halaman untuk melihatnya."))
    return row


def need_another(row: Proposal, by: User) -> None:
    """Raise :class:`core.errors.Refusal` ``four_eyes`` when ``by`` asked for it; the database refuses it too."""
    if row.asked_by_id == by.pk:
        raise Refusal("four_eyes", _("Yang mengajukan dan yang menyetujui harus dua orang yang berbeda."))


def decide(row: Proposal, *, confirmed: bool, by: User, now: datetime, **words: str) -> None:
    """Write the decision, with ``words`` where the kind keeps them; the caller holds the row by :func:`waiting`."""
    decision = {"confirmed": confirmed, "decided_by": by, "decided_at": now, **words}
    for name, value in decision.items():
        setattr(row, name, value)
    row.save(update_fields=list(decision))


def decline(proposal: Proposal, name: str, *, by: User, now: datetime, **words: str) -> None:
    """Another officer says no, or who asked takes it back; ``name`` is the kind's in the trail.

    Raises :class:`core.errors.Refusal` ``not_your_room``, ``decided``.
    """
    row = waiting(proposal)
    begin_watch(exam=row.attempt.exam, by=by, now=now)
    decide(row, confirmed=False, by=by, now=now, **words)
    verb = "withdrawn" if row.asked_by_id == by.pk else "declined"
    trail.record(f"proctoring.{name}_{verb}", row.attempt, by=by, now=now, **{name: row.pk})
