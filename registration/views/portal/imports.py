"""The committee hands a catalogue of formations over to be checked and taken into a selection."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core import clock
from core.access import gate, need_whole_country
from core.errors import Refusal
from core.models import User
from registration import queries
from registration.actions import ask_work
from registration.forms.portal import CatalogueForm
from registration.models import Selection, Work


@gate("committee", "chair")
@require_http_methods(["GET", "HEAD", "POST"])
def import_catalogue(request: HttpRequest) -> HttpResponse:
    """Choose the selection and the file; the answer is the page of that work."""
    need_whole_country(request, "committee", "chair")
    selections = list(Selection.objects.all())
    code = request.POST.get("seleksi") or request.GET.get("seleksi") or (selections[0].code if selections else "")
    selection = get_object_or_404(Selection, code=code) if code else None
    form = CatalogueForm(*((request.POST, request.FILES) if request.method == "POST" else (None,)))
    if request.method == "POST" and selection and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            work = ask_work(
                kind=Work.Kind.CATALOGUE, selection=selection, content=file.read(), file_name=file.name,
                check_only="periksa" in request.POST, by=cast("User", request.user), now=clock.now(),
            )  # fmt: skip
            return redirect("registration:desk_work", work.pk)
        except Refusal as refusal:
            form.refuse(refusal)
    context: dict[str, object] = {"form": form, "selection": selection, "selections": selections}
    if selection:
        context |= {
            "totals": queries.catalogue_totals(selection),
            "open_work": queries.open_work(selection, clock.now()),
            "works": queries.works(selection, [Work.Kind.CATALOGUE])[:5],
        }
    return render(request, "registration/portal/import.html", context, status=422 if form.errors else 200)
