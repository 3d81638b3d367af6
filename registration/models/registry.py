"""The local population registry and the kinds of documents with their limits."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language


class PopulationRecord(models.Model):
    """One person of a loaded population table; every column is a keyed digest, so the table names nobody."""

    nik_index = models.CharField(max_length=64, primary_key=True)
    family_card_digest = models.CharField(max_length=64)
    name_digest = models.CharField(max_length=64)
    birth_date_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()


class DocumentKind(models.Model):
    """One kind of document an applicant hands in: what it may be and how large. Dated data, not constants."""

    code = models.CharField(max_length=30, primary_key=True)
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    hint = models.CharField(max_length=300)
    hint_en = models.CharField(max_length=300)
    media_types = ArrayField(models.CharField(max_length=60))
    max_bytes = models.PositiveIntegerField()
    max_pages = models.PositiveSmallIntegerField()
    categories = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="grade categories; empty: everybody"
    )
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name_en if (get_language() or "id").startswith("en") else self.name

    @property
    def help_text(self) -> str:
        """The hint in the reader's language."""
        return self.hint_en if (get_language() or "id").startswith("en") else self.hint
