"""Verification by two persons, and the applicant's objection decided by a third."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import trail
from core.access import roles_of
from core.errors import Refusal
from core.models import User
from registration.models import Application, Objection, Verification, VerificationReason
from registration.queries.applications import require_phase
from registration.queries.verification import applications_visible_to
from registration.rules import lifecycle

WAITING = Q(confirmed__isnull=True)


def _locked(application: Application, by: User, *roles: str) -> Application:
    """The application, locked, when ``by`` may see it in one of ``roles``."""
    row = Application.objects.select_for_update().get(pk=application.pk)
    if not roles_of(by) & set(roles) or not applications_visible_to(by, *roles).filter(pk=row.pk).exists():
        raise Refusal("not_yours", _("Berkas ini di luar wewenang Anda."))
    return row


@transaction.atomic
def propose_verification(
    *, application: Application, verdict: str, reasons: Sequence[str] = (), note: str = "", by: User, now: datetime
) -> Verification:
    """The verifier's proposal, MS or TMS with reason codes; a supervisor confirms it.

    Raises Refusal: ``phase_closed``, ``not_yours``, ``state``, ``waiting`` (a proposal waits already),
    ``reasons`` (TMS without, MS with, or unknown reasons).
    """
    row = _locked(application, by, "verifier")
    require_phase(row.selection, "verification", now)
    if row.state != Application.State.SUBMITTED:
        raise Refusal("state", _("Pendaftaran ini tidak sedang menunggu verifikasi."))
    if Verification.objects.filter(WAITING, application=row).exists():
        raise Refusal("waiting", _("Usulan sudah ada dan menunggu supervisor."))
    codes = list(dict.fromkeys(reasons))
    if (verdict == Verification.Verdict.TMS) != bool(codes):
        text = _("Pilih paling sedikit satu alasan TMS; MS tidak memakai alasan.")
        raise Refusal("reasons", text, field="reasons")
    if VerificationReason.objects.filter(code__in=codes).count() != len(codes):
        raise Refusal("reasons", _("Ada alasan yang tidak dikenal. Muat ulang halaman."), field="reasons")
    made = Verification.objects.create(
        application=row, verdict=verdict, reasons=codes, note=note.strip(), verifier=by, proposed_at=now
    )
    trail.record(
        "registration.verification_proposed", row, by=by, now=now,
        verification=made.pk, verdict=verdict, reasons=codes,
    )  # fmt: skip
    return made


def _waiting_for(verification: Verification, by: User, now: datetime) -> tuple[Verification, Application]:
    row = _locked(verification.application, by, "supervisor")
    require_phase(row.selection, "verification", now)
    found = Verification.objects.select_for_update().get(pk=verification.pk)
    if found.confirmed is not None:
        raise Refusal("decided", _("Usulan ini sudah diputus."))
    if found.verifier_id == by.pk:
        raise Refusal("four_eyes", _("Usulan Anda sendiri harus diputus supervisor lain."))
    return found, row


@transaction.atomic
def confirm_verification(*, verification: Verification, by: User, now: datetime) -> Verification:
    """Another officer confirms the proposal; the application becomes verified_ok or verified_not_ok.

    Raises Refusal: ``four_eyes``, ``decided``, ``not_yours``, ``phase_closed``, ``state``.
    """
    found, row = _waiting_for(verification, by, now)
    to = "verified_ok" if found.verdict == Verification.Verdict.MS else "verified_not_ok"
    row.state = lifecycle.move(row.state, to)
    found.supervisor, found.decided_at, found.confirmed = by, now, True
    found.save(update_fields=["supervisor", "decided_at", "confirmed"])
    row.save(update_fields=["state"])  # the database asks for the confirmed verification first
    trail.record("registration.verification_confirmed", row, by=by, now=now, verification=found.pk, state=to)
    return found


@transaction.atomic
def return_verification(*, verification: Verification, note: str, by: User, now: datetime) -> Verification:
    """Another officer sends the proposal back to the verifiers, saying why.

    Raises Refusal: ``note`` (no reason written), ``four_eyes``, ``decided``, ``not_yours``, ``phase_closed``.
    """
    if not note.strip():
        raise Refusal("note", _("Tulis mengapa usulan dikembalikan."), field="return_note")
    found, row = _waiting_for(verification, by, now)
    found.supervisor, found.decided_at, found.confirmed, found.return_note = by, now, False, note.strip()
    found.save(update_fields=["supervisor", "decided_at", "confirmed", "return_note"])
    trail.record("registration.verification_returned", row, by=by, now=now, verification=found.pk)
    return found


@transaction.atomic
def lodge_objection(*, application: Application, answers: Mapping[str, str], by: User, now: datetime) -> Objection:
    """The applicant's one objection to TMS: a text for every reason, nothing else.

    Raises Refusal: ``not_yours``, ``phase_closed``, ``state``, ``once``, ``answers`` (a reason without text).
    """
    row = Application.objects.select_for_update().get(pk=application.pk)
    if row.applicant.user_id != by.pk:
        raise Refusal("not_yours", _("Pendaftaran ini bukan milik Anda."))
    if Objection.objects.filter(application=row).exists():
        raise Refusal("once", _("Sanggah hanya satu kali dan sudah Anda ajukan."))
    require_phase(row.selection, "objection", now)
    if row.state != Application.State.VERIFIED_NOT_OK:
        raise Refusal("state", _("Sanggah hanya untuk pendaftaran yang dinyatakan tidak memenuhi syarat."))
    reasons = Verification.objects.get(application=row, confirmed=True).reasons
    texts = {code: answers.get(code, "").strip() for code in reasons}
    for code, text in texts.items():
        if not 10 <= len(text) <= 2000:
            raise Refusal("answers", _("Tanggapi alasan ini dengan 10 sampai 2.000 karakter."), field=code)
    made = Objection.objects.create(application=row, answers=texts, lodged_at=now)
    row.state = lifecycle.move(row.state, "objected")
    row.save(update_fields=["state"])
    trail.record("registration.objection_lodged", row, by=by, now=now, objection=made.pk, reasons=list(texts))
    return made


@transaction.atomic
def decide_objection(*, objection: Objection, accepted: bool, answer: str, by: User, now: datetime) -> Objection:
    """A supervisor or the committee decides; never who verified or confirmed this application.

    Raises Refusal: ``four_eyes``, ``decided``, ``not_yours``, ``answer`` (no text for the applicant).
    """
    row = _locked(objection.application, by, "supervisor", "committee", "chair")
    found = Objection.objects.select_for_update().get(pk=objection.pk)
    if found.accepted is not None:
        raise Refusal("decided", _("Sanggah ini sudah diputus."))
    if not answer.strip():
        raise Refusal("answer", _("Tulis jawaban untuk pelamar."), field="answer")
    took_part = Q(verifier=by) | Q(supervisor=by)
    if Verification.objects.filter(took_part, application=row).exists():
        raise Refusal("four_eyes", _("Sanggah diputus petugas yang tidak ikut memverifikasi pendaftaran ini."))
    row.state = lifecycle.move(row.state, "decided")
    found.accepted, found.answer, found.decided_by, found.decided_at = accepted, answer.strip(), by, now
    found.save(update_fields=["accepted", "answer", "decided_by", "decided_at"])
    row.save(update_fields=["state"])
    trail.record("registration.objection_decided", row, by=by, now=now, objection=found.pk, accepted=accepted)
    return found
