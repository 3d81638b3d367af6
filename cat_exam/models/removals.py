"""Taking an attempt out of the count: asked by one officer with a reason, decided by another."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cat_exam.models.attempts import Attempt
from cat_exam.models.proposals import Proposal, decided_by_two


class Removal(Proposal):
    """A request to disqualify an attempt, or to void it so that it is sat again.

    ``evidence`` lists what the request rests on (ids of incidents, notices or papers of the room). The database
    moves an attempt to ``to`` only when such a row is confirmed, by somebody else than asked.
    """

    class To(models.TextChoices):
        DISQUALIFIED = "disqualified", _("Diskualifikasi")
        VOIDED = "voided", _("Dibatalkan untuk diulang")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="removals")
    to = models.CharField(max_length=12, choices=To.choices)
    evidence = models.JSONField(default=list)
    confirmed = models.BooleanField(null=True, help_text="None: waiting; False: declined or taken back")

    class Meta:
        constraints = [
            *decided_by_two("removal"),
            models.CheckConstraint(condition=Q(to__in=["disqualified", "voided"]), name="removal_to"),
        ]
