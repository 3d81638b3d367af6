"""Ranking runs with frozen lines, announcements and objections to them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import Agency, User
from core.models.base import Sealed, reference, uuid_key
from registration.models import Application, Formation, RuleSet, Selection, Stage


class RankingRun(models.Model):
    """One computation of a stage's ranking: frozen lines and the hash of everything it read."""

    class State(models.TextChoices):
        COMPUTED = "computed", _("Dihitung")
        CHECKED = "checked", _("Diperiksa")
        APPROVED = "approved", _("Disetujui")
        REJECTED = "rejected", _("Ditolak")

    id = uuid_key()
    reference = models.CharField(max_length=16, unique=True, default=reference)
    selection = models.ForeignKey(Selection, models.PROTECT, related_name="ranking_runs")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    ruleset = models.ForeignKey(RuleSet, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.COMPUTED)
    inputs_sha256 = models.CharField(max_length=64)
    lines_sha256 = models.CharField(max_length=64)
    counts = models.JSONField(help_text="lines by code, formations, posts")
    computed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["-computed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(computed_by=F("approved_by")), name="run_four_eyes"),
            models.CheckConstraint(condition=~Q(computed_by=F("checked_by")), name="run_checked_by_another"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="run_approved_by_someone",
            ),
        ]


class RankLine(models.Model):
    """One candidate's line in a run; ``code`` is P/L, P, TL, TH or DIS; append-only."""

    run = models.ForeignKey(RankingRun, models.PROTECT, related_name="lines")
    formation = models.ForeignKey(Formation, models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.PROTECT, related_name="rank_lines")
    number = models.CharField(max_length=30, help_text="participant number")
    name = models.CharField(max_length=120)
    sections = models.JSONField(help_text="section code → score; empty when absent")
    total = models.PositiveIntegerField(null=True)
    rank = models.PositiveIntegerField(null=True, help_text="place among those over the grade")
    code = models.CharField(max_length=8)
    reasons = ArrayField(models.CharField(max_length=40), default=list, help_text="why this code, machine-readable")

    class Meta:
        ordering = ["run", "formation", "rank", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "application"], name="rank_line_once"),
            models.CheckConstraint(condition=Q(code__in=["P/L", "P", "TL", "TH", "DIS"]), name="rank_line_code"),
        ]
        indexes = [models.Index(fields=["run", "number"], name="rank_line_number")]


class Announcement(Sealed):
    """A signed announcement of one approved run, of all agencies or of one.

    ``document``: ``{"announcement", "number", "run", "lines_sha256", "pdf_sha256", "counts", "published_at"}``.
    """

    PURPOSE = "announcement"

    class State(models.TextChoices):
        APPROVED = "approved", _("Disetujui")
        PUBLISHED = "published", _("Diumumkan")
        SUPERSEDED = "superseded", _("Diganti")

    id = uuid_key()
    reference = models.CharField(max_length=16, unique=True, default=reference)
    run = models.ForeignKey(RankingRun, models.PROTECT, related_name="announcements")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PUBLISHED)
    path = models.CharField(max_length=200, help_text="the signed PDF under the media root")
    pdf_sha256 = models.CharField(max_length=64, unique=True)
    pages = models.PositiveIntegerField()
    published_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    published_at = models.DateTimeField()
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    class Meta:
        ordering = ["-published_at"]


class ResultObjection(models.Model):
    """A candidate's objection to a published result: once, text only, answered by an officer."""

    id = uuid_key()
    line = models.OneToOneField(RankLine, models.PROTECT, related_name="objection")
    text = models.CharField(max_length=4000)
    lodged_at = models.DateTimeField()
    accepted = models.BooleanField(null=True)
    answer = models.CharField(max_length=4000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
