"""Forms of the room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cat_exam.models import Attempt, Exam, Removal
from core import clock
from core.errors import Refusal
from core.forms import CleanFileField, UiForm
from core.models import Station
from proctoring.actions.pictures import MOST_BYTES
from proctoring.models import CheckIn, IdentityOverride, Incident
from proctoring.queries.evidence import evidence_for
from proctoring.queries.stations import free_stations, seats_kept
from proctoring.rules import cards, incidents
from proctoring.words import in_words

#: Values of choices that mean the whole room, and every room of its centre that day.
EVERYBODY, CENTRE = "semua", "tilok"


class CardForm(UiForm):
    """The card number as typed, scanned or read by the camera; cleaned to its sixteen digits."""

    number = forms.CharField(
        label=_("Nomor kartu"),
        help_text=_("Pindai kode QR pada kartu, atau ketik 16 angkanya, misalnya 1234 5678 9012 3456."),
        max_length=200,
    )
    scanned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget.attrs |= {
            "inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "data-card": "", "data-focus": "",
        }  # fmt: skip

    def clean_number(self) -> str:
        self.typed = self.cleaned_data["number"]
        try:
            return cards.read_card(self.typed)
        except Refusal as refusal:
            raise ValidationError(in_words(refusal).text, code=refusal.code) from None

    @property
    def method(self) -> str:
        """How the number came here: read from the QR code, or typed."""
        read = self.cleaned_data.get("scanned") or cards.came_from_scanner(self.typed)
        return CheckIn.Method.QR if read else CheckIn.Method.NUMBER


class CheckInForm(UiForm):
    """What was shown at the door; the decision is the button."""

    identity_document = forms.ChoiceField(
        label=_("Dokumen identitas asli yang ditunjukkan"),
        choices=CheckIn.Identity.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Catatan"), required=False, max_length=500)
    method = forms.ChoiceField(choices=CheckIn.Method.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = _("Pilih dokumen asli yang ditunjukkan peserta.")
        self.fields["identity_document"].error_messages["required"] = words


class PictureForm(UiForm):
    """A picture of who stands at the door; a tablet opens its own camera for this field."""

    file = CleanFileField(
        label=_("Gambar orang di depan Anda"), limit=MOST_BYTES, accept="image/jpeg",
        widget=forms.FileInput(attrs={"capture": "user"}),
    )  # fmt: skip


class OverrideForm(UiForm):
    """What is at fault, and why the candidate should sit all the same."""

    fault = forms.ChoiceField(
        label=_("Yang tidak cocok"), choices=IdentityOverride.Fault.choices, widget=forms.RadioSelect
    )
    identity_document = forms.ChoiceField(
        label=_("Dokumen identitas asli yang ditunjukkan"),
        help_text=_("Tanpa dokumen asli apa pun peserta tidak dapat dihadirkan."),
        choices=CheckIn.Identity.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Tulis apa yang berbeda dan mengapa Anda yakin dialah orangnya. Petugas kedua membacanya."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    method = forms.ChoiceField(choices=CheckIn.Method.choices, widget=forms.HiddenInput)


class OverrideDecisionForm(UiForm):
    """Words of who decides; the decision is the button."""

    note = forms.CharField(label=_("Catatan"), required=False, max_length=500)


class ReasonForm(UiForm):
    """Why the room's clock stops or runs again."""

    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Satu kalimat untuk berita acara."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class IncidentForm(UiForm):
    """Something that happened, in plain words."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=Incident.Kind.choices, widget=forms.RadioSelect)
    seat = forms.ChoiceField(label=_("Kursi"))
    text = forms.CharField(
        label=_("Apa yang terjadi"),
        help_text=_("Tulis apa yang terlihat dan apa yang sudah dilakukan. Catatan tidak dapat diubah."),
        max_length=incidents.TEXT_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, exam: Exam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seat_choices(exam, _("Seluruh ruang"))  # type: ignore[attr-defined]


class MessageForm(UiForm):
    """A message to one candidate or to everybody."""

    seat = forms.ChoiceField(label=_("Kepada"))
    text = forms.CharField(
        label=_("Pesan"), help_text=_("Muncul di layar peserta dan tetap dapat dibaca ulang."), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, exam: Exam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seat_choices(exam, _("Semua peserta di ruang ini"))  # type: ignore[attr-defined]


class TimeForm(UiForm):
    """A request for more time."""

    seat = forms.ChoiceField(label=_("Untuk"))
    minutes = forms.IntegerField(
        label=_("Tambahan (menit)"), min_value=1, max_value=incidents.CREDIT_MINUTES.stop - 1
    )
    reason = forms.CharField(
        label=_("Alasan"), help_text=_("Misalnya: layar mati pukul 09.12 sampai 09.20."), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, exam: Exam, whole_centre: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seats = seat_choices(exam, _("Seluruh ruang"))
        if whole_centre:
            seats.insert(1, (CENTRE, _("Seluruh titik lokasi (semua ruang pada hari ini)")))
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]


class RemovalForm(UiForm):
    """Why somebody is taken out of the count, and what that rests on."""

    to = forms.ChoiceField(label=_("Usulan"), choices=Removal.To.choices, widget=forms.RadioSelect)
    evidence = forms.MultipleChoiceField(
        label=_("Bukti"),
        help_text=_("Pilih catatan yang mendasari usulan ini. Yang belum tercatat, catat dahulu sebagai kejadian."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Tulis apa yang terjadi dan aturan mana yang dilanggar. Koordinator membacanya."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, attempt: Attempt, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["evidence"].choices = [  # type: ignore[attr-defined]
            (one.key, f"{one.kind} · {clock.write_time(one.at, zone)} · {one.text}") for one in evidence_for(attempt)
        ]


class MoveForm(UiForm):
    """Which free PC, and why; PCs whose own candidates are still to come stand last and say so."""

    station = forms.ChoiceField(label=_("Komputer tujuan"))
    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Misalnya: layar mati pukul 09.12, tidak menyala lagi."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, exam: Exam, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = seats_kept(exam)
        self.stations = {str(row.pk): row for row in free_stations(exam)}
        rows = sorted(self.stations.values(), key=lambda row: (row.label in kept, row.label))
        self.fields["station"].choices = [  # type: ignore[attr-defined]
            ("", _("Pilih komputer")),
            *((str(row.pk), self._word(row, kept)) for row in rows),
        ]

    @staticmethod
    def _word(row: Station, kept: set[str]) -> str:
        return _("%(label)s (pesertanya belum duduk)") % {"label": row.label} if row.label in kept else row.label


def seat_choices(exam: Exam, everybody: Any) -> list[tuple[str, Any]]:
    """Every seat by reference, and the whole room first."""
    rows = (
        Attempt.objects.filter(exam=exam)
        .order_by("seat__label")
        .values_list("reference", "seat__label", "display_name")
    )
    return [(EVERYBODY, everybody), *((reference, f"{label} · {name}") for reference, label, name in rows)]
