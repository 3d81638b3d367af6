"""Who is ranked in a stage, and by which passing grade each is judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection

from registration.models import PassingGrade, Stage
from registration.queries.selections import as_grade
from registration.rules.passing import Grade


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One carded application of a stage; ``category`` names the passing grade that judges it."""

    application_id: UUID
    number: str
    name: str
    formation_id: int
    posts: int
    category: str
    birth_date: date
    gpa: Decimal | None


#: A general need is judged by the position's own grade where the rule set has one (first pattern that fits).
_CATEGORY = """
CASE WHEN n.category = 'general' THEN coalesce((
    SELECT pc.category FROM registration_positioncategory pc
     WHERE pc.ruleset_id = s.ruleset_id AND f.position LIKE pc.pattern ORDER BY pc.id LIMIT 1
), n.category) ELSE n.category END
"""

#: Whoever has a card is carded or has withdrawn. Asked as "not withdrawn", the planner expects many rows even in
#: the minute after the cards were issued, when its figures still say that nobody is carded.
_FIELD = f"""
SELECT a.id, a.number, p.full_name, f.id, f.posts, {_CATEGORY}, p.birth_date, a.gpa
  FROM registration_examcard c
  JOIN registration_application a ON a.id = c.application_id
  JOIN registration_applicant p ON p.id = a.applicant_id
  JOIN registration_selection s ON s.id = a.selection_id
  JOIN registration_formation f ON f.id = a.formation_id
  JOIN registration_needkind n ON n.id = f.need_id
 WHERE c.stage_id = %s AND a.state <> 'withdrawn'
   AND c.id NOT IN (SELECT replaces_id FROM registration_examcard WHERE replaces_id IS NOT NULL)
 ORDER BY a.number
"""  # noqa: S608 - both parts are ours

_CATEGORY_OF = f"""
SELECT s.ruleset_id, {_CATEGORY}
  FROM registration_application a
  JOIN registration_selection s ON s.id = a.selection_id
  JOIN registration_formation f ON f.id = a.formation_id
  JOIN registration_needkind n ON n.id = f.need_id
 WHERE a.id = %s
"""  # noqa: S608 - both parts are ours


def ranking_field(stage: Stage) -> Iterator[FieldRow]:
    """Every carded, not withdrawn application of the stage by participant number; one query, streamed in parts."""
    with connection.cursor() as cursor:
        cursor.execute(_FIELD, [stage.pk])
        while rows := cursor.fetchmany(5_000):
            for row in rows:
                yield FieldRow(*row)


def grade_for(application_id: UUID) -> Grade | None:
    """The passing grade that judges an application; None where its rule set has none for its category.

    Reads no table with a name of a person in it, so that the scorer may ask.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORY_OF, [application_id])
        found = cursor.fetchone()
    if found is None:
        return None
    row = PassingGrade.objects.filter(ruleset_id=found[0], category=found[1]).first()
    return as_grade(row) if row else None
