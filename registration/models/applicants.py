"""Applicants and their one application with its documents."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import TestCentre, User
from core.models.base import reference, uuid_key
from registration.models.formations import Formation, FormationEducation
from registration.models.selections import Selection
from registration.rules import lifecycle

#: What an application says; none of it may change once it left the draft.
CONTENT = [
    "applicant", "selection", "reference", "formation", "education", "institution", "gpa", "disability",
    "visually_impaired", "centre", "statement_agreed_at", "privacy_agreed_at", "submitted_at", "registration_number",
]  # fmt: skip


class Applicant(models.Model):
    """A person in one selection; NIK and KK as ciphertext (row id bound), NIK findable by blind index."""

    class Sex(models.TextChoices):
        FEMALE = "P", _("Perempuan")
        MALE = "L", _("Laki-laki")

    class PopulationCheck(models.TextChoices):
        MATCH = "match", _("Cocok dengan data kependudukan")
        NOT_CHECKED = "not_checked", _("Belum diperiksa pada data kependudukan")

    id = uuid_key()
    selection = models.ForeignKey(Selection, models.PROTECT, related_name="applicants")
    user = models.ForeignKey(User, models.PROTECT, related_name="applicants")
    nik_index = models.CharField(max_length=64)
    nik_cipher = models.BinaryField()
    family_card_cipher = models.BinaryField()
    full_name = models.CharField(max_length=120)
    birth_place = models.CharField(max_length=100)
    birth_date = models.DateField()
    sex = models.CharField(max_length=1, choices=Sex.choices)
    phone = models.CharField(max_length=20)
    population_check = models.CharField(max_length=12, choices=PopulationCheck.choices, default="not_checked")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["selection", "nik_index"], name="nik_once_a_selection"),
            models.UniqueConstraint(fields=["selection", "user"], name="user_once_a_selection"),
            models.CheckConstraint(
                condition=Q(population_check__in=["match", "not_checked"]), name="applicant_population_check"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="identity_fixed",
                fields=["selection", "user", "nik_index", "nik_cipher", "family_card_cipher", "full_name",
                        "birth_place", "birth_date", "sex"],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name


class Application(models.Model):
    """The one application of an applicant; frozen at submission. States: ``registration.rules.lifecycle``."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draf")
        SUBMITTED = "submitted", _("Terkirim")
        VERIFIED_OK = "verified_ok", _("Memenuhi syarat")
        VERIFIED_NOT_OK = "verified_not_ok", _("Tidak memenuhi syarat")
        OBJECTED = "objected", _("Disanggah")
        DECIDED = "decided", _("Sanggah diputus")
        SCHEDULED = "scheduled", _("Terjadwal")
        CARDED = "carded", _("Kartu terbit")
        WITHDRAWN = "withdrawn", _("Mengundurkan diri")

    id = uuid_key()
    applicant = models.OneToOneField(Applicant, models.PROTECT, related_name="application")
    selection = models.ForeignKey(Selection, models.PROTECT, related_name="applications")
    reference = models.CharField(max_length=16, unique=True, default=reference)
    number = models.CharField(max_length=30, null=True, unique=True, help_text="participant number (no. peserta)")
    registration_number = models.CharField(max_length=20, null=True, unique=True, editable=False)
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    formation = models.ForeignKey(Formation, models.PROTECT, null=True, blank=True, related_name="applications")
    education = models.ForeignKey(FormationEducation, models.PROTECT, null=True, blank=True)
    institution = models.CharField(max_length=200, blank=True)
    gpa = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True, help_text="IPK or diploma mean")
    disability = models.CharField(max_length=100, blank=True)
    visually_impaired = models.BooleanField(default=False)
    centre = models.ForeignKey(TestCentre, models.PROTECT, null=True, blank=True)
    statement_agreed_at = models.DateTimeField(null=True, blank=True)
    privacy_agreed_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"])
                | Q(
                    formation__isnull=False, education__isnull=False, centre__isnull=False,
                    statement_agreed_at__isnull=False, privacy_agreed_at__isnull=False, submitted_at__isnull=False,
                ),
                name="application_whole_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(gpa__isnull=True) | Q(gpa__gte=0, gpa__lte=100), name="application_gpa"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["selection", "state"], name="application_state"),
            models.Index(fields=["formation", "state"], name="application_formation"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="born_draft", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__state__df="draft")
            ),
            pgtrigger.FSM(name="lifecycle", field="state", transitions=lifecycle.transitions()),
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*CONTENT),
                func="""
                IF OLD.state <> 'draft' THEN
                    RAISE EXCEPTION 'pgtrigger: a submitted application is frozen';
                END IF;
                RETURN NEW;
                """,
            ),
        ]


class Document(models.Model):
    """An uploaded document, rebuilt by us before it is stored; ``path`` lies under the media root."""

    id = uuid_key()
    application = models.ForeignKey(Application, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=30)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField(default=1)
    uploaded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(replaced_at__isnull=True), name="document_current"
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="frozen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                IF EXISTS (SELECT FROM registration_application
                            WHERE id = NEW.application_id AND state <> 'draft') THEN
                    RAISE EXCEPTION 'pgtrigger: the documents of a submitted application are frozen';
                END IF;
                RETURN NEW;
                """,
            ),
        ]
