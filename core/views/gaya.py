"""The style page: every component with its markup, so that screens look alike and tests can look at them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.access import gate
from core.forms import CleanFileField, DayField, NikField, UiForm
from core.steps import Step

SPECIMENS = Path(__file__).parent.parent / "templates" / "core" / "gaya"
NOON = datetime(2026, 11, 21, 1, 5, tzinfo=UTC)


class SampleForm(UiForm):
    """One field of each kind; bound to wrong input to show errors."""

    nik = NikField()
    born = DayField(label=gettext_lazy("Tanggal lahir"), help_text=gettext_lazy("Misalnya 17 Agustus 1998."))
    level = forms.ChoiceField(
        label=gettext_lazy("Jenjang pendidikan"), widget=forms.RadioSelect,
        choices=[("sma", gettext_lazy("SMA")), ("d3", gettext_lazy("Diploma III")), ("s1", gettext_lazy("Sarjana"))],
    )  # fmt: skip
    city = forms.CharField(label=gettext_lazy("Kota"), required=False)
    diploma = CleanFileField(label=gettext_lazy("Ijazah"), limit=1_000_000)
    agree = forms.BooleanField(label=gettext_lazy("Saya menyatakan data ini benar."))


@dataclass(frozen=True)
class SampleSeat:
    """A seat of the sample map."""

    number: str
    word: str
    tone: str
    name: str = ""
    detail: str = ""
    url: str = ""


def _seats() -> list[SampleSeat]:
    return [
        SampleSeat("B-01", _("mengerjakan"), "now", "Siti A.", "01:12:09", "#peta-kursi"),
        SampleSeat("B-02", _("terputus"), "warn", "Budi S.", _("41 detik"), "#peta-kursi"),
        SampleSeat("B-03", _("selesai"), "ok", "Ketut W."),
        SampleSeat("B-04", _("didiskualifikasi"), "stop", "Yonas K."),
        SampleSeat("B-05", _("menunggu mulai"), "info", "Rina P."),
        SampleSeat("B-06", _("kosong"), "muted"),
    ]


def _road() -> list[Step]:
    return [
        Step("akun", _("Buat akun"), "done", _("Selesai 3 November 2026.")),
        Step(
            "lamar",
            _("Pilih formasi dan lamar"),
            "now",
            _("Paling lambat 28 November 2026, 23.59 WIB."),
            "#langkah",
            _("Lanjutkan lamaran"),
        ),
        Step("periksa", _("Pemeriksaan berkas"), "later", _("Hasil diumumkan 5 Desember 2026.")),
    ]


def _entries() -> list[dict[str, object]]:
    return [
        {
            "at": NOON,
            "who": "Dewi Lestari",
            "what": _("Berkas diperiksa"),
            "detail": _("Memenuhi syarat."),
            "tone": "ok",
        },
        {
            "at": NOON + timedelta(hours=3),
            "who": "Rudi Hartono",
            "what": _("Dikembalikan"),
            "detail": _("Transkrip tidak terbaca."),
            "tone": "warn",
        },
    ]


@gate("public")
@require_safe
def gaya(request: HttpRequest) -> HttpResponse:
    """Draw every specimen and show the markup that made it."""
    wrong = SampleForm({"nik": "12345", "born_0": "31", "born_1": "2", "born_2": "1998", "city": "Kupang"})
    rows = [
        ("10.001", _("Pranata Komputer"), 12),
        ("10.002", _("Analis Kebijakan"), 3),
        ("10.003", _("Arsiparis"), 1),
    ]
    context = {
        "form": SampleForm(initial={"born": date(1998, 8, 17), "level": "s1"}), "wrong": wrong, "noon": NOON,
        "steps": _road(), "seats": _seats(), "entries": _entries(), "rows": rows,
        "page": Paginator(range(1, 3601), 50).get_page(request.GET.get("hal", "3")),
        "tabs": [
            (_("Menunggu"), "#tab", True, 12), (_("Selesai"), "#tab", False, 1204), (_("Semua"), "#tab", False, None),
        ],
        "bars": [(_("Senin"), 1204), (_("Selasa"), 3310), (_("Rabu"), 870)],
        "facts": [(_("Jabatan"), "Pranata Komputer Ahli Pertama"), (_("Titik lokasi"), "Kantor BKN Manokwari")],
        "signers": [(_("Ketua Panitia"), "Sri Wahyuni", "NIP 19780412 200312 2 001"), (_("Saksi"), "Agus Salim", "")],
        "bulk": [("setuju", _("Setujui"), "primary"), ("tolak", _("Tolak"), "stop")], "range8": range(6),
    }  # fmt: skip
    names = [path.stem for path in sorted(SPECIMENS.glob("*.html"))]
    specimens = [
        {"name": name.split("_", 1)[1].replace("_", " "), "key": name,
         "drawn": render_to_string(f"core/gaya/{name}.html", context, request),
         "markup": (SPECIMENS / f"{name}.html").read_text().split("%}\n", 1)[1].strip()}
        for name in names
    ]  # fmt: skip
    return render(request, "core/gaya.html", {"specimens": specimens})
