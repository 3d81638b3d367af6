"""The locked browser: keys a selection allows, the demand of a sitting, evidence of each browser, excuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from cat_exam.models import Attempt, Exam
from cat_exam.models.browsers import BrowserExcuse, BrowserKey
from cat_exam.queries.browsers import allowed_keys, is_excused
from cat_exam.rules import seb
from cat_exam.rules.seb import Shown, Verdict
from core import access, trail
from core.errors import Refusal
from core.models import User
from registration.models import Selection

MOST_BROWSERS = 100  # rows of one attempt; an honest one has two or three

SEEN = """
INSERT INTO cat_exam_browserseen AS seen
       (attempt_id, address, agent, verdict, config_key_id, exam_key_id, first_at, last_at, times)
SELECT %(attempt)s, %(address)s, %(agent)s, %(verdict)s, %(config)s, %(exam)s, %(now)s, %(now)s, 1
 WHERE (SELECT count(*) FROM cat_exam_browserseen WHERE attempt_id = %(attempt)s) < %(most)s
ON CONFLICT (attempt_id, address, agent, verdict, config_key_id, exam_key_id)
DO UPDATE SET last_at = EXCLUDED.last_at, times = seen.times + 1
"""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser as its request shows it; ``urls``: the addresses it may have asked for, as people write them."""

    address: str
    agent: str
    shown: Shown
    urls: Sequence[str]


def see_browser(*, attempt: Attempt, browser: Browser, now: datetime) -> Verdict:
    """Write down which browser asks for a ticket, then let it pass or not.

    The evidence stays whatever the answer is. Refusals where the sitting demands the locked browser and nobody
    excused the candidate: ``browser_missing`` (no header at all), ``browser_wrong`` (other settings or version).
    """
    demanded = attempt.exam.locked_browser
    config, exam = allowed_keys(attempt.stage.selection_id) if demanded else ({}, {})
    verdict, config_id, exam_id = seb.judge(
        demanded=demanded, excused=demanded and is_excused(attempt), shown=browser.shown, urls=browser.urls,
        config=config, exam=exam,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {
            "attempt": attempt.pk, "address": _address(browser.address), "agent": browser.agent[:200],
            "verdict": verdict.value, "config": config_id, "exam": exam_id, "now": now, "most": MOST_BROWSERS,
        })  # fmt: skip
    if verdict == Verdict.MISSING:
        raise Refusal("browser_missing", _(
            "Ujian ini hanya dapat dibuka dengan Safe Exam Browser. Jawaban yang tersimpan aman. Tutup peramban ini,"
            " buka ikon ujian di layar komputer, lalu masuk lagi. Bila tetap muncul, panggil pengawas."
        ))  # fmt: skip
    if verdict == Verdict.WRONG:
        raise Refusal("browser_wrong", _(
            "Safe Exam Browser di komputer ini memakai konfigurasi atau versi yang tidak diizinkan untuk ujian ini."
            " Jawaban yang tersimpan aman. Panggil pengawas: konfigurasi dimuat ulang, atau Anda dipindahkan."
        ))  # fmt: skip
    return verdict


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text))
    except ValueError:  # a socket of the same machine has none
        return None


def _hold(selection: int) -> None:
    """Keys and demands of a selection change one after the other, so that no demand is left without a key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cat_exam browser keys ' || %s, 0))", [str(selection)]
        )


@transaction.atomic
def add_browser_key(*, selection: Selection, kind: str, key: str, label: str, by: User, now: datetime) -> BrowserKey:
    """Allow one more key. Refusals: ``browser_key_form``, ``browser_key_known``, ``whole_country``."""
    access.refuse_bound(by, "committee")
    plain = seb.clean_key(key)
    if plain is None:
        words = _("Kunci terdiri atas 64 angka heksadesimal (0–9, a–f); yang Anda tulis %(count)d karakter.")
        raise Refusal("browser_key_form", words % {"count": len("".join(key.split()))}, field="key")
    try:
        with transaction.atomic():
            row = BrowserKey.objects.create(
                selection=selection, kind=BrowserKey.Kind(kind), key=plain, label=label.strip(), added_by=by,
                added_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal("browser_key_known", _("Kunci ini sudah terdaftar."), field="key") from None
    trail.record("cat_exam.browser_key_added", row, by=by, now=now, selection=selection.pk, kind=row.kind)
    return row


@transaction.atomic
def retire_browser_key(*, key: BrowserKey, by: User, now: datetime) -> BrowserKey:
    """Allow a key no longer. Refusal ``browser_key_last``: a sitting still demands what nobody could show then."""
    access.refuse_bound(by, "committee")
    _hold(key.selection_id)
    locked = BrowserKey.objects.select_for_update().get(pk=key.pk)
    if locked.retired_at is not None:
        return locked
    others = BrowserKey.objects.filter(selection=locked.selection_id, retired_at__isnull=True).exclude(pk=locked.pk)
    demands = Exam.objects.filter(sitting__stage__selection=locked.selection_id, locked_browser=True)
    if not others.exists() and demands.exclude(state=Exam.State.CLOSED).exists():
        raise Refusal(
            "browser_key_last",
            _("Masih ada sesi yang mewajibkan Safe Exam Browser. Tambahkan kunci baru, baru cabut yang lama."),
        )
    locked.retired_at, locked.retired_by = now, by
    locked.save(update_fields=["retired_at", "retired_by"])
    trail.record("cat_exam.browser_key_retired", locked, by=by, now=now, selection=locked.selection_id)
    return locked


@transaction.atomic
def demand_browser(*, exam: Exam, demanded: bool, by: User, now: datetime) -> Exam:
    """Demand the locked browser in a sitting, or no longer, until the exam starts.

    Refusals: ``exam_started`` (a proctor excuses the room instead), ``browser_key_none``.
    """
    _hold(exam.sitting.stage.selection_id)
    locked = Exam.objects.select_for_update(of=("self",)).select_related("sitting__stage").get(pk=exam.pk)
    if locked.state not in {Exam.State.PREPARED, Exam.State.OPEN}:
        raise Refusal(
            "exam_started",
            _("Ujian sudah dimulai atau ditutup. Pengawas dapat mengecualikan peserta atau seluruh ruang."),
        )
    if demanded and not any(allowed_keys(locked.sitting.stage.selection_id)):
        raise Refusal("browser_key_none", _("Daftarkan sedikitnya satu kunci Safe Exam Browser lebih dahulu."))
    if locked.locked_browser != demanded:
        locked.locked_browser = demanded
        locked.save(update_fields=["locked_browser"])
        trail.record("cat_exam.browser_demanded", locked, by=by, now=now, demanded=demanded)
    return locked


@transaction.atomic
def excuse_browser(*, exam: Exam, attempt: Attempt | None, reason: str, by: User, now: datetime) -> BrowserExcuse:
    """Let one candidate, or the whole room, go on without the locked browser, saying why.

    Refusals: ``reason_missing``, ``browser_not_demanded``, ``exam_closed``.
    """
    if not reason.strip():
        raise Refusal("reason_missing", _("Tuliskan alasan."), field="reason")
    locked = Exam.objects.select_for_update().get(pk=exam.pk)
    if not locked.locked_browser:
        raise Refusal("browser_not_demanded", _("Sesi ini tidak mewajibkan Safe Exam Browser."))
    if locked.state == Exam.State.CLOSED:
        raise Refusal("exam_closed", _("Sesi ini sudah ditutup."))
    row = BrowserExcuse.objects.create(exam=locked, attempt=attempt, reason=reason.strip()[:500], by=by, at=now)
    trail.record("cat_exam.browser_excused", locked, by=by, now=now, excuse=row.pk,
                 attempt=attempt.pk if attempt else None)  # fmt: skip
    return row
