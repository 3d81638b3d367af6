"""Alarms of a room: the list and its CSV, one alarm with what to do, the badge; excuses from the locked browser."""

from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cat_exam.hallclock import hall_now
from cat_exam.models import Exam
from cat_exam.queries.browsers import browsers_of, excuses_of, kept_out
from core.access import gate
from core.forms import UiForm, paginate
from proctoring import actions, queries, telling
from proctoring.documents.alarms_csv import write_alarms
from proctoring.forms import EVERYBODY
from proctoring.models import Alarm, Incident
from proctoring.views.base import act, chosen_attempt, draw, exam_or_404, person


class AlarmFilter(forms.Form):
    """What the list shows; every value stays in the address."""

    jenis = forms.ChoiceField(
        label=gettext_lazy("Jenis"), required=False, choices=[("", gettext_lazy("Semua")), *Alarm.Kind.choices]
    )
    keadaan = forms.ChoiceField(
        label=gettext_lazy("Keadaan"), required=False,
        choices=[("", gettext_lazy("Semua")), ("waiting", gettext_lazy("Belum diputus")), *Alarm.State.choices],
    )  # fmt: skip
    cari = forms.CharField(label=gettext_lazy("Kursi, nama, atau nomor"), required=False, max_length=100)


def _in_short(obj: Incident) -> str:
    return f"{obj.get_kind_display()}: {obj.text[:80]}"


class AlarmForm(UiForm):
    """What was seen and done, and where it belongs in the minutes."""

    note = forms.CharField(
        label=gettext_lazy("Yang Anda lihat dan lakukan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Sedikitnya 10 huruf bila ikut dicatat sebagai kejadian."),
    )  # fmt: skip
    incident = forms.ModelChoiceField(
        Incident.objects.none(), label=gettext_lazy("Hubungkan dengan kejadian"), required=False,
        empty_label=gettext_lazy("Tidak dihubungkan"),
    )  # fmt: skip
    report = forms.BooleanField(
        label=gettext_lazy("Catat juga sebagai kejadian perilaku untuk berita acara"), required=False
    )

    def __init__(self, *args: object, exam: Exam, alarm: Alarm, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["incident"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.linkable(exam, alarm)
        field.label_from_instance = _in_short  # type: ignore[method-assign]


class ExcuseForm(UiForm):
    """Who goes on without the locked browser, and why."""

    seat = forms.ChoiceField(label=gettext_lazy("Untuk"))
    reason = forms.CharField(
        label=gettext_lazy("Alasan"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Misalnya: konfigurasi tidak terpasang, peserta diawasi langsung."),
    )  # fmt: skip

    def __init__(self, *args: object, exam: Exam, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["seat"]
        assert isinstance(field, forms.ChoiceField)
        rows = [(row.reference, f"{row.seat.label} · {row.display_name}") for row in kept_out(exam)]
        field.choices = [*rows, (EVERYBODY, gettext_lazy("Seluruh ruang"))]


def _filtered(request: HttpRequest, exam: Exam) -> tuple[AlarmFilter, QuerySet[Alarm]]:
    form = AlarmFilter(request.GET)
    given = form.cleaned_data if form.is_valid() else {}
    rows = queries.chosen(
        queries.alarms_of(exam), exam, kind=given.get("jenis", ""), state=given.get("keadaan", ""),
        words=given.get("cari", ""),
    )  # fmt: skip
    return form, rows


def _row(alarm: Alarm, exam: Exam) -> dict[str, object]:
    here, *others = telling.both(alarm, exam)
    return {
        "alarm": alarm,
        "here": here,
        "others": [telling.seat_of(one, exam) for one in others],
        "told": telling.tell(alarm),
        "shape": telling.SHAPES[alarm.kind],
        "tone": telling.TONES[alarm.state],
    }


@gate(*queries.READING)
@require_safe
def alarms(request: HttpRequest, reference: str) -> HttpResponse:
    """The list, latest first."""
    exam = exam_or_404(request, reference)
    form, rows = _filtered(request, exam)
    page = paginate(request, rows)
    shown = [_row(alarm, exam) for alarm in page]
    export = reverse("proctoring:alarms_csv", args=[reference])
    query = request.GET.urlencode()
    context = {
        "form": form, "page": page, "rows": shown, "counts": queries.alarm_counts(exam),
        "fresh": [row.pk for row in page if row.state == Alarm.State.NEW],
        "csv_url": f"{export}?{query}" if query else export,
    }  # fmt: skip
    return draw(request, "proctoring/alarms.html", exam, context)


@gate(*queries.READING)
@require_safe
def alarms_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """The same list as CSV."""
    exam = exam_or_404(request, reference)
    _form, rows = _filtered(request, exam)
    answer = HttpResponse(write_alarms(rows, exam), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="peringatan-{exam.reference}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@gate(*queries.READING)
@require_safe
def alarm_count(request: HttpRequest, reference: str) -> HttpResponse:
    """How many wait, as a small piece of a page that asks again by itself."""
    exam = exam_or_404(request, reference)
    answer = render(
        request, "proctoring/alarm_count.html", {"exam": exam, "alarm_counts": queries.alarm_counts(exam)}
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@gate(*queries.ACTING)
@require_POST
def see(request: HttpRequest, reference: str) -> HttpResponse:
    """Somebody looked at the new ones of this page."""
    exam = exam_or_404(request, reference)
    try:
        chosen = [UUID(pk) for pk in request.POST.getlist("pilih")]
    except ValueError:
        raise Http404 from None
    act(
        request, lambda: actions.see_alarms(exam=exam, alarms=chosen, by=person(request), now=hall_now()),
        _("Peringatan ditandai sudah dilihat."),
    )  # fmt: skip
    return redirect("proctoring:alarms", reference=reference)


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def alarm(request: HttpRequest, reference: str, alarm_id: UUID) -> HttpResponse:
    """One alarm: what was seen, what to do, and the decision of a person."""
    exam = exam_or_404(request, reference)
    row = queries.alarm_of(exam, alarm_id)
    if row is None:
        raise Http404
    form = AlarmForm(request.POST or None, exam=exam, alarm=row)
    if request.method == "POST" and form.is_valid() and _decided(request, exam, row, form):
        return redirect("proctoring:alarms", reference=reference)
    context = _row(row, exam) | {"form": form, "advice": telling.ADVICE[row.kind]}
    return draw(request, "proctoring/alarm.html", exam, context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, exam: Exam, row: Alarm, form: AlarmForm) -> bool:
    given, by, now = form.cleaned_data, person(request), hall_now()

    def dismiss() -> object:
        return actions.dismiss_alarm(exam=exam, alarm=row, note=given["note"], by=by, now=now)

    def follow() -> object:
        return actions.follow_alarm(
            exam=exam, alarm=row, note=given["note"], incident=given["incident"], report=given["report"], by=by,
            now=now,
        )  # fmt: skip

    if request.POST.get("act") == "dismiss":
        return act(request, dismiss, _("Peringatan diabaikan dengan catatan."), form)
    return act(request, follow, _("Tindak lanjut tercatat."), form)


@gate(*queries.READING)
@require_http_methods(["GET", "POST"])
def browsers(request: HttpRequest, reference: str) -> HttpResponse:
    """Browsers seen in this room; who was kept out, and who may go on all the same."""
    exam = exam_or_404(request, reference)
    form = ExcuseForm(request.POST or None, exam=exam)
    if request.method == "POST" and form.is_valid():
        attempt = chosen_attempt(exam, form.cleaned_data["seat"])

        def doing() -> object:
            return actions.excuse_browser(
                exam=exam, attempt=attempt, reason=form.cleaned_data["reason"], by=person(request), now=hall_now()
            )

        if act(request, doing, _("Pengecualian tercatat. Peserta memuat ulang halaman ujian (F5)."), form):
            return redirect("proctoring:browsers", reference=reference)
    context = {
        "form": form, "page": paginate(request, browsers_of(exam)), "excuses": excuses_of(exam),
        "kept_out": list(kept_out(exam)),
    }  # fmt: skip
    return draw(request, "proctoring/browsers.html", exam, context, status=422 if form.errors else 200)
