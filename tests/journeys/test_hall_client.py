"""The hall's client in a real browser: its modules, practice mode, layout, accessibility, size."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.browsers import PHONE, ZOOMED

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "cat_exam" / "static" / "cat_exam"
UNITS = ROOT / "tests" / "cat_exam" / "client"
BUDGET = 15 * 1024

pytestmark = [pytest.mark.browser, pytest.mark.live]
SHARES = "hall"


def imported(entry: Path, seen: set[Path] | None = None) -> set[Path]:
    """A module and everything it imports."""
    seen = set() if seen is None else seen
    if entry not in seen:
        seen.add(entry)
        for name in re.findall(r'from "\./([\w.]+)"', entry.read_text()):
            imported(entry.parent / name, seen)
    return seen


def test_the_exam_page_ships_at_most_15_kb_of_script() -> None:
    files = imported(STATIC / "hall.js") | {STATIC / "prefs.js"}
    assert {"outbox.js", "clock.js", "socket.js", "paper.js", "protocol.js"} <= {path.name for path in files}
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in files}
    assert sum(sizes.values()) <= BUDGET, sizes


def test_outbox_and_clock_pass_their_own_tests_in_the_browser(live, new_page: Callable[..., Page]) -> None:
    page = new_page()

    def serve(route) -> None:
        name = route.request.url.rsplit("/", 1)[1]
        text = (UNITS / name).read_text()
        text = re.sub(r'import (\w+) from "node:(assert/strict|test)";', r'import { \1 } from "./shim.mjs";', text)
        text = text.replace("../../../cat_exam/static/cat_exam/", "/static/cat_exam/")
        route.fulfill(body=text, content_type="text/javascript")

    page.route("**/units/*.mjs", serve)
    page.goto(f"{live.url}/ujian/latihan/")
    outcome = page.evaluate(
        """async () => {
          for (const name of ["outbox", "clock"]) await import(`/units/${name}.test.mjs`);
          const failed = [];
          for (const [name, body] of results) {
            try { await body(); } catch (error) { failed.push(`${name}: ${error.message}`); }
          }
          return { count: results.length, failed };
        }"""
    )
    assert outcome["failed"] == []
    assert outcome["count"] >= 15


def test_lines_survive_in_indexeddb_and_another_attempt_purges_them(live, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(f"{live.url}/ujian/latihan/")
    load = "const m = await import('/static/cat_exam/outbox.js');"
    device = page.evaluate(
        f"""async () => {{ {load}
          const box = await m.Outbox.open(await m.browserStore("AAA"));
          box.add({{ t: "answer", item: 7, option: 3 }});
          box.add({{ t: "answer", item: 8, option: 4 }});
          box.ack(1);
          await new Promise((later) => setTimeout(later, 300));
          return box.device; }}"""
    )
    page.reload()
    kept = page.evaluate(
        f"""async () => {{ {load}
          await m.purgeOthers("AAA");
          const box = await m.Outbox.open(await m.browserStore("AAA"));
          return {{ device: box.device, lines: box.lines, lasting: box.lasting }}; }}"""
    )
    assert kept == {"device": device, "lines": [{"t": "answer", "item": 8, "option": 4, "n": 2}], "lasting": True}
    names = page.evaluate(
        f"""async () => {{ {load}
          await m.purgeOthers("BBB");
          await new Promise((later) => setTimeout(later, 300));
          return (await indexedDB.databases()).map((db) => db.name); }}"""
    )
    assert names == []


def test_practice_by_mouse_gives_a_result(live, browser_page: Page, audit) -> None:
    page = browser_page
    page.goto(f"{live.url}/ujian/latihan/")
    audit(page)
    page.get_by_role("button", name="Mulai latihan").click()
    expect(page.locator("#clock")).to_have_text(re.compile(r"00:(10:00|09:5\d)"))
    for number in range(1, 9):
        expect(page.locator("#where")).to_have_text(f"Soal {number} dari 8")
        page.locator(".option").nth(1).click()
        expect(page.locator(f"#grid li:nth-child({number}) button")).to_have_class(re.compile("is-answered"))
        if number == 5:
            page.get_by_role("button", name="Ragu-ragu").click()
            audit(page, "practice-1366")
        page.get_by_role("button", name="Simpan dan Lanjutkan").click()
    expect(page.locator("#review-title")).to_be_focused()
    expect(page.locator("#flagged b")).to_have_text("1")
    audit(page)
    page.get_by_role("button", name="Akhiri ujian").click()
    page.get_by_role("button", name="Belum, kembali").click()
    expect(page.locator("#review-title")).to_be_visible()
    page.get_by_role("button", name="Akhiri ujian").click()
    audit(page)
    page.get_by_role("button", name="Ya, akhiri ujian").click()
    expect(page.get_by_role("heading", name="Hasil latihan")).to_be_focused()
    expect(page.locator("#scores tr")).to_have_count(3)
    expect(page.locator("#scores")).to_contain_text("5 dari 15")
    audit(page)


def test_practice_by_keyboard_alone(live, browser_page: Page) -> None:
    page = browser_page
    page.goto(f"{live.url}/ujian/latihan/")
    start = page.get_by_role("button", name="Mulai latihan")
    expect(start).to_be_enabled()
    start.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator(".option").nth(2).locator("input")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".option").nth(1).locator("input")).to_be_checked()
    page.keyboard.press("r")
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#grid li:nth-child(1) button")).to_have_attribute(
        "aria-label", "Soal 1, dijawab, tersimpan, ragu-ragu"
    )
    page.keyboard.press("ArrowRight")
    expect(page.locator("#where")).to_have_text("Soal 2 dari 8")
    expect(page.locator("#where")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator(".option").nth(0).locator("input")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#where")).to_have_text("Soal 1 dari 8")
    expect(page.locator(".option").nth(1).locator("input")).to_be_checked()
    # letters act nowhere else, and not at all when switched off
    page.locator("#next").focus()
    page.keyboard.press("e")
    expect(page.locator(".option").nth(1).locator("input")).to_be_checked()
    page.locator("#letters").uncheck()
    page.locator("#where").focus()
    page.keyboard.press("e")
    expect(page.locator(".option").nth(1).locator("input")).to_be_checked()
    # the grid is one stop; arrows walk in it, Enter opens
    page.locator("#grid li:nth-child(1) button").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("#where")).to_have_text("Soal 8 dari 8")
    expect(page.locator("#where")).to_be_focused()


@pytest.mark.parametrize("size", [PHONE, ZOOMED])
def test_practice_on_small_screens_and_at_200_percent(live, new_page, audit, size: tuple[int, int]) -> None:
    page = new_page(width=size[0], height=size[1])
    page.goto(f"{live.url}/ujian/latihan/")
    expect(page.get_by_role("button", name="Mulai latihan")).to_be_enabled()
    audit(page, sizes=[size])
    page.get_by_role("button", name="Mulai latihan").click()
    expect(page.locator("#where")).to_be_visible()
    audit(page, "practice", sizes=[size])
    page.get_by_role("button", name="Daftar nomor soal").click()
    page.locator("#grid li:nth-child(7) button").click()
    expect(page.locator("#where")).to_have_text("Soal 7 dari 8")
    expect(page.locator("#numbers")).to_be_hidden()


def test_text_size_and_contrast_survive_a_reload(live, browser_page: Page, audit) -> None:
    page = browser_page
    page.goto(f"{live.url}/ujian/latihan/")
    page.get_by_role("button", name="Perbesar huruf").click()
    page.get_by_role("button", name="Perbesar huruf").click()
    page.get_by_role("button", name="Kontras tinggi").click()
    page.reload()
    root = page.locator("html")
    expect(root).to_have_attribute("data-text", "larger")
    expect(root).to_have_attribute("data-theme", "contrast")
    expect(page.get_by_role("button", name="Kontras tinggi")).to_have_attribute("aria-pressed", "true")
    audit(page)
    page.get_by_role("button", name="Mulai latihan").click()
    audit(page)


def test_the_dark_scheme_is_as_readable(live, new_page, audit) -> None:
    page = new_page(color_scheme="dark")
    page.goto(f"{live.url}/ujian/latihan/")
    audit(page)
    page.get_by_role("button", name="Mulai latihan").click()
    page.locator(".option").nth(2).click()
    page.get_by_role("button", name="Ragu-ragu").click()
    audit(page, "practice-dark")


def test_practice_in_english(live, new_page, audit) -> None:
    page = new_page(locale="en-GB")
    page.goto(f"{live.url}/ujian/latihan/")
    page.get_by_role("button", name="EN", exact=False).click()
    page.get_by_role("button", name="Start practice").click()
    expect(page.locator("#where")).to_have_text("Item 1 of 8")
    expect(page.locator("#next")).to_have_text("Save and continue")
    expect(page.locator("#item")).to_have_attribute("lang", "id")
    audit(page)


@pytest.mark.parametrize("options", [1, 2], ids=["short", "two-line"])
def test_a_stem_of_600_characters_and_five_options_need_no_scrolling(live, browser_page, screenshot, options) -> None:
    """Two-line options are the longest that the sample bank holds."""
    page = browser_page
    words = "Menjelang loket tutup seorang warga lanjut usia datang dari desa yang jauh "
    text = (words * 9)[: 600 if options == 1 else 330]
    option = (words * 3)[: 60 if options == 1 else 125]
    demo = {
        "seconds": 600,
        "sections": [{"code": "TWK", "name": "Tes Wawasan Kebangsaan"}],
        "items": [
            {"id": n, "section": "TWK", "topic": "Nasionalisme", "lang": "id", "stem": f"<p>{text}</p>",
             "options": [{"id": n * 10 + k, "html": option, "points": k} for k in range(5)]}
            for n in range(1, 111)
        ],
    }  # fmt: skip
    page.route("**/practice.json", lambda route: route.fulfill(json=demo))
    page.goto(f"{live.url}/ujian/latihan/")
    page.get_by_role("button", name="Mulai latihan").click()
    expect(page.locator("#where")).to_have_text("Soal 1 dari 110")
    screenshot(page, f"hall-110-{options}")
    for box in ("html", "#item", "#side"):
        room = page.locator(box).evaluate("e => [e.scrollHeight, e.clientHeight, e.scrollWidth, e.clientWidth]")
        assert room[0] <= room[1] and room[2] <= room[3], (box, room)
    heights = page.locator(".option").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert min(heights) >= 44
