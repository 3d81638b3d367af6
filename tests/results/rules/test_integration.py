"""Integration gives the published figures to the last digit, in the published order."""

import csv
import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from results.rules.integration import (
    WEIGHTS_2018,
    WEIGHTS_2024,
    Integrated,
    Weights,
    final_order,
    final_score,
    half_up,
)

ROOT = Path(__file__).resolve().parents[3]
CASES = {case["id"]: case for case in json.loads((ROOT / "tests/results/data/ranking-cases.json").read_text())}
REAL = Path(os.environ.get("CAT_CASES", ROOT / "../shared/cases")) / "integration-2024.csv"


@pytest.mark.parametrize("row", CASES["W9"]["candidates"], ids=lambda row: row["no"])
def test_both_stages_out_of_500_as_in_2018(row):
    assert str(final_score(row["skd"], row["skb"], WEIGHTS_2018)) == row["expected"]


@pytest.mark.parametrize("case", ["W15", "W16"])
def test_published_rows_of_2024_are_met_exactly(case):
    got = [str(final_score(int(skd), Decimal(skb), WEIGHTS_2024)) for skd, skb, _ in CASES[case]["rows"]]
    assert got == [final for _, _, final in CASES[case]["rows"]]


def test_equal_rounded_scores_are_ordered_by_skd_although_the_unrounded_ones_lie_the_other_way():
    rows = [
        Integrated(skd, final_score(int(skd), Decimal(skb), WEIGHTS_2024), int(skd), 0, 0, 0, Decimal(0), date.max)
        for skd, skb, _ in CASES["W16"]["rows"]
    ]
    exact = {skd: Decimal(skd) / 550 * 40 + Decimal(skb) * Decimal("0.6") for skd, skb, _ in CASES["W16"]["rows"]}
    assert exact["423"] < exact["407"]
    assert exact["426"] < exact["410"]
    assert [row.key for row in final_order(reversed(rows))] == ["423", "407", "426", "410"]


def candidate(place: int, final: str, facts: dict) -> Integrated:
    """A candidate of a worked case; what the case leaves out is equal for all."""
    born = {"older": date(1995, 1, 1), "younger": date(1999, 1, 1)}.get(facts.get("born", ""), date(1997, 1, 1))
    return Integrated(
        key=f"{9 - place}",  # against the expected order, so that the key cannot help
        final=Decimal(final),
        skd=facts["skd"],
        tkp=facts.get("tkp", 0),
        tiu=facts.get("tiu", 0),
        twk=facts.get("twk", 0),
        gpa=Decimal(facts.get("gpa", "0")),
        born=born,
    )


@pytest.mark.parametrize("case", ["W17", "W18", "W19", "W20", "W21", "W22"])
def test_ties_fall_as_in_the_published_lists(case):
    expected = [candidate(place, CASES[case]["final"], facts) for place, facts in enumerate(CASES[case]["ordered"])]
    assert final_order(reversed(expected)) == expected


def test_published_calculators_that_are_wrong_give_other_figures():
    """N1: SKB over 550, SKD over 500, weights before scaling; each differs from the announcement somewhere."""
    rows = [(int(skd), Decimal(skb), Decimal(final)) for skd, skb, final in CASES["W15"]["rows"]]
    skb_over_550 = Weights(Decimal(550), Decimal(550), Decimal("0.4"), Decimal("0.6"))
    for skd, skb, final in rows:
        assert final_score(skd, skb, skb_over_550) != final
        assert half_up(Decimal(skd) / 500 * 40, 3) + half_up(skb * Decimal("0.6"), 3) != final
    weighted_first = [half_up((skd * Decimal("0.4") + skb * Decimal("0.6")) / 550 * 100, 3) for skd, skb, _ in rows]
    assert all(wrong != final for wrong, (_, _, final) in zip(weighted_first, rows, strict=True))
    once_at_the_end = [half_up(Decimal(skd) / 550 * 40 + skb * Decimal("0.6"), 3) for skd, skb, _ in rows]
    assert sum(wrong != final for wrong, (_, _, final) in zip(once_at_the_end, rows, strict=True)) >= 2


@pytest.mark.parametrize(
    ("skd", "skb"), [(-1, Decimal(50)), (551, Decimal(50)), (400, Decimal("100.001")), (400, Decimal(-1))]
)
def test_a_score_outside_its_scale_is_refused(skd, skb):
    with pytest.raises(ValueError, match="outside"):
        final_score(skd, skb, WEIGHTS_2024)


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="float"):
        final_score(400, 77.5, WEIGHTS_2024)


def test_shares_must_add_up_to_one():
    with pytest.raises(ValueError, match="shares"):
        Weights(Decimal(550), Decimal(100), Decimal("0.4"), Decimal("0.5"))


@pytest.fixture(scope="module")
def real_rows() -> list[dict[str, str]]:
    if not REAL.exists():
        pytest.skip(f"{REAL.name} is not beside this checkout; it stays out of the project")
    with REAL.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_real_announcement_is_met(real_rows):
    assert len(real_rows) == 262
    wrong = [
        row
        for row in real_rows
        if final_score(int(row["skd_total"]), Decimal(row["skb_score"]), WEIGHTS_2024) != Decimal(row["final_score"])
    ]
    assert wrong == []
