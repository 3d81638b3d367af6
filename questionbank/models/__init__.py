"""Sections, topics, items and their versions, reviews, blueprints, sealed papers and item statistics."""

from questionbank.models.blueprints import Blueprint, BlueprintPart
from questionbank.models.items import Item, ItemStatistic, ItemVersion, Review, Section, Topic
from questionbank.models.papers import Paper, PaperItem, PaperKey

__all__ = [
    "Blueprint",
    "BlueprintPart",
    "Item",
    "ItemStatistic",
    "ItemVersion",
    "Paper",
    "PaperItem",
    "PaperKey",
    "Review",
    "Section",
    "Topic",
]
