"""In a real browser: what a candidate does is journaled with its times; without the locked one the screen says so."""

import hashlib
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from cat_exam import actions, protocol
from cat_exam.hallclock import hall_now
from cat_exam.models import BrowserSeen, JournalLine
from cat_exam.rules.lines import Kind
from tests.journeys.halls import Hall, build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, sign_in, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"
KEY = "5e" * 32
LOSE = "document.hasFocus = () => false; dispatchEvent(new Event('blur'))"
REGAIN = "delete document.hasFocus; dispatchEvent(new Event('focus'))"


def lines(hall: Hall, kind: Kind) -> list[JournalLine]:
    attempt = hall.attempts[0]
    return list(JournalLine.objects.filter(day=attempt.day, attempt=attempt.pk, kind=kind).order_by("seq"))


def test_looks_answers_and_time_away_are_in_the_journal(live: Any, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.wait_for_timeout(1_200)
    page.locator(".option").nth(1).click()
    wait_saved(page)
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    page.wait_for_timeout(700)
    page.keyboard.press("ArrowRight")  # a look without an answer
    expect(page.locator("#where")).to_have_text(re.compile("Soal 3 dari 12"))
    page.evaluate(LOSE)
    page.wait_for_timeout(1_100)
    page.evaluate(REGAIN)
    page.locator(".option").nth(2).click()
    wait_saved(page)
    views, answers, away = lines(hall, Kind.VIEW), lines(hall, Kind.ANSWER), lines(hall, Kind.FOCUS_LOST)
    assert len({line.item for line in views}) == 3
    assert [line.item for line in answers] == [views[0].item, views[2].item]
    assert 1_200 <= answers[0].shown_ms < 20_000  # type: ignore[operator]
    assert 700 <= (views[2].received_at - views[1].received_at).total_seconds() * 1000 < 20_000
    assert [1_000 <= line.shown_ms < 20_000 for line in away] == [True]  # type: ignore[operator]
    assert len(lines(hall, Kind.EPOCH)) == 1


def demanding(people: People) -> tuple[Hall, str]:
    """A hall that demands the locked browser, and the first candidate's PIN."""
    hall = build_hall(people, items=SMALL)
    actions.add_browser_key(
        selection=hall.exam.sitting.stage.selection, kind="config", key=KEY, label="uji",
        by=people.staff("committee"), now=hall_now(),
    )  # fmt: skip
    actions.demand_browser(exam=hall.exam, demanded=True, by=hall.proctor, now=hall_now())
    return hall, hall.open_and_admit()[0]


def test_without_the_locked_browser_the_screen_says_what_to_do_until_a_proctor_excuses(
    live: Any, people: People, browser_page: Page, audit: Any
) -> None:
    page = browser_page
    hall, pin = demanding(people)
    sign_in(page, live, hall, pin)
    expect(page.locator("#stop-text")).to_contain_text("hanya dapat dibuka dengan Safe Exam Browser")
    expect(page.locator("#stop-text")).to_contain_text("Jawaban yang tersimpan aman")
    audit(page, "hall-tanpa-seb")
    actions.excuse_browser(
        exam=hall.exam, attempt=hall.attempts[0], reason="Konfigurasi rusak", by=hall.proctor, now=hall_now()
    )
    page.reload()
    expect(page.locator("#check-bundle")).to_have_attribute("data-state", "ok")


def test_a_browser_with_the_keys_comes_in(live: Any, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, pin = demanding(people)

    def as_seb(route: Route) -> None:
        shown = hashlib.sha256((route.request.url + KEY).encode()).hexdigest()
        route.continue_(headers=route.request.headers | {"x-safeexambrowser-configkeyhash": shown})

    page.route(f"**{protocol.TICKET_PATH}", as_seb)
    sign_in(page, live, hall, pin)
    expect(page.locator("#check-bundle")).to_have_attribute("data-state", "ok")
    assert {row.verdict for row in BrowserSeen.objects.filter(attempt=hall.attempts[0])} == {"held"}
