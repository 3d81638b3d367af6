"""Passwords and second factors: tries are counted per account, and a code counts once."""

import os
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.hashers import check_password as matches
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, queries, trail, vault
from core.errors import Refusal
from core.models import SignInTally, User

FREE_TRIES = 5
LONGEST_WAIT = 15
PERIOD = 30
CODES = 10


def waiting_minutes(failures: int) -> int:
    """Minutes to wait after ``failures`` wrong tries in a row: 1, 2, 4, 8, then 15 from the fifth on."""
    return 0 if failures < FREE_TRIES else min(2 ** (failures - FREE_TRIES), LONGEST_WAIT)


_COUNT = """
INSERT INTO core_signintally AS t (key, failures, last_at, closed_until) VALUES (%(key)s, 1, %(now)s, NULL)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN t.last_at < %(stale)s THEN 1 ELSE t.failures + 1 END,
  last_at = %(now)s,
  closed_until = CASE WHEN t.last_at < %(stale)s OR t.failures + 1 < %(free)s THEN NULL
    ELSE %(now)s + least(power(2, least(t.failures + 1 - %(free)s, 10))::int, %(longest)s) * interval '1 minute' END
WHERE t.closed_until IS NULL OR t.closed_until <= %(now)s
RETURNING failures
"""


def count_try(key: str, now: datetime) -> int:
    """Count this try as wrong before looking, so that parallel guesses cannot slip by; Refusal ``closed``."""
    with connection.cursor() as cursor:
        facts: dict[str, str | int | datetime] = {
            "key": key,
            "now": now,
            "stale": now - timedelta(days=1),
            "free": FREE_TRIES,
            "longest": LONGEST_WAIT,
        }
        cursor.execute(_COUNT, facts)
        row = cursor.fetchone()
    if row is None:
        until = queries.closed_until(key, now) or now
        minutes = max(-(-int((until - now).total_seconds()) // 60), 1)
        wait = ngettext("Tunggu %(n)s menit, sampai %(until)s.", "Tunggu %(n)s menit, sampai %(until)s.", minutes)
        facts = {"n": minutes, "until": clock.write_time(until, seconds=True)}
        raise Refusal("closed", _("Terlalu banyak percobaan yang salah. Data Anda aman.") + " " + wait % facts)
    return int(row[0])


def _forget_tries(key: str) -> None:
    SignInTally.objects.filter(key=key).update(failures=0, closed_until=None)


def _say_left(wrong: str, failures: int) -> str:
    left = FREE_TRIES - failures
    if left > 0:
        return (
            wrong
            + " "
            + ngettext("Sisa %(n)s percobaan sebelum jeda.", "Sisa %(n)s percobaan sebelum jeda.", left) % {"n": left}
        )
    minutes = waiting_minutes(failures)
    return (
        wrong
        + " "
        + ngettext("Tunggu %(n)s menit sebelum mencoba lagi.", "Tunggu %(n)s menit sebelum mencoba lagi.", minutes)
        % {"n": minutes}
    )


def check_password(*, username: str, password: str, kind: str, by: User | None = None, now: datetime) -> User:
    """The person of ``kind`` who signs in as ``username`` (blind index or e-mail), when the password is right.

    Raises Refusal ``wrong`` (the same for an unknown name) or ``closed`` (wait 1, 2, 4 … 15 minutes from the
    fifth wrong try in a row).
    """
    key = queries.tally_key("sign_in", f"{kind}:{username}")
    failures = count_try(key, now)
    user = User.objects.filter(kind=kind, username=username, is_active=True).first()
    if user is None:
        make_password(password)  # takes as long as looking, so that time tells nobody whether the account exists
    if user is None or not matches(password, user.password):
        named = (
            _("NIK atau kata sandi tidak cocok.")
            if kind == User.Kind.APPLICANT
            else _("E-mail atau kata sandi tidak cocok.")
        )
        raise Refusal("wrong", _say_left(named, failures))
    with transaction.atomic():
        _forget_tries(key)
        trail.record("core.password_accepted", user, by=by or user, now=now)
    return user


def enrol_second_factor(*, user: User, secret: str, code: str | None, by: User | None, now: datetime) -> list[str]:
    """Bind the codes of a phone to a staff member, once; returns ten recovery codes, shown this one time.

    ``secret`` is base32 (RFC 4648); ``code`` proves that the phone has it, None only where the installation
    sets the seed itself. Raises Refusal ``code_wrong``, ``factor_set``.
    """
    step = -1
    if code is not None:
        found = _step_of(secret, code, now)
        if found is None:
            raise Refusal(
                "code_wrong",
                _("Kode tidak cocok. Periksa jam ponsel Anda, lalu tulis kode yang terbaru."),
                field="code",
            )
        step = found
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if queries.has_second_factor(user):
            raise Refusal("factor_set", _("Kode dari ponsel sudah dipasang untuk akun ini."))
        sealed = b64encode(vault.encrypt("identity", secret.encode(), row=str(user.pk))).decode()
        Authenticator.objects.create(
            user=user,
            type=Authenticator.Type.TOTP,
            data={"secret": sealed, "last_step": step},
            created_at=now,
        )
        trail.record("core.second_factor_enrolled", user, by=by, now=now)
        return _write_recovery_codes(user, now)


def _write_recovery_codes(user: User, now: datetime) -> list[str]:
    alphabet = "23456789abcdefghjkmnpqrstuvwxyz"
    codes = ["".join(alphabet[byte % 31] for byte in os.urandom(16)) for _number in range(CODES)]
    Authenticator.objects.update_or_create(
        user=user, type=Authenticator.Type.RECOVERY_CODES,
        defaults={"data": {"hashes": [_hash_code(user, code) for code in codes]}, "created_at": now},
    )  # fmt: skip
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def new_recovery_codes(*, user: User, by: User, now: datetime) -> list[str]:
    """Ten fresh recovery codes; the old ones die."""
    with transaction.atomic():
        codes = _write_recovery_codes(user, now)
        trail.record("core.recovery_codes_renewed", user, by=by, now=now)
    return codes


def check_code(*, user: User, code: str, by: User | None = None, now: datetime) -> None:
    """Accept a code of the phone or a recovery code, each once. Raises Refusal ``code_wrong`` or ``closed``."""
    key = queries.tally_key("code", str(user.pk))
    failures = count_try(key, now)
    with transaction.atomic():
        rows = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user)}
        used = _use_totp(rows.get(Authenticator.Type.TOTP), user, code, now) or _use_recovery(
            rows.get(Authenticator.Type.RECOVERY_CODES), user, code, now
        )
        if used:
            _forget_tries(key)
            trail.record("core.signed_in", user, by=by or user, now=now, factor=used)
    if not used:
        wrong = _("Kode tidak cocok atau sudah dipakai. Tunggu kode berikutnya di ponsel Anda, lalu tulis kode itu.")
        raise Refusal("code_wrong", _say_left(wrong, failures), field="code")


def _step_of(secret: str, code: str, now: datetime, after: int = -1) -> int | None:
    """The time step (RFC 6238, 30 s, one step of drift either way) whose code this is, later than ``after``."""
    given = "".join(sign for sign in code if not sign.isspace())
    here = int(now.timestamp()) // PERIOD
    for step in (here, here - 1, here + 1):
        if step > after and compare_digest(format_hotp_value(hotp_value(secret, step)).encode(), given.encode()):
            return step
    return None


def _use_totp(row: Any, user: User, code: str, now: datetime) -> str:
    if row is None:
        return ""
    secret = vault.decrypt("identity", b64decode(row.data["secret"]), row=str(user.pk)).decode()
    step = _step_of(secret, code, now, after=row.data["last_step"])
    if step is None:
        return ""
    row.data["last_step"], row.last_used_at = step, now
    row.save(update_fields=["data", "last_used_at"])
    return "totp"


def _hash_code(user: User, code: str) -> str:
    plain = code.replace("-", "").replace(" ", "").lower()
    return sha256(f"{user.pk}:{plain}".encode()).hexdigest()


def _use_recovery(row: Any, user: User, code: str, now: datetime) -> str:
    digest = _hash_code(user, code)
    if row is None or digest not in row.data["hashes"]:
        return ""
    row.data["hashes"].remove(digest)
    row.last_used_at = now
    row.save(update_fields=["data", "last_used_at"])
    return "recovery"


def forget_tallies(*, now: datetime, by: User | None = None) -> int:
    """Drop counts that no longer close anything; returns how many. Not a matter of record."""
    old = SignInTally.objects.filter(last_at__lt=now - timedelta(days=1))
    return old.delete()[0]
