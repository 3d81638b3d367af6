"""The one application of an applicant: formation, details, centre, submission, withdrawal."""

from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import TestCentre, User
from registration import queries
from registration.models import Application, Formation, FormationEducation
from registration.rules import eligibility, lifecycle, numbers


def own_draft(application: Application, by: User, now: datetime) -> Application:
    """The application, locked, when it is ``by``'s own draft and registration is open; else Refusal.

    ``not_yours`` · ``frozen`` (submitted or withdrawn) · ``phase_closed``.
    """
    row = _own(application, by)
    if row.state != Application.State.DRAFT:
        raise Refusal("frozen", _("Lamaran ini sudah dikirim dan tidak dapat diubah lagi."))
    queries.require_phase(row.selection, "registration", now)
    return row


def _own(application: Application, by: User) -> Application:
    rows = Application.objects.select_for_update(of=("self",)).select_related("applicant", "selection")
    row = rows.get(pk=application.pk)
    if row.applicant.user_id != by.pk:
        raise Refusal("not_yours", _("Lamaran ini bukan milik Anda."))
    return row


def choose_formation(
    *, application: Application, formation: Formation, education: FormationEducation, by: User, now: datetime
) -> Application:
    """Set the one formation and the diploma it is applied for with; a draft may change its mind.

    Raises Refusal ``other_selection``, ``education_not_accepted`` and those of :func:`own_draft`.
    """
    with transaction.atomic():
        row = own_draft(application, by, now)
        if formation.selection_id != row.selection_id:
            raise Refusal("other_selection", _("Formasi ini bukan bagian dari seleksi Anda."))
        if education.formation_id != formation.pk:
            text = _(
                "Ijazah ini tidak diterima untuk formasi tersebut. Pilih salah satu program studi yang tercantum."
            )
            raise Refusal("education_not_accepted", text, field="education")
        row.formation, row.education = formation, education
        row.save(update_fields=["formation", "education"])
        trail.record(
            "registration.formation_chosen", row, by=by, now=now, formation=formation.pk, education=education.pk
        )
    return row


def save_details(
    *, application: Application, institution: str, gpa: Decimal, disability: str = "",
    visually_impaired: bool = False, by: User, now: datetime,
) -> Application:  # fmt: skip
    """Where the diploma is from, its grade point, and the disability if any.

    Raises Refusal ``formation_first``, ``gpa_range``, ``disability_empty`` and those of :func:`own_draft`.
    """
    with transaction.atomic():
        row = own_draft(application, by, now)
        if row.education is None:
            raise Refusal("formation_first", _("Pilih formasi terlebih dahulu."))
        if eligibility.grade_point_fault(row.education.level, int(gpa * 1000)):
            text = _(
                "Nilai ini tidak mungkin: IPK antara 0,01 dan 4,00; rata-rata ijazah sekolah antara 0,01 dan 100."
            )
            raise Refusal("gpa_range", text, field="gpa")
        if visually_impaired and not disability.strip():
            raise Refusal("disability_empty", _("Tuliskan jenis disabilitas Anda."), field="disability")
        row.institution, row.gpa = " ".join(institution.split()), gpa
        row.disability, row.visually_impaired = " ".join(disability.split()), visually_impaired
        row.save(update_fields=["institution", "gpa", "disability", "visually_impaired"])
        trail.record("registration.details_saved", row, by=by, now=now)
    return row


def choose_centre(*, application: Application, centre: TestCentre, by: User, now: datetime) -> Application:
    """Set the test centre; Refusal ``centre_closed`` and those of :func:`own_draft`."""
    with transaction.atomic():
        row = own_draft(application, by, now)
        if not centre.is_open:
            raise Refusal("centre_closed", _("Titik lokasi ini sudah tidak dibuka. Pilih yang lain."), field="centre")
        row.centre = centre
        row.save(update_fields=["centre"])
        trail.record("registration.centre_chosen", row, by=by, now=now, centre=centre.pk)
    return row


def agree_and_submit(
    *, application: Application, statement: bool, privacy: bool, by: User, now: datetime
) -> Application:
    """Submit and freeze; the application gets its registration number.

    Raises Refusal ``statement_needed``, ``privacy_needed``, ``incomplete`` and those of :func:`own_draft`.
    """
    with transaction.atomic():
        row = own_draft(application, by, now)
        if not statement:
            raise Refusal("statement_needed", _(
                "Setujui pernyataan kebenaran data untuk mengirim."
            ), field="statement")
        if not privacy:
            raise Refusal("privacy_needed", _("Setujui tujuan pemrosesan data untuk mengirim."), field="privacy")
        if queries.missing_of(row):
            raise Refusal("incomplete", _("Lamaran belum lengkap. Lengkapi bagian yang masih kosong, lalu kirim."))
        row.state = lifecycle.move(row.state, "submitted")
        row.statement_agreed_at = row.privacy_agreed_at = row.submitted_at = now
        row.registration_number = _next_number(row.selection.year)
        agreed = ["statement_agreed_at", "privacy_agreed_at"]
        row.save(update_fields=["state", *agreed, "submitted_at", "registration_number"])
        trail.record(
            "registration.application_submitted", row, by=by, now=now,
            formation=row.formation_id, number=row.registration_number,
        )  # fmt: skip
    return row


def withdraw(*, application: Application, by: User, now: datetime) -> Application:
    """The applicant gives up the application for good (APS); Refusal ``withdrawn`` when it already is."""
    with transaction.atomic():
        row = _own(application, by)
        if not lifecycle.may_move(row.state, "withdrawn"):
            raise Refusal("withdrawn", _("Lamaran ini sudah ditarik."))
        before, row.state, row.withdrawn_at = row.state, lifecycle.move(row.state, "withdrawn"), now
        row.save(update_fields=["state", "withdrawn_at"])
        trail.record("registration.application_withdrawn", row, by=by, now=now, before=before)
    return row


def _next_number(year: int) -> str:
    """Four digits year, eight digits running number, one check digit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('registration_number_seq')")
        digits = f"{year:04d}{cursor.fetchone()[0]:08d}"
    return digits + numbers.check_digit(digits)
