"""Scheduling: per stage who waits for a seat and where seats are short; run it; issue cards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import gate, need_whole_country
from core.errors import Refusal
from registration import queries
from registration.actions import Report, issue_cards, schedule_stage
from registration.models import Selection, Stage
from registration.views.desk.common import officer
from registration.views.desk.selections import READERS, WRITERS


@gate(*READERS)
@require_safe
def schedule_page(request: HttpRequest, code: str) -> HttpResponse:
    """Every stage with its centres: people, seats given, free seats, seats short, cards to issue."""
    return _page(request, get_object_or_404(Selection, code=code))


def _page(
    request: HttpRequest, selection: Selection, done: Stage | None = None, report: Report | None = None
) -> HttpResponse:
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
    begun = queries.phase_has_begun(selection, "scheduling", now)
    context = {"selection": selection, "stages": stages, "begun": begun, "done": done, "report": report}
    return render(request, "registration/desk/schedule.html", context)


@gate(*WRITERS)
@require_POST
def schedule_run(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Place everybody who waits; the answer is the page with the report."""
    need_whole_country(request, *WRITERS)
    row = get_object_or_404(Stage.objects.select_related("selection"), selection__code=code, code=stage)
    try:
        report = schedule_stage(stage=row, by=officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("registration:desk_schedule", code)
    return _page(request, row.selection, row, report)


@gate(*WRITERS)
@require_POST
def cards_issue(request: HttpRequest, code: str, stage: str) -> HttpResponse:
    """Seal a card for every seat without one."""
    need_whole_country(request, *WRITERS)
    row = get_object_or_404(Stage.objects.select_related("selection"), selection__code=code, code=stage)
    try:
        issued = issue_cards(stage=row, by=officer(request), now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        text = ngettext("%(n)s kartu diterbitkan.", "%(n)s kartu diterbitkan.", issued)
        messages.success(request, text % {"n": issued})
    return redirect("registration:desk_schedule", code)
