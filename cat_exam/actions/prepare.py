"""The day before: one attempt per seat with its form, seed and time, and proof that every bundle opens."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.utils.translation import gettext as _

from cat_exam.models import Attempt, Exam, ExamPaper, TimeGrant
from cat_exam.queries.forms import open_bundle
from cat_exam.queries.forms_in_use import uses_against
from core import trail, vault
from core.errors import Refusal
from core.models import User
from questionbank import queries as bank
from questionbank.models import Paper
from registration import queries as registration
from registration.models import Sitting
from registration.queries import SeatRow


@dataclass(slots=True)
class Report:
    """What is ready: seats, new attempts, bundles opened; ``problems`` are sentences, empty when all is well."""

    exam: Exam
    seats: int = 0
    made: int = 0
    bundles: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """True when every seat has a paper and every bundle opens."""
        return not self.problems and self.seats > 0


@transaction.atomic
def prepare_exam(*, sitting: Sitting, papers: Sequence[Paper], by: User | None, now: datetime) -> Report:
    """Make the exam of a sitting ready; a second run adds what is new and checks everything again.

    Raises Refusal ``papers_missing``, ``paper_foreign`` (another blueprint), ``paper_used`` (another hour has the
    form, or its key was given out), ``bundle_broken`` or, once the doors are open, ``exam_begun``.
    """
    _check_papers(sitting, papers)
    _hold(papers)
    day = sitting.starts_at.astimezone(ZoneInfo(sitting.room.centre.zone)).date()
    exam, made = Exam.objects.get_or_create(sitting=sitting, defaults={"day": day, "prepared_at": now})
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    if exam.state != Exam.State.PREPARED:
        raise Refusal("exam_begun", _("Registrasi sesi ini sudah dibuka; naskah tidak dapat diubah lagi."))
    _add_papers(exam, papers)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cat_exam_open_day(%s)", [day])
    report = Report(exam, bundles=_open_bundles(papers))
    rows = registration.seats_to_examine(sitting)
    report.seats = len(rows)
    report.made = _make_attempts(exam, rows, papers, day, now)
    _report_problems(report, sitting)
    trail.record("cat_exam.exam_prepared", exam, by=by, now=now, seats=report.seats, made=report.made,
                 papers=[str(paper.pk) for paper in papers], first=made)  # fmt: skip
    return report


def _check_papers(sitting: Sitting, papers: Sequence[Paper]) -> None:
    if not papers:
        raise Refusal("papers_missing", _("Belum ada naskah tersegel untuk sesi ini. Segel naskah terlebih dahulu."))
    for paper in papers:
        if paper.state != Paper.State.SEALED or paper.blueprint.code != sitting.stage.blueprint_code:
            raise Refusal(
                "paper_foreign",
                _("Naskah %(code)s tidak tersegel untuk kisi-kisi %(blueprint)s.")
                % {"code": paper.code, "blueprint": sitting.stage.blueprint_code},
            )


def _hold(papers: Sequence[Paper]) -> None:
    """Who prepares sittings with the same form does so one after the other, and none of them starts meanwhile."""
    with connection.cursor() as cursor:
        for key in sorted(paper.pk for paper in papers):
            cursor.execute("SELECT cat_exam_hold_form(%s)", [key])
    exams = Exam.objects.filter(pk__in=ExamPaper.objects.filter(paper__in=papers).values("exam")).order_by("pk")
    list(exams.select_for_update(no_key=True).values_list("pk"))


def _add_papers(exam: Exam, papers: Sequence[Paper]) -> None:
    """Add forms the exam does not have yet; ``paper_used`` for one whose items another hour knows or will know."""
    have = set(ExamPaper.objects.filter(exam=exam).values_list("paper_id", flat=True))
    new = [paper for paper in papers if paper.pk not in have]
    for use in uses_against(exam.sitting, new):
        words = (
            _("Kunci naskah %(paper)s sudah dibuka pada %(sitting)s, %(room)s.")
            if use.released
            else _("Naskah %(paper)s dipakai pada jam lain: %(sitting)s, %(room)s.")
        )
        advice = _("Minta penjaga naskah menyusun dan menyegel naskah baru, lalu siapkan sesi ini lagi.")
        told = words % {"paper": use.paper.code, "sitting": use.sitting, "room": use.sitting.room}
        raise Refusal("paper_used", f"{told} {advice}", field="papers")
    for paper in new:
        ExamPaper.objects.create(exam=exam, paper=paper)


def _open_bundles(papers: Sequence[Paper]) -> int:
    for paper in papers:
        bundle = bank.bundle_of(paper.pk)
        try:
            whole = sha256(bundle).hexdigest() == paper.bundle_sha256 == paper.document["bundle_sha256"]
            opens = bool(open_bundle(bundle, bank.bundle_key(paper.pk)))
        except (InvalidTag, OSError, EOFError):
            opens = False
        except vault.KeyNotHeld:
            raise Refusal("hall_only", _("Sesi disiapkan dari proses ruang ujian, yang memegang kuncinya.")) from None
        if not (whole and opens and paper.seal_holds()):
            raise Refusal("bundle_broken", _("Naskah %(code)s tidak dapat dibuka.") % {"code": paper.code})
    return len(papers)


def _make_attempts(exam: Exam, rows: Sequence[SeatRow], papers: Sequence[Paper], day: date, now: datetime) -> int:
    have = set(Attempt.objects.filter(exam=exam).values_list("seat_id", flat=True))
    offset = secrets.randbelow(len(papers))
    new = [
        Attempt(
            exam=exam, seat_id=row.seat_id, application_id=row.application_id, stage_id=row.stage_id,
            paper=papers[(place + offset) % len(papers)], day=day, card_number=row.card_number,
            display_name=row.full_name[:60], seed=secrets.randbits(63),
        )
        for place, row in enumerate(rows) if row.seat_id not in have
    ]  # fmt: skip
    attempts = Attempt.objects.bulk_create(new, batch_size=500)
    impaired = {row.seat_id for row in rows if row.visually_impaired}
    base, more = exam.sitting.minutes * 60, (exam.sitting.minutes_visual - exam.sitting.minutes) * 60
    given = {"day": day, "asked_at": now, "approved_at": now}
    grants = [TimeGrant(kind="base", seconds=base, attempt=attempt, **given) for attempt in attempts]
    grants += [
        TimeGrant(kind="accommodation", seconds=more, attempt=attempt, reason="visually_impaired", **given)
        for attempt in attempts
        if attempt.seat_id in impaired and more > 0
    ]
    TimeGrant.objects.bulk_create(grants, batch_size=500)
    return len(attempts)


def _report_problems(report: Report, sitting: Sitting) -> None:
    without = Attempt.objects.filter(exam=report.exam).exclude(paper__state="sealed").count()
    if not report.seats:
        report.problems.append(
            _("Sesi ini belum mempunyai peserta berkartu. Terbitkan kartu peserta terlebih dahulu.")
        )
    if without:
        report.problems.append(_("%(n)d kursi belum mempunyai naskah.") % {"n": without})
    if report.seats > sitting.capacity:
        report.problems.append(_("Peserta lebih banyak daripada kapasitas sesi."))
