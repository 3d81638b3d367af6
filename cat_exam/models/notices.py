"""Notices: numbered rows, re-read on reconnect; the wire only wakes their readers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cat_exam.models.attempts import Attempt, Exam


class Notice(models.Model):
    """Something that changed in an exam: for one attempt, or for everybody where ``attempt`` is empty."""

    class Kind(models.TextChoices):
        START = "start", _("Mulai")
        MESSAGE = "message", _("Pesan")
        CLOCK = "clock", _("Waktu")
        SCORED = "scored", _("Nilai")
        STATE = "state", _("Keadaan")

    number = models.BigAutoField(primary_key=True)
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="notices")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["exam", "number"], name="notice_exam")]
