"""A candidate moves to another PC of the room: asked by one officer with a reason, decided by another."""

from django.db import models
from django.db.models import F, Q

from cat_exam.models import Attempt, Proposal, decided_by_two
from core.models import Station
from proctoring.models.guards import decided_in_the_room


class SeatMove(Proposal):
    """A request to go on at ``station``; its decision's moment is that of the PIN good at that PC alone.

    The database binds a working candidate to another PC only under such a row, decided by somebody else than asked.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="moves")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    left = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", help_text="the PC before"
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            *decided_by_two("move"),
            models.CheckConstraint(condition=Q(left__isnull=True) | ~Q(left=F("station")), name="move_elsewhere"),
            models.UniqueConstraint(
                fields=["station"], condition=Q(confirmed__isnull=True), name="move_one_to_a_pc"
            ),
        ]
        triggers = decided_in_the_room("station", "left", "reason")
