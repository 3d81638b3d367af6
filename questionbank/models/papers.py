"""Sealed papers: the encrypted bundle the hall hands out, and the answer key only the scorer can read."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.models.base import Sealed, uuid_key
from questionbank.models.blueprints import Blueprint
from questionbank.models.items import ItemVersion
from questionbank.rules import lifecycle


class Paper(Sealed):
    """One sealed form (naskah).

    ``document`` (sealed): ``{"paper", "code", "blueprint", "sections": [{"code", "name", "items", "max"}],
    "items": int, "max_total": int, "minutes": int, "minutes_visual": int, "bundle_sha256": hex,
    "key_sha256": hex}``; no key inside. It is fixed when the form is drawn; ``sealed_at`` is then the moment of
    drawing and the signature empty until another custodian seals it.

    ``bundle`` is what every candidate of the form downloads: 12-byte nonce + AES-256-GCM (key ``bundle_key``, no
    associated data) of gzip of UTF-8 JSON ``{"paper": id, "sections": [{"code", "name"}], "items": [{"id": int,
    "section": code, "topic": name, "lang": "id", "stem": html, "options": [{"id": int, "html": html} × 5]}]}``;
    item and option ids are random per form (positive 31-bit integers). ``bundle_key`` is the 32-byte data key,
    wrapped for the hall's processes (``core.vault``).
    """

    PURPOSE = "paper"

    class State(models.TextChoices):
        DRAWN = "drawn", _("Tersusun")
        SEALED = "sealed", _("Tersegel")
        WITHDRAWN = "withdrawn", _("Ditarik")

    id = uuid_key()
    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAWN)
    bundle = models.BinaryField()
    bundle_sha256 = models.CharField(max_length=64)
    bundle_key = models.BinaryField()
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    sealed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(drawn_by=F("sealed_by")), name="paper_four_eyes"),
            models.CheckConstraint(
                condition=~Q(state="sealed") | Q(sealed_by__isnull=False), name="paper_sealed_by_someone"
            ),
        ]
        triggers = [
            pgtrigger.FSM(name="lifecycle", field="state", transitions=lifecycle.steps(lifecycle.PAPER)),
            pgtrigger.Protect(
                name="born_drawn",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df="drawn") | pgtrigger.Q(new__sealed_by__isnull=False),
            ),
            pgtrigger.Protect(
                name="frozen_form",
                operation=pgtrigger.UpdateOf(
                    "blueprint_id", "code", "document", "digest", "bundle", "bundle_sha256", "bundle_key",
                    "drawn_by_id", "drawn_at",
                ),
            ),
            pgtrigger.Protect(
                name="sealed_once",
                operation=pgtrigger.UpdateOf("seal_kid", "seal_signature", "sealed_at", "sealed_by_id"),
                condition=pgtrigger.Q(old__state__df="drawn"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code


class PaperKey(models.Model):
    """The answer key of a paper: readable by the database role ``cat_score`` alone, openable by ``score`` alone.

    ``wrapped`` is age (recipient ``paper``) of canonical JSON
    ``{"paper": id, "seed": hex, "sections": [code], "items": {"<item id>": {"section": code,
    "options": [option id × 5, as A–E], "points": {"<option id>": int}}}}``.
    """

    paper = models.OneToOneField(Paper, models.PROTECT, primary_key=True, related_name="+")
    wrapped = models.BinaryField()


class PaperItem(models.Model):
    """Which version stands where in a paper; for the custodian and for item statistics, never for the hall."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="items")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="+")
    form_item = models.PositiveIntegerField(help_text="item id inside the form")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["paper", "order"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "version"], name="paper_item_once"),
            models.UniqueConstraint(fields=["paper", "form_item"], name="paper_form_item_once"),
        ]
