"""Forms of the committee's desk: selections, phases, stages, sittings; filters of their lists."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import UiForm
from core.models import Agency, Room, TestCentre
from registration.models import DocumentKind, NeedKind, Phase, RuleSet, Selection, Stage

_AREA = forms.Textarea(attrs={"rows": 4})


def date_field(label: Any, **options: Any) -> forms.DateField:
    """A calendar date of the near future, picked or typed."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"], **options)


def time_field(label: Any, **options: Any) -> forms.TimeField:
    """A time of day, hours and minutes."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, widget=widget, input_formats=["%H:%M", "%H.%M", "%H:%M:%S"], **options)


def in_zone(day: Any, hour: Any, zone: str) -> datetime:
    """The moment that a calendar of ``zone`` shows as ``day`` ``hour``."""
    return datetime.combine(day, hour, tzinfo=ZoneInfo(zone))


class SelectionForm(UiForm):
    """A selection's own page."""

    name = forms.CharField(label=_("Nama seleksi"), max_length=200)
    code = forms.SlugField(
        label=_("Kode"), max_length=40, help_text=_("Huruf, angka, dan tanda hubung; dipakai dalam alamat halaman.")
    )
    year = forms.IntegerField(label=_("Tahun"), min_value=2018, max_value=2100)
    ruleset = forms.ModelChoiceField(RuleSet.objects.none(), label=_("Aturan"), empty_label=None)
    document_kinds = forms.MultipleChoiceField(
        label=_("Dokumen yang diminta"), widget=forms.CheckboxSelectMultiple, help_text=_("Dari setiap pelamar.")
    )
    statement = forms.CharField(label=_("Pernyataan kebenaran data"), widget=_AREA, max_length=5000)
    privacy = forms.CharField(
        label=_("Tujuan pemrosesan data pribadi"), widget=_AREA, max_length=5000, help_text=_("UU 27/2022.")
    )
    is_public = forms.BooleanField(label=_("Tampilkan kepada umum"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ruleset"].queryset = RuleSet.objects.order_by("-code")  # type: ignore[attr-defined]
        kinds = DocumentKind.objects.values_list("code", "name", "name_en")
        self.fields["document_kinds"].choices = [(code, f"{name}") for code, name, _en in kinds]  # type: ignore[attr-defined]


class PhaseForm(UiForm):
    """The dates of a phase, written and shown in WIB."""

    opens_date = date_field(_("Dibuka tanggal"))
    opens_time = time_field(_("Dibuka pukul (WIB)"))
    closes_date = date_field(_("Ditutup tanggal"))
    closes_time = time_field(_("Ditutup pukul (WIB)"), help_text=_("Tepat pada waktu ini fase sudah tertutup."))

    def clean(self) -> dict[str, Any]:
        """Adds ``opens_at`` and ``closes_at`` as aware moments."""
        data = super().clean() or {}
        for edge in ("opens", "closes"):
            if data.get(f"{edge}_date") and data.get(f"{edge}_time"):
                data[f"{edge}_at"] = in_zone(data[f"{edge}_date"], data[f"{edge}_time"], clock.WIB)
        if data.get("opens_at") and data.get("closes_at") and data["closes_at"] <= data["opens_at"]:
            self.add_error("closes_date", _("Penutupan harus sesudah pembukaan. Periksa tanggal dan jamnya."))
        return data

    @staticmethod
    def initial_of(phase: Phase | None) -> dict[str, Any]:
        """What the form shows for a phase that has dates."""
        if phase is None:
            return {}
        zone = ZoneInfo(clock.WIB)
        edges = {"opens": phase.opens_at.astimezone(zone), "closes": phase.closes_at.astimezone(zone)}
        dates = {f"{edge}_date": moment.date() for edge, moment in edges.items()}
        return dates | {f"{edge}_time": moment.time() for edge, moment in edges.items()}


class StageForm(UiForm):
    """A stage of a selection."""

    name = forms.CharField(label=_("Nama tahap"), max_length=100)
    code = forms.CharField(label=_("Kode"), max_length=20, help_text=_("Misalnya SKD, SKB, TI."))
    order = forms.IntegerField(label=_("Urutan"), min_value=1, max_value=50)
    blueprint_code = forms.CharField(label=_("Kode kisi-kisi"), max_length=40)
    minutes = forms.IntegerField(label=_("Waktu (menit)"), min_value=1, max_value=600)
    minutes_visual = forms.IntegerField(label=_("Waktu bagi tunanetra (menit)"), min_value=1, max_value=600)
    max_total = forms.IntegerField(label=_("Nilai tertinggi"), min_value=1, max_value=32000)
    weight = forms.DecimalField(
        label=_("Bobot (persen)"), min_value=0, max_value=100, max_digits=6, decimal_places=3,
        help_text=_("Dalam nilai akhir; 0 bila tidak dihitung."),
    )  # fmt: skip
    positions = forms.CharField(
        label=_("Hanya untuk jabatan"), required=False, widget=_AREA,
        help_text=_("Satu awal nama jabatan per baris, misalnya PRANATA KOMPUTER. Kosong berarti semua jabatan."),
    )  # fmt: skip

    def clean_positions(self) -> list[str]:
        """The lines in upper case, as the catalogue writes positions."""
        lines = [line.strip().upper() for line in self.cleaned_data["positions"].splitlines()]
        if any(len(line) > 200 for line in lines):
            raise ValidationError(_("Satu baris paling panjang 200 karakter."))
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("minutes") or 0) > (data.get("minutes_visual") or 600):
            self.add_error("minutes_visual", _("Waktu peserta tunanetra tidak boleh kurang dari waktu biasa."))
        return data


class SittingForm(UiForm):
    """A sitting; its start is written in the centre's own zone."""

    stage = forms.ModelChoiceField(Stage.objects.none(), label=_("Tahap"), empty_label=None)
    room = forms.ModelChoiceField(Room.objects.none(), label=_("Ruang"), empty_label="—")
    date = date_field(_("Tanggal"))
    time = time_field(_("Mulai pukul"), help_text=_("Waktu setempat di titik lokasi."))
    capacity = forms.IntegerField(
        label=_("Jumlah kursi"), required=False, min_value=1, help_text=_("Kosong berarti seluruh kursi ruang.")
    )
    number = forms.IntegerField(
        label=_("Nomor sesi"), required=False, min_value=1, max_value=999,
        help_text=_("Kosong berarti nomor berikutnya."),
    )  # fmt: skip

    def __init__(self, *args: Any, selection: Selection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].queryset = Stage.objects.filter(selection=selection)  # type: ignore[attr-defined]
        rooms = Room.objects.filter(centre__is_open=True).select_related("centre").order_by("centre__name", "code")
        self.fields["room"].queryset = rooms  # type: ignore[attr-defined]
        self.fields["room"].label_from_instance = _room_label  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Adds ``starts_at`` as an aware moment."""
        data = super().clean() or {}
        if data.get("date") and data.get("time") and data.get("room"):
            data["starts_at"] = in_zone(data["date"], data["time"], data["room"].centre.zone)
        return data


def _room_label(room: Room) -> str:
    zone = clock.zone_name(room.centre.zone, clock.now())
    return f"{room.centre.name} · {room.name} ({room.capacity} {_('kursi')}, {zone})"


class SelectionFilter(forms.Form):
    """Filters of the list of selections."""

    cari = forms.CharField(label=_("Nama atau kode"), required=False)
    tahun = forms.IntegerField(label=_("Tahun"), required=False)


class SittingFilter(forms.Form):
    """Filters of the list of sittings."""

    cari = forms.CharField(label=_("Ruang atau titik lokasi"), required=False)
    tahap = forms.ChoiceField(label=_("Tahap"), required=False)
    lokasi = forms.ModelChoiceField(
        TestCentre.objects.none(), label=_("Titik lokasi"), required=False, empty_label=_("Semua")
    )

    def __init__(self, *args: Any, selection: Selection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = Stage.objects.filter(selection=selection).values_list("code", "name")
        self.fields["tahap"].choices = [("", _("Semua")), *stages]  # type: ignore[attr-defined]
        self.fields["lokasi"].queryset = TestCentre.objects.all()  # type: ignore[attr-defined]


class QueueFilter(forms.Form):
    """Filters of the verification queue; the step stands in the tabs."""

    langkah = forms.CharField(required=False, widget=forms.HiddenInput)
    cari = forms.CharField(label=_("Nama, nomor, atau jabatan"), required=False)
    seleksi = forms.ModelChoiceField(
        Selection.objects.none(), label=_("Seleksi"), required=False, empty_label=_("Semua"), to_field_name="code"
    )
    instansi = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Instansi"), required=False, empty_label=_("Semua")
    )
    kebutuhan = forms.ModelChoiceField(
        NeedKind.objects.none(), label=_("Jenis kebutuhan"), required=False, empty_label=_("Semua")
    )

    def __init__(self, *args: Any, agencies: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seleksi"].queryset = Selection.objects.all()  # type: ignore[attr-defined]
        self.fields["instansi"].queryset = agencies  # type: ignore[attr-defined]
        self.fields["kebutuhan"].queryset = NeedKind.objects.filter(  # type: ignore[attr-defined]
            ruleset__in=Selection.objects.values("ruleset")
        ).distinct()


class VerdictForm(UiForm):
    """The verifier's proposal."""

    verdict = forms.ChoiceField(
        label=_("Putusan"), choices=[("MS", _("Memenuhi syarat (MS)")), ("TMS", _("Tidak memenuhi syarat (TMS)"))],
        widget=forms.RadioSelect, error_messages={"required": _("Pilih MS atau TMS.")},
    )  # fmt: skip
    reasons = forms.MultipleChoiceField(
        label=_("Alasan TMS"), required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Ada alasan yang tidak dikenal. Muat ulang halaman.")},
    )  # fmt: skip
    note = forms.CharField(
        label=_("Catatan"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Untuk supervisor; tidak dilihat pelamar."),
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = [(reason.code, reason.text) for reason in reasons]  # type: ignore[attr-defined]


class ReturnForm(UiForm):
    """Why a proposal goes back."""

    return_note = forms.CharField(
        label=_("Mengapa dikembalikan"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ObjectionDecisionForm(UiForm):
    """The decision on an objection."""

    accepted = forms.TypedChoiceField(
        label=_("Putusan"), widget=forms.RadioSelect, coerce=lambda value: value == "ya",
        choices=[("ya", _("Sanggah diterima: pelamar memenuhi syarat")), ("tidak", _("Sanggah ditolak"))],
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Jawaban kepada pelamar"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )


class ObjectionForm(UiForm):
    """The applicant's objection: a text for every reason."""

    def __init__(self, *args: Any, reasons: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, text in reasons:
            self.fields[code] = forms.CharField(
                label=text, min_length=10, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
                help_text=_("Jelaskan dengan 10 sampai 2.000 karakter; berkas baru tidak dapat ditambahkan."),
            )  # fmt: skip
            self.fields[code].error_messages["required"] = _("Isilah bagian ini.")
