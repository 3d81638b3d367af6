"""Helping staff back in: no single officer takes both the password and the phone codes of a colleague."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core import queries, trail
from core.actions.people import check_new_password
from core.errors import Refusal
from core.models import TrailEntry, User

PASSWORD, FACTOR = "core.staff_password_replaced", "core.second_factor_reset"
APART = timedelta(hours=24)


def _check_helper(user: User, by: User, other: str, now: datetime) -> None:
    if user.pk == by.pk:
        raise Refusal("own_account", _("Untuk akun sendiri, mintalah operator lain."))
    mine = TrailEntry.objects.filter(verb=other, thing_id=str(user.pk), actor=by, at__gt=now - APART)
    if mine.exists():
        text = _(
            "Dalam 24 jam terakhir Anda sudah mengganti kata sandi atau melepas kode petugas ini. "
            "Langkah kedua harus dilakukan operator lain."
        )
        raise Refusal("four_eyes", text)


def _tell(user: User, what: str) -> None:
    with queries.language_of(user):
        subject = _("Perubahan pada akun petugas Anda")
        body = render_to_string("core/mail/rescued.txt", {"person": user, "what": what})
    transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]))


def replace_staff_password(*, user: User, password: str, by: User, now: datetime) -> None:
    """Give a staff member a new password, told in person; the account's owner is told by mail.

    Raises Refusal ``own_account``, ``four_eyes`` (the same officer took away the phone's codes within 24 hours),
    ``password_weak``.
    """
    _check_helper(user, by, FACTOR, now)
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk, kind=User.Kind.STAFF)
        check_new_password(password, row)
        row.password = make_password(password)
        row.save(update_fields=["password"])
        trail.record(PASSWORD, row, by=by, now=now)
        _tell(row, "password")


def reset_second_factor(*, user: User, by: User, now: datetime) -> None:
    """Take away a lost phone's codes; the person sets up new ones at the next sign-in and is told by mail.

    Raises Refusal ``own_account``, ``four_eyes`` (the same officer replaced the password within 24 hours).
    """
    _check_helper(user, by, PASSWORD, now)
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        trail.record(FACTOR, user, by=by, now=now)
        _tell(user, "codes")
