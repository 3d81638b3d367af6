"""Form fields and the base form of every screen: dates in three boxes, NIK, files, refusals in their place."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.templatetags.writing import filesize

Rows = TypeVar("Rows", bound=models.QuerySet[Any])
MONTHS = (
    _("Januari"), _("Februari"), _("Maret"), _("April"), _("Mei"), _("Juni"),
    _("Juli"), _("Agustus"), _("September"), _("Oktober"), _("November"), _("Desember"),
)  # fmt: skip


class UiForm(forms.Form):
    """A form of the house: its fields are drawn by ``ui_field``, a refusal shows beside its field."""

    use_required_attribute = False
    default_renderer = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = _("Isilah bagian ini.")

    def refuse(self, refusal: Refusal) -> None:
        """Show an expected "no" beside its field, or above the form where it has none."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, ValidationError(str(refusal.text), code=refusal.code))


class DayWidget(forms.MultiWidget):
    """Day, month and year in three boxes; a birth date is known, not looked up in a calendar."""

    is_day = True
    template_name = "core/ui/day.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        months = [("", "—"), *((str(number), name) for number, name in enumerate(MONTHS, start=1))]
        number = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            [
                forms.TextInput(number | {"maxlength": 2}),
                forms.Select(choices=months),
                forms.TextInput(number | {"maxlength": 4}),
            ],
            attrs,
        )

    def decompress(self, value: date | None) -> list[int | None]:
        return [value.day, value.month, value.year] if value else [None, None, None]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (gettext("Hari"), gettext("Bulan"), gettext("Tahun"))
        kinds = ("day", "month", "year")
        context["parts"] = list(zip(context["widget"]["subwidgets"], labels, kinds, strict=True))
        return context


class DayField(forms.MultiValueField):
    """A calendar date typed as day, month, year."""

    widget = DayWidget

    def __init__(self, **kwargs: Any) -> None:
        wrong = {"invalid": _("Tulis dengan angka.")}
        fields = tuple(forms.IntegerField(min_value=1, max_value=top, error_messages=wrong) for top in (31, 12, 9999))
        super().__init__(fields=fields, require_all_fields=True, **kwargs)

    def compress(self, data_list: Sequence[int | None]) -> date | None:
        if not data_list:
            return None
        day, month, year = data_list
        if day is None or month is None or year is None:
            raise ValidationError(_("Isilah hari, bulan, dan tahun, atau kosongkan ketiganya."), code="incomplete")
        if year < 1900:
            raise ValidationError(_("Tulis tahun dengan empat angka, misalnya 1998."), code="year")
        try:
            return date(year, month, day)
        except ValueError:
            raise ValidationError(
                _("Tanggal ini tidak ada di kalender. Periksa hari dan bulannya."), code="no_such_day"
            ) from None


class NikField(forms.CharField):
    """Sixteen digits; spaces and dots people type between groups are taken away."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("NIK"))
        kwargs.setdefault("help_text", _("16 angka pada KTP-el atau Kartu Keluarga."))
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        text = cast("str", super().clean(value))
        digits = "".join(sign for sign in text if sign not in " .-")
        if digits and (len(digits) != 16 or not (digits.isascii() and digits.isdigit())):
            raise ValidationError(
                _("NIK terdiri atas 16 angka; yang Anda tulis %(count)s karakter."), code="nik_length",
                params={"count": len(digits)},
            )  # fmt: skip
        return digits


class CleanFileField(forms.FileField):
    """A file to choose or drop; ``limit`` in bytes and ``accept`` are said in the hint and checked on the server.

    The true type is read from the content by the action that stores the file, never from its name.
    """

    widget = forms.FileInput

    def __init__(self, *, limit: int, accept: str = "application/pdf,image/jpeg", **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("help_text", _limit_hint(limit, accept))
        super().__init__(**kwargs)
        self.widget.attrs |= {"accept": accept, "data-limit": str(limit)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > self.limit:
            raise ValidationError(
                _("Berkas ini %(size)s, batasnya %(limit)s. Perkecil berkas lalu unggah lagi."),
                code="too_big",
                params={"size": filesize(file.size), "limit": filesize(self.limit)},
            )
        return file


def _say_limit(limit: int, accept: str) -> str:
    names = {"application/pdf": "PDF", "image/jpeg": "JPEG", "image/png": "PNG"}
    kinds = ", ".join(names.get(kind.strip(), kind.strip().rsplit(".", 1)[-1].upper()) for kind in accept.split(","))
    return gettext("%(kinds)s, paling besar %(limit)s.") % {"kinds": kinds, "limit": filesize(limit)}


_limit_hint = lazy(_say_limit, str)


def paginate(request: HttpRequest, rows: Any, per_page: int = 50) -> "Page[Any]":
    """The page of ``rows`` that ``?hal=`` asks for; a number out of range gives the nearest page."""
    return Paginator(rows, per_page).get_page(request.GET.get("hal", "1"))


def ordered(request: HttpRequest, rows: Rows, allowed: Sequence[str]) -> Rows:
    """``rows`` in the order that ``?urut=`` asks for; only fields in ``allowed`` (``-`` reverses) are followed."""
    asked = request.GET.get("urut", "")
    return rows.order_by(asked, "pk") if asked.removeprefix("-") in allowed else rows
