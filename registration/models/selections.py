"""A selection with its dated phases, its stages and its rule set: every grade and weight is data with its decree."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class RuleSet(models.Model):
    """The ranking rules of one year, with the decree they stand in."""

    code = models.CharField(max_length=20, unique=True)
    decree = models.CharField(max_length=200)
    advance_factor = models.PositiveSmallIntegerField(default=3)
    tie_order = ArrayField(models.CharField(max_length=10), help_text="total, tkp, tiu, twk")
    all_equal_advance = models.BooleanField(default=True)
    final_tie_order = ArrayField(models.CharField(max_length=10))
    decimals = models.PositiveSmallIntegerField(default=3)

    def __str__(self) -> str:
        return f"{self.code} ({self.decree})"


class PassingGrade(models.Model):
    """The least scores of one category: per section, or TIU and total (nilai ambang batas)."""

    ruleset = models.ForeignKey(RuleSet, models.PROTECT, related_name="grades")
    category = models.CharField(max_length=40)
    decree = models.CharField(max_length=200)
    min_twk = models.PositiveSmallIntegerField(null=True, blank=True)
    min_tiu = models.PositiveSmallIntegerField(null=True, blank=True)
    min_tkp = models.PositiveSmallIntegerField(null=True, blank=True)
    min_total = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ruleset", "category"], name="grade_category")]


class NeedKind(models.Model):
    """One of the kinds of need (jenis kebutuhan) of a rule set and the grade category it is judged by."""

    ruleset = models.ForeignKey(RuleSet, models.PROTECT, related_name="need_kinds")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100, help_text="as written in the catalogue")
    category = models.CharField(max_length=40)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ruleset", "code"], name="need_code"),
            models.UniqueConstraint(fields=["ruleset", "name"], name="need_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PositionCategory(models.Model):
    """Positions that a rule set judges by a grade of their own when the need is general (``pattern``: SQL LIKE)."""

    ruleset = models.ForeignKey(RuleSet, models.PROTECT, related_name="position_categories")
    pattern = models.CharField(max_length=200, help_text="upper case, compared with the position by LIKE")
    category = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["ruleset", "pattern"], name="position_pattern")]

    def __str__(self) -> str:
        return self.pattern


class Selection(models.Model):
    """One national selection, run by one committee."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    ruleset = models.ForeignKey(RuleSet, models.PROTECT)
    document_kinds = ArrayField(models.CharField(max_length=30))
    statement = models.TextField(help_text="statement of truth the applicant agrees to")
    privacy = models.TextField(help_text="purpose of processing, UU 27/2022")
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "code"]

    def __str__(self) -> str:
        return self.name


class Phase(models.Model):
    """A dated phase; an officer may open the next one now, with a trail line. Half open: [opens, closes)."""

    class Code(models.TextChoices):
        REGISTRATION = "registration", _("Pendaftaran")
        VERIFICATION = "verification", _("Verifikasi")
        OBJECTION = "objection", _("Sanggah administrasi")
        SCHEDULING = "scheduling", _("Penjadwalan dan kartu ujian")
        EXAM = "exam", _("Pelaksanaan ujian")
        RESULTS = "results", _("Pengumuman hasil")
        RESULT_OBJECTION = "result_objection", _("Sanggah hasil")

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="phases")
    code = models.CharField(max_length=20, choices=Code.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ["selection", "opens_at"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "code"], name="phase_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="phase_forward"),
        ]


class Stage(models.Model):
    """A stage that is sat: SKD, SKB, Literasi TI. ``positions`` empty means every position."""

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="stages")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField()
    blueprint_code = models.CharField(max_length=40)
    minutes = models.PositiveSmallIntegerField()
    minutes_visual = models.PositiveSmallIntegerField(help_text="for visually impaired candidates")
    max_total = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=6, decimal_places=3)
    positions = ArrayField(models.CharField(max_length=200), default=list, blank=True)

    class Meta:
        ordering = ["selection", "order"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "code"], name="stage_code"),
            models.UniqueConstraint(fields=["selection", "order"], name="stage_order"),
            models.CheckConstraint(condition=Q(minutes_visual__gte=F("minutes")), name="stage_minutes"),
        ]

    def __str__(self) -> str:
        return self.name
