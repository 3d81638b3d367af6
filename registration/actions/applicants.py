"""Sign-up: a person becomes an applicant of one selection, once."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock, trail, vault
from core.actions import create_applicant_user
from core.errors import Refusal
from core.models import User
from core.models.base import uuid7
from registration import queries
from registration.models import Applicant, Application, PopulationRecord, Selection
from registration.ports import Match, Mismatch, digest, population_registry
from registration.rules import identity


@dataclass(frozen=True, slots=True)
class Identity:
    """What a person tells of themselves at sign-up; NIK and family card as sixteen digits."""

    nik: str
    family_card: str
    full_name: str
    birth_place: str
    birth_date: date
    sex: str
    phone: str


def sign_up(
    *, selection: Selection, person: Identity, email: str, password: str, by: User | None = None, now: datetime
) -> Applicant:
    """A new applicant of ``selection`` with an empty draft; ``by`` is the applicant who already has an account.

    Raises Refusal ``phase_closed``, ``nik_*``, ``family_card_*``, ``birth_date``, ``sex``, ``registry_*``,
    ``nik_taken``, ``password_weak``, ``email_form``.
    """
    queries.require_phase(selection, "registration", now)
    refuse_faulty(person, now)
    check = _ask_registry(person)
    index = vault.blind_index(person.nik)
    if by is not None and by.username != index:
        text = _("NIK ini bukan NIK akun Anda. Keluarlah dahulu bila Anda mendaftarkan orang lain.")
        raise Refusal("nik_other", text, field="nik")
    try:
        with transaction.atomic():
            _refuse_second(selection, index)
            user = by or create_applicant_user(
                nik=person.nik, email=email, full_name=person.full_name, password=password, now=now
            )
            return _create(selection, person, user, index, check, now)
    except IntegrityError as twice:
        raise _taken() from twice


def _create(
    selection: Selection, person: Identity, user: User, index: str, check: str, now: datetime
) -> Applicant:
    key = uuid7()
    applicant = Applicant.objects.create(
        id=key, selection=selection, user=user, nik_index=index,
        nik_cipher=vault.encrypt("identity", person.nik.encode(), row=f"{key}:nik"),
        family_card_cipher=vault.encrypt("identity", person.family_card.encode(), row=f"{key}:family_card"),
        full_name=" ".join(person.full_name.split()), birth_place=" ".join(person.birth_place.split()),
        birth_date=person.birth_date, sex=person.sex, phone=person.phone, population_check=check, created_at=now,
    )  # fmt: skip
    application = Application.objects.create(applicant=applicant, selection=selection)
    trail.record(
        "registration.applicant_signed_up", applicant, by=user, now=now,
        selection=selection.code, application=application.pk, population_check=check,
    )  # fmt: skip
    return applicant


def refuse_faulty(person: Identity, now: datetime) -> None:
    """Refusal for the first thing that cannot be right in NIK, family card, birth date or sex."""
    provinces = queries.province_codes()
    today = now.astimezone(ZoneInfo(clock.WIB)).date()
    faults = identity.nik_faults(person.nik, provinces, today)
    faults = faults or identity.family_card_faults(person.family_card, provinces)
    faults = faults or identity.disagreements(person.nik, person.birth_date, person.sex)
    if faults:
        raise identity_refusal(faults[0])


def identity_refusal(code: str) -> Refusal:
    """The sentence and the field for a code of :mod:`registration.rules.identity`."""
    texts = {
        "nik_length": ("nik", _("NIK terdiri atas 16 angka. Periksa kembali pada KTP-el Anda.")),
        "nik_province": ("nik", _(
            "Dua angka pertama NIK bukan kode provinsi mana pun. Periksa kembali pada KTP-el Anda."
        )),
        "nik_region": ("nik", _(
            "Angka ke-3 sampai ke-6 NIK bukan kode kabupaten dan kecamatan. Periksa pada KTP-el Anda."
        )),
        "nik_date": ("nik", _("Angka ke-7 sampai ke-12 NIK bukan tanggal lahir yang ada. Periksa pada KTP-el Anda.")),
        "nik_future": ("nik", _("Tanggal lahir dalam NIK belum terjadi. Periksa kembali pada KTP-el Anda.")),
        "nik_serial": ("nik", _("Empat angka terakhir NIK tidak mungkin 0000. Periksa kembali pada KTP-el Anda.")),
        "family_card_length": ("family_card", _("Nomor KK terdiri atas 16 angka. Periksa pada Kartu Keluarga Anda.")),
        "family_card_province": ("family_card", _(
            "Dua angka pertama nomor KK bukan kode provinsi mana pun. Periksa kembali."
        )),
        "birth_date": ("birth_date", _(
            "Tanggal lahir berbeda dengan yang tercantum dalam NIK. Samakan dengan KTP-el Anda."
        )),
        "sex": ("sex", _("Jenis kelamin berbeda dengan yang tercantum dalam NIK. Samakan dengan KTP-el Anda.")),
    }  # fmt: skip
    field, text = texts[code]
    return Refusal(code, text, field=field)


def _ask_registry(person: Identity) -> str:
    answer = population_registry().check(
        nik=person.nik, family_card=person.family_card, name=person.full_name, birth_date=person.birth_date
    )
    if isinstance(answer, Mismatch):
        texts = {
            "nik": _(
                "NIK ini tidak ditemukan dalam data kependudukan. Periksa angkanya; bila benar, hubungi Dukcapil."
            ),
            "family_card": _("Nomor KK tidak cocok dengan NIK ini dalam data kependudukan. Periksa KK terbaru Anda."),
            "full_name": _(
                "Nama tidak cocok dengan NIK ini dalam data kependudukan. Tulis persis seperti pada KTP-el."
            ),
            "birth_date": _("Tanggal lahir tidak cocok dengan NIK ini dalam data kependudukan. Periksa KTP-el Anda."),
        }  # fmt: skip
        raise Refusal(f"registry_{answer.fields[0]}", texts[answer.fields[0]], field=answer.fields[0])
    known = Applicant.PopulationCheck
    return known.MATCH if isinstance(answer, Match) else known.NOT_CHECKED


def _refuse_second(selection: Selection, index: str) -> None:
    if Applicant.objects.filter(selection=selection, nik_index=index).exists():
        raise _taken()


def _taken() -> Refusal:
    text = _(
        "NIK ini sudah terdaftar pada seleksi ini. Masuklah dengan NIK dan kata sandi Anda, atau pulihkan kata sandi."
    )
    return Refusal("nik_taken", text, field="nik")


def load_population(*, people: Iterable[Identity], by: User | None, now: datetime) -> int:
    """Put people into the local registry as keyed digests (a later row of a NIK replaces); how many there were."""
    rows = [
        PopulationRecord(
            nik_index=vault.blind_index(person.nik), loaded_at=now,
            family_card_digest=digest(person.nik, "family_card", person.family_card),
            name_digest=digest(person.nik, "name", identity.normal_name(person.full_name)),
            birth_date_digest=digest(person.nik, "birth_date", person.birth_date.isoformat()),
        )
        for person in people
    ]  # fmt: skip
    changing = ["family_card_digest", "name_digest", "birth_date_digest", "loaded_at"]
    with transaction.atomic():
        PopulationRecord.objects.bulk_create(
            rows, batch_size=2000, update_conflicts=True, unique_fields=["nik_index"], update_fields=changing
        )
        if rows:
            trail.record("registration.population_loaded", rows[-1], by=by, now=now, people=len(rows))
    return len(rows)


#: Names of the fields of :class:`Identity`, for forms that gather them.
IDENTITY_FIELDS = tuple(field.name for field in fields(Identity))
