"""Preparing sittings before the day: which are ready, which papers they get, and the report of the check."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cat_exam import actions
from cat_exam.hallclock import hall_now
from cat_exam.models import Attempt, Exam
from cat_exam.queries.forms_in_use import usable_papers
from core.access import gate
from core.errors import Refusal
from core.forms import UiForm, paginate
from core.models import User
from questionbank.models import Paper
from registration.models import Sitting
from registration.queries import sittings_for

GATES = ("committee", "coordinator")


class PapersForm(UiForm):
    """Which sealed forms a sitting uses; candidates are spread over them evenly."""

    papers = forms.ModelMultipleChoiceField(
        Paper.objects.none(), label=gettext_lazy("Naskah tersegel"), widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Bila lebih dari satu, peserta dibagi rata."),
    )  # fmt: skip

    def __init__(self, *args: object, sitting: Sitting, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["papers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = usable_papers(sitting)
        field.initial = list(field.queryset)


class BoardForm(UiForm):
    """Whether who waits outside sees running points, the final ones, or nothing."""

    board = forms.ChoiceField(
        choices=Exam.Board.choices, label=gettext_lazy("Papan skor"), widget=forms.RadioSelect,
        help_text=gettext_lazy("Papan menampilkan nomor peserta, nama yang disamarkan, dan nilai tiap bagian."),
    )  # fmt: skip


def _sittings(user: User) -> QuerySet[Sitting]:
    """Sittings with their counts: seats, cards in force, attempts made."""
    attempts = Attempt.objects.filter(exam__sitting=OuterRef("pk")).order_by().values("exam__sitting")
    cards = Q(seats__cards__isnull=False, seats__cards__replaced_by__isnull=True)
    return (
        sittings_for(user)
        .select_related("exam")
        .annotate(
            held=Count("seats", distinct=True),
            carded=Count("seats", filter=cards, distinct=True),
            made=Subquery(attempts.annotate(n=Count("pk")).values("n")),
        )
        .order_by(F("exam__closed_at").desc(nulls_first=True), "starts_at")
    )


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_GET
@gate(*GATES)
def sittings(request: HttpRequest) -> HttpResponse:
    """Every sitting I may see and how far its preparation is."""
    return render(request, "cat_exam/preparing.html", {"page": paginate(request, _sittings(_person(request)))})


@require_http_methods(["GET", "POST"])
@gate(*GATES)
def prepare(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose papers, prepare, read the report; again as often as needed until the doors open."""
    sitting = get_object_or_404(_sittings(_person(request)), reference=reference)
    form, report = PapersForm(request.POST or None, sitting=sitting), None
    if request.method == "POST" and form.is_valid():
        papers = list(form.cleaned_data["papers"])
        try:
            report = actions.prepare_exam(sitting=sitting, papers=papers, by=_person(request), now=hall_now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if report.ready:
                words = _("Sesi siap: %(seats)s kursi, %(bundles)s naskah dapat dibuka.")
                messages.success(request, words % {"seats": report.seats, "bundles": report.bundles})
                return redirect("cat_exam:preparing")
    exam = Exam.objects.filter(sitting=sitting).first()
    context = {
        "sitting": sitting, "form": form, "report": report, "zone": sitting.room.centre.zone,
        "board_form": BoardForm(initial={"board": exam.board}) if exam else None,
        "board_url": f"{settings.BOARD_ORIGIN}/papan/{exam.reference}/" if exam and exam.board != "off" else "",
    }  # fmt: skip
    return render(request, "cat_exam/prepare.html", context, status=422 if form.errors else 200)


@require_POST
@gate(*GATES)
def board(request: HttpRequest, reference: str) -> HttpResponse:
    """Set what the sitting's live board shows; at any time, because it changes no exam."""
    sitting = get_object_or_404(_sittings(_person(request)), reference=reference, exam__isnull=False)
    form = BoardForm(request.POST)
    if form.is_valid():
        choice = form.cleaned_data["board"]
        actions.set_board(exam=sitting.exam, board=choice, by=_person(request), now=hall_now())
        messages.success(request, _("Papan skor: %(choice)s.") % {"choice": Exam.Board(choice).label})
    else:
        messages.error(request, _("Pilih salah satu cara menampilkan papan skor."))
    return redirect("cat_exam:prepare", reference=reference)
