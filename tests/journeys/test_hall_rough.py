"""Rough handling of the exam's screen: none of it loses an answer, ends the exam or puts anybody out."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from cat_exam import actions, hallclock
from cat_exam.models import Attempt, JournalLine
from cat_exam.rules.lines import Kind
from tests.journeys.halls import Hall, build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, chosen, clock_seconds, enter, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


def answered(page: Page, live, people: People, *, place: int = 2) -> tuple[Hall, int]:
    """An exam with its first item answered; the option picked."""
    hall = build_hall(people, items=SMALL)
    begin(page, live, hall)
    page.locator(".option").nth(place).click()
    wait_saved(page)
    return hall, chosen(page)


def whole(page: Page, hall: Hall, *expected: int) -> None:
    """The exam is still open, journal and screen hold the same answers in order, and the next click is stored."""
    expect(page.locator("#where")).to_be_visible()
    for number, option in enumerate(expected, start=1):
        page.locator(f"#grid li:nth-child({number}) button").click()
        expect(page.locator("#where")).to_have_text(f"Soal {number} dari 12")
        assert chosen(page) == option
    wait_saved(page)
    assert list(stored(hall).values()) == list(expected)
    page.locator("#grid li:nth-child(12) button").click()
    expect(page.locator("#where")).to_have_text("Soal 12 dari 12")
    page.locator(".option").nth(1).click()
    wait_saved(page)
    assert len(stored(hall)) == len(expected) + 1
    assert Attempt.objects.get(pk=hall.attempts[0].pk).state == Attempt.State.RUNNING


def test_the_wheel_changes_nothing(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, picked = answered(page, live, people)
    for place in (page.locator(".option input:checked"), page.locator("#grid"), page.locator("#clock")):
        place.hover(force=True)
        page.mouse.wheel(0, 600)
        page.mouse.wheel(0, -600)
        page.mouse.wheel(900, 0)
    page.keyboard.down("Control")
    page.mouse.wheel(0, 200)
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    whole(page, hall, picked)


def test_the_back_button_leads_back_into_the_exam(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, picked = answered(page, live, people)
    for _ in range(3):
        page.go_back()
        expect(page.locator("#where")).to_be_visible()
    page.go_forward()
    page.reload()
    expect(page.locator("#where")).to_be_visible()
    page.go_back()  # after a reload nothing on this page was touched yet
    page.evaluate("history.go(-4)")
    page.wait_for_timeout(500)
    if "/ujian/" not in page.url:
        page.goto(f"{live.url}/ujian/")
    expect(page.locator("#where")).to_be_visible()
    whole(page, hall, picked)


def test_f5_in_the_moment_of_the_click_keeps_the_answer(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, first = answered(page, live, people)
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    for place in (0, 3, 1):  # one task: the click, then the reload
        page.evaluate(f"document.querySelectorAll('.option input')[{place}].click(); location.reload()")
        page.wait_for_event("load")
        expect(page.locator("#where")).to_have_text("Soal 2 dari 12")
    wait_saved(page)
    expect(page.locator(".option input").nth(1)).to_be_checked()
    whole(page, hall, first, int(page.locator(".option input").nth(1).get_attribute("value") or 0))


def test_a_double_click_on_a_step_is_one_step(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, picked = answered(page, live, people)
    page.get_by_role("button", name="Simpan dan Lanjutkan").dblclick()
    expect(page.locator("#where")).to_have_text("Soal 2 dari 12")
    page.get_by_role("button", name="Ragu-ragu").dblclick()
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    wait_saved(page)
    assert JournalLine.objects.filter(attempt=hall.attempts[0].pk, kind=Kind.FLAG).count() == 1
    page.get_by_role("button", name="Selesai Ujian").dblclick()
    expect(page.locator("#review-title")).to_be_visible()
    expect(page.locator("#sure")).to_be_hidden()
    end, yes = page.get_by_role("button", name="Akhiri ujian"), page.locator("#sure button[value=yes]")
    twice(page, end, yes)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Kembali ke soal").click()
    whole(page, hall, picked)


def twice(page: Page, first: Locator, second: Locator) -> None:
    """A double click whose second half falls on what the first half opened in the same place."""
    box = first.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down(click_count=1)
    page.mouse.up(click_count=1)
    box = second.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    expect(second).to_be_visible()


def test_two_fingers_leave_screen_and_journal_the_same(live, people: People, new_page: Callable[..., Page]) -> None:
    page = new_page(has_touch=True)
    hall, _ = answered(page, live, people)
    touch = page.context.new_cdp_session(page)

    def middle(place: Locator) -> dict[str, float]:
        box = place.bounding_box()
        assert box
        return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}

    def fingers(kind: str, *points: dict[str, float]) -> None:
        named = [point | {"id": number} for number, point in enumerate(points)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": named})

    low, high = middle(page.locator(".option").nth(0)), middle(page.locator(".option").nth(4))
    fingers("touchStart", low, high)  # two options at once
    fingers("touchEnd")
    fingers("touchStart", low)  # one after the other without lifting
    fingers("touchStart", low, high)
    fingers("touchEnd")
    expect(page.locator("#where")).to_have_text("Soal 1 dari 12")
    page.locator(".option").nth(3).tap()
    expect(page.locator(".option input").nth(3)).to_be_checked()
    fingers("touchStart", low, high)  # two fingers apart
    for step in range(1, 6):
        fingers("touchMove", low | {"y": low["y"] - 8 * step}, high | {"y": high["y"] + 8 * step})
    fingers("touchEnd")
    assert page.evaluate("visualViewport.scale") > 1  # letters may be made larger by hand
    fingers("touchStart", low, high)  # and aside, as one does to go back
    for step in range(1, 9):
        fingers("touchMove", low | {"x": low["x"] + 40 * step}, high | {"x": high["x"] + 40 * step})
    fingers("touchEnd")
    expect(page.locator("#where")).to_have_text("Soal 1 dari 12")
    expect(page.locator(".option input").nth(3)).to_be_checked()
    wait_saved(page)
    picked = chosen(page)
    page.locator("#where").focus()  # by keyboard from here: the page is enlarged, a mouse would miss
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    expect(page.locator("#where")).to_have_text("Soal 2 dari 12")
    wait_saved(page)
    assert list(stored(hall).values()) == [picked, chosen(page)]


def test_copying_pasting_and_the_context_menu_change_nothing(live, people: People, browser_page: Page) -> None:
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hall, picked = answered(page, live, people)
    for place in (page.locator("#stem"), page.locator(".option").nth(4), page.locator("#where")):
        place.click(button="right")
        page.keyboard.press("Escape")
    page.locator("#stem").dblclick()
    for keys in ("Control+a", "Control+c", "Control+x", "Control+v", "Control+e"):
        page.keyboard.press(keys)
    page.locator("#where").focus()
    for keys in ("Control+a", "Control+c", "Control+v", "Control+e"):
        page.keyboard.press(keys)
    page.locator("#stem").drag_to(page.locator(".option").nth(0))
    assert chosen(page) == picked
    assert JournalLine.objects.filter(attempt=hall.attempts[0].pk, kind=Kind.ANSWER).count() == 1
    whole(page, hall, picked)


def test_a_closed_lid_loses_neither_time_nor_answers(live, people: People, browser_page: Page) -> None:
    page = browser_page
    page.add_init_script("window.jump = 0; const real = Date.now; Date.now = () => real() + window.jump;")
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    hall, picked = answered(page, live, people)
    power = page.context.new_cdp_session(page)
    power.send("Page.setWebLifecycleState", {"state": "frozen"})
    actions.send_message(exam=hall.exam, text="Lampu dinyalakan.", by=hall.proctor, now=hallclock.hall_now())
    asked = actions.ask_time_credit(
        exam=hall.exam, seconds=600, reason="Listrik padam", by=hall.proctor, now=hallclock.hall_now()
    )
    actions.approve_time_credit(grant=asked, by=people.staff("proctor", 2), now=hallclock.hall_now())
    page.context.pages[0].wait_for_timeout(3_000)
    power.send("Page.setWebLifecycleState", {"state": "active"})
    expect(page.locator("#banners div.banner")).to_contain_text("Lampu dinyalakan.")
    assert 6_000 < clock_seconds(page) <= 6_600
    page.get_by_role("button", name="Mengerti").click()
    # asleep: the monotonic clock stands still, the wall's goes on; the server is asked again
    before, opened = clock_seconds(page), len(sockets)
    page.evaluate("window.jump = 7_200_000")
    page.wait_for_timeout(1_500)
    for _ in range(100):  # a busy machine notices the jump later
        if len(sockets) > opened:
            break
        page.wait_for_timeout(100)
    assert len(sockets) == opened + 1
    assert 0 <= before - clock_seconds(page) <= 10
    whole(page, hall, picked)


def test_ending_the_tutorial_never_ends_the_exam(live, people: People, browser_page: Page) -> None:
    """Its answer to the last question is forgotten before the same question is asked again."""
    page, hall = browser_page, build_hall(people, items=SMALL)
    pins = hall.open_and_admit()
    enter(page, live, hall, pins[0])
    for answer in ("Ya, akhiri ujian", None):
        page.get_by_role("button", name="Coba satu soal latihan").click()
        page.get_by_role("button", name="Selesai Ujian").click()
        page.get_by_role("button", name="Akhiri ujian").click()
        if answer:
            page.get_by_role("button", name=answer).click()
    expect(page.locator("#sure")).to_be_visible()
    hall.start()
    expect(page.locator("#where")).to_have_text("Soal 1 dari 12")
    page.locator(".option").nth(2).click()
    wait_saved(page)
    whole(page, hall, chosen_first(page))


def chosen_first(page: Page) -> int:
    page.locator("#grid li:nth-child(1) button").click()
    return chosen(page)


def test_two_sentences_at_once_are_both_read_out(live, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{live.url}/ujian/latihan/")
    heard = page.evaluate(
        """async () => {
          const { say } = await import("/static/cat_exam/paper.js");
          say("satu"); say("dua");
          await new Promise((later) => setTimeout(later, 300));
          return document.getElementById("said").innerText.split("\\n").filter(Boolean);
        }"""
    )
    assert heard == ["satu", "dua"]
    assert page.locator("#said").get_attribute("aria-live") == "assertive"
    expect(page.locator("#said")).to_be_empty()  # and nothing old is found there later
