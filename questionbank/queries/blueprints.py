"""Blueprints and what the bank holds for them."""

from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum

from questionbank.models import Blueprint, BlueprintPart, ItemVersion, Section
from questionbank.rules.draw import Candidate, Part, supply

DRAWABLE = (ItemVersion.State.APPROVED, ItemVersion.State.IN_USE)
LANGUAGE = "id"


@dataclass(frozen=True, slots=True)
class Supply:
    """One part of a blueprint: how many items it needs and how many approved ones there are."""

    part: BlueprintPart
    needed: int
    approved: int

    @property
    def missing(self) -> int:
        return max(0, self.needed - self.approved)


def parts_of(blueprint: Blueprint) -> list[BlueprintPart]:
    """The parts with section and topic, in order."""
    return list(blueprint.parts.select_related("section", "topic").order_by("order"))


def plain_parts(parts: list[BlueprintPart]) -> list[Part]:
    """The parts as the drawing rule takes them."""
    return [Part(part.section.code, part.topic.name if part.topic else None, part.items) for part in parts]


def pool(section_ids: set[int]) -> list[Candidate]:
    """Every approved version of the sections, without its content."""
    rows = ItemVersion.objects.filter(
        state__in=DRAWABLE, language=LANGUAGE, item__topic__section_id__in=section_ids
    ).values_list("id", "item__topic__section__code", "item__topic__name", "item__enemies")
    return [Candidate(str(pk), section, topic, enemies) for pk, section, topic, enemies in rows]


def supply_of(blueprint: Blueprint) -> list[Supply]:
    """Needed against approved for every part, in three queries."""
    parts = parts_of(blueprint)
    counted = supply(plain_parts(parts), pool({part.section_id for part in parts}))
    return [Supply(part, part.items, found) for part, (_, found) in zip(parts, counted, strict=True)]


def sections() -> QuerySet[Section]:
    """All sections with their topics."""
    return Section.objects.prefetch_related("topics").order_by("order")


def blueprints_with_sums() -> QuerySet[Blueprint]:
    """Blueprints, newest year first, with ``total_items``, ``total_points`` and ``part_count``."""
    return Blueprint.objects.annotate(
        total_items=Sum("parts__items"), total_points=Sum(F("parts__items") * F("parts__points")),
        part_count=Count("parts"),
    ).order_by("-year", "code")  # fmt: skip
