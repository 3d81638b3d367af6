"""The officers of the demo, with the logins the launcher made and roles asked by one and approved by another."""

import json
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core.actions import approve_grant, create_staff_user, enrol_second_factor, grant_role
from core.models import RoleGrant, User
from core.queries import has_second_factor

#: Name shown for each login key; the login file gives e-mail, password, role and seed.
NAMES = {
    "operator": "Rahmat Hidayat",
    "operator2": "Sri Wahyuni",
    "verifier": "Dewi Lestari",
    "supervisor": "Bambang Prakoso",
    "writer": "Nur Aini",
    "reviewer": "Yusuf Maulana",
    "approver": "Maria Tobing",
    "custodian": "Agus Salim Harahap",
    "custodian2": "Ni Made Suryani",
    "proctor": "Andi Baso",
    "proctor2": "Yohana Wanggai",
    "coordinator": "Siti Rahayu",
    "committee": "Hendra Gunawan",
    "committee2": "Fatimah Zahra",
    "chair": "Prof. Teguh Santoso",
    "auditor": "Lukas Manurung",
}
Team = dict[str, User]


def hire(now: datetime) -> Team:
    """All officers by login key; the two operators vouch for each other, then for everybody else."""
    logins = _logins()
    team = {key: _person(key, logins[key], now) for key in NAMES}
    first, second = team["operator"], team["operator2"]
    for key, user in team.items():
        asked_by, approved_by = (second, team["chair"]) if user == first else (first, second)
        if user == second:
            approved_by = team["chair"]
        _role(user, logins[key]["role"], asked_by, approved_by, now)
    return team


def _logins() -> dict[str, dict[str, str]]:
    if not settings.DEMO_LOGINS:
        raise ImproperlyConfigured("CAT_DEMO_LOGINS: is missing; the demo is loaded by `make demo`")
    found: dict[str, dict[str, str]] = json.loads(Path(settings.DEMO_LOGINS).read_text())
    return found


def _person(key: str, login: dict[str, str], now: datetime) -> User:
    user = User.objects.filter(username=login["email"]).first()
    if user is None:
        user = create_staff_user(
            email=login["email"], full_name=NAMES[key], password=login["password"], by=None, now=now
        )
    if not has_second_factor(user):
        enrol_second_factor(user=user, secret=login["totp"], code=None, by=None, now=now)
    return user


def _role(user: User, role: str, asked_by: User, approved_by: User, now: datetime) -> None:
    if RoleGrant.objects.filter(user=user, role=role).exists():
        return
    asked = grant_role(user=user, role=role, by=asked_by, now=now)
    approve_grant(grant=asked, by=approved_by, now=now)
