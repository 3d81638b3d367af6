"""What a NIK and a family card number must look like, and whether they agree with birth date and sex.

Source: UU 24/2013 art. 13 and Perpres 96/2018: 16 digits = 6 digits region, ddmmyy of birth (day + 40 for women),
4 digits serial number.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

WOMAN = 40


@dataclass(frozen=True, slots=True)
class Nik:
    """The parts of a NIK; ``year`` has two digits only, the century is not in the number."""

    region: str
    day: int
    month: int
    year: int
    woman: bool
    serial: str

    @property
    def province(self) -> str:
        return self.region[:2]


def is_sixteen_digits(text: str) -> bool:
    """True for exactly sixteen ASCII digits."""
    return len(text) == 16 and text.isascii() and text.isdigit()


def take_apart(nik: str) -> Nik:
    """The parts of sixteen digits; ValueError for anything else."""
    if not is_sixteen_digits(nik):
        raise ValueError("a NIK has sixteen digits")
    day = int(nik[6:8])
    woman = day > WOMAN
    return Nik(nik[:6], day - WOMAN if woman else day, int(nik[8:10]), int(nik[10:12]), woman, nik[12:])


def nik_faults(nik: str, provinces: Collection[str], today: date) -> list[str]:
    """Codes of what is wrong with the number itself, in the order of its digits; empty when it can be a NIK.

    ``nik_length`` · ``nik_province`` (first two digits unknown) · ``nik_region`` (digits 3–6 name no place) ·
    ``nik_date`` (digits 7–12 are no date) · ``nik_future`` · ``nik_serial``.
    """
    if not is_sixteen_digits(nik):
        return ["nik_length"]
    parts = take_apart(nik)
    faults = []
    if parts.province not in provinces:
        faults.append("nik_province")
    elif parts.region[2:4] == "00" or parts.region[4:6] == "00":
        faults.append("nik_region")
    days = [found for century in (1900, 2000) if (found := _day(century + parts.year, parts.month, parts.day))]
    if not days:
        faults.append("nik_date")
    elif all(found > today for found in days):
        faults.append("nik_future")
    if parts.serial == "0000":
        faults.append("nik_serial")
    return faults


def disagreements(nik: str, birth_date: date, sex: str) -> list[str]:
    """``birth_date`` and ``sex`` (``P`` woman, ``L`` man) when they differ from what the NIK says."""
    parts = take_apart(nik)
    said = (birth_date.day, birth_date.month, birth_date.year % 100)
    faults = ["birth_date"] if (parts.day, parts.month, parts.year) != said else []
    if parts.woman != (sex == "P"):
        faults.append("sex")
    return faults


def family_card_faults(number: str, provinces: Collection[str]) -> list[str]:
    """``family_card_length`` or ``family_card_province``; empty when the number can be a family card's (KK)."""
    if not is_sixteen_digits(number):
        return ["family_card_length"]
    return [] if number[:2] in provinces else ["family_card_province"]


def age_on(birth_date: date, day: date) -> int:
    """Whole years of age on ``day``."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def normal_name(name: str) -> str:
    """The form in which names are compared: upper case, letters and single spaces only."""
    kept = "".join(sign if sign.isalpha() else " " for sign in name.upper() if sign not in "'’`")
    return " ".join(kept.split())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
