"""Signing in: limits per account, the forced second factor, recovery that tells nobody whether an account exists."""

import re
import threading
import time
from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import actions, clock, queries
from core.actions.sign_in import waiting_minutes
from core.errors import Refusal
from core.models import SignInTally, TrailEntry, User
from tests.people import PASSWORD, nik

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
SEED = b32encode(b"12345678901234567890").decode()


def code_at(moment: datetime, seed: str = SEED) -> str:
    return format_hotp_value(hotp_value(seed, int(moment.timestamp()) // 30))


def guess(user: User, password: str, now: datetime) -> str:
    """The code of the refusal, or ``in``."""
    try:
        actions.check_password(username=user.username, password=password, kind=user.kind, now=now)
    except Refusal as refusal:
        return refusal.code
    return "in"


def test_waiting_grows_from_one_to_fifteen_minutes_from_the_fifth_wrong_try():
    assert [waiting_minutes(n) for n in range(1, 12)] == [0, 0, 0, 0, 1, 2, 4, 8, 15, 15, 15]


@pytest.mark.django_db
def test_an_account_closes_after_five_wrong_tries_and_opens_again_by_itself(people):
    user = people.applicant()
    assert [guess(user, "salah-semua-ini", NOW) for _try in range(5)] == ["wrong"] * 5
    assert guess(user, PASSWORD, NOW + timedelta(seconds=59)) == "closed"
    assert guess(user, "salah-semua-ini", NOW + timedelta(seconds=61)) == "wrong"
    assert guess(user, PASSWORD, NOW + timedelta(seconds=61 + 119)) == "closed"
    assert guess(user, PASSWORD, NOW + timedelta(seconds=61 + 121)) == "in"
    assert guess(user, "salah-semua-ini", NOW + timedelta(minutes=10)) == "wrong"


@pytest.mark.django_db
def test_the_refusal_says_how_long_to_wait_and_until_when(people):
    user = people.applicant()
    for _try in range(5):
        guess(user, "salah-semua-ini", NOW)
    with pytest.raises(Refusal, match=r"Tunggu 1 menit, sampai 08\.01\.00 WIB\."):
        actions.check_password(username=user.username, password=PASSWORD, kind=user.kind, now=NOW)


@pytest.mark.django_db
def test_one_persons_wrong_tries_close_nobody_else_in_the_same_centre(people):
    first, second = people.applicant(1), people.applicant(2)
    for _try in range(6):
        guess(first, "salah-semua-ini", NOW)
    assert guess(first, PASSWORD, NOW) == "closed"
    assert guess(second, PASSWORD, NOW) == "in"


@pytest.mark.django_db
def test_an_unknown_nik_is_counted_and_answered_like_a_known_one(people):
    people.applicant()
    client = Client()
    answers = []
    for number in (nik(1), nik(777)):
        page = client.post(reverse("core:sign_in"), {"nik": number, "password": "salah-semua-ini"})
        answers.append((re.findall(r"<li>(.*?)</li>", page.content.decode(), re.S)[-1], page.status_code))
    assert answers[0] == answers[1]
    assert "NIK atau kata sandi tidak cocok" in answers[0][0]


def test_parallel_guesses_do_not_slip_past_the_limit(committed_db, people):
    user = people.applicant()
    results: list[str] = []

    def attack() -> None:
        results.append(guess(user, "salah-semua-ini", NOW))
        connection.close()

    threads = [threading.Thread(target=attack) for _number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["closed"] * 7 + ["wrong"] * 5


@pytest.mark.django_db
def test_a_day_without_a_try_forgets_the_count_and_the_job_drops_the_row(people):
    user = people.applicant()
    for _try in range(4):
        guess(user, "salah-semua-ini", NOW)
    later = NOW + timedelta(days=1, seconds=1)
    assert guess(user, "salah-semua-ini", later) == "wrong"
    assert SignInTally.objects.get().failures == 1
    assert actions.forget_tallies(now=later) == 0
    assert actions.forget_tallies(now=later + timedelta(days=2)) == 1


@pytest.mark.django_db
def test_applicant_signs_in_by_nik_and_lands_where_they_wanted(people, client):
    people.applicant()
    page = client.post(
        reverse("core:sign_in"), {"nik": "3171 0155 0398 0001", "password": PASSWORD, "next": "/kunci/"}
    )
    assert (page.status_code, page["Location"]) == (302, "/kunci/")
    home = client.get("/")
    assert "Pelamar Nomor 1" in home.content.decode()


@pytest.mark.django_db
def test_sign_in_never_sends_anybody_to_another_site(people, client):
    people.applicant()
    page = client.post(
        reverse("core:sign_in"), {"nik": nik(1), "password": PASSWORD, "next": "https://jahat.example/"}
    )
    assert page["Location"] == "/"


@pytest.mark.django_db
def test_a_nik_is_nowhere_in_the_account_or_the_trail(people):
    user = people.applicant()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(u)::text FROM core_user u"
            " UNION ALL SELECT row_to_json(t)::text FROM core_trailentry t"
        )
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert user.username in stored
    assert nik(1) not in stored


@pytest.mark.django_db
def test_the_same_nik_cannot_have_two_accounts(people):
    people.applicant()
    with pytest.raises(Refusal) as refusal:
        actions.create_applicant_user(
            nik=nik(1), email="dua@uji.invalid", full_name="Dua", password=PASSWORD, now=NOW
        )
    assert (refusal.value.code, refusal.value.field) == ("nik_taken", "nik")


# --- second factor ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_staff_cannot_reach_any_page_before_the_second_factor(people, client):
    operator = people.staff("operator")
    page = client.post(reverse("core:staff_sign_in"), {"email": operator.email.upper(), "password": PASSWORD})
    assert page["Location"].startswith(reverse("core:second_factor"))
    for name in ("core:desk", "core:staff", "core:grants", "core:recovery_codes"):
        assert client.get(reverse(name))["Location"] == reverse("core:second_factor"), name


@pytest.mark.django_db
def test_the_first_sign_in_binds_a_phone_and_shows_recovery_codes_once(people, client):
    operator = people.staff("operator")
    client.post(reverse("core:staff_sign_in"), {"email": operator.email, "password": PASSWORD})
    page = client.get(reverse("core:second_factor")).content.decode()
    seed = re.search(r"<figcaption>([A-Z2-7 ]+)</figcaption>", page).group(1).replace(" ", "")
    wrong = client.post(reverse("core:second_factor"), {"code": "000000"})
    assert "Kode tidak cocok" in wrong.content.decode()
    right = client.post(reverse("core:second_factor"), {"code": code_at(clock.now(), seed)})
    assert right["Location"] == reverse("core:recovery_codes")
    shown = client.get(reverse("core:recovery_codes")).content.decode()
    assert len(re.findall(r"<li>\w{4}-\w{4}-\w{4}-\w{4}</li>", shown)) == 10
    assert not re.findall(
        r"<li>\w{4}-\w{4}-\w{4}-\w{4}</li>", client.get(reverse("core:recovery_codes")).content.decode()
    )
    assert client.get(reverse("core:desk")).status_code == 200


def enrolled(people, role: str = "operator") -> tuple[User, list[str]]:
    user = people.staff(role)
    codes = actions.enrol_second_factor(user=user, secret=SEED, code=None, by=None, now=NOW)
    return user, codes


@pytest.mark.django_db
def test_a_code_opens_the_door_once(people):
    user, _codes = enrolled(people)
    actions.check_code(user=user, code=code_at(NOW), now=NOW)
    with pytest.raises(Refusal, match="sudah dipakai"):
        actions.check_code(user=user, code=code_at(NOW), now=NOW + timedelta(seconds=5))
    actions.check_code(user=user, code=code_at(NOW + timedelta(seconds=30)), now=NOW + timedelta(seconds=30))


@pytest.mark.django_db
def test_a_clock_thirty_seconds_off_is_forgiven_and_a_minute_is_not(people):
    user, _codes = enrolled(people)
    with pytest.raises(Refusal):
        actions.check_code(user=user, code=code_at(NOW - timedelta(seconds=60)), now=NOW)
    actions.check_code(user=user, code=code_at(NOW - timedelta(seconds=30)), now=NOW)


@pytest.mark.django_db
def test_a_recovery_code_works_once_and_however_it_is_typed(people):
    user, codes = enrolled(people)
    actions.check_code(user=user, code=codes[3].upper().replace("-", " "), now=NOW)
    assert queries.recovery_codes_left(user) == 9
    with pytest.raises(Refusal):
        actions.check_code(user=user, code=codes[3], now=NOW)


@pytest.mark.django_db
def test_codes_are_limited_per_person_too(people):
    user, _codes = enrolled(people)
    for _try in range(5):
        with pytest.raises(Refusal):
            actions.check_code(user=user, code="000000", now=NOW)
    with pytest.raises(Refusal) as refusal:
        actions.check_code(user=user, code=code_at(NOW), now=NOW)
    assert refusal.value.code == "closed"


@pytest.mark.django_db
def test_the_seed_is_stored_encrypted_and_other_processes_cannot_read_it(people, keyring_of):
    user, codes = enrolled(people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert SEED not in stored
    assert codes[0].replace("-", "") not in stored
    with keyring_of("score"), pytest.raises(PermissionError):
        actions.check_code(user=user, code=code_at(NOW), now=NOW)


@pytest.mark.django_db
def test_signing_in_leaves_a_line_in_the_trail_without_the_address(people):
    user, _codes = enrolled(people)
    actions.check_code(user=user, code=code_at(NOW), now=NOW)
    line = TrailEntry.objects.filter(verb="core.signed_in").get()
    assert (line.thing_id, line.facts) == (str(user.pk), {"factor": "totp"})


@pytest.mark.django_db
def test_a_deactivated_officer_is_out_at_the_next_click(people):
    operator, other = people.staff("operator", 1), people.staff("operator", 2)
    client = people.client(operator)
    assert client.get(reverse("core:desk")).status_code == 200
    actions.deactivate_staff(user=operator, by=other, now=clock.now())
    assert client.get(reverse("core:desk"))["Location"].startswith(reverse("core:staff_sign_in"))
    assert guess(operator, PASSWORD, NOW) == "wrong"


# --- recovery ---------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_recovery_mails_a_link_that_sets_a_new_password_once(people, client, django_capture_on_commit_callbacks):
    people.applicant()
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("core:recover"), {"nik": nik(1)})
    assert page["Location"] == reverse("core:recover_sent")
    link = re.search(r"https?://\S+", mail.outbox[0].body).group(0)
    path = "/" + link.split("/", 3)[3]
    assert nik(1) not in mail.outbox[0].body
    mismatch = client.post(path, {"password": "kata-sandi-baru-9", "again": "kata-sandi-lain-9"})
    assert "berbeda" in mismatch.content.decode()
    done = client.post(path, {"password": "kata-sandi-baru-9", "again": "kata-sandi-baru-9"})
    assert done["Location"] == reverse("core:sign_in")
    assert client.get(path).status_code == 410
    assert client.post(reverse("core:sign_in"), {"nik": nik(1), "password": "kata-sandi-baru-9"}).status_code == 302


@pytest.mark.django_db
def test_recovery_answers_the_same_for_an_unknown_nik_and_mails_nobody(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("core:recover"), {"nik": nik(404)})
    assert page["Location"] == reverse("core:recover_sent")
    assert mail.outbox == []


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["xx", "bm90LWEtdXVpZA", "LTE"])
def test_a_broken_recovery_link_says_so(client, key):
    page = client.get(reverse("core:recover_set", args=[key, "abc-def"]))
    assert page.status_code == 410
    assert "Kata sandi Anda tidak berubah" in page.content.decode()


@pytest.mark.django_db
def test_a_weak_password_is_refused_with_the_reason(people):
    with pytest.raises(Refusal) as refusal:
        actions.create_applicant_user(
            nik=nik(5), email="a@uji.invalid", full_name="A", password="123456789012", now=NOW
        )
    assert refusal.value.field == "password"
    assert not User.objects.filter(email="a@uji.invalid").exists()


@pytest.mark.django_db
def test_looking_for_nobody_takes_as_long_as_a_wrong_password(people, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    user = actions.create_applicant_user(nik=nik(9), email="t@uji.invalid", full_name="T", password=PASSWORD, now=NOW)
    spent = []
    for name in (user.username, "0" * 64):
        start = time.perf_counter()
        with pytest.raises(Refusal):
            actions.check_password(username=name, password="salah-semua-ini", kind="applicant", now=NOW)
        spent.append(time.perf_counter() - start)
    assert spent[1] > spent[0] / 4


@pytest.mark.django_db
def test_no_single_operator_takes_both_the_password_and_the_codes_of_a_colleague(
    people, django_capture_on_commit_callbacks
):
    victim, _codes = enrolled(people, "chair")
    first, second = people.staff("operator", 1), people.staff("operator", 2)
    desk = people.client(first)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(
            reverse("core:staff_password", args=[victim.pk]),
            {"password": "kata-sandi-baru-9", "again": "kata-sandi-baru-9"},
        )
    assert [message.to for message in mail.outbox] == [[victim.email]]
    assert guess(User.objects.get(pk=victim.pk), "kata-sandi-baru-9", NOW) == "in"
    answer = desk.post(reverse("core:staff_act", args=[victim.pk, "lepas-kode"]), follow=True)
    assert "harus dilakukan operator lain" in answer.content.decode()
    assert queries.has_second_factor(victim)
    actions.reset_second_factor(user=victim, by=second, now=clock.now())
    assert not queries.has_second_factor(victim)
    with pytest.raises(Refusal, match="operator lain"):
        actions.replace_staff_password(user=victim, password="kata-sandi-lain-9", by=second, now=clock.now())
    with pytest.raises(Refusal, match="operator lain"):
        actions.replace_staff_password(user=first, password="kata-sandi-lain-9", by=first, now=clock.now())


@pytest.mark.django_db
def test_nobodys_mailbox_can_be_flooded_with_recovery_links(people, client, django_capture_on_commit_callbacks):
    people.applicant()
    with django_capture_on_commit_callbacks(execute=True):
        answers = {client.post(reverse("core:recover"), {"nik": nik(1)})["Location"] for _try in range(12)}
    assert answers == {reverse("core:recover_sent")}
    assert len(mail.outbox) == 5
