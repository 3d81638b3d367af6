"""Forms of the bank's desk: filters, the item editor, reviews, imports, blueprints and papers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.forms import CleanFileField, UiForm
from questionbank import words
from questionbank.models import Blueprint, ItemVersion, Section, Topic
from questionbank.queries.imports import LANGUAGES
from questionbank.rules.checks import LIMITS
from questionbank.rules.drafts import LETTERS, Draft, Problem

OPTIONS, POINTS = words.option_fields("opsi"), words.option_fields("poin")
ALL = ("", _("Semua"))
IMPORT_LIMIT = 20 * 1024 * 1024


def topic_choices(sections: Sequence[Section]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Topics grouped by section; values are the topics' ids."""
    return [
        (f"{section.code} – {section.name}", [(str(topic.pk), topic.name) for topic in section.topics.all()])
        for section in sections
    ]


class CheckedField(forms.CharField):
    """A text the item's checks judge: an empty one is told together with every other problem of the item."""

    def validate(self, value: Any) -> None:
        """Nothing here; see ``questionbank.rules.checks``."""


class ItemFilter(UiForm):
    """Filters of the item list; they stay in the address."""

    bagian = forms.ChoiceField(label=_("Bagian"), required=False)
    topik = forms.ChoiceField(label=_("Topik"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ALL, *ItemVersion.State.choices])
    giliran = forms.ChoiceField(
        label=_("Giliran"), required=False,
        choices=[
            ALL, ("write", _("Draf saya")), ("review", _("Perlu saya telaah")), ("approve", _("Perlu saya setujui")),
        ],
    )  # fmt: skip
    kode = forms.CharField(label=_("Kode memuat"), required=False, max_length=40)
    kata = forms.CharField(
        label=_("Kata pada halaman ini"), required=False, max_length=80,
        help_text=_("Isi soal tersandi, jadi kata hanya dicari pada soal di halaman yang tampil."),
    )  # fmt: skip

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topik"]
        section = self.fields["bagian"]
        assert isinstance(topic, forms.ChoiceField)
        assert isinstance(section, forms.ChoiceField)
        section.choices = [ALL, *((one.code, one.code) for one in sections)]
        topic.choices = [ALL, *topic_choices(sections)]


class DraftForm(UiForm):
    """The item editor: what a writer types; ``as_draft`` gives it to the actions."""

    kode = forms.CharField(label=_("Kode"), max_length=LIMITS["kode"], help_text=_("Misalnya TWK-041."))
    topik = forms.ChoiceField(label=_("Bagian dan topik"))
    bahasa = forms.ChoiceField(label=_("Bahasa"), choices=[(code, code) for code in LANGUAGES], initial="id")
    markup = forms.ChoiceField(
        label=_("Cara menulis"), choices=[("text", _("Teks biasa")), ("html", "HTML")], initial="text",
        help_text=_("Rumus LaTeX di antara dua tanda $; gambar sebagai ![teks alternatif](nama.svg)."),
    )  # fmt: skip
    pokok_soal = CheckedField(
        label=_("Pokok soal"), widget=forms.Textarea(attrs={"rows": 6}), strip=False,
        help_text=_("Baris kosong memulai paragraf baru."),
    )  # fmt: skip
    pembahasan = forms.CharField(label=_("Pembahasan"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    sumber = forms.CharField(label=_("Sumber"), required=False)
    musuh = forms.CharField(
        label=_("Kelompok soal sejenis"), required=False, max_length=LIMITS["musuh"],
        help_text=_("Dari soal-soal dengan nama kelompok yang sama, satu naskah memuat paling banyak satu."),
    )  # fmt: skip
    gambar = CleanFileField(
        label=_("Berkas gambar"), limit=2 * 1024 * 1024, accept="image/svg+xml,.svg,.zip", required=False,
        help_text=_("SVG, atau ZIP berisi beberapa SVG. Gambar yang sudah ada tetap dipakai."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, sections: Sequence[Section], version: ItemVersion | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for letter, name, points in zip(LETTERS, OPTIONS, POINTS, strict=True):
            self.fields[name] = CheckedField(
                label=_("Opsi %(letter)s") % {"letter": letter}, widget=forms.Textarea(attrs={"rows": 2})
            )
            self.fields[points] = CheckedField(
                label=_("Poin %(letter)s") % {"letter": letter}, max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip
        topic = self.fields["topik"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [("", "—"), *topic_choices(sections)]
        if version:
            for name in ("kode", "topik", "bahasa"):
                self.fields[name].disabled = True

    def option_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """Letter, text field and points field of each option."""
        return [
            (letter, self[name], self[points])
            for letter, name, points in zip(LETTERS, OPTIONS, POINTS, strict=True)
        ]

    def as_draft(self, figures: dict[str, str]) -> Draft:
        """What is in the form now, whole or not; missing parts are empty."""
        found = {name: str(self.cleaned_data.get(name) or "") for name in self.fields if name != "gambar"}
        topic = Topic.objects.select_related("section").filter(pk=found["topik"] or 0).first()
        return Draft(
            code=found["kode"], section=topic.section.code if topic else "", topic=topic.name if topic else "",
            language=found["bahasa"] or "id", markup=found["markup"] or "text",
            stem=found["pokok_soal"].replace("\r\n", "\n"),
            options=tuple(found[name].replace("\r\n", "\n") for name in OPTIONS),
            points=tuple(_whole(found[name]) for name in POINTS), rationale=found["pembahasan"],
            source=found["sumber"], enemies=found["musuh"], figures=figures,
        )  # fmt: skip

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Each problem beside its field."""
        for problem in problems:
            name = problem.field if problem.field in self.fields else None
            text = words.explain(problem) if name else words.say(problem)
            self.add_error(name, text)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None


def initial_of(draft: Draft, topic_id: int) -> dict[str, Any]:
    """A draft as the editor's initial values."""
    texts = dict(zip(OPTIONS, draft.options, strict=True)) | dict(zip(POINTS, draft.points, strict=True))
    return texts | {
        "kode": draft.code, "topik": str(topic_id), "bahasa": draft.language, "markup": draft.markup,
        "pokok_soal": draft.stem, "pembahasan": draft.rationale, "sumber": draft.source, "musuh": draft.enemies,
    }  # fmt: skip


class VerdictForm(UiForm):
    """A reviewer's or approver's word on a version."""

    verdict = forms.ChoiceField(
        label=_("Keputusan"), widget=forms.RadioSelect, choices=[("accept", _("Terima")), ("return", _("Kembalikan"))]
    )
    note = forms.CharField(
        label=_("Catatan"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Wajib bila dikembalikan: apa yang harus diperbaiki penulis."),
    )  # fmt: skip


class ReasonForm(UiForm):
    """Why something is withdrawn."""

    reason = forms.CharField(label=_("Alasan"), max_length=200)


class ImportForm(UiForm):
    """A file of items with its figures; topic for QTI items that name none."""

    file = CleanFileField(
        label=_("Berkas soal"), limit=IMPORT_LIMIT, accept=".xlsx,.csv,.xml,.zip",
        help_text=_("XLSX atau CSV menurut templat, atau QTI 2.1/3.0 (XML atau paket ZIP). Paling besar 20 MB."),
    )  # fmt: skip
    figures = CleanFileField(
        label=_("Gambar"), limit=IMPORT_LIMIT, accept=".svg,.zip", required=False,
        help_text=_("Untuk XLSX dan CSV: ZIP berisi semua SVG yang disebut di dalamnya."),
    )  # fmt: skip
    topik = forms.ChoiceField(
        label=_("Topik bagi soal QTI"), required=False,
        help_text=_("Dipakai hanya untuk soal QTI yang tidak menyebut bagian dan topiknya."),
    )  # fmt: skip

    def __init__(self, *args: Any, sections: Sequence[Section], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic = self.fields["topik"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [("", "—"), *topic_choices(sections)]


class BlueprintForm(UiForm):
    """The head of a blueprint; its parts are rows of their own."""

    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]*$", label=_("Kode"), max_length=40, help_text=_("Misalnya SKD-2025."),
        error_messages={"invalid": _("Pakai huruf, angka, titik, garis bawah, atau tanda hubung, tanpa spasi.")},
    )  # fmt: skip
    name = forms.CharField(label=_("Nama"), max_length=100)
    year = forms.IntegerField(label=_("Tahun"), min_value=2013, max_value=2100)
    decree = forms.CharField(label=_("Dasar hukum"), max_length=200)
    minutes = forms.IntegerField(label=_("Menit"), min_value=1, max_value=600)
    minutes_visual = forms.IntegerField(label=_("Menit bagi peserta tunanetra"), min_value=1, max_value=600)


class PartForm(UiForm):
    """One part; a row whose number of items is empty is left out."""

    what = forms.ChoiceField(label=_("Bagian atau topik"), required=False)
    items = forms.IntegerField(label=_("Jumlah soal"), min_value=1, max_value=500, required=False)
    points = forms.IntegerField(label=_("Poin tertinggi"), min_value=1, max_value=100, required=False, initial=5)

    def __init__(self, *args: Any, choices: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        what = self.fields["what"]
        assert isinstance(what, forms.ChoiceField)
        what.choices = choices

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("items") and not data.get("what"):
            self.add_error("what", _("Pilih bagian atau topik untuk jumlah soal ini."))
        if data.get("what") and not data.get("items") and "items" not in self.errors:
            self.add_error("items", _("Tulis jumlah soal untuk bagian ini."))
        return data


def part_choices(sections: Sequence[Section]) -> list[Any]:
    """Whole sections (``s3``) and single topics (``t17``), grouped by section."""
    groups = [
        (
            section.code,
            [(f"s{section.pk}", _("%(code)s, semua topik") % {"code": section.code})]
            + [(f"t{topic.pk}", f"{section.code}: {topic.name}") for topic in section.topics.all()],
        )
        for section in sections
    ]
    return [("", "—"), *groups]


class DrawForm(UiForm):
    """A new paper: which blueprint, under which code."""

    blueprint = forms.ModelChoiceField(
        label=_("Kisi-kisi"), queryset=Blueprint.objects.none(), empty_label="—", to_field_name="code"
    )
    code = forms.CharField(label=_("Kode naskah"), max_length=40, help_text=_("Misalnya SKD-2024-A."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["blueprint"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Blueprint.objects.order_by("-year", "code")


def refuse(form: UiForm, refusal: Refusal) -> None:
    """A refusal in its place, a draft's problems each beside its field."""
    problems = getattr(refusal, "problems", None)
    if problems and isinstance(form, DraftForm):
        form.show_problems(problems)
    else:
        form.refuse(refusal)
