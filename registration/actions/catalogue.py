"""Takes a whole catalogue of formations into a selection: set by set, all or nothing, twice without change."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast

from core import trail
from core.models import Agency, User
from registration.models import NeedKind, Region, Selection
from registration.rules.catalogue import FormationRow
from registration.rules.regions import words_of


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; formations of the selection that the file does not name stay as they are."""

    formations: int
    added: int
    changed: int
    programmes: int
    programmes_added: int
    agencies_added: int
    posts: int

    @property
    def unchanged(self) -> int:
        return self.formations - self.added - self.changed

    def counts(self) -> dict[str, int]:
        """The report as plain counts."""
        return asdict(self) | {"unchanged": self.unchanged}


#: Called with (formations and programmes written, in all) now and then.
Told = Callable[[int, int], None]
_PART = 2_000

_FORMATIONS = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[],
                         %s::int[], %s::bool[], %s::bigint[], %s::bigint[], %s::text[])
        AS t(external_id, agency_id, procurement, need_id, position, location, region_id,
             posts, disability_allowed, salary_min, salary_max, words)
), written AS (
    INSERT INTO registration_formation AS f
        (selection_id, external_id, agency_id, procurement, need_id, position, location, region_id,
         posts, disability_allowed, salary_min, salary_max, words)
    SELECT %s, given.* FROM given
    ON CONFLICT (selection_id, external_id) DO UPDATE SET
        agency_id = excluded.agency_id, procurement = excluded.procurement, need_id = excluded.need_id,
        position = excluded.position, location = excluded.location, region_id = excluded.region_id,
        posts = excluded.posts, disability_allowed = excluded.disability_allowed,
        salary_min = excluded.salary_min, salary_max = excluded.salary_max, words = excluded.words
    WHERE (f.agency_id, f.procurement, f.need_id, f.position, f.location, f.region_id, f.posts,
           f.disability_allowed, f.salary_min, f.salary_max, f.words)
       IS DISTINCT FROM
          (excluded.agency_id, excluded.procurement, excluded.need_id, excluded.position, excluded.location,
           excluded.region_id, excluded.posts, excluded.disability_allowed, excluded.salary_min,
           excluded.salary_max, excluded.words)
    RETURNING (f.xmax = 0) AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written
"""
_PROGRAMMES = """
WITH given AS (
    SELECT * FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS t(external_id, level, programme)
), written AS (
    INSERT INTO registration_formationeducation (formation_id, level, programme)
    SELECT f.id, given.level, given.programme
      FROM given JOIN registration_formation f ON f.external_id = given.external_id AND f.selection_id = %s
    ON CONFLICT (formation_id, level, programme) DO NOTHING
    RETURNING 1
)
SELECT count(*) FROM written
"""


def import_catalogue(
    *, selection: Selection, formations: Sequence[FormationRow], places: Mapping[UUID, tuple[str, str]],
    by: User | None, now: datetime, told: Told | None = None,
) -> ImportReport:  # fmt: skip
    """Write checked ``formations`` with their ``places`` (agency kind, region code) into ``selection``.

    Two imports of one selection at once take their turns. Programmes the file no longer names stay, because an
    application may rest on them.
    """
    with transaction.atomic():
        Selection.objects.select_for_update(no_key=True).get(pk=selection.pk)
        before = Agency.objects.count()
        agencies = _agencies({row.agency: places[row.external_id][0] for row in formations})
        pairs = [(row.external_id, *pair) for row in formations for pair in sorted(row.programmes)]
        tell = _teller(told, len(formations) + len(pairs))
        tell(0)
        added, changed = _write_formations(selection, formations, places, agencies, tell)
        programmes_added = 0
        for part in _parts(pairs, 5 * _PART):
            programmes_added += _one(_PROGRAMMES, [*_turned(part, 3), selection.pk])[0]
            tell(len(part))
        report = ImportReport(
            len(formations), added, changed, len(pairs), programmes_added, Agency.objects.count() - before,
            sum(row.posts for row in formations),
        )  # fmt: skip
        with connection.cursor() as cursor:  # or the search would plan for an empty table
            cursor.execute("ANALYZE registration_formation, registration_formationeducation")
        trail.record(
            "registration.catalogue_imported", selection, by=by, now=now,
            formations=report.formations, added=added, changed=changed, programmes_added=programmes_added,
        )  # fmt: skip
    return report


def _agencies(kinds: Mapping[str, str]) -> dict[str, int]:
    """Name → id of every agency in the file; new ones get the next code of their kind (1001…, 5001…)."""
    known = dict(Agency.objects.filter(name__in=kinds).values_list("name", "pk"))
    fresh: list[Agency] = []
    for kind, first in ((Agency.Kind.CENTRAL, 1000), (Agency.Kind.REGIONAL, 5000)):
        rows = Agency.objects.filter(kind=kind, code__regex=r"^\d{4}$")
        last = rows.aggregate(last=Max(Cast("code", IntegerField())))["last"] or first
        names = sorted(name for name, found in kinds.items() if found == kind and name not in known)
        fresh += [Agency(code=f"{last + place}", name=name, kind=kind) for place, name in enumerate(names, start=1)]
    Agency.objects.bulk_create(fresh)
    return known | {agency.name: agency.pk for agency in fresh}


def _write_formations(
    selection: Selection, formations: Sequence[FormationRow], places: Mapping[UUID, tuple[str, str]],
    agencies: Mapping[str, int], tell: Callable[[int], None],
) -> tuple[int, int]:  # fmt: skip
    needs = dict(NeedKind.objects.filter(ruleset=selection.ruleset_id).values_list("name", "pk"))
    regions = dict(Region.objects.values_list("code", "pk"))
    rows = [
        (row.external_id, agencies[row.agency], row.procurement, needs[row.need], row.position, row.location,
         regions[places[row.external_id][1]], row.posts, row.disability_allowed, row.salary_min, row.salary_max,
         search_words(row))
        for row in formations
    ]  # fmt: skip
    added = changed = 0
    for part in _parts(rows, _PART):
        new, other = _one(_FORMATIONS, [*_turned(part, 12), selection.pk])
        added, changed = added + new, changed + other
        tell(len(part))
    return added, changed


def _teller(told: Told | None, total: int) -> Callable[[int], None]:
    """Adds up what was written and tells it."""
    done = 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        if told:
            told(done, total)

    return tell


def _parts(rows: Sequence[tuple[Any, ...]], size: int) -> Iterable[Sequence[tuple[Any, ...]]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def search_words(row: FormationRow) -> str:
    """The text the search looks in: agency as written and in full, position, location, need, upper case."""
    return " ".join([" ".join(words_of(row.agency)), row.position, row.location, row.need]).upper()


def _turned(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _place in range(width)]


def _one(query: str, params: Sequence[Any]) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return tuple(cursor.fetchone() or ())
