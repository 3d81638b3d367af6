"""The browser of the tests is Debian's own and notices what a page does wrong."""

import pytest

LIVE = ("web",)
pytestmark = [pytest.mark.live, pytest.mark.browser]


def test_the_browser_opens_a_page_of_the_installation(live, browser_page) -> None:
    answer = browser_page.goto(f"{live.url}/healthz")
    assert answer is not None
    assert answer.status == 200
    assert browser_page.inner_text("body").strip() == "ok"


@pytest.mark.django_db
def test_the_orm_still_works_beside_the_browser(live, browser_page) -> None:
    from core.models import User

    assert User.objects.count() == 0


FAULTS = {
    "label": '<main><h1>Uji</h1><input type="text"></main>',
    "color-contrast": '<main><h1>Uji</h1><p style="color: #999; background: #fff">pucat</p></main>',
    "px too wide": '<main><h1>Uji</h1><div style="width: 340px">lebar</div></main>',
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_audit_finds_what_is_wrong_with_a_page(browser_page, audit, fault) -> None:
    whole = '<!doctype html><html lang="id"><title>Uji</title><meta name="viewport" content="width=device-width">'
    browser_page.set_content(f"{whole}<main><h1>Uji</h1></main>")
    audit(browser_page)
    browser_page.set_content(whole + FAULTS[fault])
    with pytest.raises(AssertionError, match=fault):
        audit(browser_page)
    assert browser_page.viewport_size == {"width": 1366, "height": 768}
