"""The applicant's own results and the one objection to each."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core import clock
from core.access import gate
from core.errors import Refusal
from core.models import User
from results import actions, queries
from results.announcement_pdf import scores_in_order, words_for
from results.forms import ObjectionForm


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_GET
@gate("applicant")
def mine(request: HttpRequest) -> HttpResponse:
    """All my published results."""
    rows = [
        {
            "line": line,
            "sections": scores_in_order(line),
            "announcement": one,
            "words": words_for(line.code),
            "objection": getattr(line, "objection", None),
        }
        for line, one in queries.lines_of_user(_me(request))
    ]
    return render(request, "results/applicant/mine.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@gate("applicant")
def object_to(request: HttpRequest, line_id: int) -> HttpResponse:
    """Write and send the one objection."""
    mine = {line.pk: line for line, _announcement in queries.lines_of_user(_me(request))}
    if line_id not in mine:  # somebody else's, or not published
        raise Http404
    line = mine[line_id]
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.lodge_objection(line=line, text=form.cleaned_data["text"], by=_me(request), now=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Sanggahan Anda kami terima."))
            return redirect("results:mine")
    return render(request, "results/applicant/objection.html", {"form": form, "line": line})
