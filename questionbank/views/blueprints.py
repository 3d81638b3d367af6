"""Blueprints: what a test is made of, what the bank has for it, copies and changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.access import gate
from core.errors import Refusal
from core.forms import paginate
from questionbank import actions, queries
from questionbank.forms import BlueprintForm, PartForm, part_choices
from questionbank.models import Blueprint, Section, Topic
from questionbank.views.common import EVERY_HAND, officer, say_done

SPARE = 4


@gate(*EVERY_HAND)
@require_safe
def blueprints(request: HttpRequest) -> HttpResponse:
    """All blueprints with their sums."""
    page = paginate(request, queries.blueprints_with_sums())
    return render(request, "questionbank/blueprints.html", {"page": page})


@gate(*EVERY_HAND)
@require_safe
def blueprint(request: HttpRequest, code: str) -> HttpResponse:
    """One blueprint: needed against approved, part by part."""
    plan = get_object_or_404(Blueprint, code=code)
    supply = queries.supply_of(plan)
    context = {
        "plan": plan, "supply": supply, "needed": sum(one.needed for one in supply),
        "points": sum(one.needed * one.part.points for one in supply), "missing": sum(one.missing for one in supply),
        "papers": plan.papers.only("code", "state", "blueprint"),
    }  # fmt: skip
    return render(request, "questionbank/blueprint.html", context)


@gate("approver", "custodian")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new blueprint, a copy (``?salin=``), or a change while nothing was drawn from it."""
    plan = get_object_or_404(Blueprint, code=code) if code else None
    model = plan or Blueprint.objects.filter(code=request.GET.get("salin", "")).first()
    form = BlueprintForm(request.POST or None, initial=_initial(model, copied=plan is None))
    rows = _part_rows(request, model)
    if form.is_valid() and all(row.is_valid() for row in rows):
        try:
            saved = actions.save_blueprint(
                facts=actions.BlueprintFacts(**form.cleaned_data), parts=_parts(rows), blueprint=plan,
                by=officer(request), now=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say_done(request, _("Kisi-kisi %(code)s tersimpan.") % {"code": saved.code})
            return redirect("questionbank:blueprint", saved.code)
    return render(request, "questionbank/blueprint_edit.html", {"form": form, "rows": rows, "plan": plan})


def _initial(model: Blueprint | None, *, copied: bool) -> dict[str, Any]:
    if model is None:
        return {}
    names = ("code", "name", "year", "decree", "minutes", "minutes_visual")
    return {name: getattr(model, name) for name in names if not (copied and name == "code")}


def _part_rows(request: HttpRequest, model: Blueprint | None) -> list[PartForm]:
    choices = part_choices(list(queries.sections()))
    known = [
        {"what": f"t{part.topic_id}" if part.topic_id else f"s{part.section_id}", "items": part.items,
         "points": part.points}
        for part in (queries.parts_of(model) if model else [])
    ]  # fmt: skip
    posted = sum(name.endswith("-what") for name in request.POST)
    count = min(posted, 60) or len(known) + SPARE
    initials = [*known, *({} for _ in range(count))][:count]
    return [
        PartForm(request.POST or None, prefix=f"p{number}", choices=choices, initial=initial)
        for number, initial in enumerate(initials)
    ]


def _parts(rows: list[PartForm]) -> list[actions.PartRow]:
    told = [row.cleaned_data for row in rows if row.cleaned_data.get("what")]
    sections = {f"s{one.pk}": one for one in Section.objects.all()}
    topics = {f"t{one.pk}": one for one in Topic.objects.select_related("section")}
    found = []
    for data in told:
        topic = topics.get(data["what"])
        section = topic.section if topic else sections[data["what"]]
        found.append(actions.PartRow(section, topic, data["items"], data.get("points") or 5))
    return found
