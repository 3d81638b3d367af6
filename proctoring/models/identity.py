"""Who stands at the door: check-ins, and overrides that two officers agree on."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models import Attempt, Proposal, decided_by_two
from core.models import User
from core.models.base import uuid_key
from proctoring.models.guards import decided_in_the_room

#: Nobody is checked in past a request that waits, past a refusal by who was refused, or on a word nobody gave.
_CHECKED_IN_AS_DECIDED = """
IF NEW.override_by_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM proctoring_identityoverride o
     WHERE o.attempt_id = NEW.attempt_id AND o.confirmed AND o.asked_by_id = NEW.by_id
       AND o.decided_by_id = NEW.override_by_id
) THEN
    RAISE EXCEPTION 'no other officer confirmed this override' USING ERRCODE = 'check_violation';
END IF;
IF NEW.override_by_id IS NULL AND EXISTS (
    SELECT FROM proctoring_identityoverride o
     WHERE o.attempt_id = NEW.attempt_id
       AND (o.confirmed IS DISTINCT FROM false OR (o.decided_by_id <> o.asked_by_id AND o.asked_by_id = NEW.by_id))
) THEN
    RAISE EXCEPTION 'an override of this candidate was asked for' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class CheckIn(models.Model):
    """A candidate identified at the door by a person; PIN issue follows in the hall."""

    class Method(models.TextChoices):
        QR = "qr", _("QR kartu")
        NUMBER = "number", _("Nomor kartu")

    class Identity(models.TextChoices):
        KTP = "ktp", _("KTP-el")
        KK = "kk", _("Kartu Keluarga asli atau legalisir")
        PASSPORT = "passport", _("Paspor")
        LETTER = "letter", _("Surat keterangan perekaman KTP-el")

    id = uuid_key()
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="check_in")
    method = models.CharField(max_length=10, choices=Method.choices)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    identity_document = models.CharField(max_length=20, choices=Identity.choices, help_text="what was shown")
    override_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("override_by")), name="check_in_override_by_another"),
            models.CheckConstraint(
                condition=Q(identity_document__in=["ktp", "kk", "passport", "letter"]), name="check_in_identity"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="as_decided", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_CHECKED_IN_AS_DECIDED
            ),
        ]


class IdentityOverride(Proposal):
    """A request to admit somebody whose card, photo or document is at fault; another officer decides."""

    class Fault(models.TextChoices):
        CARD = "card", _("Kartu ujian tidak cocok atau rusak")
        PHOTO = "photo", _("Wajah berbeda dari foto pada berkas")
        DOCUMENT = "document", _("Data pada dokumen identitas berbeda")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="overrides")
    fault = models.CharField(max_length=10, choices=Fault.choices)
    method = models.CharField(max_length=10, choices=CheckIn.Method.choices)
    identity_document = models.CharField(max_length=20, choices=CheckIn.Identity.choices, help_text="what was shown")
    note = models.CharField(max_length=500, blank=True, help_text="words of who decided")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            *decided_by_two("override"),
            models.CheckConstraint(condition=Q(fault__in=["card", "photo", "document"]), name="override_fault"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(confirmed=True), name="override_one_confirmed"
            ),
        ]
        triggers = decided_in_the_room("fault", "reason", "method", "identity_document")
