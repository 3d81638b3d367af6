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
