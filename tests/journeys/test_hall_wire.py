"""The browser's side of a bad line: refusals, silence and a socket that breaks between two clicks."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from cat_exam.models import JournalLine
from cat_exam.rules.lines import Kind
from tests.journeys.halls import Hall, build_hall, module_people, no_stale_connection  # noqa: F401
from tests.journeys.steps import SMALL, begin, chosen, stored, wait_saved
from tests.people import People

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"
Rule = Callable[[WebSocketRoute, dict], bool]


class Line:
    """Between browser and server: ``rule(ws, message)`` may swallow what the browser sends; ``dead`` swallows all."""

    def __init__(self, page: Page) -> None:
        self.dead = False
        self.sent: list[dict] = []
        self.opened = 0
        self.rule: Rule = lambda ws, message: False
        page.route_web_socket("**/ws/ujian/", self._join)

    def _join(self, ws: WebSocketRoute) -> None:
        self.opened += 1
        number = self.opened
        server = ws.connect_to_server()
        silent = {"is": False}

        def up(text: str) -> None:
            message = json.loads(text)
            self.sent.append(message)
            silent["is"] = silent["is"] or (self.dead and number == self.opened)
            if not silent["is"] and not self.rule(ws, message):
                server.send(text)

        def down(text: str) -> None:
            if not silent["is"]:
                ws.send(text)

        ws.on_message(up)
        server.on_message(down)


def refuse(ws: WebSocketRoute, message: dict, code: str) -> bool:
    ws.send(json.dumps({"t": "refused", "code": code, "text": "uji", "n": message["n"]}))
    return True


def open_exam(page: Page, live, people: People) -> tuple[Hall, Line]:
    hall, line = build_hall(people, items=SMALL), Line(page)
    begin(page, live, hall)
    wait_saved(page)
    return hall, line


@pytest.mark.parametrize(("code", "more"), [("busy", 0), ("number_skipped", 1), ("number_conflict", 1)])
def test_a_line_that_was_not_stored_is_said_again(
    live, people: People, browser_page: Page, code: str, more: int
) -> None:
    """Put off, it keeps its number; refused for its number, it gets a new one."""
    page = browser_page
    hall, line = open_exam(page, live, people)
    once: list[int] = []

    def rule(ws: WebSocketRoute, message: dict) -> bool:
        if message["t"] == "answer" and not once:
            once.append(message["n"])
            return refuse(ws, message, code)
        return False

    line.rule = rule
    page.locator(".option").nth(2).click()
    expect(page.locator("#saving")).not_to_have_attribute("data-state", "saved")
    wait_saved(page)
    assert list(stored(hall).values()) == [chosen(page)]
    numbers = JournalLine.objects.filter(attempt=hall.attempts[0].pk, kind=Kind.ANSWER).values_list("n", flat=True)
    assert list(numbers) == [once[0] + more]


def test_an_overtaken_answer_does_not_come_back(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, line = open_exam(page, live, people)
    held: list[dict] = []

    def rule(ws: WebSocketRoute, message: dict) -> bool:
        if message["t"] == "answer" and not held:
            held.append(message)
            return True
        if message["t"] == "answer" and len(held) == 1:
            held.append(message)
            refuse(ws, held[0], "busy")
        return False

    line.rule = rule
    page.locator(".option").nth(1).click()
    page.locator(".option").nth(4).click()
    wait_saved(page)
    assert list(stored(hall).values()) == [chosen(page)] == [held[1]["option"]]


def test_a_silent_line_is_noticed_and_everything_is_sent_again(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, line = open_exam(page, live, people)
    line.dead = True
    page.locator(".option").nth(1).click()
    expect(page.locator("#saving")).to_have_text("belum tersimpan, tetap kerjakan (1 menunggu)")
    page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    page.locator(".option").nth(2).click()
    expect(page.locator("#saving")).to_have_text("belum tersimpan, tetap kerjakan (2 menunggu)")
    line.dead = False
    expect(page.locator("#saving")).to_have_attribute("data-state", "saved", timeout=40_000)
    assert line.opened >= 2
    assert [message["t"] for message in line.sent].count("batch") == 1
    assert len(stored(hall)) == 2
    expect(page.locator("#where")).to_have_text("Soal 2 dari 12")


def test_a_final_no_puts_the_stored_answer_back_on_the_screen(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, line = open_exam(page, live, people)
    page.locator(".option").nth(3).click()
    wait_saved(page)
    picked = chosen(page)
    line.rule = lambda ws, message: message["t"] == "answer" and refuse(ws, message, "item_unknown")
    page.locator(".option").nth(0).click()
    expect(page.locator("#banners div.banner")).to_contain_text("uji")
    assert chosen(page) == picked
    assert list(stored(hall).values()) == [picked]


def test_a_double_click_is_one_answer(live, people: People, browser_page: Page) -> None:
    page = browser_page
    hall, _ = open_exam(page, live, people)
    page.locator(".option").nth(2).dblclick()
    wait_saved(page)
    assert JournalLine.objects.filter(attempt=hall.attempts[0].pk, kind=Kind.ANSWER).count() == 1
    page.mouse.wheel(0, 400)
    page.locator(".option").nth(2).click(button="right")
    assert list(stored(hall).values()) == [chosen(page)]
