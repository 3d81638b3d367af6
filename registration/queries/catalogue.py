"""Formations as the public searches them: words, own diploma, filters, and how many apply for how many posts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Count, QuerySet, Sum

from core.models import Agency
from registration.models import Application, Formation, FormationEducation, NeedKind, Region, RegionPattern, Selection
from registration.rules.regions import NATIONAL, Pattern, RegionTable

#: Applications that count as "applicants" beside a number of posts.
APPLIED = (
    Application.State.SUBMITTED, Application.State.VERIFIED_OK, Application.State.VERIFIED_NOT_OK,
    Application.State.OBJECTED, Application.State.DECIDED, Application.State.SCHEDULED, Application.State.CARDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a visitor looks for; empty means everything."""

    words: str = ""
    level: str = ""
    programme: str = ""
    agency: int | None = None
    position: str = ""
    region: str = ""
    need: int | None = None
    disability: bool = False


@dataclass(frozen=True, slots=True)
class FormationLine:
    """One line of the list: the formation, its applicants, and applicants per 100 posts for the bar (0–100)."""

    formation: Formation
    applicants: int

    @property
    def per_post(self) -> Decimal:
        """Applicants for each post, cut to one decimal."""
        return Decimal(self.applicants * 10 // self.formation.posts) / 10

    @property
    def bar(self) -> int:
        """Width of the bar in percent: full at ten applicants a post."""
        return min(100, self.applicants * 10 // self.formation.posts)


def region_table(on: date | None = None) -> RegionTable:
    """The table of name patterns in force ``on`` a day (default: all rows, the newest of each pattern)."""
    rows = RegionPattern.objects.order_by("valid_from")
    if on:
        rows = rows.filter(valid_from__lte=on)
    return RegionTable(
        Pattern(pattern, kind, code)
        for pattern, kind, code in rows.values_list("pattern", "agency_kind", "region__code")
    )


def province_codes() -> frozenset[str]:
    """The two-digit province codes a NIK may begin with."""
    return frozenset(Region.objects.exclude(code=NATIONAL).values_list("code", flat=True))


def search_terms(text: str) -> SearchQuery | None:
    """Every word of ``text`` as the beginning of a word, joined by AND; None for no words."""
    words = re.findall(r"[^\W_]+", text)[:12]
    if not words:
        return None
    return SearchQuery(" & ".join(f"{word}:*" for word in words), search_type="raw", config="simple")


def formations(selection: Selection, wanted: Wanted) -> QuerySet[Formation]:
    """The formations of ``selection`` that answer ``wanted``, by agency, position, location."""
    rows = Formation.objects.filter(selection=selection)
    exact = {"agency_id": wanted.agency, "position": wanted.position, "region__code": wanted.region,
             "need_id": wanted.need}  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.disability:
        rows = rows.filter(disability_allowed=True)
    terms = search_terms(wanted.words)
    if terms is not None:
        rows = rows.alias(found=SearchVector("words", config="simple")).filter(found=terms)
    diploma = _diploma(wanted)
    if diploma is not None:
        rows = rows.filter(pk__in=diploma.filter(formation__selection=selection).values("formation"))
    return rows.select_related("agency", "need", "region").order_by("agency__name", "position", "location", "pk")


def _diploma(wanted: Wanted) -> QuerySet[FormationEducation] | None:
    terms = search_terms(wanted.programme)
    if terms is None and not wanted.level:
        return None
    rows = FormationEducation.objects.all()
    if wanted.level:
        rows = rows.filter(level=wanted.level)
    if terms is not None:
        rows = rows.alias(found=SearchVector("programme", config="simple")).filter(found=terms)
    return rows


def applicants_of(formation_ids: Iterable[int]) -> dict[int, int]:
    """Formation id → submitted applications that were not withdrawn; formations without any are left out."""
    rows = Application.objects.filter(formation__in=list(formation_ids), state__in=APPLIED).order_by()
    return dict(rows.values_list("formation").annotate(count=Count("pk")))


def lines(rows: Iterable[Formation]) -> list[FormationLine]:
    """The formations of one page with their applicants, in one more query."""
    page = list(rows)
    counts = applicants_of(row.pk for row in page)
    return [FormationLine(row, counts.get(row.pk, 0)) for row in page]


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from in the filters of one selection."""

    agencies: list[tuple[int, str]]
    positions: list[str]
    regions: list[tuple[str, str]]
    needs: list[tuple[int, str]]
    levels: list[str]


def choices(selection: Selection) -> Choices:
    """The agencies, positions, regions, kinds of need and levels of education that occur in ``selection``."""
    rows = Formation.objects.filter(selection=selection).order_by()
    used = rows.values("agency").distinct()
    places = Region.objects.filter(pk__in=rows.values("region").distinct()).order_by("code")
    levels = FormationEducation.objects.filter(formation__selection=selection).order_by()
    return Choices(
        list(Agency.objects.filter(pk__in=used).order_by("name").values_list("pk", "name")),
        sorted(rows.values_list("position", flat=True).distinct()),
        list(places.values_list("code", "name")),
        list(NeedKind.objects.filter(pk__in=rows.values("need").distinct()).values_list("pk", "name")),
        sorted(levels.values_list("level", flat=True).distinct()),
    )


def programmes_like(selection: Selection, level: str, text: str, limit: int = 20) -> list[str]:
    """Names of programmes that begin their words with the words of ``text``."""
    rows = FormationEducation.objects.filter(formation__selection=selection).order_by()
    if level:
        rows = rows.filter(level=level)
    terms = search_terms(text)
    if terms is None:
        return []
    found = rows.alias(found=SearchVector("programme", config="simple")).filter(found=terms)
    return sorted(found.values_list("programme", flat=True).distinct()[:limit])


def catalogue_totals(selection: Selection) -> tuple[int, int]:
    """``(formations, posts)`` of a selection."""
    row = Formation.objects.filter(selection=selection).aggregate(count=Count("pk"), posts=Sum("posts"))
    return int(row["count"]), int(row["posts"] or 0)
