"""The room: who watches which exam, who was checked in and how, what happened, and requests for time."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models import Attempt, Exam, TimeGrant
from cat_exam.rules.lifecycle import steps
from core.models import User
from core.models.base import uuid_key
from proctoring.rules.lifecycle import ALARM


class Watch(models.Model):
    """A proctor or coordinator on duty in an exam."""

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="watches")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "user"], condition=Q(ended_at__isnull=True), name="watch_once"),
        ]


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


class Incident(models.Model):
    """Something that happened in the room, for the minutes; append-only."""

    class Kind(models.TextChoices):
        TECHNICAL = "technical", _("Teknis")
        HEALTH = "health", _("Kesehatan")
        CONDUCT = "conduct", _("Perilaku")
        OTHER = "other", _("Lain-lain")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="incidents")
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="incidents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]


class TimeRequest(models.Model):
    """A proctor's request for time credit; granting it approves the hall's TimeGrant it names."""

    id = uuid_key()
    grant = models.OneToOneField(TimeGrant, models.PROTECT, related_name="request")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+")
    refused_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True, refused_by__isnull=True)
                | Q(refused_at__isnull=False, refused_by__isnull=False),
                name="time_refusal_whole",
            ),
        ]


class RoomPaper(models.Model):
    """A PDF of the room kept under the media root: minutes and result lists, each version a row of its own."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("Berita acara")
        RESULTS = "results", _("Daftar hasil sesi")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="room_papers")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    path = models.CharField(max_length=200, unique=True, help_text="under the media root")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at"]


#: Who confirms holds a role in this room's centre, or for the country; the same test as ``queries.roles_in``.
_DECIDED_IN_THE_ROOM = """
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
                func=_DECIDED_IN_THE_ROOM,
            ),
        ]  # fmt: skip


class Alarm(models.Model):
    """Something in the journal a person should look at; it advises and decides nothing.

    ``other`` is the second candidate of a pair. The reader only moves ``last_at``, ``strength`` and ``facts`` on;
    a dismissed alarm comes back when it has become twice as strong.
    """

    class Kind(models.TextChoices):
        REMOTE = "remote", _("Pola dikerjakan dari luar")
        TWINS = "twins", _("Jalur jawaban serupa")
        FOCUS = "focus", _("Keluar dari halaman ujian")
        PLACE = "place", _("Alamat atau peramban berganti")
        SOCKETS = "sockets", _("Dua peramban bergantian")
        BROWSER = "browser", _("Bukan peramban terkunci")

    class State(models.TextChoices):
        NEW = "new", _("Baru")
        SEEN = "seen", _("Dilihat")
        FOLLOWED = "followed", _("Ditindaklanjuti")
        DISMISSED = "dismissed", _("Diabaikan")

    id = uuid_key()
    exam = models.ForeignKey(Exam, models.PROTECT, related_name="alarms")
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="alarms")
    other = models.ForeignKey(Attempt, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    facts = models.JSONField(default=dict, help_text="numbers only: proctoring.rules.anomaly")
    strength = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    note = models.CharField(max_length=500, blank=True)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="alarms")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_strength = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-last_at"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "kind", "other"], nulls_distinct=False, name="alarm_once"),
            models.CheckConstraint(condition=Q(other__isnull=True) | Q(attempt__lt=F("other")), name="alarm_pair"),
            models.CheckConstraint(
                condition=Q(kind__in=["remote", "twins", "focus", "place", "sockets", "browser"]), name="alarm_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["new", "seen"]) | (~Q(note="") & Q(decided_by__isnull=False)
                                                          & Q(decided_at__isnull=False)),
                name="alarm_decided_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["exam", "state"], name="alarm_of_room")]
        triggers = [
            pgtrigger.Protect(
                name="born_new", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__state__df="new")
            ),
            pgtrigger.FSM(name="alarm_lifecycle", field="state", transitions=steps(ALARM)),
        ]  # fmt: skip
