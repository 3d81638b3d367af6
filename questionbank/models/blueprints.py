"""Blueprints: how many items of which section and topic, in how many minutes, by which decree."""

import pgtrigger
from django.db import models
from django.db.models import Q

from core.models.base import uuid_key
from questionbank.models.items import Section, Topic


class Blueprint(models.Model):
    """The plan of a test (kisi-kisi); dated data."""

    id = uuid_key()
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()
    decree = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField()
    minutes_visual = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class BlueprintPart(models.Model):
    """``items`` items of one section, or of one of its topics where ``topic`` is given, at most ``points`` each."""

    blueprint = models.ForeignKey(Blueprint, models.PROTECT, related_name="parts")
    section = models.ForeignKey(Section, models.PROTECT)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True)
    items = models.PositiveSmallIntegerField()
    points = models.PositiveSmallIntegerField(default=5)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["blueprint", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["blueprint", "section", "topic"], nulls_distinct=False, name="blueprint_part_once"
            ),
            models.CheckConstraint(condition=Q(items__gte=1), name="blueprint_part_items"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_by_papers",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=(
                    "IF EXISTS (SELECT FROM questionbank_paper "
                    "WHERE blueprint_id IN (OLD.blueprint_id, NEW.blueprint_id)) THEN "
                    "RAISE EXCEPTION 'papers were drawn from this blueprint'; END IF; "
                    "RETURN COALESCE(NEW, OLD);"
                ),
            ),
        ]
