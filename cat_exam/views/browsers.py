"""Safe Exam Browser before the day: the keys a selection allows, and whether a sitting demands it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import BrowserKey, Exam
from cat_exam.queries.browsers import keys_of
from core import access
from core.access import gate
from core.errors import Refusal
from core.forms import UiForm
from core.models import User
from registration.models import Sitting
from registration.queries import sittings_for

GATES = ("committee", "coordinator")


class KeyForm(UiForm):
    """A key as the configuration tool of Safe Exam Browser shows it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis kunci"), choices=BrowserKey.Kind.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Config Key sama di semua versi dan sistem;"
            " Browser Exam Key berlaku untuk satu versi saja, jadi boleh lebih dari satu."
        ),
    )  # fmt: skip
    key = forms.CharField(
        label=gettext_lazy("Kunci"), max_length=200,
        help_text=gettext_lazy("64 angka heksadesimal dari alat konfigurasi, menu Exam."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    label = forms.CharField(
        label=gettext_lazy("Nama berkas atau versi"),
        max_length=100,
        help_text=gettext_lazy("Misalnya: SEB 3.9 Windows."),
    )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _sitting(request: HttpRequest, reference: str) -> Sitting:
    rows = sittings_for(_person(request)).select_related("exam", "stage__selection", "room__centre")
    return get_object_or_404(rows, reference=reference)


def _may_change_keys(user: User) -> bool:
    return access.sees_everything(access.grants_of(user, "committee"))


@require_http_methods(["GET", "POST"])
@gate(*GATES)
def browser(request: HttpRequest, reference: str) -> HttpResponse:
    """Keys in force, a form for one more (national committee), and the demand of this sitting."""
    sitting = _sitting(request, reference)
    may = _may_change_keys(_person(request))
    form, status = KeyForm(request.POST or None) if may else None, 200
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _added(request, sitting, form):
            return redirect("cat_exam:browser", reference=reference)
        status = 422
    exam = getattr(sitting, "exam", None)
    context = {
        "sitting": sitting, "exam": exam, "form": form, "keys": keys_of(sitting.stage.selection),
        "zone": sitting.room.centre.zone, "may_demand": exam is not None and exam.state in {"prepared", "open"},
    }  # fmt: skip
    return render(request, "cat_exam/browser.html", context, status=status)


def _added(request: HttpRequest, sitting: Sitting, form: KeyForm) -> bool:
    try:
        actions.add_browser_key(
            selection=sitting.stage.selection, **form.cleaned_data, by=_person(request), now=hall_now()
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, _("Kunci ditambahkan."))
    return True


@require_POST
@gate(*GATES)
def demand(request: HttpRequest, reference: str) -> HttpResponse:
    """Demand the locked browser in this sitting, or no longer."""
    exam = get_object_or_404(Exam.objects.select_related("sitting__stage"), sitting=_sitting(request, reference))
    wanted = request.POST.get("act") == "demand"
    try:
        actions.demand_browser(exam=exam, demanded=wanted, by=_person(request), now=hall_now())
    except Refusal as refusal:
        messages.error(request, str(refusal.text))
    else:
        on, off = _("Sesi ini mewajibkan Safe Exam Browser."), _("Sesi ini tidak lagi mewajibkan Safe Exam Browser.")
        messages.success(request, on if wanted else off)
    return redirect("cat_exam:browser", reference=reference)


@require_POST
@gate(*GATES)
def retire(request: HttpRequest, reference: str, key: UUID) -> HttpResponse:
    """Allow a key no longer (national committee)."""
    sitting = _sitting(request, reference)
    if not _may_change_keys(_person(request)):
        raise Http404
    row = get_object_or_404(keys_of(sitting.stage.selection), pk=key)
    try:
        actions.retire_browser_key(key=row, by=_person(request), now=hall_now())
    except Refusal as refusal:
        messages.error(request, str(refusal.text))
    else:
        messages.success(request, _("Kunci dicabut."))
    return redirect("cat_exam:browser", reference=reference)
