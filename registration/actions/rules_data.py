"""Loading the dated rules: rule sets by year, passing grades, kinds of need, categories by position."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from registration.models import NeedKind, PassingGrade, PositionCategory, RuleSet, VerificationReason

DATA = Path(__file__).resolve().parent.parent / "data"

#: Permenpan RB 27/2021 art 40(5) and the 2018 and 2020 circulars: three times the posts, ties by TKP, TIU, TWK.
RANKING = {
    "advance_factor": 3,
    "tie_order": ["total", "tkp", "tiu", "twk"],
    "all_equal_advance": True,
    "final_tie_order": ["skd", "tkp", "tiu", "twk", "gpa", "age"],
    "decimals": 3,
}
_SCORES = ("min_twk", "min_tiu", "min_tkp", "min_total")


@dataclass
class RulesReport:
    """How many rows were new, changed and as before."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    years: list[str] = field(default_factory=list)


def read_table(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    """The rows of a rules table (CSV with a header line)."""
    with (folder / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _number(row: Mapping[str, str], column: str, line: int) -> int | None:
    text = (row.get(column) or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        message = _("passing-grades.csv baris %(line)s kolom %(column)s: “%(text)s” bukan bilangan bulat.")
        raise Refusal("rules_data", message % {"line": line, "column": column, "text": text})
    return int(text)


@transaction.atomic
def load_rules(*, by: User | None, now: datetime, folder: Path = DATA) -> RulesReport:
    """Load rule sets 2018 … 2024 from the tables of ``folder``; running it twice changes nothing.

    Each rule set that is new or changed gets a trail line. Raises :class:`core.errors.Refusal` ``rules_data``
    naming line and column for a table that cannot be read; nothing is half-written.
    """
    report = RulesReport()
    grades, needs = read_table("passing-grades.csv", folder), read_table("need-kinds.csv", folder)
    positions = read_table("position-categories.csv", folder)
    for year in sorted({row["year"] for row in grades}):
        before = (report.created, report.changed)
        decree = next(row["decree"] for row in grades if row["year"] == year)
        ruleset = _keep(report, RuleSet, {"code": year}, {"decree": decree} | RANKING)
        _load_grades(report, ruleset, enumerate(grades, start=2))
        for row in (row for row in needs if row["year"] == year):
            _keep(report, NeedKind, {"ruleset": ruleset, "code": row["code"]},
                  {"name": row["name"], "category": row["category"]})  # fmt: skip
        for row in (row for row in positions if row["year"] == year):
            _keep(report, PositionCategory, {"ruleset": ruleset, "pattern": row["pattern"]},
                  {"category": row["category"], "source": row["source"]})  # fmt: skip
        _check_categories(ruleset)
        report.years.append(year)
        if (report.created, report.changed) != before:
            trail.record(
                "registration.rules_loaded", ruleset, by=by, now=now, year=year,
                created=report.created - before[0], changed=report.changed - before[1],
            )  # fmt: skip
    for row in read_table("verification-reasons.csv", folder):
        values = {name: row[name] for name in ("text", "text_en", "source")} | {"order": int(row["order"])}
        _keep(report, VerificationReason, {"code": row["code"]}, values)
    return report


def _load_grades(report: RulesReport, ruleset: RuleSet, rows: Iterable[tuple[int, dict[str, str]]]) -> None:
    for line, row in rows:
        if row["year"] != ruleset.code:
            continue
        least = {column: _number(row, column, line) for column in _SCORES}
        _keep(report, PassingGrade, {"ruleset": ruleset, "category": row["category"]},
              {"decree": row["decree"], "note": row["note"], **least})  # fmt: skip


def _keep(report: RulesReport, model: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> Any:
    """Make the row or bring it up to date; count what happened."""
    found = model._default_manager.filter(**key).first()
    if found is None:
        report.created += 1
        return model._default_manager.create(**key, **values)
    if all(getattr(found, name) == value for name, value in values.items()):
        report.unchanged += 1
        return found
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    report.changed += 1
    return found


def _check_categories(ruleset: RuleSet) -> None:
    """Every kind of need and position must be judged by a grade that exists."""
    known = set(PassingGrade.objects.filter(ruleset=ruleset).values_list("category", flat=True))
    used = set(NeedKind.objects.filter(ruleset=ruleset).values_list("category", flat=True))
    used |= set(PositionCategory.objects.filter(ruleset=ruleset).values_list("category", flat=True))
    if used - known:
        message = _("Aturan %(year)s memakai kategori tanpa nilai ambang batas: %(missing)s.")
        raise Refusal("rules_data", message % {"year": ruleset.code, "missing": ", ".join(sorted(used - known))})
