"""Figures of one web process for Prometheus, for the holder of the installation's token only."""

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cat_exam import metrics
from cat_exam.consumers.hall import Hall
from core.access import gate


class HallFigures(Collector):
    """What the hall of this process keeps anyway, read only when somebody asks: an answer costs nothing more."""

    def collect(self) -> Iterable[Metric]:
        """Lines, commits, queue, sockets, attempts and the age of the last beat."""
        halls = list(Hall._of_loop.values())
        journals = [hall.journal for hall in halls]
        yield _counter("acknowledged_lines", "Lines made durable", sum(j.written for j in journals))
        yield _counter("commits", "Commits of the journal", sum(j.commits for j in journals))
        yield _gauge("queue_lines", "Lines that wait for their commit", sum(j.waiting for j in journals))
        oldest = max((j.oldest() for j in journals), default=0.0)
        yield _gauge("oldest_line_seconds", "How long the oldest of them waits", oldest)
        sockets = sum(len(room.sockets) for hall in halls for room in list(hall.rooms.values()))
        yield _gauge("sockets", "Candidates' sockets", sockets)
        yield _gauge("attempts", "Attempts with a socket here", sum(len(hall.books) for hall in halls))
        yield _gauge("hears_notices", "1 while Valkey wakes this process", float(all(h.ear.hears for h in halls)))
        yield _gauge("beat_age_seconds", "Seconds since this process said the hall is alive", metrics.beat_age())


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"cat_hall_{name}", words, value)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"cat_hall_{name}", words, value)


REGISTRY.register(HallFigures())


@gate("machine")
@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The figures as text for who brings ``Authorization: Bearer <CAT_METRICS_TOKEN>``; for all others, nothing.

    Without a token in the environment there is no such page.
    """
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = settings.METRICS_TOKEN
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        return HttpResponseNotFound("not found\n", content_type="text/plain")
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)
