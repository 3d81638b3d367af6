"""The trail for the auditor: found by thing, person, act and date; exported as CSV."""

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock, queries
from core.access import gate
from core.forms import paginate
from core.models import TrailEntry
from core.views.forms import TrailFilter


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, ZoneInfo(clock.WIB)) if day else None


def _found(request: HttpRequest) -> tuple[TrailFilter, QuerySet[TrailEntry]]:
    form = TrailFilter(request.GET or None, words=queries.trail_words())
    data: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    last = data.get("sampai")
    rows = queries.trail(
        thing=data.get("benda", ""), thing_id=data.get("id", "").strip(), actor=data.get("oleh", "").strip(),
        verb=data.get("tindakan", ""), since=_midnight(data.get("dari")),
        until=_midnight(last + timedelta(days=1) if last else None),
    )  # fmt: skip
    return form, rows


@gate("auditor")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """Trail lines and the newest signed checkpoint."""
    form, rows = _found(request)
    export = "?" + request.GET.urlencode()
    facts = {"form": form, "page": paginate(request, rows), "export": export, "checkpoint": queries.last_checkpoint()}
    return render(request, "core/staff/trail.html", facts)


def _plain(text: str) -> str:
    """Text that a spreadsheet takes for text, never for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(rows: QuerySet[TrailEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(
        [_("Waktu (UTC)"), _("Petugas"), _("Tindakan"), _("Benda"), _("Nomor benda"), _("Rincian"), _("Nomor baris")]
    )
    for row in rows.iterator(chunk_size=2000):
        facts = json.dumps(row.facts, sort_keys=True, ensure_ascii=False)
        yield writer.writerow(
            [
                row.at.isoformat(),
                _plain(row.actor.email) if row.actor else "",
                row.verb,
                row.thing,
                row.thing_id,
                facts,
                row.pk,
            ]
        )


@gate("auditor")
@require_safe
def trail_export(request: HttpRequest) -> StreamingHttpResponse:
    """The lines found, as CSV (UTF-8 with mark, for spreadsheets)."""
    _form, rows = _found(request)
    name = f"jejak-{clock.now():%Y%m%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)
