"""A candidate moves to another PC of the room: asked by one officer with a reason, decided by another."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from cat_exam.models import Attempt
from core.models import Station, User
from core.models.base import uuid_key
from proctoring.models.identity import DECIDED_IN_THE_ROOM


class SeatMove(models.Model):
    """A request to go on at ``station``; its decision's moment is that of the PIN good at that PC alone.

    The database binds a working candidate to another PC only under such a row, decided by somebody else than asked.
    """

    id = uuid_key()
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="moves")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+")
    left = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", help_text="the PC before"
    )
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True, help_text="None: waiting; False: refused or taken back")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmed=True) | ~Q(asked_by=F("decided_by")), name="move_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(confirmed__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(confirmed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="move_decision_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="move_reason"),
            models.CheckConstraint(condition=Q(left__isnull=True) | ~Q(left=F("station")), name="move_elsewhere"),
            models.UniqueConstraint(
                fields=["attempt"], condition=Q(confirmed__isnull=True), name="move_one_waiting"
            ),
            models.UniqueConstraint(
                fields=["station"], condition=Q(confirmed__isnull=True), name="move_one_to_a_pc"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="born_waiting", operation=pgtrigger.Insert, condition=pgtrigger.Q(new__confirmed__isnull=False)
            ),
            pgtrigger.Protect(
                name="asked_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("attempt", "station", "left", "reason", "asked_by", "asked_at"),
            ),
            pgtrigger.Protect(
                name="decided_once", operation=pgtrigger.Update, condition=pgtrigger.Q(old__confirmed__isnull=False)
            ),
            pgtrigger.Trigger(
                name="decided_in_the_room", when=pgtrigger.Before, operation=pgtrigger.Update,
                func=DECIDED_IN_THE_ROOM,
            ),
        ]  # fmt: skip
