"""What leaves the hall, frozen and sealed: a score sheet per attempt, a roll and minutes per exam."""

from django.db import models
from django.db.models import Q

from cat_exam.models.attempts import Attempt, Exam
from core.models import User
from core.models.base import Sealed, reference, uuid_key
from registration.models import Application, Stage


class ScoreSheet(Sealed):
    """The scores of one attempt, sealed by the scorer; ``sections`` is ``{code: int}``.

    ``document``: ``{"sheet", "attempt", "application", "stage", "paper", "sections", "total", "answered",
    "chain": hex of the last journal line, "lines": int, "finished_at": ISO 8601 UTC}``. A sheet that replaces another
    says so: ``{"replaces": id, "late": [seq of the late lines that count], "credits": [ids of the time credits]}``.
    """

    PURPOSE = "sheet"

    id = uuid_key()
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="sheets")
    application = models.ForeignKey(Application, models.PROTECT, related_name="sheets")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    sections = models.JSONField()
    total = models.PositiveIntegerField()
    receipt = models.CharField(max_length=16, unique=True, default=reference)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(replaces__isnull=True), name="sheet_once_an_attempt"
            ),
        ]


class Roll(Sealed):
    """One outcome per seat of an exam: ``{"exam", "sitting", "seats": [{"application", "number", "seat",
    "outcome": "present" | "absent" | "disqualified" | "voided", "sheet": id or null}], "counts": {…}}``."""

    PURPOSE = "roll"

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="rolls")
    closed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam"], condition=Q(replaces__isnull=True), name="roll_once_an_exam"),
        ]


class Minutes(Sealed):
    """The minutes (berita acara): counts, incidents, times, hash of the sitting's journal, who signed."""

    PURPOSE = "minutes"

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="minutes")
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    countersigned_at = models.DateTimeField(null=True, blank=True)
    path = models.CharField(max_length=200, blank=True, help_text="the PDF under the media root")
