"""The whole SKD without a mouse: what takes the focus, what is read out, when the time is told, what it costs."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cat_exam import actions, hallclock
from tests.journeys.halls import Hall, build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, clock_seconds, heap_bytes, seat_down, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"
PSS_GOAL, PSS_MOST = 100, 150  # MB of the page's renderer: the goal, and what fails
#: Everything a screen reader is given to say by itself.
LISTEN = """
window.heard = [];
document.addEventListener("DOMContentLoaded", () =>
  new MutationObserver((all) => all.forEach(({ addedNodes }) =>
    addedNodes.forEach((node) => node.textContent && window.heard.push(node.textContent))))
  .observe(document.getElementById("said") ?? document.body, { childList: true, subtree: true }));
"""


def tab_to(page: Page, element: str, *, most: int = 12) -> None:
    """Tab until the element has the focus."""
    for _ in range(most):
        if page.evaluate("document.activeElement.id") == element:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{element} is not within {most} steps of Tab")


def renderer(page: Page) -> int:
    """The process that runs the page: the one whose time grows while the page counts."""
    session = page.context.browser.new_browser_cdp_session()

    def spent() -> dict[int, float]:
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
        return {one["id"]: one["cpuTime"] for one in found if one["type"] == "renderer"}

    before = spent()
    page.evaluate("() => { const end = performance.now() + 500; while (performance.now() < end); }")
    after = spent()
    session.detach()
    return max(after, key=lambda pid: after[pid] - before.get(pid, 0))


def pss_mb(pid: int) -> float:
    """Proportional set size: shared pages by share, in MB."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1]) / 1000  # type: ignore[index]


def enter_by_keyboard(page: Page, live, hall: Hall) -> None:
    pin = hall.open_and_admit()[0]
    seat_down(page.context, live, hall)
    page.goto(f"{live.url}/ujian/")
    expect(page.get_by_label("Nomor kartu ujian")).to_be_focused()
    page.keyboard.type(hall.attempts[0].card_number)
    page.keyboard.press("Tab")
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    expect(page.locator("#check-bundle")).to_have_attribute("data-state", "ok")
    tab_to(page, "agree", most=20)
    page.keyboard.press("Space")
    tab_to(page, "swear")
    page.keyboard.press("Enter")
    expect(page.locator("#check-oath")).to_have_attribute("data-state", "ok")


def expect_announced(page: Page, number: int, of: int) -> None:
    """The heading has the focus and is read with topic and stem; the options are a group named after the item."""
    where = page.locator("#where")
    expect(where).to_be_focused()
    expect(where).to_have_accessible_name(f"Soal {number} dari {of}")
    section = re.match(r"\w+", page.locator("#topic").inner_text())
    assert section
    expect(where).to_have_accessible_description(re.compile(rf"^{section[0]} · Topik Soal {section[0]} \d+$"))
    group = page.get_by_role("radiogroup")
    expect(group).to_have_accessible_name(f"Soal {number} dari {of}")
    names = re.findall(r'radio "(.+?)"', group.aria_snapshot())
    assert [name[0] for name in names] == list("ABCDE"), names
    assert sorted(name[2:] for name in names) == [f"pilihan {letter}" for letter in "ABCDE"]


def test_110_items_by_keyboard_alone(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people)
    enter_by_keyboard(page, live, hall)
    hall.start()
    began = time.monotonic()
    expect(page.locator("#where")).to_have_text("Soal 1 dari 110")
    at_first = heap_bytes(page)
    for number in range(1, 111):
        expect(page.locator("#where")).to_have_text(f"Soal {number} dari 110")
        if number in {1, 2, 31, 66, 110}:
            expect_announced(page, number, 110)
        if number % 2:
            page.keyboard.press("abcde"[number % 5])
        else:  # down to the first option, space takes it
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Space")
            expect(page.get_by_role("radio", checked=True)).to_be_focused()
        if number == 47:
            page.keyboard.press("r")
        if number < 110:
            page.keyboard.press("ArrowRight")
    wait_saved(page)
    memory, grown = pss_mb(renderer(page)), (heap_bytes(page) - at_first) / 1e6
    print(f"110 items by keyboard in {time.monotonic() - began:.1f} s; heap grew by {grown:.2f} MB (goal 5)")
    print(f"renderer PSS {memory:.0f} MB (goal {PSS_GOAL}, holds: {memory <= PSS_GOAL})")
    assert grown <= 5
    assert memory <= PSS_MOST
    answers = stored(hall)
    assert len(answers) == 110
    tab_to(page, "finish", most=20)
    page.keyboard.press("Enter")
    expect(page.locator("#review-title")).to_be_focused()
    expect(page.locator("#tally")).to_contain_text("110 dari 110")
    page.keyboard.press("Tab")  # from the list of flagged items back to one of them, and to the review again
    expect(page.get_by_role("button", name="Soal 47, dijawab, tersimpan, ragu-ragu")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_have_text("Soal 47 dari 110")
    page.keyboard.press("r")
    tab_to(page, "finish", most=20)
    page.keyboard.press("Enter")
    expect(page.locator("#flagged")).to_be_hidden()
    tab_to(page, "end")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Belum, kembali")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nilai Anda")).to_be_focused()
    points = sum(hall.points[item][option] for item, option in answers.items())
    expect(page.locator("tfoot .big-number")).to_have_text(str(points))


def move_clock(live, hall: Hall, page: Page, remaining: float) -> None:
    """In a pause, put the start so far into the past that ``remaining`` seconds are left when it ends."""
    moment = hallclock.hall_now
    actions.pause_exam(exam=hall.exam, reason="Uji waktu", by=hall.proctor, now=moment())
    expect(page.locator("#paused")).to_be_visible()
    back = clock_seconds(page) - remaining
    for table, key in (("exam", hall.exam.pk), ("attempt", hall.attempts[0].pk)):
        earlier = f"UPDATE cat_exam_{table} SET started_at = started_at - %s * interval '1 s' WHERE id = %s"
        live.sql(earlier, [back, key])
    actions.resume_exam(exam=hall.exam, reason="Uji waktu", by=hall.proctor, now=moment())
    expect(page.locator("#paused")).to_be_hidden()


def test_time_is_read_out_at_30_15_5_and_1_minutes_only(live, people: People, browser_page: Page) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    page.add_init_script(LISTEN)
    begin(page, live, hall)

    def told() -> list[str]:
        return [text for text in page.evaluate("window.heard") if text.startswith("Sisa waktu")]

    so_far: list[str] = []
    for minutes, word in ((45, 0), (30, 30), (15, 15), (10, 0), (5, 5), (1, 1)):
        move_clock(live, hall, page, minutes * 60 + 3)
        assert told() == so_far  # a jump between two marks tells nothing by itself
        page.wait_for_timeout(max(0, clock_seconds(page) - minutes * 60 + 1.5) * 1000 if word else 400)
        so_far += [f"Sisa waktu {word} menit."] if word else []
        for _ in range(100):  # a busy machine says it later; a wrong word or a second one is a fault at once
            if len(told()) >= len(so_far):
                break
            page.wait_for_timeout(100)
        assert told() == so_far
    # what counts down is read on demand only
    timer = page.get_by_role("timer", name="Sisa waktu")
    expect(timer).to_have_text(re.compile(r"^00:00:\d\d$"))
    assert timer.evaluate("e => e.closest('[aria-live]')") is None
    page.reload()
    expect(page.locator("#where")).to_have_text(re.compile(r"Soal 1 dari"))
    page.wait_for_timeout(1_000)
    assert told() == []  # and a reload says none of it again


def test_the_language_is_switched_by_keyboard_in_the_middle_of_the_exam(
    live, people: People, browser_page: Page, audit
) -> None:
    page, hall = browser_page, build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("c")
    wait_saved(page)
    before = stored(hall)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.value") == "en":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_have_text("Item 2 of 12")
    expect(page.locator("#where")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#item")).to_have_attribute("lang", "id")  # items stay as they are
    expect(page.locator(".option input").nth(2)).to_be_checked()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.locator("#saving")).to_have_attribute("data-state", "saved")
    assert len(stored(hall)) == len(before) + 1 == 3
    audit(page, "hall-exam-english")
    page.get_by_role("button", name="End examination").click()
    audit(page)
