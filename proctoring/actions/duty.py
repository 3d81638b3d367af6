"""Duty: who watches which exam; the first act in a room puts its author on duty."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cat_exam.models import Exam
from core import trail
from core.errors import Refusal
from core.models import Role, User
from proctoring.models import Watch
from proctoring.queries.rooms import ACTING, roles_in


def require_role(exam: Exam, user: User, *roles: str) -> None:
    """Raise :class:`core.errors.Refusal` ``not_your_room`` unless ``user`` holds one of ``roles`` in this centre."""
    if not roles_in(user, exam) & set(roles):
        names = ", ".join(str(Role(role).label) for role in roles)
        raise Refusal(
            "not_your_room",
            _("Tindakan ini hanya untuk %(roles)s di titik lokasi ini. Mintalah rekan yang bertugas.")
            % {"roles": names},
        )


@transaction.atomic
def begin_watch(*, exam: Exam, by: User, now: datetime) -> Watch:
    """Put ``by`` on duty in ``exam``; on duty already changes nothing."""
    require_role(exam, by, *ACTING)
    watch, is_new = Watch.objects.get_or_create(exam=exam, user=by, ended_at=None, defaults={"began_at": now})
    if is_new:
        trail.record("proctoring.watch_began", exam, by=by, now=now, watch=watch.pk)
    return watch


@transaction.atomic
def end_watch(*, exam: Exam, by: User, now: datetime) -> None:
    """End the duty of ``by``; the last one may not leave a room in which candidates work."""
    open_now = list(Watch.objects.select_for_update().filter(exam=exam, ended_at__isnull=True))
    mine = [watch for watch in open_now if watch.user_id == by.pk]
    if not mine:
        raise Refusal("not_on_duty", _("Anda tidak sedang bertugas di ruang ini."))
    exam.refresh_from_db(fields=["state"])
    if exam.state == Exam.State.RUNNING and len(open_now) == len(mine):
        raise Refusal(
            "last_on_duty",
            _("Ujian masih berlangsung dan Anda satu-satunya pengawas. Mintalah rekan bertugas dahulu."),
        )
    for watch in mine:
        watch.ended_at = now
        watch.save(update_fields=["ended_at"])
        trail.record("proctoring.watch_ended", exam, by=by, now=now, watch=watch.pk)
