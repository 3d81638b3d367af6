"""Forms of the ground floor's pages."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, NikField, UiForm
from core.models import Agency, Role, TestCentre, User

_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"}, render_value=False)
_NEW = forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=False)


class SignInForm(UiForm):
    """An applicant's NIK and password."""

    nik = NikField(max_length=40)
    password = forms.CharField(label=_("Kata sandi"), widget=_PASSWORD, strip=False, max_length=200)


class StaffSignInForm(UiForm):
    """A staff member's e-mail and password."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(label=_("Kata sandi"), widget=_PASSWORD, strip=False, max_length=200)


class CodeForm(UiForm):
    """A code of the phone or a recovery code."""

    code = forms.CharField(
        label=_("Kode"), max_length=40,
        help_text=_("Enam angka dari aplikasi di ponsel Anda, atau satu kode cadangan."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )  # fmt: skip


class NikForm(UiForm):
    """Whose password is to be recovered."""

    nik = NikField(max_length=40)


class NewPasswordForm(UiForm):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Kata sandi baru"), widget=_NEW, strip=False, max_length=200,
        help_text=_("Paling sedikit 10 karakter; jangan hanya angka dan jangan kata yang mudah ditebak."),
    )  # fmt: skip
    again = forms.CharField(label=_("Tulis sekali lagi"), widget=_NEW, strip=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("Kedua kata sandi berbeda. Tulis kata sandi yang sama."))
        return data


class StaffForm(UiForm):
    """A new staff member."""

    full_name = forms.CharField(label=_("Nama lengkap"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("Dipakai untuk masuk."), max_length=254)
    password = forms.CharField(
        label=_("Kata sandi pertama"), widget=_NEW, strip=False, max_length=200,
        help_text=_("Paling sedikit 10 karakter. Sampaikan langsung kepada petugas; jangan lewat e-mail."),
    )  # fmt: skip


class StaffFilter(forms.Form):
    """Filters of the staff list, kept in the URL."""

    cari = forms.CharField(label=_("Nama atau e-mail"), required=False)
    peran = forms.ChoiceField(label=_("Peran"), required=False, choices=[("", _("Semua")), *Role.choices])
    aktif = forms.ChoiceField(
        label=_("Akun"),
        required=False,
        choices=[("", _("Semua")), ("ya", _("Aktif")), ("tidak", _("Nonaktif"))],
    )


class SearchForm(forms.Form):
    """One box to search a list."""

    cari = forms.CharField(label=_("Cari"), required=False)


class GrantForm(UiForm):
    """A role asked for one staff member."""

    user = forms.ModelChoiceField(User.objects.none(), label=_("Petugas"))
    role = forms.ChoiceField(label=_("Peran"), choices=[("", "—"), *Role.choices])
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=_("Hanya untuk instansi"),
        required=False,
        empty_label=_("Semua instansi"),
    )
    centre = forms.ModelChoiceField(
        TestCentre.objects.none(),
        label=_("Hanya untuk titik lokasi"),
        required=False,
        empty_label=_("Semua titik lokasi"),
    )
    valid_to = DayField(
        label=_("Berlaku sampai"),
        required=False,
        help_text=_("Kosongkan bila tanpa batas waktu. Berlaku sampai akhir hari itu (WIB)."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.filter(kind="staff", is_active=True).order_by("full_name")  # type: ignore[attr-defined]
        self.fields["agency"].queryset = Agency.objects.all()  # type: ignore[attr-defined]
        self.fields["centre"].queryset = TestCentre.objects.all()  # type: ignore[attr-defined]


class AgencyForm(UiForm):
    """An agency."""

    code = forms.CharField(label=_("Kode"), max_length=40)
    name = forms.CharField(label=_("Nama instansi"), max_length=200)
    kind = forms.ChoiceField(label=_("Jenis"), choices=Agency.Kind.choices, widget=forms.RadioSelect)


class CentreForm(UiForm):
    """A test centre."""

    code = forms.CharField(label=_("Kode"), max_length=40)
    name = forms.CharField(label=_("Nama titik lokasi"), max_length=200)
    address = forms.CharField(label=_("Alamat"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    city = forms.CharField(label=_("Kota atau kabupaten"), max_length=100)
    zone = forms.ChoiceField(
        label=_("Zona waktu"), help_text=_("Semua jam untuk titik lokasi ini ditulis dalam zona ini."),
        initial="Asia/Jakarta",
    )  # fmt: skip
    is_open = forms.BooleanField(label=_("Dibuka untuk penjadwalan"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = [
            ("Asia/Jakarta", "WIB · Asia/Jakarta"),
            ("Asia/Makassar", "WITA · Asia/Makassar"),
            ("Asia/Jayapura", "WIT · Asia/Jayapura"),
        ]
        others = [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone and zone not in dict(home)]
        self.fields["zone"].choices = [(_("Indonesia"), home), (_("Luar negeri dan lainnya"), others)]  # type: ignore[attr-defined]


class RoomForm(UiForm):
    """A room of a centre."""

    code = forms.CharField(label=_("Kode ruang"), max_length=20)
    name = forms.CharField(label=_("Nama ruang"), max_length=100)
    capacity = forms.IntegerField(label=_("Jumlah kursi"), min_value=1, max_value=5000)


class LabelForm(UiForm):
    """The label of the PC in front of the officer."""

    label = forms.CharField(
        label=_("Label komputer"), max_length=20, help_text=_("Misalnya B-14, sama dengan nomor kursinya.")
    )


class BulkStationsForm(UiForm):
    """How many enrolment codes to make, and how the PCs are labelled."""

    label_start = forms.CharField(
        label=_("Awalan label"), max_length=12, required=False, help_text=_("Misalnya B- untuk B-01, B-02, …")
    )
    first = forms.IntegerField(label=_("Mulai dari nomor"), min_value=1, max_value=9999, initial=1)
    count = forms.IntegerField(label=_("Banyaknya komputer"), min_value=1, max_value=1000)

    def labels(self) -> list[str]:
        """The labels asked for, with at least two digits."""
        data = self.cleaned_data
        numbers = range(data["first"], data["first"] + data["count"])
        return [f"{data['label_start'].strip().upper()}{number:02d}" for number in numbers]


class StationCodeForm(UiForm):
    """The enrolment code typed at a PC."""

    code = forms.CharField(
        label=_("Kode pendaftaran komputer"), max_length=20,
        help_text=_("Delapan karakter dari operator, misalnya 7K3M-QX2T."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )  # fmt: skip


class TrailFilter(forms.Form):
    """Filters of the trail, kept in the URL."""

    benda = forms.ChoiceField(label=_("Jenis benda"), required=False)
    id = forms.CharField(label=_("Nomor benda"), required=False, max_length=80)
    tindakan = forms.ChoiceField(label=_("Tindakan"), required=False)
    oleh = forms.CharField(label=_("Petugas"), required=False, help_text=_("E-mail atau nama."))
    dari = DayField(label=_("Dari tanggal"), required=False)
    sampai = DayField(label=_("Sampai tanggal"), required=False)

    def __init__(self, *args: Any, words: tuple[list[str], list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("Semua"))]
        self.fields["tindakan"].choices = everything + [(word, word) for word in words[0]]  # type: ignore[attr-defined]
        self.fields["benda"].choices = everything + [(word, word) for word in words[1]]  # type: ignore[attr-defined]
