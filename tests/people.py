"""Named people for tests: staff with roles granted by two others, applicants, signed-in clients and cookies.

Every access test asks all of ``EVERYBODY``: each role once, an applicant and a visitor.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, override_settings

from core import clock
from core.access import SECOND_FACTOR
from core.actions import approve_grant, create_applicant_user, create_staff_user, grant_role
from core.models import Agency, Role, TestCentre, User

PASSWORD = "kunci-rumah-7-biru"
EVERYBODY = ("visitor", "applicant", *Role.values)


class QuickArgon2(Argon2PasswordHasher):
    """Argon2 at its least cost; the same format, so that any process can check it."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1


class People:
    """Makes people by what they are; asked twice, the same person comes back."""

    def __init__(self) -> None:
        self._known: dict[object, User] = {}
        self._numbers = count(1)

    @property
    def now(self) -> datetime:
        return clock.now()

    def _founder(self, name: str) -> User:
        if name not in self._known:
            self._known[name] = create_staff_user(
                email=f"{name}@pendiri.invalid", full_name=f"Pendiri {name}", password=PASSWORD, by=None, now=self.now
            )
        return self._known[name]

    def staff(
        self, role: str, which: int = 1, *, agency: Agency | None = None, centre: TestCentre | None = None
    ) -> User:
        """The holder number ``which`` of ``role``, everywhere or for one agency or centre."""
        key = (role, which, agency and agency.pk, centre and centre.pk)
        if key not in self._known:
            number = next(self._numbers)
            user = create_staff_user(
                email=f"{role}{number}@uji.invalid", full_name=f"{role.title()} {number}", password=PASSWORD,
                by=self._founder("a"), now=self.now,
            )  # fmt: skip
            start = self.now - timedelta(minutes=1)
            asked = grant_role(
                user=user,
                role=role,
                agency=agency,
                centre=centre,
                by=self._founder("a"),
                now=self.now,
                valid_from=start,
            )
            approve_grant(grant=asked, by=self._founder("b"), now=self.now)
            self._known[key] = user
        return self._known[key]

    def applicant(self, which: int = 1, *, name: str = "") -> User:
        """The account of applicant number ``which`` (no application yet)."""
        key = ("applicant", which)
        if key not in self._known:
            self._known[key] = create_applicant_user(
                nik=nik(which), email=f"pelamar{which}@uji.invalid", full_name=name or f"Pelamar Nomor {which}",
                password=PASSWORD, now=self.now,
            )  # fmt: skip
        return self._known[key]

    def who(self, name: str) -> User | None:
        """Somebody out of ``EVERYBODY``."""
        if name == "visitor":
            return None
        return self.applicant() if name == "applicant" else self.staff(name)

    def client(self, user: User | None) -> Client:
        """A browser session of ``user``, staff with the second factor passed; None is a visitor."""
        client = Client()
        if user is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session(user)
        return client

    def session(self, user: User) -> str:
        """The key of a stored session, as sign-in leaves it behind; also good as a browser's cookie."""
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        if user.is_staff:
            store[SECOND_FACTOR] = datetime.now(UTC).isoformat()
        store.create()
        assert store.session_key
        return store.session_key

    def cookie(self, user: User, url: str) -> dict[str, str]:
        """The session as a Playwright cookie for ``url``."""
        return {"name": settings.SESSION_COOKIE_NAME, "value": self.session(user), "url": url}


def nik(which: int, *, born: datetime | None = None, woman: bool = True) -> str:
    """A well-formed NIK: Jakarta Pusat, 15 March 1998 unless told, serial ``which``."""
    day = born or datetime(1998, 3, 15, tzinfo=UTC)
    return f"317101{day.day + (40 if woman else 0):02}{day:%m%y}{which:04}"


@pytest.fixture
def people() -> Iterator[People]:
    """People for this test; passwords cost little to make, and any process can check them."""
    with override_settings(PASSWORD_HASHERS=["tests.people.QuickArgon2"]):
        yield People()
