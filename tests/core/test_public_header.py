"""The public header: at most two calm rows on a phone, one at a desk, every target large enough for a thumb."""

import pytest

from core.models import User
from tests.fixtures.browsers import DESK, PHONE, ZOOMED

pytestmark = [pytest.mark.browser, pytest.mark.live]
LIVE = ("web",)
ROWS = """() => {
  const head = document.querySelector(".site-head");
  const parts = [...head.querySelectorAll("a, button, summary, b")].filter((node) => node.checkVisibility());
  const tops = parts.map((node) => { const box = node.getBoundingClientRect(); return (box.top + box.bottom) / 2; });
  const rows = tops.sort((a, b) => a - b).filter((top, index) => index === 0 || top - tops[index - 1] > 12);
  const small = parts.filter((node) => node.matches("button, summary") && node.getBoundingClientRect().height < 44);
  const height = head.getBoundingClientRect().height;
  return { rows: rows.length, height, small: small.map((node) => node.outerHTML) };
}"""


def signed_in(page, live, people) -> User:
    which = User.objects.count() + 1  # the installation keeps its people from test to test
    user = people.applicant(which, name="Maria Goreti Fernandez da Costa Ximenes")
    page.context.add_cookies([people.cookie(user, live.url)])
    return user


@pytest.mark.parametrize(("size", "rows", "height"), [(PHONE, 2, 120), (ZOOMED, 1, 72), (DESK, 1, 72)])
def test_the_header_is_low_for_visitors_and_for_people_with_long_names(
    live, people, new_page, screenshot, size, rows, height
):
    page = new_page(width=size[0], height=size[1])
    for who in ("visitor", "applicant"):
        if who == "applicant":
            signed_in(page, live, people)
        page.goto(f"{live.url}/")
        seen = page.evaluate(ROWS)
        screenshot(page, f"kepala-{who}-{size[0]}")
        assert seen["rows"] <= rows, (who, seen)
        assert seen["height"] <= height, (who, seen)
        assert not seen["small"], (who, seen)


def test_the_menu_of_a_phone_opens_by_keyboard_and_holds_every_way(live, new_page, audit):
    page = new_page(width=PHONE[0], height=PHONE[1])
    page.goto(f"{live.url}/")
    menu = page.get_by_role("navigation", name="Menu utama")
    assert menu.count() == 0
    page.locator(".site-menu summary").focus()
    page.keyboard.press("Enter")
    menu.wait_for()
    shown = menu.get_by_role("link").all_inner_texts()
    audit(page, "kepala-menu", sizes=(PHONE,))
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    assert menu.get_by_role("link").all_inner_texts() == shown
    assert len(shown) >= 5
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/formasi/**")
