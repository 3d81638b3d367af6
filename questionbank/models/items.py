"""Items and their versions: content under the bank key, three different people from draft to approval."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import User
from core.models.base import uuid_key
from questionbank.rules import lifecycle


class Section(models.Model):
    """A section of the bank (TWK, TIU, TKP, TI …); ``scoring`` says how its options carry points."""

    class Scoring(models.TextChoices):
        KEYED = "keyed", _("Satu kunci")
        SCALED = "scaled", _("Berskala 1–5")

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    scoring = models.CharField(max_length=10, choices=Scoring.choices)
    is_it_literacy = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.code


class Topic(models.Model):
    """A topic of a section, as the blueprint names it."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="topics")
    name = models.CharField(max_length=100)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["section", "order"]
        constraints = [models.UniqueConstraint(fields=["section", "name"], name="topic_name")]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One item (soal) through all its versions; of a group of ``enemies`` a form holds at most one."""

    id = uuid_key()
    code = models.CharField(max_length=40, unique=True)
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="items")
    enemies = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """One version of an item in one language.

    ``content`` is AES-256-GCM under the bank key, bound to this row's id, of canonical JSON
    ``{"stem": html, "options": [{"label": "A", "html": html, "points": int} × 5], "rationale": str, "source": str,
    "figures": {name: svg}, "markup": "text" | "html", "text": {"stem": str, "options": [str × 5]}}``; ``text`` is
    what the writer typed. ``digest`` is the SHA-256 of the canonical bytes of what a candidate sees (stem and
    options, no points), to find equal items.
    Frozen by triggers as soon as it is no draft.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draf")
        IN_REVIEW = "in_review", _("Ditelaah")
        APPROVED = "approved", _("Disetujui")
        IN_USE = "in_use", _("Dipakai")
        RETIRED = "retired", _("Dipensiunkan")

    id = uuid_key()
    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=5, default="id")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    writer = models.ForeignKey(User, models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approver = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "language", "number"], name="item_version_number"),
            models.UniqueConstraint(
                fields=["item", "language"],
                condition=Q(state__in=["approved", "in_use"]),
                name="item_one_approved",
            ),
            models.CheckConstraint(condition=~Q(writer=F("reviewer")), name="item_writer_not_reviewer"),
            models.CheckConstraint(condition=~Q(writer=F("approver")), name="item_writer_not_approver"),
            models.CheckConstraint(condition=~Q(reviewer=F("approver")), name="item_reviewer_not_approver"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "in_review", "retired"])
                | Q(reviewer__isnull=False, approver__isnull=False),
                name="item_approved_by_three",
            ),
            models.UniqueConstraint(
                fields=["item", "language"], condition=Q(state__in=["draft", "in_review"]), name="item_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["state"], name="item_version_state"),
            models.Index(fields=["digest"], name="item_version_digest"),
        ]
        triggers = [
            pgtrigger.FSM(name="lifecycle", field="state", transitions=lifecycle.steps(lifecycle.VERSION)),
            pgtrigger.Protect(
                name="born_draft",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Q(new__state__df="draft")
                | pgtrigger.Q(new__reviewer__isnull=False)
                | pgtrigger.Q(new__approver__isnull=False),
            ),
            pgtrigger.Protect(
                name="frozen_content",
                operation=pgtrigger.UpdateOf("item_id", "number", "language", "content", "digest", "writer_id"),
                condition=pgtrigger.Q(old__state__df="draft"),
            ),
            pgtrigger.Protect(
                name="frozen_hands",
                operation=pgtrigger.UpdateOf("reviewer_id", "approver_id"),
                condition=pgtrigger.Q(old__state__in=["approved", "in_use", "retired"]),
            ),
        ]


class Review(models.Model):
    """One reading of a version by a reviewer or an approver, with verdict and note; append-only."""

    class Verdict(models.TextChoices):
        ACCEPT = "accept", _("Terima")
        RETURN = "return", _("Kembalikan")

    id = uuid_key()
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=10, choices=[("review", _("Telaah")), ("approve", _("Persetujuan"))])
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    note = models.CharField(max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]


class ItemStatistic(models.Model):
    """Classical statistics of a version from one sitting's responses; decimals, counts in ``answered``."""

    id = uuid_key()
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="statistics")
    computed_at = models.DateTimeField()
    answered = models.PositiveIntegerField()
    mean_points = models.DecimalField(max_digits=6, decimal_places=4)
    item_total = models.DecimalField(max_digits=6, decimal_places=4, null=True, help_text="corrected item-total r")
    option_counts = models.JSONField()
