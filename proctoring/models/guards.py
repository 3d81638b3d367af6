"""What the database asks of a proposal of the room: born waiting, never reworded, decided once and by the room."""

import pgtrigger

#: Who confirms holds a role in this room's centre, or for the country; the same test as ``queries.roles_in``.
_IN_THE_ROOM = """
IF NEW.confirmed AND NOT EXISTS (
    SELECT FROM cat_exam_attempt a
      JOIN cat_exam_exam e ON e.id = a.exam_id
      JOIN registration_sitting s ON s.id = e.sitting_id
      JOIN core_room r ON r.id = s.room_id
      JOIN core_rolegrant g ON g.user_id = NEW.decided_by_id
     WHERE a.id = NEW.attempt_id AND g.role IN ('proctor', 'coordinator')
       AND g.approved_by_id IS NOT NULL AND g.revoked_at IS NULL AND g.valid_from <= clock_timestamp()
       AND (g.valid_to IS NULL OR g.valid_to > clock_timestamp())
       AND (g.centre_id = r.centre_id OR (g.centre_id IS NULL AND g.agency_id IS NULL))
) THEN
    RAISE EXCEPTION 'who confirms has no role in this room' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


def decided_in_the_room(*asked: str) -> list[pgtrigger.Trigger]:
    """Triggers of a :class:`cat_exam.models.Proposal` whose own fields ``asked`` stay as they were asked."""
    fixed = pgtrigger.AnyChange("attempt", *asked, "asked_by", "asked_at")
    return [
        pgtrigger.Protect(
            name="born_waiting", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__confirmed__isnull=False)
        ),
        pgtrigger.Protect(name="asked_once", operation=pgtrigger.Update, condition=fixed),
        pgtrigger.Protect(
            name="decided_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__confirmed__isnull=False)
        ),
        pgtrigger.Trigger(
            name="decided_in_the_room", when=pgtrigger.Before, operation=pgtrigger.Update, func=_IN_THE_ROOM
        ),
    ]
