"""What a candidate does in the browser, and what the journal and the screen say of it."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from cat_exam.models import JournalLine
from cat_exam.rules.lines import Kind
from tests.journeys.halls import Hall

SMALL = {"TWK": 4, "TIU": 4, "TKP": 4}


def seat_down(context: BrowserContext, live, hall: Hall, seat: int = 0) -> None:
    """Make this browser the enrolled PC of the seat."""
    context.add_cookies([{"name": "cat_station", "value": hall.station_cookie(seat), "url": live.url}])


def sign_in(page: Page, live, hall: Hall, pin: str, seat: int = 0, who: int | None = None) -> None:
    """Through the door of the PC at ``seat`` with card and PIN; ``who``: the candidate of another seat."""
    seat_down(page.context, live, hall, seat)
    page.goto(f"{live.url}/ujian/")
    page.get_by_label("Nomor kartu ujian").fill(hall.attempts[seat if who is None else who].card_number)
    page.get_by_label("PIN").fill(pin)
    page.get_by_role("button", name="Masuk").click()


def enter(page: Page, live, hall: Hall, pin: str, seat: int = 0) -> None:
    """Through the door into the waiting room, oath taken."""
    sign_in(page, live, hall, pin, seat)
    expect(page.locator("#check-bundle")).to_have_attribute("data-state", "ok")
    page.get_by_label("Saya sudah membaca").check()
    page.get_by_role("button", name="Nyatakan setuju").click()
    expect(page.locator("#check-oath")).to_have_attribute("data-state", "ok")


def begin(page: Page, live, hall: Hall) -> None:
    pins = hall.open_and_admit()
    enter(page, live, hall, pins[0])
    hall.start()
    expect(page.locator("#where")).to_have_text(re.compile(r"Soal 1 dari \d+"))


def stored(hall: Hall, seat: int = 0) -> dict[int, int]:
    """What the journal holds: the last answer of each item."""
    lines = JournalLine.objects.filter(day=hall.attempts[seat].day, attempt=hall.attempts[seat].pk, kind=Kind.ANSWER)
    return dict(lines.order_by("seq").values_list("item", "response"))


def wait_saved(page: Page) -> None:
    expect(page.locator("#saving")).to_have_text(re.compile(r"^tersimpan \d\d\.\d\d\.\d\d WITA$"))


def chosen(page: Page) -> int:
    return int(page.locator(".option input:checked").get_attribute("value"))


def clock_seconds(page: Page) -> int:
    hours, minutes, seconds = page.locator("#clock").inner_text().split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def heap_bytes(page: Page) -> int:
    """What the page's script holds after a collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    session.detach()
    return int(used)
