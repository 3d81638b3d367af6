"""Passing grades: every row of the table, at each of its boundaries."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registration.rules.passing import SECTIONS, Grade, Shortfall, meets, shortfalls

TABLE = Path(__file__).parents[3] / "registration" / "data" / "passing-grades.csv"


def _rows():
    with TABLE.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            least = {k: int(row[k]) if row[k] else None for k in ("min_twk", "min_tiu", "min_tkp", "min_total")}
            yield pytest.param(Grade(row["category"], row["decree"], **least), id=f"{row['year']}-{row['category']}")


def _just_enough(grade):
    """Scores that reach every minimum exactly; what is left of the total lies on TKP, then TWK."""
    scores = {"TWK": grade.min_twk or 0, "TIU": grade.min_tiu or 0, "TKP": grade.min_tkp or 0}
    scores["TKP"] += max((grade.min_total or 0) - sum(scores.values()), 0)
    return scores


def test_the_table_has_the_rows_of_every_year():
    assert len(list(_rows())) == 33


@pytest.mark.parametrize("grade", [*_rows()])
def test_exactly_the_minimum_is_enough(grade):
    assert meets(grade, _just_enough(grade))
    assert shortfalls(grade, _just_enough(grade)) == []


@pytest.mark.parametrize(
    ("grade", "section"),
    [
        pytest.param(row.values[0], name, id=f"{row.id}-{name}")
        for row in _rows()
        for name in row.values[0].minimums()
    ],
)
def test_one_point_below_a_minimum_fails_and_is_named(grade, section):
    least = grade.minimums()[section]
    scores = _just_enough(grade)
    if section == "TOTAL":
        scores["TKP"] -= 1
    else:
        scores[section] -= 1
        other = next(name for name in SECTIONS if name != section)
        scores[other] += 1  # so that a total is still reached
    assert not meets(grade, scores)
    assert shortfalls(grade, scores) == [Shortfall(section, least, least - 1)]
    assert shortfalls(grade, scores)[0].missing == 1


def test_what_is_not_asked_may_be_zero():
    disability = Grade("disability", "Kepmenpan RB 321/2024", min_tiu=60, min_total=286)
    assert meets(disability, {"TWK": 0, "TIU": 61, "TKP": 225})
    assert not meets(disability, {"TWK": 150, "TIU": 59, "TKP": 225})


def test_a_missing_section_is_never_a_zero():
    with pytest.raises(KeyError):
        meets(Grade("general", "x", 65, 80, 166), {"TWK": 150, "TIU": 175})


def test_a_total_given_beside_the_sections_is_not_trusted():
    with pytest.raises(KeyError):
        meets(Grade("papua", "x", min_tiu=60, min_total=286), {"TIU": 60, "TOTAL": 550})


@given(
    st.tuples(st.integers(0, 150), st.integers(0, 175), st.integers(0, 225)),
    st.sampled_from([row.values[0] for row in _rows()]),
)
def test_more_points_never_turn_a_pass_into_a_fail(points, grade):
    scores = dict(zip(SECTIONS, points, strict=True))
    better = {section: value + 5 for section, value in scores.items()}
    assert not meets(grade, scores) or meets(grade, better)
