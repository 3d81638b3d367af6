"""Requests for time: asked by one, granted by a coordinator who is another person, or refused."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam import actions as hall
from cat_exam.models import Attempt, Exam
from core import trail
from core.errors import Refusal
from core.models import User
from proctoring.actions.duty import begin_watch, require_role
from proctoring.models import Incident, TimeRequest
from proctoring.rules import incidents
from proctoring.words import in_words, plain_words


@transaction.atomic
def ask_time(
    *, exam: Exam, attempt: Attempt | None = None, whole_centre: bool = False, minutes: int, reason: str,
    incident: Incident | None = None, by: User, now: datetime,
) -> TimeRequest:  # fmt: skip
    """Ask for ``minutes`` more for one candidate, or for the whole room where ``attempt`` is None.

    With ``whole_centre`` (a coordinator asks) for every room of the centre on the day of ``exam``.
    """
    if whole_centre:
        require_role(exam, by, "coordinator")
    begin_watch(exam=exam, by=by, now=now)
    try:
        seconds = incidents.seconds_asked(minutes)
    except Refusal as refusal:
        raise in_words(refusal) from None
    words = plain_words(reason)
    grant = hall.ask_time_credit(
        exam=exam, attempt=attempt, whole_centre=whole_centre, seconds=seconds, reason=words, by=by, now=now
    )
    request = TimeRequest.objects.create(grant=grant, incident=incident)
    trail.record("proctoring.time_asked", exam, by=by, now=now, request=request.pk, grant=grant.pk, seconds=seconds)
    return request


def _open_request(request: TimeRequest) -> TimeRequest:
    locked = TimeRequest.objects.select_for_update(of=("self",)).select_related("grant").get(pk=request.pk)
    if locked.refused_at or locked.grant.approved_at:
        raise Refusal("time_decided", _("Permintaan ini sudah diputus oleh petugas lain."))
    return locked


@transaction.atomic
def grant_time(*, exam: Exam, request: TimeRequest, by: User, now: datetime) -> None:
    """Approve a request; only a coordinator (of this centre, or for the country), never the person who asked."""
    require_role(exam, by, "coordinator")
    begin_watch(exam=exam, by=by, now=now)
    locked = _open_request(request)
    if locked.grant.author_id == by.pk:
        raise Refusal("time_four_eyes", _("Anda sendiri yang meminta. Koordinator lain harus menyetujuinya."))
    hall.approve_time_credit(grant=locked.grant, by=by, now=now)
    trail.record("proctoring.time_granted", exam, by=by, now=now, request=locked.pk, grant=locked.grant_id)


@transaction.atomic
def refuse_time(*, exam: Exam, request: TimeRequest, by: User, now: datetime) -> None:
    """Refuse a request (a coordinator), or take one's own back."""
    locked = _open_request(request)
    if locked.grant.author_id != by.pk:
        require_role(exam, by, "coordinator")
    begin_watch(exam=exam, by=by, now=now)
    locked.refused_at, locked.refused_by = now, by
    locked.save(update_fields=["refused_at", "refused_by"])
    trail.record("proctoring.time_refused", exam, by=by, now=now, request=locked.pk, grant=locked.grant_id)
