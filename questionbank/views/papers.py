"""Papers: drawn by one custodian, sealed by another, withdrawn with a reason."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.access import gate
from core.errors import Refusal
from core.forms import paginate
from questionbank import actions, queries
from questionbank.forms import DrawForm, ReasonForm
from questionbank.models import Paper
from questionbank.views.common import officer, say_done, say_refusal


def _paper(request: HttpRequest, pk: UUID) -> Paper:
    rows = queries.papers_visible_to(officer(request))
    paper = rows.select_related("blueprint", "drawn_by", "sealed_by").filter(pk=pk).first()
    if paper is None:
        raise Http404
    return paper


@gate("custodian")
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """All papers, and the form to draw a new one."""
    user = officer(request)
    form = DrawForm(request.POST or None)
    if form.is_valid():
        try:
            paper = actions.draw_paper(
                blueprint=form.cleaned_data["blueprint"], code=form.cleaned_data["code"], by=user, now=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            say_done(request, _("Naskah %(code)s tersusun. Penjaga naskah lain menyegelnya.") % {"code": paper.code})
            return redirect("questionbank:paper", paper.pk)
    page = paginate(request, queries.papers_visible_to(user).order_by("-drawn_at"))
    return render(request, "questionbank/papers.html", {"form": form, "page": page})


@gate("custodian")
@require_safe
def paper(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One paper: what it covers, its prints, and the next step."""
    found = _paper(request, pk)
    user = officer(request)
    context = {
        "paper": found, "topics": queries.topics_of_paper(found), "reason": ReasonForm(),
        "may_seal": found.state == Paper.State.DRAWN and found.drawn_by_id != user.pk,
        "drew_it": found.state == Paper.State.DRAWN and found.drawn_by_id == user.pk,
        "holds": found.state != Paper.State.DRAWN and found.seal_holds(),
    }  # fmt: skip
    return render(request, "questionbank/paper.html", context)


@gate("custodian")
@require_POST
def seal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Seal what another custodian drew."""
    try:
        sealed = actions.seal_paper(paper=_paper(request, pk), by=officer(request), now=clock.now())
    except Refusal as refusal:
        say_refusal(request, refusal)
    else:
        say_done(request, _("Naskah %(code)s tersegel dan siap dipakai.") % {"code": sealed.code})
    return redirect("questionbank:paper", pk)


@gate("custodian")
@require_POST
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a paper out of use, with a reason."""
    try:
        gone = actions.withdraw_paper(
            paper=_paper(request, pk), reason=request.POST.get("reason", ""), by=officer(request), now=clock.now()
        )
    except Refusal as refusal:
        say_refusal(request, refusal)
    else:
        say_done(request, _("Naskah %(code)s ditarik.") % {"code": gone.code})
    return redirect("questionbank:paper", pk)
