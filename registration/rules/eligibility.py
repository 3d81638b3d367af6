"""Whether a diploma fits a formation, and what a formation asks beyond it, said as plain warnings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registration.rules.identity import age_on

KALIMANTAN_PROVINCES = frozenset({"61", "62", "63", "64", "65"})
PAPUA_PROVINCES = frozenset({"91", "92", "93", "94", "95", "96"})


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """Youngest and oldest whole years of age on the day of application, and where that stands."""

    youngest: int
    oldest: int
    source: str


#: PP 11/2017 art. 23(1)(a); art. 23(2) lets the President name posts with 40 years, so this only warns.
USUAL_AGE = AgeLimit(18, 35, "PP 11/2017 pasal 23")


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of an applicant when a formation is looked at; ``province`` as in the NIK."""

    birth_date: date
    province: str
    disability: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A warning by code, and the source that asks for it. It never stops an application: verifiers decide."""

    code: str
    source: str


_ASKED = {
    "CUMLAUDE": Notice("cumlaude", "Permenpan RB 27/2021"),
    "DIASPORA": Notice("diaspora", "Permenpan RB 27/2021"),
    "DISABILITAS": Notice("disability", "Permenpan RB 27/2021"),
    "OAP": Notice("oap", "Permenpan RB 27/2021"),
    "PAPUA": Notice("papua", "Permenpan RB 27/2021"),
    "NON_OAP": Notice("non_oap", "Kepmenpan RB 320/2024"),
    "KALIMANTAN": Notice("kalimantan", "Kepmenpan RB 320/2024"),
    "TERTINGGAL": Notice("remote", "Kepmenpan RB 320/2024"),
}


def accepts(programmes: Iterable[tuple[str, str]], level: str, programme: str) -> bool:
    """True when the formation names exactly this level and programme."""
    return (level, programme) in set(programmes)


def notices(need_code: str, disability_allowed: bool, person: Person, on: date) -> list[Notice]:
    """What the applicant must be able to prove for this formation, the general things last."""
    found = [_ASKED[need_code]] if need_code in _ASKED else []
    if need_code == "KALIMANTAN" and person.province not in KALIMANTAN_PROVINCES:
        found.append(Notice("nik_not_kalimantan", _ASKED[need_code].source))
    if need_code in {"OAP", "PAPUA"} and person.province not in PAPUA_PROVINCES:
        found.append(Notice("nik_not_papua", _ASKED[need_code].source))
    if person.disability and not disability_allowed and need_code != "DISABILITAS":
        found.append(Notice("disability_not_foreseen", "Permenpan RB 27/2021"))
    age = age_on(person.birth_date, on)
    if age < USUAL_AGE.youngest:
        found.append(Notice("too_young", USUAL_AGE.source))
    if age > USUAL_AGE.oldest:
        found.append(Notice("too_old", USUAL_AGE.source))
    return found


def missing_parts(
    *, has_formation: bool, institution: str, has_gpa: bool, has_centre: bool, documents: Iterable[str],
    asked: Iterable[str], need_code: str, disability: str,
) -> list[str]:  # fmt: skip
    """What an application still lacks before it can be submitted, in the order of the pages.

    ``formation`` · ``institution`` · ``gpa`` · ``disability`` · ``document:<kind>`` · ``centre``.
    """
    checks = [
        ("formation", has_formation),
        ("institution", bool(institution)),
        ("gpa", has_gpa),
        ("disability", need_code != "DISABILITAS" or bool(disability)),
    ]
    have = set(documents)
    lacking = [code for code, good in checks if not good]
    lacking += [f"document:{kind}" for kind in asked if kind not in have]
    return lacking if has_centre else [*lacking, "centre"]


def grade_point_fault(level: str, thousandths: int) -> str | None:
    """``gpa_range`` when a grade point (in thousandths) cannot be: 0–4 for degrees, 0–100 for school diplomas."""
    school = level.upper().startswith(("SLT", "SMK", "SMA", "SD"))
    return None if 0 < thousandths <= (100_000 if school else 4_000) else "gpa_range"
