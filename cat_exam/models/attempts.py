"""An exam is a sitting with its papers; an attempt is one candidate's place, form and state in it."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cat_exam.rules import lifecycle
from core.models import Station, User
from core.models.base import reference, uuid_key
from questionbank.models import Paper
from registration.models import Application, Seat, Sitting, Stage


class Exam(models.Model):
    """A sitting made ready for the hall: its papers, its states, whether a locked browser is demanded."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Disiapkan")
        OPEN = "open", _("Registrasi dibuka")
        RUNNING = "running", _("Berlangsung")
        CLOSED = "closed", _("Ditutup")

    class Board(models.TextChoices):
        OFF = "off", _("Tidak ada")
        END = "end", _("Setelah sesi ditutup")
        LIVE = "live", _("Selama ujian")

    id = uuid_key()
    sitting = models.OneToOneField(Sitting, models.PROTECT, related_name="exam")
    reference = models.CharField(max_length=16, unique=True, default=reference)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    day = models.DateField(help_text="exam day in the centre's zone; the journal's partition")
    locked_browser = models.BooleanField(default=False)
    board = models.CharField(max_length=4, choices=Board.choices, default=Board.OFF)
    prepared_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    announced_at = models.DateTimeField(null=True, blank=True, help_text="from here on no score sheet is replaced")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(state="running") | Q(started_at__isnull=False), name="exam_started"),
            models.CheckConstraint(condition=Q(board__in=["off", "end", "live"]), name="exam_board_known"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="born_prepared", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__state__df="prepared")
            ),
            pgtrigger.FSM(name="exam_lifecycle", field="state", transitions=lifecycle.steps(lifecycle.EXAM)),
        ]


class ExamPaper(models.Model):
    """A form used in an exam; bundle ids are per form, so a sitting may use several."""

    exam = models.ForeignKey(Exam, models.PROTECT, related_name="papers")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exam", "paper"], name="exam_paper_once")]


class Attempt(models.Model):
    """One candidate in one exam. States: ``cat_exam.rules.lifecycle``.

    ``pin_hash`` is keyed BLAKE2b of the PIN (no password hashing in the rush); ``ticket`` is the SHA-256 of the
    one ticket that may still be used; ``started_at`` and ``finished_at`` are hall time.
    """

    class State(models.TextChoices):
        EXPECTED = "expected", _("Diharapkan")
        ADMITTED = "admitted", _("Hadir")
        RUNNING = "running", _("Mengerjakan")
        PAUSED = "paused", _("Dijeda")
        SUBMITTED = "submitted", _("Selesai")
        EXPIRED = "expired", _("Waktu habis")
        SCORED = "scored", _("Dinilai")
        ABSENT = "absent", _("Tidak hadir")
        DISQUALIFIED = "disqualified", _("Didiskualifikasi")
        VOIDED = "voided", _("Diulang")

    id = models.BigAutoField(primary_key=True)
    reference = models.CharField(max_length=16, unique=True, default=reference)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="attempts")
    seat = models.OneToOneField(Seat, models.PROTECT, related_name="attempt")
    application = models.ForeignKey(Application, models.PROTECT, related_name="attempts")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    day = models.DateField()
    card_number = models.CharField(max_length=40, unique=True)
    display_name = models.CharField(max_length=60, help_text="as the hall's screen shows it")
    seed = models.BigIntegerField(help_text="orders items and options (rules.ordering)")
    state = models.CharField(max_length=12, choices=State.choices, default=State.EXPECTED)
    pin_hash = models.BinaryField(max_length=32, null=True)
    pin_tries = models.PositiveSmallIntegerField(default=0)
    pin_issued_at = models.DateTimeField(null=True, blank=True)
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+")
    ticket = models.BinaryField(max_length=32, null=True)
    ticket_until = models.DateTimeField(null=True, blank=True)
    admitted_at = models.DateTimeField(null=True, blank=True)
    oath_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "stage"], name="attempt_once_a_stage"),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "paused", "submitted", "expired", "scored"])
                | Q(started_at__isnull=False),
                name="attempt_started",
            ),
        ]
        indexes = [
            models.Index(fields=["exam", "state"], name="attempt_state"),
            models.Index(
                fields=["finished_at"], condition=Q(state__in=["submitted", "expired"]), name="attempt_to_score"
            ),
            models.Index(fields=["ticket"], condition=Q(ticket__isnull=False), name="attempt_ticket"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="born_expected", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__state__df="expected")
            ),
            pgtrigger.FSM(name="attempt_lifecycle", field="state", transitions=lifecycle.steps(lifecycle.ATTEMPT)),
        ]
