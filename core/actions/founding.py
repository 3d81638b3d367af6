"""The first two operators of an empty installation."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core import trail
from core.actions.people import approve_grant, create_staff_user, grant_role
from core.errors import Refusal
from core.models import Role, User

FOUNDING = "pendirian@instalasi.invalid"


def create_first_officers(
    *, first: tuple[str, str], second: tuple[str, str], by: User | None = None, now: datetime
) -> list[tuple[User, str]]:
    """Two operators (e-mail, full name), each approved by the other, with passwords shown once.

    The asking hand is a founding account that can never sign in: a role needs three people, who gets it, who asks and
    who approves. Works once; Refusal ``staff_exists`` as soon as there is any staff member.
    """
    with transaction.atomic():
        if User.objects.filter(kind=User.Kind.STAFF).exists():
            raise Refusal(
                "staff_exists", _("Sudah ada petugas. Petugas baru ditambahkan oleh operator di halaman Petugas.")
            )
        founding = create_staff_user(
            email=FOUNDING, full_name="Pendirian instalasi", password=secrets.token_urlsafe(32), by=None, now=now
        )
        made = []
        for email, name in (first, second):
            password = secrets.token_urlsafe(15)
            made.append(
                (create_staff_user(email=email, full_name=name, password=password, by=None, now=now), password)
            )
        for (officer, _password), (other, _other) in (made, reversed(made)):
            grant = grant_role(user=officer, role=Role.OPERATOR, by=founding, now=now)
            approve_grant(grant=grant, by=other, now=now)
        User.objects.filter(pk=founding.pk).update(is_active=False)
        trail.record("core.installation_founded", founding, by=by, now=now)
    return made
