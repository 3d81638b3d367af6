"""The cut: at most factor × posts, ties by TKP, TIU, TWK, and everybody equal at the limit goes on."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.rules.ranking import CODES, CutRule, Entrant, rank_formation

DATA = Path(__file__).resolve().parents[1] / "data/ranking-cases.json"
CASES = {case["id"]: case for case in json.loads(DATA.read_text())}
RULE = CutRule(factor=3, tie_order=("total", "tkp", "tiu", "twk"), all_equal_advance=True)


def entrants(case: str) -> list[Entrant]:
    """The candidates of a worked case, all taken as over the grade."""
    rows = CASES[CASES[case].get("candidates_of", case)]["candidates"]
    return [
        Entrant(str(row["no"]), str(row["no"]), "present", {key: row[key] for key in ("twk", "tiu", "tkp")})
        for row in rows
    ]


@pytest.mark.parametrize("case", ["W1a", "W1b", "W2"])
def test_worked_cases_of_the_cut(case):
    lines = rank_formation(reversed(entrants(case)), CASES[case]["posts"], RULE)
    assert [int(line.entrant.key) for line in lines if line.code == "P/L"] == CASES[case]["expected_advance"]


def test_without_the_all_equal_rule_the_cut_is_hard():
    lines = rank_formation(entrants("W2"), 1, CutRule(3, RULE.tie_order, all_equal_advance=False))
    assert sum(line.code == "P/L" for line in lines) == 3


def test_equal_merit_shares_a_rank_and_the_next_counts_on():
    lines = rank_formation(entrants("W2"), 1, RULE)
    assert [line.rank for line in lines] == [1, 2, 3, 3, 5]


def test_who_falls_behind_the_cut_learns_which_key_decided():
    lines = {line.entrant.key: line for line in rank_formation(entrants("W1b"), 2, RULE)}
    assert lines["6"].code == "P"
    assert lines["6"].reasons == ("outside_cut", "decided:tiu")


def test_below_the_grade_absent_and_disqualified_are_told_apart_and_never_ranked():
    field = [
        Entrant("a", "1", "present", {"tkp": 100}, ("tkp",)),
        Entrant("b", "2", "absent", {}),
        Entrant("c", "3", "disqualified", {"tkp": 225}),
        Entrant("d", "4", "present", {"tkp": 90}),
    ]
    lines = {line.entrant.key: line for line in rank_formation(field, 1, RULE)}
    assert {key: line.code for key, line in lines.items()} == {"a": "TL", "b": "TH", "c": "DIS", "d": "P/L"}
    assert [key for key, line in lines.items() if line.rank] == ["d"]
    assert lines["a"].reasons == ("below:tkp",)


def test_a_formation_without_posts_is_refused():
    with pytest.raises(ValueError, match="post"):
        rank_formation([], 0, RULE)


FIELD = st.lists(
    st.tuples(
        st.integers(0, 6).map(lambda step: step * 5),
        st.integers(0, 6).map(lambda step: step * 5),
        st.integers(0, 12),
        st.sampled_from(["present", "present", "present", "absent", "disqualified"]),
        st.booleans(),
    ),
    max_size=40,
)


def build(rows) -> list[Entrant]:
    """A field of entrants out of drawn tuples."""
    return [
        Entrant(
            f"k{place}", f"{place:04}", outcome, {"twk": twk, "tiu": tiu, "tkp": tkp} if outcome == "present" else {},
            ("tkp",) if outcome == "present" and below else (),
        )
        for place, (twk, tiu, tkp, outcome, below) in enumerate(rows)
    ]  # fmt: skip


@given(rows=FIELD, posts=st.integers(1, 5), seed=st.randoms())
def test_the_order_of_the_input_never_matters(rows, posts, seed):
    field = build(rows)
    shuffled = list(field)
    seed.shuffle(shuffled)
    assert rank_formation(field, posts, RULE) == rank_formation(shuffled, posts, RULE)


@given(rows=FIELD, posts=st.integers(1, 5))
def test_codes_partition_the_field_and_nobody_above_the_cut_is_dropped(rows, posts):
    field = build(rows)
    lines = rank_formation(field, posts, RULE)
    assert sorted(line.entrant.key for line in lines) == sorted(one.key for one in field)
    assert {line.code for line in lines} <= set(CODES)
    merit = {line.entrant.key: tuple(line.entrant.value(name) for name in RULE.tie_order) for line in lines}
    advancing = [merit[line.entrant.key] for line in lines if line.code == "P/L"]
    staying = [merit[line.entrant.key] for line in lines if line.code == "P"]
    if staying:
        assert len(advancing) >= posts * 3
        assert min(advancing) > max(staying)
