"""Loading the dated rules: rule sets by year, passing grades, kinds of need, categories by position."""

import csv
from collections import Counter
from collections.abc import Mapping
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
    grades = read_table("passing-grades.csv", folder)
    decrees = {row["year"]: row["decree"] for row in reversed(grades)}
    kept = _Keeper()
    for year in sorted(decrees):
        kept.want(year, RuleSet, {"code": year}, {"decree": decrees[year]} | RANKING)
    kept.write(RuleSet)
    rulesets = {ruleset.code: ruleset for ruleset in RuleSet.objects.filter(code__in=decrees)}
    _want_grades(kept, rulesets, grades)
    _want_categories(kept, rulesets, folder)
    for row in read_table("verification-reasons.csv", folder):
        values = {name: row[name] for name in ("text", "text_en", "source")}
        kept.want("", VerificationReason, {"code": row["code"]}, values | {"order": int(row["order"])})
    for model in (PassingGrade, NeedKind, PositionCategory, VerificationReason):
        kept.write(model)
    _check_categories(rulesets)
    _record(kept, rulesets, by=by, now=now)
    return RulesReport(kept.created.total(), kept.changed.total(), kept.unchanged.total(), sorted(decrees))


def _want_grades(kept: "_Keeper", rulesets: Mapping[str, RuleSet], grades: list[dict[str, str]]) -> None:
    for line, row in enumerate(grades, start=2):
        least = {column: _number(row, column, line) for column in _SCORES}
        key = {"ruleset_id": rulesets[row["year"]].pk, "category": row["category"]}
        kept.want(row["year"], PassingGrade, key, {"decree": row["decree"], "note": row["note"], **least})


def _want_categories(kept: "_Keeper", rulesets: Mapping[str, RuleSet], folder: Path) -> None:
    """Kinds of need and positions of the years that have grades."""
    tables: tuple[tuple[str, type[models.Model], str, str], ...] = (
        ("need-kinds.csv", NeedKind, "code", "name"),
        ("position-categories.csv", PositionCategory, "pattern", "source"),
    )
    for table, model, named, told in tables:
        for row in read_table(table, folder):
            if row["year"] in rulesets:
                key = {"ruleset_id": rulesets[row["year"]].pk, named: row[named]}
                kept.want(row["year"], model, key, {"category": row["category"], told: row[told]})


class _Keeper:
    """Makes wanted rows or brings them up to date, a table at a time; counts by year what happened."""

    def __init__(self) -> None:
        self.created: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.unchanged: Counter[str] = Counter()
        self._wanted: dict[type[models.Model], list[tuple[str, dict[str, Any], dict[str, Any]]]] = {}

    def want(self, year: str, model: type[models.Model], key: dict[str, Any], values: dict[str, Any]) -> None:
        """A row of ``model`` that is found by ``key`` and holds ``values``."""
        self._wanted.setdefault(model, []).append((year, key, values))

    def write(self, model: type[models.Model]) -> None:
        """All wanted rows of one table: one question, one insert, one update."""
        wanted = self._wanted.get(model, [])
        names = list(wanted[0][1]) if wanted else []
        known = {tuple(getattr(row, name) for name in names): row for row in model._default_manager.all()}
        fresh: list[models.Model] = []
        stale: list[models.Model] = []
        for year, key, values in wanted:
            row = known.get(tuple(key.values()))
            if row is None:
                self.created[year] += 1
                known[tuple(key.values())] = made = model(**key, **values)
                fresh.append(made)
            elif all(getattr(row, name) == value for name, value in values.items()):
                self.unchanged[year] += 1
            else:
                self.changed[year] += 1
                for name, value in values.items():
                    setattr(row, name, value)
                stale.append(row)
        model._default_manager.bulk_create(fresh)
        if stale:
            model._default_manager.bulk_update(stale, list(wanted[0][2]))


def _record(kept: _Keeper, rulesets: Mapping[str, RuleSet], *, by: User | None, now: datetime) -> None:
    """A trail line for each rule set that is new or changed."""
    for year, ruleset in sorted(rulesets.items()):
        created, changed = kept.created[year], kept.changed[year]
        if created or changed:
            trail.record(
                "registration.rules_loaded", ruleset, by=by, now=now, year=year, created=created, changed=changed
            )


def _check_categories(rulesets: Mapping[str, RuleSet]) -> None:
    """Every kind of need and position must be judged by a grade that exists."""

    def pairs(model: type[models.Model]) -> set[tuple[str, str]]:
        rows = model._default_manager.filter(ruleset__in=rulesets.values())
        return set(rows.values_list("ruleset__code", "category"))

    missing = sorted((pairs(NeedKind) | pairs(PositionCategory)) - pairs(PassingGrade))
    if missing:
        year = missing[0][0]
        names = ", ".join(category for code, category in missing if code == year)
        message = _("Aturan %(year)s memakai kategori tanpa nilai ambang batas: %(missing)s.")
        raise Refusal("rules_data", message % {"year": year, "missing": names})
