"""What the pages of the desk share: the officer, CSV for download."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from core.models import User


def officer(request: HttpRequest) -> User:
    """The signed-in staff member; the gate let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class _Echo:
    def write(self, text: str) -> str:
        return text


def _plain(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _lines(head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(label) for label in head])
    for row in rows:
        yield writer.writerow([_plain(value) for value in row])


def csv_answer(name: str, head: Sequence[Any], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A streamed CSV file (UTF-8 with mark, so that spreadsheets read names rightly)."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(_lines(head, rows), content_type="text/csv; charset=utf-8", headers=headers)


def asks_csv(request: HttpRequest) -> bool:
    """True when the list is asked for as a file."""
    return request.GET.get("bentuk") == "csv"


def csv_url(request: HttpRequest) -> str:
    """The address of the same list as a file, its filters kept."""
    query = request.GET.copy()
    query["bentuk"] = "csv"
    query.pop("hal", None)
    return "?" + query.urlencode()
