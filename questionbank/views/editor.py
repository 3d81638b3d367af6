"""The item editor and its live preview."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core import clock
from core.access import gate
from core.errors import Refusal
from questionbank import actions, content, queries, words
from questionbank.exchange import sheets
from questionbank.forms import DraftForm, initial_of, refuse
from questionbank.models import ItemVersion
from questionbank.views.common import officer, say_done, say_refusal, version_or_404


@gate("writer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write a new item."""
    form = DraftForm(request.POST or None, request.FILES or None, sections=list(queries.sections()))
    if form.is_valid():
        try:
            draft = form.as_draft(_figures(form, {}))
            version = actions.create_item(draft=draft, by=officer(request), now=clock.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _saved(request, version)
    return render(request, "questionbank/edit.html", {"form": form, "version": None, "figures": {}})


@gate("writer")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change one's own draft."""
    version = version_or_404(request, pk)
    user = officer(request)
    if queries.waits_for(user, version) != "write":
        say_refusal(request, Refusal("not_draft", _("Versi ini bukan draf Anda, jadi tidak dapat diubah.")))
        return redirect("questionbank:item", pk)
    body = content.open_version(version)
    initial = initial_of(content.to_draft(version, body), version.item.topic_id)
    form = DraftForm(
        request.POST or None, request.FILES or None, sections=list(queries.sections()), version=version,
        initial=initial,
    )  # fmt: skip
    if form.is_valid():
        try:
            draft = form.as_draft(_figures(form, body["figures"]))
            version = actions.save_draft(version=version, draft=draft, by=user, now=clock.now())
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return _saved(request, version)
    context = {"form": form, "version": version, "figures": body["figures"]}
    return render(request, "questionbank/edit.html", context)


def _figures(form: DraftForm, known: dict[str, str]) -> dict[str, str]:
    file = form.cleaned_data.get("gambar")
    try:
        return known | (sheets.read_figures([(file.name, file.read())]) if file else {})
    except Refusal as refusal:
        raise Refusal(refusal.code, str(refusal), field="gambar") from None


def _saved(request: HttpRequest, version: ItemVersion) -> HttpResponse:
    if request.POST.get("tindakan") == "ajukan":
        actions.submit_for_review(version=version, by=officer(request), now=clock.now())
        say_done(request, _("Soal %(code)s tersimpan dan diajukan untuk ditelaah.") % {"code": version.item.code})
    else:
        say_done(request, _("Draf soal %(code)s tersimpan.") % {"code": version.item.code})
    return redirect("questionbank:item", version.pk)


@gate("writer")
@never_cache
@require_POST
def preview(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """The item in the form as a candidate will see it, and what is still wrong; nothing is stored."""
    version = version_or_404(request, pk) if pk else None
    known: dict[str, str] = {}
    initial = {}
    if version and queries.waits_for(officer(request), version) == "write":
        body = content.open_version(version)
        known, initial = body["figures"], initial_of(content.to_draft(version, body), version.item.topic_id)
    sections = list(queries.sections())
    form = DraftForm(request.POST, request.FILES or None, sections=sections, version=version, initial=initial)
    form.is_valid()
    try:
        draft = form.as_draft(_figures(form, known))
    except Refusal as refusal:
        return render(request, "questionbank/preview.html", {"lines": [str(refusal)], "body": {}})
    scoring = {section.code: section.scoring for section in sections}.get(draft.section, "keyed")
    shown, problems = content.compose(draft, scoring)
    best = max((points for points in draft.points if points is not None), default=None)
    context = {"body": shown, "best": best, "lines": [words.say(problem) for problem in problems]}
    return render(request, "questionbank/preview.html", context)
