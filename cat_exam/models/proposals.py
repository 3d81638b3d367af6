"""What one officer asks about an attempt and another decides, each on the own sign-in."""

from django.db import models
from django.db.models import F, Q

from cat_exam.models.attempts import Attempt
from core.models import User
from core.models.base import uuid_key


class Proposal(models.Model):
    """A request with its reason, never changed but by its decision; its kinds add ``attempt`` and what is asked."""

    attempt: "models.ForeignKey[Attempt, Attempt]"
    attempt_id: int

    id = uuid_key()
    reason = models.CharField(max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    confirmed = models.BooleanField(null=True, help_text="None: waiting; False: refused or taken back")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def decided_by_two(name: str) -> list[models.BaseConstraint]:
    """What the database holds every kind of proposal to; constraints are called ``<name>_four_eyes`` and so on."""
    return [
        models.CheckConstraint(condition=~Q(confirmed=True) | ~Q(asked_by=F("decided_by")), name=f"{name}_four_eyes"),
        models.CheckConstraint(
            condition=Q(confirmed__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
            | Q(confirmed__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            name=f"{name}_decision_whole",
        ),
        models.CheckConstraint(condition=~Q(reason=""), name=f"{name}_reason"),
        models.UniqueConstraint(
            fields=["attempt"], condition=Q(confirmed__isnull=True), name=f"{name}_one_waiting"
        ),
    ]
