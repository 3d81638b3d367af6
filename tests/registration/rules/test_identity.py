"""What a NIK says, and what it must agree with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules.identity import (
    age_on,
    disagreements,
    family_card_faults,
    nik_faults,
    normal_name,
    take_apart,
)

PROVINCES = frozenset({"11", "31", "71", "91"})
TODAY = date(2026, 11, 21)
GOOD = "3171015503980001"


def test_a_well_formed_nik_has_no_fault_and_shows_its_parts():
    assert nik_faults(GOOD, PROVINCES, TODAY) == []
    parts = take_apart(GOOD)
    assert (parts.region, parts.day, parts.month, parts.year, parts.woman, parts.serial) == (
        "317101", 15, 3, 98, True, "0001",
    )


@pytest.mark.parametrize(
    ("nik", "faults"),
    [
        ("", ["nik_length"]),
        ("317101550398000", ["nik_length"]),
        ("31710155039800011", ["nik_length"]),
        ("317101550398000a", ["nik_length"]),
        ("٣١٧١٠١٥٥٠٣٩٨٠٠٠١", ["nik_length"]),
        ("0071015503980001", ["nik_province"]),
        ("9971015503980001", ["nik_province"]),
        ("3100015503980001", ["nik_region"]),
        ("3171005503980001", ["nik_region"]),
        ("3171010003980001", ["nik_date"]),
        ("3171014003980001", ["nik_date"]),  # day 40 is neither a man's nor a woman's
        ("3171013203980001", ["nik_date"]),
        ("3171017203980001", ["nik_date"]),
        ("3171013102980001", ["nik_date"]),
        ("3171015513980001", ["nik_date"]),
        ("3171015503980000", ["nik_serial"]),
        ("9971013203980000", ["nik_province", "nik_date", "nik_serial"]),
    ],
)
def test_each_fault_is_named(nik, faults):
    assert nik_faults(nik, PROVINCES, TODAY) == faults


def test_29_february_counts_when_one_century_has_it():
    assert nik_faults("3171012902000001", PROVINCES, TODAY) == []  # 2000, not 1900
    assert nik_faults("3171012902010001", PROVINCES, TODAY) == ["nik_date"]


def test_a_birth_date_in_the_future_is_read_in_the_century_before():
    assert nik_faults("3171012211260001", PROVINCES, TODAY) == []  # 22 November 1926
    early = date(1925, 1, 1)
    assert nik_faults("3171012211260001", PROVINCES, early) == ["nik_future"]


@pytest.mark.parametrize(
    ("born", "sex", "found"),
    [
        (date(1998, 3, 15), "P", []),
        (date(1998, 3, 15), "L", ["sex"]),
        (date(1998, 3, 16), "P", ["birth_date"]),
        (date(1998, 4, 15), "P", ["birth_date"]),
        (date(1999, 3, 15), "L", ["birth_date", "sex"]),
    ],
)
def test_nik_birth_date_and_sex_must_agree(born, sex, found):
    assert disagreements(GOOD, born, sex) == found


@given(
    born=st.dates(date(1930, 1, 1), TODAY), woman=st.booleans(), serial=st.integers(1, 9999),
)
def test_every_birth_date_makes_a_nik_that_agrees_with_it(born, woman, serial):
    nik = f"317101{born.day + 40 * woman:02}{born:%m%y}{serial:04}"
    assert nik_faults(nik, PROVINCES, TODAY) == []
    assert disagreements(nik, born, "P" if woman else "L") == []
    assert disagreements(nik, born, "L" if woman else "P") == ["sex"]


def test_a_family_card_has_sixteen_digits_and_a_known_province():
    assert family_card_faults("3171011503980001", PROVINCES) == []
    assert family_card_faults("317101150398000", PROVINCES) == ["family_card_length"]
    assert family_card_faults("0171011503980001", PROVINCES) == ["family_card_province"]


def test_names_are_compared_without_signs_and_case():
    assert normal_name("  Nur  Aini, ") == normal_name("NUR AINI")
    assert normal_name("Ma'ruf") == "MARUF"
    assert normal_name("Al-Farisi") == "AL FARISI"


def test_age_changes_on_the_birthday():
    assert age_on(date(2000, 11, 22), TODAY) == 25
    assert age_on(date(2000, 11, 21), TODAY) == 26
