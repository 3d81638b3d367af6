"""People: one User for applicants and staff, and roles granted by two different persons."""

from datetime import datetime
from typing import Any, ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models.base import uuid_key
from core.models.places import Agency, TestCentre


class Role(models.TextChoices):
    """What a staff member may do; architecture of least privilege, one row per granted role."""

    VERIFIER = "verifier", _("Verifikator")
    SUPERVISOR = "supervisor", _("Supervisor verifikasi")
    WRITER = "writer", _("Penulis soal")
    REVIEWER = "reviewer", _("Penelaah soal")
    APPROVER = "approver", _("Penyetuju soal")
    CUSTODIAN = "custodian", _("Penjaga naskah")
    PROCTOR = "proctor", _("Pengawas ruang")
    COORDINATOR = "coordinator", _("Koordinator titik lokasi")
    COMMITTEE = "committee", _("Anggota panitia")
    CHAIR = "chair", _("Ketua panitia")
    AUDITOR = "auditor", _("Auditor")
    OPERATOR = "operator", _("Operator sistem")


class UserManager(BaseUserManager["User"]):
    """Finds people by what they sign in with."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person who signs in: an applicant by NIK (kept as a blind index), staff by e-mail."""

    class Kind(models.TextChoices):
        APPLICANT = "applicant", _("Pelamar")
        STAFF = "staff", _("Petugas")

    id = uuid_key()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    username = models.CharField(max_length=254, unique=True)
    email = models.EmailField()
    full_name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="id")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "full_name"]
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["applicant", "staff"]), name="user_kind"),
            models.CheckConstraint(
                condition=~Q(kind="staff") | Q(username=F("email")), name="staff_sign_in_by_email"
            ),
            models.CheckConstraint(
                condition=~Q(kind="applicant") | Q(username__regex=r"^[0-9a-f]{64}$"),
                name="applicant_blind_index",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def is_applicant(self) -> bool:
        return self.kind == self.Kind.APPLICANT

    @property
    def is_staff(self) -> bool:
        return self.kind == self.Kind.STAFF

    @property
    def is_superuser(self) -> bool:
        """There is no superuser in this house."""
        return False

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Permissions are gates and role grants; Django's own are never given."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    """Role grants in force."""

    def in_force(self, now: datetime) -> "RoleGrantQuerySet":
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=now),
            approved_by__isnull=False, revoked_at__isnull=True, valid_from__lte=now,
        )  # fmt: skip


class RoleGrant(models.Model):
    """One role of one person, everywhere or for one agency or centre; asked by one, approved by another."""

    id = uuid_key()
    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True)
    centre = models.ForeignKey(TestCentre, models.PROTECT, null=True, blank=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role"),
            models.CheckConstraint(condition=~Q(granted_by=F("approved_by")), name="grant_four_eyes"),
            models.CheckConstraint(condition=~Q(granted_by=F("user")), name="grant_not_to_oneself"),
            models.CheckConstraint(condition=~Q(approved_by=F("user")), name="grant_not_approved_by_oneself"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="grant_approval_whole",
            ),
        ]
        triggers = [
            # Four eyes hold only if who asked, and for what, cannot be rewritten afterwards.
            pgtrigger.Protect(
                name="asked_first",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__approved_by__isnull=False) | pgtrigger.Q(new__revoked_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="request_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "user", "role", "agency", "centre", "valid_from", "valid_to", "granted_by"
                ),
            ),
            pgtrigger.Protect(
                name="decided_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__approved_by__isnull=False)
                & (
                    pgtrigger.Q(new__approved_by__df=pgtrigger.F("old__approved_by"))
                    | pgtrigger.Q(new__approved_at__df=pgtrigger.F("old__approved_at"))
                ),
            ),
            pgtrigger.Protect(
                name="revoked_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__revoked_at__isnull=False)
                & (
                    pgtrigger.Q(new__revoked_at__df=pgtrigger.F("old__revoked_at"))
                    | pgtrigger.Q(new__approved_by__df=pgtrigger.F("old__approved_by"))
                ),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]
