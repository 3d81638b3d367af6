"""A candidate's one objection to a published result, and its answer."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from registration.models import Application
from registration.queries import phase_is_open
from results.actions.rights import need_agency
from results.models import Announcement, RankLine, ResultObjection


def lodge_objection(*, line: RankLine, text: str, by: User, now: datetime) -> ResultObjection:
    """Lodge the applicant's own objection: once, text only, within the phase (Permen PANRB 6/2024: three days).

    Refuses ``not_yours``, ``not_published``, ``phase_closed``, ``text_missing`` and ``already_lodged``.
    """
    if line.application.applicant.user_id != by.pk:
        raise Refusal("not_yours", _("Hasil ini bukan milik Anda."))
    if not line.run.announcements.filter(state=Announcement.State.PUBLISHED).exists():
        raise Refusal("not_published", _("Hasil ini belum diumumkan atau sudah diganti."))
    if not phase_is_open(line.run.selection, "result_objection", now):
        raise Refusal("phase_closed", _("Masa sanggah hasil sedang tidak dibuka."))
    if len(text.strip()) < 20:
        raise Refusal("text_missing", _("Tulis alasan sanggahan Anda, paling sedikit 20 huruf."), field="text")
    try:
        with transaction.atomic():
            Application.objects.select_for_update().get(pk=line.application_id)
            same = ResultObjection.objects.filter(
                line__application=line.application_id, line__run__stage=line.run.stage_id
            )
            if same.exists():
                raise _already()
            row = ResultObjection.objects.create(line=line, text=text.strip(), lodged_at=now)
            trail.record("results.objection_lodged", row, by=by, now=now)
    except IntegrityError:
        raise _already() from None
    return row


def _already() -> Refusal:
    return Refusal("already_lodged", _("Sanggahan Anda sudah kami terima; sanggahan hanya satu kali."))


@transaction.atomic
def decide_objection(
    *, objection: ResultObjection, accepted: bool, answer: str, by: User, now: datetime
) -> ResultObjection:
    """Answer an objection once; who computed the run may not. An accepted one leads to a new run."""
    row = ResultObjection.objects.select_for_update().get(pk=objection.pk)
    need_agency(by, row.line.formation.agency)
    if row.decided_at:
        raise Refusal("already_decided", _("Sanggahan ini sudah dijawab."))
    if row.line.run.computed_by_id == by.pk:
        raise Refusal("four_eyes", _("Anda yang menghitung peringkat ini; sanggahan dijawab petugas lain."))
    if not answer.strip():
        raise Refusal("answer_missing", _("Tulis jawaban untuk pelamar."), field="answer")
    row.accepted, row.answer, row.decided_by, row.decided_at = accepted, answer.strip(), by, now
    row.save(update_fields=["accepted", "answer", "decided_by", "decided_at"])
    trail.record("results.objection_decided", row, by=by, now=now, accepted=accepted)
    return row
