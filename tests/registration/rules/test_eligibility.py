"""Diplomas, warnings and what is still missing."""

from datetime import date

import pytest

from registration.rules.eligibility import Person, accepts, grade_point_fault, missing_parts, notices

TODAY = date(2026, 11, 21)
ADULT = Person(date(1998, 3, 15), "31")


def codes(need: str, person: Person = ADULT, *, disability_allowed: bool = True) -> list[str]:
    return [notice.code for notice in notices(need, disability_allowed, person, TODAY)]


def test_only_a_named_programme_is_accepted():
    named = [("S-1/Sarjana", "S-1 AKUNTANSI")]
    assert accepts(named, "S-1/Sarjana", "S-1 AKUNTANSI")
    assert not accepts(named, "Diploma IV", "S-1 AKUNTANSI")
    assert not accepts(named, "S-1/Sarjana", "S-1 STATISTIKA")


@pytest.mark.parametrize(
    ("need", "found"),
    [
        ("UMUM", []), ("CUMLAUDE", ["cumlaude"]), ("DIASPORA", ["diaspora"]), ("DISABILITAS", ["disability"]),
        ("OAP", ["oap", "nik_not_papua"]), ("PAPUA", ["papua", "nik_not_papua"]), ("NON_OAP", ["non_oap"]),
        ("KALIMANTAN", ["kalimantan", "nik_not_kalimantan"]), ("TERTINGGAL", ["remote"]),
    ],
)
def test_each_kind_of_need_says_what_it_asks(need, found):
    assert codes(need) == found


def test_a_nik_of_the_place_takes_the_doubt_away():
    assert codes("OAP", Person(ADULT.birth_date, "94")) == ["oap"]
    assert codes("KALIMANTAN", Person(ADULT.birth_date, "64")) == ["kalimantan"]


def test_every_warning_names_its_source():
    for need in ("CUMLAUDE", "OAP", "KALIMANTAN"):
        assert all(notice.source for notice in notices(need, True, ADULT, TODAY))


@pytest.mark.parametrize(
    ("born", "found"),
    [
        (date(2008, 11, 21), []), (date(2008, 11, 22), ["too_young"]),
        (date(1990, 11, 22), []), (date(1990, 11, 21), ["too_old"]),
    ],
)
def test_age_warns_from_the_first_day_outside(born, found):
    assert codes("UMUM", Person(born, "31")) == found


def test_a_formation_that_names_no_disability_warns_a_disabled_applicant():
    person = Person(ADULT.birth_date, "31", "tuna daksa")
    assert codes("UMUM", person, disability_allowed=False) == ["disability_not_foreseen"]
    assert codes("UMUM", person) == []
    assert codes("DISABILITAS", person, disability_allowed=False) == ["disability"]


def test_an_empty_application_lacks_everything_in_the_order_of_the_pages():
    nothing = {"has_formation": False, "institution": "", "has_gpa": False, "has_centre": False, "documents": []}
    assert missing_parts(**nothing, asked=["photo", "ktp"], need_code="DISABILITAS", disability="") == [
        "formation", "institution", "gpa", "disability", "document:photo", "document:ktp", "centre",
    ]


def test_a_whole_application_lacks_nothing():
    whole = {"has_formation": True, "institution": "U", "has_gpa": True, "has_centre": True, "documents": ["photo"]}
    assert missing_parts(**whole, asked=["photo"], need_code="UMUM", disability="") == []


@pytest.mark.parametrize(
    ("level", "value", "fault"),
    [
        ("S-1/Sarjana", 4_000, None), ("S-1/Sarjana", 4_010, "gpa_range"), ("S-1/Sarjana", 0, "gpa_range"),
        ("SLTA", 86_500, None), ("SMK/SLTA Kejuruan", 100_000, None), ("SLTA", 100_010, "gpa_range"),
    ],
)
def test_a_grade_point_fits_its_level(level, value, fault):
    assert grade_point_fault(level, value) == fault
