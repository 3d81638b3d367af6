"""The public search of formations."""

from typing import cast
from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core import clock
from core.access import gate
from core.forms import paginate
from core.models import User
from registration import queries
from registration.forms.portal import ChooseForm, FilterForm
from registration.models import Application, Formation, Selection
from registration.views.portal.words import notice_lines

PER_PAGE = 20
_CHOICES_SECONDS = 60


def _selection(request: HttpRequest, code: str = "") -> Selection | None:
    public = queries.selections_public(clock.now())
    asked = code or request.GET.get("seleksi", "")
    if asked:
        return get_object_or_404(public, code=asked)
    if isinstance(request.user, User) and (mine := queries.application_of(request.user)):
        return mine.selection
    return queries.selections_open(clock.now()).first() or public.first()


def _choices(selection: Selection) -> queries.Choices:
    key = f"formation-choices:{selection.pk}"
    found = cache.get(key)
    if found is None:
        found = queries.choices(selection)
        cache.set(key, found, _CHOICES_SECONDS)
    return cast("queries.Choices", found)


@gate("public")
@require_safe
def formations(request: HttpRequest) -> HttpResponse:
    """The list, with words and own diploma first."""
    selection = _selection(request)
    if selection is None:
        return render(request, "registration/portal/formations_none.html")
    form = FilterForm(request.GET or None, choices=_choices(selection))
    wanted = form.wanted if form.is_bound else queries.Wanted()
    page = paginate(request, queries.formations(selection, wanted), PER_PAGE)
    return render(
        request, "registration/portal/formations.html",
        {"selection": selection, "form": form, "page": page, "lines": queries.lines(page.object_list),
         "first": [form[name] for name in form.FIRST],
         "folded": [form[name] for name in form.fields if name not in form.FIRST],
         "folded_in_use": form.folded_in_use if form.is_bound else 0, "filtered": wanted != queries.Wanted()},
    )  # fmt: skip


@gate("public")
@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Suggestions for the programme of one's own diploma, as options."""
    selection = _selection(request)
    text, level = request.GET.get("prodi", ""), request.GET.get("jenjang", "")
    found = queries.programmes_like(selection, level, text) if selection and len(text) >= 2 else []
    return render(request, "registration/portal/programmes.html", {"programmes": found})


@gate("public")
@require_safe
def formation(request: HttpRequest, code: str, key: UUID) -> HttpResponse:
    """One formation: what it is, whom it takes, how many apply; the applicant's next step."""
    selection = _selection(request, code)
    row = get_object_or_404(
        Formation.objects.select_related("agency", "need", "region"), selection=selection, external_id=key
    )
    assert selection is not None
    mine = queries.application_of(request.user, selection) if isinstance(request.user, User) else None
    now = clock.now()
    educations = row.educations.order_by("level", "programme")
    draft = mine is not None and mine.state == Application.State.DRAFT
    open_now = queries.phase_is_open(selection, "registration", now)
    notices = notice_lines(queries.notices_for(mine.applicant, row, now, mine.disability)) if mine else []
    chosen = mine.education_id if mine and mine.formation_id == row.pk else None
    return render(
        request, "registration/portal/formation.html",
        {"selection": selection, "formation": row, "line": queries.lines([row])[0], "educations": educations,
         "mine": mine, "draft": draft, "open_now": open_now, "notices": notices,
         "form": ChooseForm(programmes=educations, initial={"education": chosen}) if draft and open_now else None},
    )  # fmt: skip
