"""Who stands at the door: check-ins, and overrides that two officers agree on."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models import Attempt
from core.models import User
from core.models.base import uuid_key

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


#: Who confirms holds a role in this room's centre, or for the country; the same test as ``queries.roles_in``.
DECIDED_IN_THE_ROOM = """
IF NEW.confirmed AND NOT EXISTS (
    SELECT FROM cat_exam_attempt a
      JOIN cat_exam_exam e ON e.id = a.exam_id
      JOIN registration_sitting s ON s.id = e.sitting_id
      JOIN core_room r ON r.id = s.room_id
      JOIN core_rolegrant g ON g.user_id = NEW.decided_by_id
     WHERE a.id = NEW.attempt_id AND g.role IN ('proctor', 'coordinator')
       AND g.approved_by_id IS NOT NULL AND g.revoked_at IS NULL AND g.valid_from <= clock_timestamp()
       AND (g.valid_to IS NULL OR g.valid_to > clock_timestamp())
       AND (g.centre_id = r.centre_id OR (g.centre_id IS NULL AND g.agency_id IS NULL))
) THEN
    RAISE EXCEPTION 'who confirms has no role in this room' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


class IdentityOverride(models.Model):
    """A request to admit somebody whose card, photo or document is at fault; another officer decides."""

    class Fault(models.TextChoices):
        CARD = "card", _("Kartu ujian tidak cocok atau rusak")
        PHOTO = "photo", _("Wajah berbeda dari foto pada berkas")
        DOCUMENT = "document", _("Data pada dokumen identitas berbeda")

    id = uuid_key()
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="overrides")
    fault = models.CharField(max_length=10, choices=Fault.choices)
    reason = models.CharField(max_length=500)
    method = models.CharField(max_length=10, choices=CheckIn.Method.choices)
    identity_document = models.CharField(max_length=20, choices=CheckIn.Identity.choices, help_text="what was shown")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True, help_text="None: waiting; False: refused or taken back")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True, help_text="words of who decided")

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(asked_by=F("decided_by")), name="override_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(confirmed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="override_decision_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_reason"),
            models.CheckConstraint(condition=Q(fault__in=["card", "photo", "document"]), name="override_fault"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(confirmed__isnull=True), name="override_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(confirmed=True), name="override_one_confirmed"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="born_waiting", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__confirmed__isnull=False)
            ),
            pgtrigger.Protect(
                name="asked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "attempt", "fault", "reason", "method", "identity_document", "asked_by", "asked_at"
                ),
            ),
            pgtrigger.Protect(
                name="decided_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__confirmed__isnull=False)
            ),
            pgtrigger.Trigger(
                name="decided_in_the_room", when=pgtrigger.Before, operation=pgtrigger.Update,
                func=DECIDED_IN_THE_ROOM,
            ),
        ]  # fmt: skip
