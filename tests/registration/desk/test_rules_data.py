"""The dated rules come with the product and are loaded as data."""

import csv
import shutil

import pytest
from django.core.management import call_command

from core import clock
from core.errors import Refusal
from core.models import TrailEntry
from registration import queries
from registration.actions import load_rules
from registration.actions.rules_data import DATA
from registration.models import NeedKind, PassingGrade, RuleSet, VerificationReason

pytestmark = pytest.mark.django_db

NINE = {
    "UMUM": "general",
    "PENYANDANG DISABILITAS": "disability",
    "ORANG ASLI PAPUA (OAP)": "papua",
    "PUTRA/PUTRI KALIMANTAN": "general",
    "PUTRA/PUTRI PAPUA DAN PAPUA BARAT": "papua",
    "UMUM (NON OAP)": "general",
    "LULUSAN TERBAIK": "cumlaude",
    "PUTRA/PUTRI DAERAH TERTINGGAL": "remote_region",
    "DIASPORA": "diaspora",
}


def test_every_grade_of_the_table_is_loaded_with_its_decree():
    load_rules(by=None, now=clock.now())
    with (DATA / "passing-grades.csv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            grade = PassingGrade.objects.get(ruleset__code=row["year"], category=row["category"])
            read = {
                name: "" if getattr(grade, name) is None else str(getattr(grade, name))
                for name in ("min_twk", "min_tiu", "min_tkp", "min_total")
            }
            assert read == {name: row[name] for name in read}
            assert grade.decree == row["decree"]
    assert PassingGrade.objects.count() == 33


def test_the_nine_kinds_of_need_of_2024_lead_to_their_grades():
    load_rules(by=None, now=clock.now())
    ruleset = RuleSet.objects.get(code="2024")
    assert dict(NeedKind.objects.filter(ruleset=ruleset).values_list("name", "category")) == NINE
    grades = queries.grades_of(ruleset)
    assert grades["general"].minimums() == {"TWK": 65, "TIU": 80, "TKP": 166}
    assert grades["remote_region"].minimums() == {"TIU": 60, "TOTAL": 286}


def test_every_year_has_nine_kinds_of_need_and_the_ranking_rules():
    load_rules(by=None, now=clock.now())
    assert sorted(RuleSet.objects.values_list("code", flat=True)) == ["2018", "2019", "2021", "2023", "2024"]
    for ruleset in RuleSet.objects.all():
        assert ruleset.need_kinds.count() == 9
        assert (ruleset.advance_factor, ruleset.all_equal_advance, ruleset.decimals) == (3, True, 3)
        assert ruleset.tie_order == ["total", "tkp", "tiu", "twk"]


def test_loading_twice_changes_nothing():
    first = load_rules(by=None, now=clock.now())
    lines = TrailEntry.objects.filter(verb="registration.rules_loaded").count()
    second = load_rules(by=None, now=clock.now())
    assert first.created > 0
    assert (second.created, second.changed, second.unchanged) == (0, 0, first.created + first.unchanged)
    assert TrailEntry.objects.filter(verb="registration.rules_loaded").count() == lines == 5


def test_the_command_says_what_it_did(capsys):
    call_command("load_rules")
    assert "2018, 2019, 2021, 2023, 2024" in capsys.readouterr().out


def test_reasons_have_keys_one_to_nine():
    load_rules(by=None, now=clock.now())
    assert list(VerificationReason.objects.values_list("order", flat=True)) == list(range(1, 10))


def test_a_table_with_a_word_for_a_number_is_refused_by_line_and_nothing_is_written(tmp_path):
    for file in DATA.glob("*.csv"):
        shutil.copy(file, tmp_path)
    table = tmp_path / "passing-grades.csv"
    table.write_text(table.read_text().replace("65,80,126", "65,delapan puluh,126"))
    with pytest.raises(Refusal) as no:
        load_rules(by=None, now=clock.now(), folder=tmp_path)
    assert no.value.code == "rules_data"
    assert "baris 10" in str(no.value)
    assert "min_tiu" in str(no.value)
    assert not RuleSet.objects.exists()


def test_a_need_without_a_grade_is_refused(tmp_path):
    for file in DATA.glob("*.csv"):
        shutil.copy(file, tmp_path)
    table = tmp_path / "need-kinds.csv"
    table.write_text(table.read_text().replace("remote_region", "no_such_grade"))
    with pytest.raises(Refusal, match="no_such_grade"):
        load_rules(by=None, now=clock.now(), folder=tmp_path)
    assert not RuleSet.objects.exists()
