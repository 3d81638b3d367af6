"""Forms of sign-up and of the application, one short page each."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from core.forms import CleanFileField, DayField, NikField, UiForm
from core.models import TestCentre
from registration import queries
from registration.actions.applicants import identity_refusal
from registration.models import Applicant, DocumentKind, FormationEducation
from registration.rules import identity


class StepForm(UiForm):
    """A page of sign-up; ``known`` are the answers of the earlier pages, ``today`` the day in WIB."""

    def __init__(self, *args: Any, known: Mapping[str, Any], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.today = today

    def say(self, code: str) -> None:
        """Show what is wrong with NIK, family card, birth date or sex at its field."""
        refusal = identity_refusal(code)
        if refusal.field in self.fields:
            self.refuse(refusal)
        else:
            self.refuse(Refusal(refusal.code, refusal.text))


class IdentityForm(StepForm):
    """Who you are: NIK, family card, name."""

    nik = NikField()
    family_card = NikField(label=_(
        "Nomor Kartu Keluarga (KK)"
    ), help_text=_("16 angka di bagian atas Kartu Keluarga."))
    full_name = forms.CharField(
        label=_("Nama lengkap"), max_length=120, help_text=_("Persis seperti pada KTP-el, tanpa gelar."),
        widget=forms.TextInput({"autocomplete": "name"}),
    )  # fmt: skip

    def clean_nik(self) -> str:
        nik: str = self.cleaned_data["nik"]
        faults = identity.nik_faults(nik, queries.province_codes(), self.today)
        if faults:
            raise _wrong(faults[0])
        return nik

    def clean_family_card(self) -> str:
        number: str = self.cleaned_data["family_card"]
        faults = identity.family_card_faults(number, queries.province_codes())
        if faults:
            raise _wrong(faults[0])
        return number


def _wrong(code: str) -> ValidationError:
    refusal = identity_refusal(code)
    return ValidationError(refusal.text, code=refusal.code)


class BirthForm(StepForm):
    """Where and when born, and sex; they must agree with the NIK."""

    birth_place = forms.CharField(label=_("Tempat lahir"), max_length=100, help_text=_("Seperti pada KTP-el."))
    birth_date = DayField(label=_("Tanggal lahir"))
    sex = forms.ChoiceField(label=_("Jenis kelamin"), choices=Applicant.Sex.choices, widget=forms.RadioSelect)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "nik" in self.known and {"birth_date", "sex"} <= values.keys():
            for code in identity.disagreements(self.known["nik"], values["birth_date"], values["sex"]):
                self.say(code)
        return values


class ContactForm(StepForm):
    """How to reach the applicant."""

    phone = forms.RegexField(
        r"^\+?[0-9][0-9 .\-]{7,18}$", label=_("Nomor telepon"), help_text=_("Contoh: 0812 3456 7890."),
        error_messages={"invalid": _("Tulis nomor telepon dengan angka, misalnya 0812 3456 7890.")},
        widget=forms.TextInput({"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Alamat e-mail"), max_length=254,
        help_text=_("Kami mengirim pemulihan kata sandi dan kabar seleksi ke alamat ini."),
        error_messages={"invalid": _("Tulis alamat e-mail seperti nama@contoh.id.")},
        widget=forms.EmailInput({"autocomplete": "email"}),
    )  # fmt: skip

    def clean_phone(self) -> str:
        return "".join(sign for sign in self.cleaned_data["phone"] if sign.isdigit() or sign == "+")


class AccountForm(StepForm):
    """The password, typed twice; the last page, so that no password waits anywhere."""

    password = forms.CharField(
        label=_("Kata sandi"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Ulangi kata sandi"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if {"password", "password_again"} <= values.keys() and values["password"] != values["password_again"]:
            text = _("Kedua kata sandi tidak sama. Tulis ulang.")
            self.add_error("password_again", ValidationError(text, code="password_differs"))
        return values


class JoinForm(StepForm):
    """The last page for an applicant who already has an account: nothing more to type."""


class LongSelect(forms.Select):
    """A select of a thousand options, written in one go: Django renders a template for each option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices),
        )  # fmt: skip
        whole = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return format_html("<select{}>{}</select>", flatatt(whole), options)


class FilterForm(UiForm):
    """What a visitor looks for; every value stays in the URL. Words and own diploma come first."""

    kata = forms.CharField(
        label=_("Kata: jabatan, instansi, tempat"), required=False, max_length=100,
        widget=forms.TextInput({"type": "search", "autocomplete": "off"}),
    )  # fmt: skip
    jenjang = forms.ChoiceField(label=_("Jenjang ijazah saya"), required=False)
    prodi = forms.CharField(
        label=_("Program studi ijazah saya"), required=False, max_length=100,
        widget=forms.TextInput({"list": "daftar-prodi", "autocomplete": "off"}),
    )  # fmt: skip
    instansi = forms.ChoiceField(label=_("Instansi"), required=False, widget=LongSelect)
    jabatan = forms.ChoiceField(label=_("Jabatan"), required=False, widget=LongSelect)
    wilayah = forms.ChoiceField(label=_("Lokasi"), required=False)
    kebutuhan = forms.ChoiceField(label=_("Jenis kebutuhan"), required=False)
    disabilitas = forms.BooleanField(label=_("Hanya yang menerima penyandang disabilitas"), required=False)

    #: Drawn first; the rest folds away on a phone.
    FIRST = ("kata", "jenjang", "prodi")

    def __init__(self, *args: Any, choices: queries.Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every: list[tuple[Any, Any]] = [("", _("Semua"))]
        found: dict[str, list[tuple[Any, Any]]] = {
            "jenjang": [(level, level) for level in choices.levels],
            "instansi": list(choices.agencies),
            "jabatan": [(position, position) for position in choices.positions],
            "wilayah": list(choices.regions),
            "kebutuhan": list(choices.needs),
        }
        for name, values in found.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = every + values

    @property
    def wanted(self) -> queries.Wanted:
        """The understood part of what was asked; what is not understood counts as not asked."""
        self.is_valid()
        asked = self.cleaned_data
        agency, need = asked.get("instansi") or "", asked.get("kebutuhan") or ""
        return queries.Wanted(
            words=asked.get("kata") or "", level=asked.get("jenjang") or "", programme=asked.get("prodi") or "",
            agency=int(agency) if agency else None, position=asked.get("jabatan") or "",
            region=asked.get("wilayah") or "", need=int(need) if need else None,
            disability=bool(asked.get("disabilitas")),
        )  # fmt: skip

    @property
    def folded_in_use(self) -> int:
        """How many of the folded filters are set."""
        return sum(1 for name in self.fields if name not in self.FIRST and self.cleaned_data.get(name))


class ChooseForm(UiForm):
    """The diploma with which the one formation is applied for."""

    education = forms.ModelChoiceField(FormationEducation.objects.none(), label=_(
        "Ijazah Anda"
    ), empty_label=_("Pilih"))

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["education"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = programmes


class DetailsForm(UiForm):
    """Institution, grade point, disability."""

    institution = forms.CharField(
        label=_("Perguruan tinggi atau sekolah"), max_length=200, help_text=_("Persis seperti pada ijazah.")
    )
    gpa = forms.CharField(
        label=_("IPK atau rata-rata nilai ijazah"), max_length=6, widget=forms.TextInput({"inputmode": "decimal"}),
        help_text=_("Contoh: 3,45. Untuk ijazah sekolah, tulis rata-ratanya, misalnya 86,50."),
    )  # fmt: skip
    disability = forms.CharField(
        label=_("Jenis disabilitas"), required=False, max_length=100,
        help_text=_("Isi hanya bila Anda penyandang disabilitas; kosongkan bila bukan."),
    )  # fmt: skip
    visually_impaired = forms.BooleanField(
        label=_("Saya penyandang disabilitas netra dan memerlukan tambahan waktu"), required=False
    )

    def clean_gpa(self) -> Decimal:
        text = self.cleaned_data["gpa"].strip().replace(",", ".")
        whole, _dot, part = text.partition(".")
        digits = whole + part
        if not (whole and digits.isascii() and digits.isdigit()) or len(part) > 2:
            text = _("Tulis angka dengan paling banyak dua desimal, misalnya 3,45.")
            raise ValidationError(text, code="no_number")
        return Decimal(f"{whole}.{part or 0}")


class DocumentForm(UiForm):
    """One document of one kind; limits come from the kind."""

    def __init__(self, *args: Any, kind: DocumentKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        field = CleanFileField(limit=kind.max_bytes, accept=",".join(kind.media_types), label=str(kind))
        field.help_text = f"{kind.help_text} {field.help_text}"
        texts = {"required": _("Pilih sebuah berkas."), "empty": _("Berkas ini kosong. Pilih berkas lain.")}
        field.error_messages.update(texts)
        self.fields["file"] = field


class CentreField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Centres by name and city."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.city}"


class CentreForm(UiForm):
    """The test centre."""

    centre = CentreField(
        TestCentre.objects.none(), label=_("Titik lokasi ujian"), empty_label=None, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Titik lokasi ini tidak dibuka. Pilih yang lain.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["centre"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = queries.centres_open()


class SubmitForm(UiForm):
    """The two consents without which nothing is sent."""

    statement = forms.BooleanField(
        label=_("Saya menyetujui pernyataan kebenaran data di atas."), required=False
    )
    privacy = forms.BooleanField(label=_("Saya menyetujui tujuan pemrosesan data pribadi di atas."), required=False)


class CatalogueForm(UiForm):
    """A catalogue of formations to take in."""

    file = CleanFileField(
        limit=20_000_000, label=_("Katalog formasi (XLSX)"), accept=".xlsx",
    )  # fmt: skip
