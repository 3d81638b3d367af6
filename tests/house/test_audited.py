"""A page that no browser test shows to axe is found; what only takes a form, or is a file, is not asked for."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.urls.resolvers import RegexPattern, URLResolver
from django.views.decorators.http import require_GET, require_POST

from core.access import gate
from tests.house import audited


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("page")


def other(request: HttpRequest) -> HttpResponse:
    return HttpResponse("other")


def act(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def resolver() -> URLResolver:
    entries = [
        path("a/<int:pk>/", gate("public")(page)),
        path("b/", require_GET(gate("public")(other))),
        path("c/", gate("public")(require_POST(act))),
    ]
    return URLResolver(RegexPattern(r"^/"), entries)


def everywhere(path: str) -> list[tuple[int, str]]:
    return [(width, path) for width in audited.WIDTHS]


def test_a_page_that_was_never_shown_is_named() -> None:
    seen = [*everywhere("/a/7/"), *everywhere("/papan/x/"), (360, "/b/")]
    assert audited.unaudited(resolver(), seen) == [
        "/b/ (tests.house.test_audited.other) was never looked at by axe at [683, 1366]"
    ]


def test_nothing_is_left_when_all_were_shown() -> None:
    assert audited.unaudited(resolver(), everywhere("/a/7/") + everywhere("/b/")) == []
