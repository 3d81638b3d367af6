"""Applicants, staff, and roles that two different officers give."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from core import queries, trail, vault
from core.access import refuse_bound
from core.actions.sign_in import count_try
from core.errors import Refusal
from core.models import Agency, Role, RoleGrant, TestCentre, User

#: Who asks for, approves and ends roles.
GRANTERS = (Role.OPERATOR, Role.CHAIR)


def _check_person(email: str, full_name: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal("email_form", _("Tulis alamat e-mail seperti nama@contoh.go.id."), field="email") from None
    if not full_name.strip():
        raise Refusal("name_empty", _("Tulis nama lengkap."), field="full_name")


def check_new_password(password: str, user: User) -> None:
    """Refusal ``password_weak`` with every reason, in words."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise Refusal("password_weak", " ".join(weak.messages), field="password") from None


def create_applicant_user(
    *, nik: str, email: str, full_name: str, password: str, by: User | None = None, now: datetime
) -> User:
    """A new applicant who signs in by ``nik`` (kept only as a blind index).

    Raises Refusal ``nik_taken``, ``password_weak``, ``email_form``, ``name_empty``.
    """
    _check_person(email, full_name)
    user = User(
        kind=User.Kind.APPLICANT, username=vault.blind_index(nik), email=email.strip().lower(),
        full_name=full_name.strip(), created_at=now,
    )  # fmt: skip
    check_new_password(password, user)
    user.password = make_password(password)
    with transaction.atomic():
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            text = _("NIK ini sudah punya akun. Masuklah, atau pulihkan kata sandi bila lupa.")
            raise Refusal("nik_taken", text, field="nik") from None
        trail.record("core.applicant_created", user, by=by or user, now=now)
    return user


def create_staff_user(*, email: str, full_name: str, password: str, by: User | None, now: datetime) -> User:
    """A new staff member without any role; ``by`` is None only for the first officers of an installation.

    Raises Refusal ``email_taken``, ``password_weak``, ``email_form``, ``name_empty``, ``whole_country``.
    """
    refuse_bound(by, Role.OPERATOR)
    _check_person(email, full_name)
    address = email.strip().lower()
    user = User(kind=User.Kind.STAFF, username=address, email=address, full_name=full_name.strip(), created_at=now)
    check_new_password(password, user)
    user.password = make_password(password)
    with transaction.atomic():
        try:
            with transaction.atomic():
                user.save(force_insert=True)
        except IntegrityError:
            raise Refusal("email_taken", _("Alamat e-mail ini sudah dipakai petugas lain."), field="email") from None
        trail.record("core.staff_created", user, by=by, now=now)
    return user


def deactivate_staff(*, user: User, by: User, now: datetime) -> None:
    """End a staff member's access at once: no sign-in, every grant revoked.

    Raises Refusal ``own_account``, ``whole_country``.
    """
    refuse_bound(by, Role.OPERATOR)
    if user.pk == by.pk:
        raise Refusal("own_account", _("Anda tidak dapat menonaktifkan akun sendiri; mintalah operator lain."))
    with transaction.atomic():
        held = RoleGrant.objects.select_for_update().filter(user=user, revoked_at__isnull=True)
        revoked = held.update(revoked_at=now)
        User.objects.filter(pk=user.pk).update(is_active=False)
        trail.record("core.staff_deactivated", user, by=by, now=now, grants_revoked=revoked)


def reactivate_staff(*, user: User, by: User, now: datetime) -> None:
    """Let a staff member sign in again; roles must be granted anew. Refusal ``whole_country``."""
    refuse_bound(by, Role.OPERATOR)
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=True)
        trail.record("core.staff_reactivated", user, by=by, now=now)


def grant_role(
    *, user: User, role: str, by: User, now: datetime, agency: Agency | None = None, centre: TestCentre | None = None,
    valid_from: datetime | None = None, valid_to: datetime | None = None,
) -> RoleGrant:  # fmt: skip
    """Ask for a role; it is in force only after another officer approves (:func:`approve_grant`).

    Raises Refusal ``own_role``, ``not_staff``, ``role_unknown``, ``role_period``, ``role_held``, ``whole_country``.
    """
    refuse_bound(by, *GRANTERS)
    start = valid_from or now
    if user.pk == by.pk:
        raise Refusal("own_role", _("Peran untuk diri sendiri harus dimintakan operator lain."), field="role")
    if not user.is_staff or not user.is_active:
        raise Refusal("not_staff", _("Peran hanya dapat diberikan kepada petugas yang aktif."), field="user")
    if role not in Role.values:
        raise Refusal("role_unknown", _("Peran ini tidak dikenal."), field="role")
    if valid_to and valid_to <= start:
        raise Refusal("role_period", _("Akhir masa berlaku harus sesudah awalnya."), field="valid_to")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        same = RoleGrant.objects.filter(user=user, role=role, agency=agency, centre=centre, revoked_at__isnull=True)
        if same.exclude(valid_to__lte=now).exists():
            raise Refusal(
                "role_held",
                _("Peran yang sama sudah dipegang atau sedang menunggu persetujuan."),
                field="role",
            )
        grant = RoleGrant.objects.create(
            user=user,
            role=role,
            agency=agency,
            centre=centre,
            valid_from=start,
            valid_to=valid_to,
            granted_by=by,
        )
        trail.record("core.role_asked", grant, by=by, now=now, user=user.pk, role=role)
    return grant


def approve_grant(*, grant: RoleGrant, by: User, now: datetime) -> RoleGrant:
    """Put an asked role in force; another person than the one who asked and than the one who gets it.

    Raises Refusal ``four_eyes``, ``own_role``, ``grant_closed``, ``whole_country``.
    """
    refuse_bound(by, *GRANTERS)
    with transaction.atomic():
        row = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        if row.approved_by_id or row.revoked_at:
            raise Refusal("grant_closed", _("Permintaan ini sudah diputuskan."))
        if row.granted_by_id == by.pk:
            raise Refusal("four_eyes", _("Anda yang meminta peran ini; persetujuan harus dari petugas lain."))
        if row.user_id == by.pk:
            raise Refusal("own_role", _("Anda tidak dapat menyetujui peran untuk diri sendiri."))
        row.approved_by, row.approved_at = by, now
        row.save(update_fields=["approved_by", "approved_at"])
        trail.record("core.role_approved", row, by=by, now=now, user=row.user_id, role=row.role)
    return row


def _close_grant(grant: RoleGrant, verb: str, by: User, now: datetime) -> RoleGrant:
    refuse_bound(by, *GRANTERS)
    with transaction.atomic():
        row = RoleGrant.objects.select_for_update().get(pk=grant.pk)
        if row.revoked_at:
            raise Refusal("grant_closed", _("Peran ini sudah dicabut."))
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        trail.record(verb, row, by=by, now=now, user=row.user_id, role=row.role)
    return row


def refuse_grant(*, grant: RoleGrant, by: User, now: datetime) -> RoleGrant:
    """Turn down a role that was asked for. Refusal ``grant_closed``, ``whole_country``."""
    if grant.approved_by_id:
        raise Refusal("grant_closed", _("Peran ini sudah disetujui; cabutlah bila perlu."))
    return _close_grant(grant, "core.role_refused", by, now)


def revoke_grant(*, grant: RoleGrant, by: User, now: datetime) -> RoleGrant:
    """End a role at once; taking away needs no second person. Refusal ``grant_closed``, ``whole_country``."""
    return _close_grant(grant, "core.role_revoked", by, now)


def change_language(*, user: User, language: str, by: User, now: datetime) -> None:
    """Remember the language a person reads; mail is written in it too. Refusal ``language_unknown``."""
    if language not in dict(settings.LANGUAGES):
        raise Refusal("language_unknown", _("Pilih bahasa Indonesia atau Inggris."), field="language")
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(language=language)
        trail.record("core.language_changed", user, by=by, now=now, language=language)


def send_recovery(*, nik: str, by: User | None, now: datetime) -> None:
    """Mail a one-time link to the applicant with ``nik``.

    Nothing happens, and nothing shows, when there is no such account or when links were asked for too often
    (the waits of sign-in), so that nobody's mailbox can be flooded.
    """
    try:
        count_try(queries.tally_key("recovery", vault.blind_index(nik)), now)
    except Refusal:
        return
    user = queries.applicant_by_nik(nik)
    if user is None or not user.is_active:
        return
    key = urlsafe_base64_encode(str(user.pk).encode())
    path = reverse("core:recover_set", args=[key, default_token_generator.make_token(user)])
    with queries.language_of(user):
        subject = _("Pemulihan kata sandi CAT Exam")
        body = render_to_string("core/mail/recover.txt", {"person": user, "link": settings.PUBLIC_ORIGIN + path})
    with transaction.atomic():
        trail.record("core.recovery_asked", user, by=by, now=now)
        transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]))


def reset_password(*, user: User, token: str, password: str, now: datetime) -> None:
    """Set a new password with the link that was mailed; the link dies with it.

    Raises Refusal ``link_dead``, ``password_weak``.
    """
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if not row.is_active or not default_token_generator.check_token(row, token):
            raise Refusal("link_dead", _("Tautan ini sudah dipakai atau kedaluwarsa. Mintalah tautan baru."))
        check_new_password(password, row)
        row.password = make_password(password)
        row.save(update_fields=["password"])
        trail.record("core.password_reset", row, by=row, now=now)
