"""Verification by two persons, and the applicant's one objection to it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.models.base import uuid_key
from registration.models.applicants import Application


class Verification(models.Model):
    """A verifier's proposal MS or TMS with reasons, confirmed (or returned) by a different supervisor."""

    class Verdict(models.TextChoices):
        MS = "MS", _("Memenuhi syarat")
        TMS = "TMS", _("Tidak memenuhi syarat")

    id = uuid_key()
    application = models.ForeignKey(Application, models.PROTECT, related_name="verifications")
    verdict = models.CharField(max_length=3, choices=Verdict.choices)
    reasons = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    verifier = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    supervisor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    confirmed = models.BooleanField(null=True, help_text="None: waiting; False: returned to the verifier")
    return_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(verifier=F("supervisor")), name="verification_four_eyes"),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, supervisor__isnull=True)
                | Q(confirmed__isnull=False, supervisor__isnull=False, decided_at__isnull=False),
                name="verification_confirmed_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(verdict="MS", reasons__len=0) | Q(verdict="TMS", reasons__len__gte=1),
                name="verification_reasons",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(confirmed__isnull=True) | Q(confirmed=True),
                name="verification_one_live",
            ),
        ]


class Objection(models.Model):
    """The applicant's objection to TMS: once, text only, answering every reason; decided by another officer."""

    id = uuid_key()
    application = models.OneToOneField(Application, models.PROTECT, related_name="objection")
    answers = models.JSONField(help_text="reason code → the applicant's text")
    lodged_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    answer = models.CharField(max_length=2000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
