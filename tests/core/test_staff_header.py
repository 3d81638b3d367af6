"""The staff's header is one row at every size, and the notices so far stand in a list of their own below the menu."""

import pytest

from core.models import User
from tests.core.test_public_header import ROWS
from tests.fixtures.browsers import DESK, NARROWEST, PHONE, ZOOMED
from tests.journeys.halls import module_people  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.live]
LIVE = ("web",)
OVERLAPS = """() => {
  const box = (query) => document.querySelector(query).getBoundingClientRect();
  const name = box(".whoami"), others = [".brand", ".langs", ".site-head form:last-of-type"];
  if (document.querySelector("[data-menu] > summary").checkVisibility()) others.push("[data-menu] > summary > svg");
  return others.filter((query) => {
    const other = box(query);
    return name.left < other.right && other.left < name.right && name.top < other.bottom && other.top < name.bottom;
  });
}"""


@pytest.mark.parametrize("size", [(NARROWEST, 640), PHONE, ZOOMED, DESK])
def test_the_header_is_one_row_and_the_name_stands_beside_the_menu_of_a_phone(
    live, people, new_page, screenshot, size
):
    page = new_page(width=size[0], height=size[1])
    officer = people.staff("coordinator")
    User.objects.filter(pk=officer.pk).update(full_name="Maria Goreti Fernandez da Costa Ximenes")
    page.context.add_cookies([people.cookie(officer, live.url)])
    page.goto(f"{live.url}/meja/")
    screenshot(page, f"kepala-petugas-{size[0]}")
    seen = page.evaluate(ROWS)
    assert seen["height"] <= 72 and not seen["small"], seen
    assert seen["rows"] == (1 if size[0] >= ZOOMED[0] else 2), seen  # the second is the name, in the menu's row
    assert page.locator(".whoami").is_visible()
    assert page.evaluate(OVERLAPS) == []


def test_past_notices_are_folded_away_and_read_whole(live, people, new_page, audit):
    page = new_page()
    page.context.add_cookies([people.cookie(people.staff("coordinator"), live.url)])
    page.goto(f"{live.url}/meja/")
    page.evaluate("""() => Array.from({ length: 12 }, (_, n) => document.dispatchEvent(
      new CustomEvent("toast", { detail: { tone: "ok", text: `Kejadian nomor ${n} tercatat di berita acara` } })))""")
    page.reload()
    entry = page.locator(".toast-log li").first
    assert not entry.is_visible()
    page.get_by_text("Pemberitahuan sejauh ini").click()
    entry.wait_for()
    assert "Kejadian nomor 11" in entry.inner_text()
    assert page.locator(".toast-log ol").evaluate("(list) => list.scrollWidth <= list.clientWidth")
    assert entry.evaluate("(one) => getComputedStyle(one).listStyleType") == "none"
    audit(page, "pemberitahuan-sejauh-ini")
