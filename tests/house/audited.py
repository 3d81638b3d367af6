"""Every page was looked at by axe, at the desk, at 200 % zoom and on a phone (``tests/fixtures/browsers.py``)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import Resolver404, URLResolver

from tests.house.gates import views

WIDTHS = {1366, 683, 360}
#: Answers to GET that are no pages: files, data for scripts, parts of a page, words for machines.
NO_PAGES = {
    "cat_exam.views.tickets.bundle",
    "core.views.pages.certificate",
    "core.views.pages.keys_file",
    "core.views.trail.trail_export",
    "deploy.health.alive",
    "deploy.health.ready",
    "deploy.metrics.show",
    "django.views.i18n.set_language",
    "proctoring.views.alarms.alarm_count",
    "proctoring.views.alarms.alarms_csv",
    "proctoring.views.door.envelopes",
    "proctoring.views.papers.paper",
    "proctoring.views.papers.results_csv",
    "proctoring.views.pictures.picture",
    "proctoring.views.rooms.photo",
    "proctoring.views.rooms.snapshot",
    "questionbank.views.imports.template_file",
    "registration.views.desk.cards.card_file",
    "registration.views.desk.cards.sitting_attendance",
    "registration.views.desk.cards.sitting_cards",
    "registration.views.desk.cards.sitting_labels",
    "registration.views.desk.files.document",
    "registration.views.desk.work.work_state",
    "registration.views.portal.catalogue.programmes",
    "registration.views.portal.documents.document",
    "registration.views.portal.resume.resume",
    "results.views.desk.run_csv",
    "results.views.public.download",
}


def unaudited(resolver: URLResolver, seen: Iterable[tuple[int, str]]) -> list[str]:
    """Addresses of pages whose view no path of ``seen`` leads to, with the widths at which none does."""
    looked_at: dict[str, set[int]] = defaultdict(set)
    for width, path in set(seen):
        for found in _view_of(path, resolver):
            looked_at[found].add(width)
    missing = {name(view): WIDTHS - looked_at[name(view)] for _, view in views(resolver)}
    return [
        f"{where} ({name(view)}) was never looked at by axe at {sorted(missing[name(view)])}"
        for where, view in views(resolver)
        if "GET" in methods(view) and missing[name(view)] and name(view) not in NO_PAGES
    ]


def name(view: Any) -> str:
    """Where a view is written."""
    return f"{view.__module__}.{view.__name__}"


def methods(view: Any) -> set[str]:
    """What ``require_http_methods`` and its kin let through; GET where none of them stands before the view."""
    while view is not None:
        code, cells = getattr(view, "__code__", None), getattr(view, "__closure__", None) or ()
        kept = dict(zip(code.co_freevars, cells, strict=False)) if code else {}
        if "request_method_list" in kept:
            return set(kept["request_method_list"].cell_contents)
        view = getattr(view, "__wrapped__", None)
    return {"GET"}


def _view_of(path: str, resolver: URLResolver) -> Iterator[str]:
    try:
        yield name(resolver.resolve(path).func)
    except Resolver404:
        return  # the live board's pages are a process of their own
