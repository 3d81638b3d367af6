"""Helping staff back in: no single officer takes both the password and the phone codes of a colleague."""

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core import queries, trail
from core.access import refuse_bound
from core.actions.people import check_new_password
from core.errors import Refusal
from core.models import Role, TrailEntry, User

PASSWORD, FACTOR = "core.staff_password_replaced", "core.second_factor_reset"
APART = timedelta(hours=24)


def _lock_for(user: User, by: User, other: str, now: datetime) -> User:
    """The account, locked so that the two steps wait for each other, when ``by`` may take this one."""
    if user.pk == by.pk:
        raise Refusal("own_account", _("Untuk akun sendiri, mintalah operator lain."))
    refuse_bound(by, Role.OPERATOR)
    row = User.objects.select_for_update().get(pk=user.pk, kind=User.Kind.STAFF)
    mine = TrailEntry.objects.filter(verb=other, thing_id=str(user.pk), actor=by, at__gt=now - APART)
    if mine.exists():
        text = _(
            "Dalam 24 jam terakhir Anda sudah mengganti kata sandi atau melepas kode petugas ini. "
            "Langkah kedua harus dilakukan operator lain."
        )
        raise Refusal("four_eyes", text)
    return row


def _tell(user: User, what: str) -> None:
    with queries.language_of(user):
        subject = _("Perubahan pada akun petugas Anda")
        body = render_to_string("core/mail/rescued.txt", {"person": user, "what": what})
    transaction.on_commit(lambda: send_mail(subject, body, None, [user.email]))


def replace_staff_password(*, user: User, password: str, by: User, now: datetime) -> None:
    """Give a staff member a new password, told in person; the account's owner is told by mail.

    Raises Refusal ``own_account``, ``four_eyes`` (the same officer took away the phone's codes within 24 hours),
    ``password_weak``, ``whole_country``.
    """
    with transaction.atomic():
        row = _lock_for(user, by, FACTOR, now)
        check_new_password(password, row)
        row.password = make_password(password)
        row.save(update_fields=["password"])
        trail.record(PASSWORD, row, by=by, now=now)
        _tell(row, "password")


def reset_second_factor(*, user: User, by: User, now: datetime) -> None:
    """Take away a lost phone's codes; the person sets up new ones at the next sign-in and is told by mail.

    Raises Refusal ``own_account``, ``four_eyes`` (the same officer replaced the password within 24 hours),
    ``whole_country``.
    """
    with transaction.atomic():
        row = _lock_for(user, by, PASSWORD, now)
        Authenticator.objects.filter(user=row).delete()
        trail.record(FACTOR, row, by=by, now=now)
        _tell(row, "codes")
