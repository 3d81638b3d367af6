"""Forms of the committee's desk and of the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import CleanFileField, UiForm
from results.checking import LIMIT
from results.rules.ranking import CODES


class NoteForm(UiForm):
    """The reason a run is rejected for."""

    note = forms.CharField(label=_("Alasan penolakan"), max_length=1000, widget=forms.Textarea({"rows": 3}))


class PublishForm(UiForm):
    """The number of the announcement."""

    number = forms.CharField(
        label=_("Nomor pengumuman"),
        max_length=60,
        help_text=_("Contoh: PENG-012/PANSELNAS/2026. Setiap nomor sekali pakai."),
    )


class LineFilter(UiForm):
    """Narrows the lines of a run; its values stay in the address."""

    q = forms.CharField(label=_("Nomor, nama, atau jabatan"), required=False, max_length=60)
    code = forms.ChoiceField(
        label=_("Kode"), required=False, choices=[("", _("Semua kode")), *((code, code) for code in CODES)]
    )
    agency = forms.ChoiceField(label=_("Instansi"), required=False)

    def __init__(self, *args: object, agencies: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Semua instansi")), *agencies]


class NumberForm(UiForm):
    """A participant number as printed on the card."""

    number = forms.CharField(
        label=_("Nomor peserta"), max_length=30, help_text=_("Seperti tercetak pada kartu ujian Anda."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip

    def clean_number(self) -> str:
        """Without the spaces people type between groups."""
        return "".join(str(self.cleaned_data["number"]).split())


class PdfForm(UiForm):
    """A PDF to be checked; it is read once and never stored."""

    file = CleanFileField(label=_("Berkas PDF pengumuman"), limit=LIMIT, accept="application/pdf")


class ObjectionForm(UiForm):
    """The text of an objection."""

    text = forms.CharField(
        label=_("Alasan sanggahan"), max_length=4000, widget=forms.Textarea({"rows": 8}),
        help_text=_("Jelaskan nilai atau kode mana yang Anda sanggah dan mengapa. Sanggahan hanya satu kali."),
    )  # fmt: skip


class DecisionForm(UiForm):
    """The answer to an objection."""

    accepted = forms.ChoiceField(
        label=_("Keputusan"), widget=forms.RadioSelect, choices=[("yes", _("Diterima")), ("no", _("Ditolak"))]
    )
    answer = forms.CharField(label=_("Jawaban"), max_length=4000, widget=forms.Textarea({"rows": 6}))
