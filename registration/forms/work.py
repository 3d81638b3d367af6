"""The filter over the faults of a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import UiForm

#: Codes of :mod:`registration.rules.catalogue` in a few words.
FAULTS = {
    "column_missing": _("kolom tidak ada"),
    "column_unknown": _("kolom tidak dikenal"),
    "column_twice": _("kolom ganda"),
    "empty": _("sel kosong"),
    "too_long": _("terlalu panjang"),
    "no_number": _("bukan bilangan bulat"),
    "no_uuid": _("bukan nomor formasi"),
    "need_unknown": _("jenis kebutuhan tidak dikenal"),
    "posts_range": _("jumlah di luar batas"),
    "zero_or_one": _("bukan 0 atau 1"),
    "salary_order": _("urutan gaji terbalik"),
    "rows_disagree": _("baris satu formasi berbeda"),
    "programme_twice": _("program studi ganda"),
    "agency_unknown": _("instansi tidak dikenal"),
}


class FaultFilter(UiForm):
    """Which wrong places to show."""

    cari = forms.CharField(label=_("Cari baris atau isi sel"), required=False, max_length=60)
    kolom = forms.ChoiceField(label=_("Kolom"), required=False)
    alasan = forms.ChoiceField(label=_("Jenis kesalahan"), required=False)

    def __init__(self, *args: Any, faults: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("Semua"))
        columns = sorted({line[1] for line in faults})
        codes = sorted({line[2] for line in faults})
        self.fields["kolom"].choices = [everything, *((name, name) for name in columns)]  # type: ignore[attr-defined]
        self.fields["alasan"].choices = [everything, *((code, FAULTS[code]) for code in codes)]  # type: ignore[attr-defined]
