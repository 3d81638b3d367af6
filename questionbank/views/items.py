"""The item list, one version with its history, and the steps from draft to approval."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.access import gate
from core.errors import Refusal
from core.forms import UiForm, ordered, paginate
from core.models import User
from questionbank import actions, content, markup, queries
from questionbank.exchange import qti_out
from questionbank.forms import ItemFilter, ReasonForm, VerdictForm
from questionbank.models import Blueprint, ItemVersion
from questionbank.rules.checks import normalise
from questionbank.rules.compare import changes
from questionbank.views.common import EVERY_HAND, READERS, officer, say_done, say_refusal, version_or_404


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list; ``words`` is empty for those who do not read items."""

    version: ItemVersion
    words: str


@gate(*EVERY_HAND)
@never_cache
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The newest version of every item this person may see."""
    user = officer(request)
    form = ItemFilter(request.GET, sections=list(queries.sections()))
    rows = queries.newest_only(queries.versions_visible_to(user))
    if form.is_valid():
        rows = queries.narrowed(rows, user, form.cleaned_data)
    page = paginate(request, ordered(request, rows.order_by("item__code"), ["item__code", "state", "changed_at"]))
    lines = _lines(list(page), user, normalise(request.GET.get("kata", "")))
    plans = [(plan, queries.supply_of(plan)) for plan in Blueprint.objects.order_by("-year", "-code")[:2]]
    context = {"form": form, "page": page, "lines": lines, "reads": queries.reads_content(user), "plans": plans}
    return render(request, "questionbank/items.html", context)


def _lines(versions: list[ItemVersion], user: User, wanted: str) -> list[Line]:
    if not queries.reads_content(user):
        return [Line(version, "") for version in versions]
    lines = [Line(version, markup.to_text(content.open_version(version)["stem"])) for version in versions]
    return [line for line in lines if wanted in normalise(line.words)]


@gate(*READERS)
@never_cache
@require_safe
def item(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One version: as a candidate sees it, with points, history, and what this person may do now."""
    version = version_or_404(request, pk)
    user = officer(request)
    others = list(
        queries.versions_visible_to(user).filter(item=version.item, language=version.language).order_by("-number")
    )
    older = next((one for one in others if one.number < version.number), None)
    body = content.open_version(version)
    context = {
        "version": version, "body": body, "others": others, "older": older,
        "changes": changes(_plain(content.open_version(older)), _plain(body)) if older else [],
        "reviews": queries.timeline_of(version), "turn": queries.waits_for(user, version),
        "statistics": queries.statistics_of(version), "verdict": VerdictForm(), "reason": ReasonForm(),
        "best": max(option["points"] for option in body["options"]),
    }  # fmt: skip
    return render(request, "questionbank/item.html", context)


def _plain(body: content.Content) -> list[tuple[str, str]]:
    """The fields of a content as (label, text), in reading order."""
    texts = body["text"]
    lines = [(_("Pokok soal"), texts["stem"])]
    for option, text in zip(body["options"], texts["options"], strict=True):
        lines.append((_("Opsi %(letter)s") % {"letter": option["label"]}, f"{text} [{option['points']}]"))
    return [*lines, (_("Pembahasan"), body["rationale"]), (_("Sumber"), body["source"])]


@gate("writer")
@require_POST
def submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a draft in for review."""
    version = version_or_404(request, pk)
    try:
        actions.submit_for_review(version=version, by=officer(request), now=clock.now())
    except Refusal as refusal:
        say_refusal(request, refusal)
    else:
        say_done(request, _("Soal %(code)s diajukan untuk ditelaah.") % {"code": version.item.code})
    return redirect("questionbank:item", pk)


@gate("reviewer", "approver")
@require_POST
def judge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept or return a version, as reviewer or as approver, whichever it waits for."""
    version = version_or_404(request, pk)
    form = VerdictForm(request.POST)
    user = officer(request)
    turn = queries.waits_for(user, version)
    if not form.is_valid() or not turn:
        return _judged_badly(request, form, turn)
    act = actions.approve_version if turn == "approve" else actions.review_version
    try:
        act(version=version, by=user, now=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        say_refusal(request, refusal)
        return redirect("questionbank:item", pk)
    said = {
        ("review", "accept"): _("Soal %(code)s diterima. Penyetuju akan membacanya."),
        ("approve", "accept"): _("Soal %(code)s disetujui dan dapat disusun ke naskah."),
    }.get((turn, form.cleaned_data["verdict"]), _("Soal %(code)s dikembalikan kepada penulisnya."))
    say_done(request, said % {"code": version.item.code})
    return redirect("questionbank:items")


def _judged_badly(request: HttpRequest, form: UiForm, turn: str) -> HttpResponse:
    text = _("Pilih keputusan: terima atau kembalikan.") if turn else _("Soal ini tidak menunggu keputusan Anda.")
    say_refusal(request, Refusal("no_verdict", text))
    assert request.resolver_match
    return redirect("questionbank:item", request.resolver_match.kwargs["pk"])


@gate("writer")
@require_POST
def new_version(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin a new version as a copy of this one."""
    try:
        fresh = actions.start_version(version=version_or_404(request, pk), by=officer(request), now=clock.now())
    except Refusal as refusal:
        say_refusal(request, refusal)
        return redirect("questionbank:item", pk)
    return redirect("questionbank:edit", fresh.pk)


@gate("writer", "approver")
@require_POST
def retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw one's own draft, or (approver) take a version out of the pool."""
    version = version_or_404(request, pk)
    try:
        actions.retire_version(
            version=version, reason=request.POST.get("reason", ""), by=officer(request), now=clock.now()
        )
    except Refusal as refusal:
        say_refusal(request, refusal)
        return redirect("questionbank:item", pk)
    say_done(request, _("Soal %(code)s ditarik.") % {"code": version.item.code})
    return redirect("questionbank:items")


@gate("approver")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The selected versions as a QTI 3.0 package; the trail keeps who took which."""
    user = officer(request)
    chosen = [UUID(text) for text in request.POST.getlist("pilih") if _is_uuid(text)]
    versions = list(queries.versions_visible_to(user).filter(pk__in=chosen).order_by("item__code"))
    if not versions:
        say_refusal(request, Refusal("none_chosen", _("Pilih paling sedikit satu soal untuk diekspor.")))
        return redirect("questionbank:items")
    package = qti_out.write_package([(version, content.open_version(version)) for version in versions])
    actions.note_export(versions=versions, by=user, now=clock.now())
    answer = HttpResponse(package, content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="soal-qti3.zip"'
    return answer


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
