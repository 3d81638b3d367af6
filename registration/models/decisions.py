"""Verification by two persons, and the applicant's one objection to it."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.models.base import uuid_key
from registration.models.applicants import Application

#: A proposal stays what was proposed, and a decision stays what was decided: a new look is a new row.
_VERIFICATION_FROZEN = """
IF OLD.confirmed IS NOT NULL THEN
    RAISE EXCEPTION 'a decided verification does not change' USING ERRCODE = 'check_violation';
END IF;
IF (NEW.application_id, NEW.verdict, NEW.reasons, NEW.note, NEW.verifier_id, NEW.proposed_at)
   IS DISTINCT FROM (OLD.application_id, OLD.verdict, OLD.reasons, OLD.note, OLD.verifier_id, OLD.proposed_at) THEN
    RAISE EXCEPTION 'a proposed verification does not change' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""

#: Who proposed or confirmed the verification does not decide the objection to it; a decided one is closed.
_OBJECTION_OTHER_OFFICER = """
IF TG_OP = 'UPDATE' THEN
    IF OLD.decided_by_id IS NOT NULL THEN
        RAISE EXCEPTION 'a decided objection does not change' USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.application_id, NEW.answers, NEW.lodged_at)
       IS DISTINCT FROM (OLD.application_id, OLD.answers, OLD.lodged_at) THEN
        RAISE EXCEPTION 'a lodged objection does not change' USING ERRCODE = 'check_violation';
    END IF;
END IF;
IF NEW.decided_by_id IS NOT NULL AND EXISTS (
    SELECT FROM registration_verification v
     WHERE v.application_id = NEW.application_id AND NEW.decided_by_id IN (v.verifier_id, v.supervisor_id)
) THEN
    RAISE EXCEPTION 'an objection is decided by an officer who took no part in the verification'
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class VerificationReason(models.Model):
    """A reason for which an application does not meet the requirements: data, with the key that picks it."""

    code = models.CharField(primary_key=True, max_length=40)
    order = models.PositiveSmallIntegerField(unique=True)
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text


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
        triggers = [
            pgtrigger.Trigger(
                name="frozen", when=pgtrigger.Before, operation=pgtrigger.Update, func=_VERIFICATION_FROZEN
            ),
            pgtrigger.Protect(
                name="born_undecided",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__confirmed__isnull=False),
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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="objection_decision_whole",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="other_officer",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_OBJECTION_OTHER_OFFICER,
            ),
            pgtrigger.Protect(
                name="born_undecided", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__accepted__isnull=False)
            ),
        ]
