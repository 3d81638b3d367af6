"""Formations (sets of posts) with the education programmes they accept, and the dated table of regions."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q

from core.models import Agency
from registration.models.selections import NeedKind, Selection


class Region(models.Model):
    """A place in Indonesia a location belongs to; ``special`` marks those with rules of their own."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    special = models.CharField(max_length=20, blank=True, help_text="papua, kalimantan, remote")

    def __str__(self) -> str:
        return self.name


class RegionPattern(models.Model):
    """Dated table: the words in an agency's or location's name from which kind and region are derived."""

    pattern = models.CharField(max_length=200, help_text="upper case, compared with the start or a whole part")
    agency_kind = models.CharField(max_length=10, choices=Agency.Kind.choices, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pattern", "valid_from"], name="region_pattern")]


class Formation(models.Model):
    """One formation: agency + procurement + need + position + location, a number of posts, salary in rupiah."""

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="formations")
    external_id = models.UUIDField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="formations")
    procurement = models.CharField(max_length=20)
    need = models.ForeignKey(NeedKind, models.PROTECT)
    position = models.CharField(max_length=200)
    location = models.CharField(max_length=500, help_text="path, parts separated by ' | '")
    region = models.ForeignKey(Region, models.PROTECT, null=True)
    posts = models.PositiveIntegerField()
    disability_allowed = models.BooleanField()
    salary_min = models.BigIntegerField()
    salary_max = models.BigIntegerField()
    words = models.TextField(help_text="upper-case text the search looks in")

    class Meta:
        ordering = ["agency__name", "position", "location", "id"]
        constraints = [
            models.UniqueConstraint(fields=["selection", "external_id"], name="formation_external"),
            models.CheckConstraint(condition=Q(posts__gte=1), name="formation_posts"),
            models.CheckConstraint(condition=Q(salary_max__gte=F("salary_min")), name="formation_salary"),
        ]
        indexes = [
            models.Index(fields=["selection", "agency"], name="formation_agency"),
            models.Index(fields=["selection", "position"], name="formation_position"),
            GinIndex(SearchVector("words", config="simple"), name="formation_words"),
        ]

    def __str__(self) -> str:
        return f"{self.position} · {self.agency.name}"


class FormationEducation(models.Model):
    """One education programme a formation accepts: level (jenjang) and programme (program studi)."""

    formation = models.ForeignKey(Formation, models.PROTECT, related_name="educations")
    level = models.CharField(max_length=60)
    programme = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["formation", "level", "programme"], name="formation_programme"),
        ]
        indexes = [
            models.Index(fields=["level", "programme"], name="education_programme"),
            GinIndex(SearchVector("programme", config="simple"), name="education_words"),
        ]

    def __str__(self) -> str:
        return f"{self.level} {self.programme}"
