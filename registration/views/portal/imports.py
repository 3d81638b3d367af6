"""The committee takes a catalogue of formations into a selection."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core import clock
from core.access import gate
from core.errors import Refusal
from core.forms import paginate
from core.models import User
from registration import actions, queries
from registration.exchange import catalogue as exchange
from registration.forms.portal import CatalogueForm
from registration.models import Selection


@gate("committee", "chair")
@require_http_methods(["GET", "HEAD", "POST"])
def import_catalogue(request: HttpRequest) -> HttpResponse:
    """Choose the selection and the file; see what changed, or every wrong row."""
    selections = list(Selection.objects.all())
    code = request.POST.get("seleksi") or request.GET.get("seleksi") or (selections[0].code if selections else "")
    selection = get_object_or_404(Selection, code=code) if code else None
    form = CatalogueForm(*((request.POST, request.FILES) if request.method == "POST" else (None,)))
    context: dict[str, object] = {"form": form, "selection": selection, "selections": selections}
    if request.method == "POST" and selection and form.is_valid():
        try:
            found = exchange.read_catalogue(form.cleaned_data["file"].read(), selection)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if found.faults:
                return _list_faults(request, found, context)
            if request.POST.get("unduh"):
                messages.success(request, _("Tidak ada kesalahan pada berkas ini. Belum ada yang ditulis."))
                return redirect(f"{request.path}?seleksi={selection.code}")
            context["report"] = actions.import_catalogue(
                selection=selection, formations=found.formations, places=found.places,
                by=cast("User", request.user), now=clock.now(),
            )  # fmt: skip
            context["rows"] = found.rows
    if selection:
        context["totals"] = queries.catalogue_totals(selection)
    return render(request, "registration/portal/import.html", context, status=422 if form.errors else 200)


def _list_faults(request: HttpRequest, found: exchange.Catalogue, context: dict[str, object]) -> HttpResponse:
    if request.POST.get("unduh"):
        answer = HttpResponse(exchange.write_faults(found.faults), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="kesalahan-katalog.csv"'
        return answer
    page = paginate(request, [(fault, exchange.reason(fault)) for fault in found.faults], exchange.MOST_FAULTS)
    context |= {"page": page, "faults": len(found.faults)}
    return render(request, "registration/portal/import.html", context, status=422)
