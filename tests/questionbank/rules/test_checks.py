"""What a good item is: five different options, points by the section's kind, figures with words."""

from dataclasses import replace

import pytest

from questionbank.rules.checks import check, figures_of, normalise
from questionbank.rules.drafts import Draft

GOOD = Draft(
    code="TWK-1", section="TWK", topic="integritas", stem="Apa?", options=("satu", "dua", "tiga", "empat", "lima"),
    points=(0, 5, 0, 0, 0),
)  # fmt: skip


def found(scoring: str = "keyed", **changes) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in check(replace(GOOD, **changes), scoring)]


def test_a_good_item_has_no_problem():
    assert found() == []
    assert found("scaled", points=(3, 1, 5, 4, 2)) == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stem": " \n"}, ("pokok_soal", "empty")),
        ({"stem": "x" * 8001}, ("pokok_soal", "too_long")),
        ({"stem": "a\x00b"}, ("pokok_soal", "control_sign")),
        ({"code": ""}, ("kode", "empty")),
        ({"code": "TWK 1"}, ("kode", "code_form")),
        ({"options": ("a", "b", "c", "d")}, ("opsi_e", "option_count")),
        ({"options": ("a", "b", "", "d", "e")}, ("opsi_c", "empty")),
        ({"options": ("a", "b", "c", "d", " A. ")}, ("opsi_e", "same_option")),
        ({"options": ("dua kata", "b", "c", "d", "Dua\nKata")}, ("opsi_e", "same_option")),
        ({"options": ("½", "1⁄2", "c", "d", "e")}, ("opsi_b", "same_option")),
        ({"points": (0, 5, 0, 0, None)}, ("poin_e", "points_unread")),
        ({"points": (0, 5, 0, 0)}, ("poin_e", "points_unread")),
        ({"points": (5, 5, 0, 0, 0)}, ("poin_a", "points_keyed")),
        ({"points": (0, 0, 0, 0, 0)}, ("poin_a", "points_keyed")),
        ({"points": (1, 0, 0, 0, 4)}, ("poin_a", "points_keyed")),
        ({"stem": "Lihat ![](a.svg)", "figures": {"a.svg": "x"}}, ("pokok_soal", "figure_alt")),
        ({"stem": "Lihat ![gambar kotak](a.svg)"}, ("pokok_soal", "figure_missing")),
        ({"stem": "Lihat ![gambar kotak](../a.svg)"}, ("pokok_soal", "figure_name")),
        ({"stem": "Lihat ![gambar kotak](a.png)", "figures": {"a.png": "x"}}, ("pokok_soal", "figure_name")),
        ({"rationale": "x" * 8001}, ("pembahasan", "too_long")),
    ],
)
def test_each_fault_is_named_at_its_field(changes, problem):
    assert problem in found(**changes)


@pytest.mark.parametrize("points", [(1, 2, 3, 4, 4), (0, 1, 2, 3, 4), (5, 0, 0, 0, 0), (2, 3, 4, 5, 6)])
def test_scaled_points_are_one_to_five_each_once(points):
    assert found("scaled", points=points) == [("poin_a", "points_scaled")]


def test_options_that_show_different_figures_are_different():
    names = [f"{letter}.svg" for letter in "abcde"]
    options = tuple(f"![persegi nomor {name[0]}]({name})" for name in names)
    draft = replace(GOOD, options=options, figures=dict.fromkeys(names, "x"))
    assert check(draft, "keyed") == []
    assert figures_of(draft) == set(names)


def test_normalising_leaves_what_a_reader_sees():
    assert normalise("  Ｓｅｒａｔｕｓ  %. ") == "seratus %"
    assert normalise("-5") != normalise("5")
