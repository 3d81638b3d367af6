"""Scheduling: per stage who waits for a seat and where seats are short; hand over seating and cards as long work."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import gate, need_whole_country
from core.errors import Refusal
from registration import queries
from registration.actions import ask_work
from registration.models import Selection, Stage, Work
from registration.views.desk.common import officer
from registration.views.desk.selections import READERS, WRITERS


@gate(*READERS)
@require_safe
def schedule_page(request: HttpRequest, code: str) -> HttpResponse:
    """Every stage with its centres: people, seats given, free seats, seats short, cards to issue."""
    selection = get_object_or_404(Selection, code=code)
    now = clock.now()
    stages = []
    for stage in queries.stages_of(selection):
        loads = queries.centre_loads(stage, now)
        stages.append(
            {
                "stage": stage,
                "loads": loads,
                "wanted": sum(load.wanted for load in loads),
                "seated": sum(load.seated for load in loads),
                "waiting": sum(load.waiting for load in loads),
                "short": sum(load.short for load in loads),
                "to_card": queries.seats_without_card(stage).count(),
            }
        )
    context = {
        "selection": selection,
        "stages": stages,
        "begun": queries.phase_has_begun(selection, "scheduling", now),
        "open_work": queries.open_work(selection, now),
        "works": queries.works(selection, [Work.Kind.SCHEDULE, Work.Kind.CARDS])[:5],
    }
    return render(request, "registration/desk/schedule.html", context)


@gate(*WRITERS)
@require_POST
def schedule_run(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Place everybody who waits; the answer is the page of that work."""
    return _hand_over(request, code, stage, Work.Kind.SCHEDULE)


@gate(*WRITERS)
@require_POST
def cards_issue(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Seal a card for every seat without one; the answer is the page of that work."""
    return _hand_over(request, code, stage, Work.Kind.CARDS)


def _hand_over(request: HttpRequest, code: str, stage: str, kind: str) -> HttpResponse:
    need_whole_country(request, *WRITERS)
    row = get_object_or_404(Stage.objects.select_related("selection"), selection__code=code, code=stage)
    try:
        work = ask_work(kind=kind, selection=row.selection, stage=row, by=officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("registration:desk_schedule", code)
    return redirect("registration:desk_work", work.pk)
