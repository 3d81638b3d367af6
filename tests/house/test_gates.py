"""Every address of the installation is behind a named gate."""

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver, include, path
from django.urls.resolvers import RegexPattern, URLResolver

from core.access import GATES, gate
from tests.house import gates
from tests.house.samples import expect_none


def test_every_address_has_a_gate() -> None:
    expect_none(gates.ungated(get_resolver()))


def test_every_gate_is_a_known_one() -> None:
    named = {name for _, view in gates.views(get_resolver()) for name in getattr(view, "gate", ())}
    assert named
    assert named <= GATES


def test_a_bare_view_is_found_however_deep() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x")

    inner = [path("in/", gate("public")(bare)), path("bare/", bare)]
    resolver = URLResolver(RegexPattern(r"^/"), [path("deep/", include((inner, "deep")))])
    found = gates.ungated(resolver)
    assert len(found) == 1
    assert "bare/" in found[0]
