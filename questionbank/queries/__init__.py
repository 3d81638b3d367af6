"""Reading the bank: items, blueprints, papers, and what an import would do."""

from questionbank.queries.blueprints import Supply, parts_of, plain_parts, pool, sections, supply_of
from questionbank.queries.imports import Plan, PlannedItem, plan_import
from questionbank.queries.items import newest_only, reads_content, versions_visible_to, waits_for
from questionbank.queries.papers import (
    KeyBroken,
    answer_key,
    bundle_key,
    bundle_of,
    papers_visible_to,
    sealed_papers,
    topics_of_paper,
    versions_of_paper,
)

__all__ = [
    "KeyBroken",
    "Plan",
    "PlannedItem",
    "Supply",
    "answer_key",
    "bundle_key",
    "bundle_of",
    "newest_only",
    "papers_visible_to",
    "parts_of",
    "plain_parts",
    "plan_import",
    "pool",
    "reads_content",
    "sealed_papers",
    "sections",
    "supply_of",
    "topics_of_paper",
    "versions_of_paper",
    "versions_visible_to",
    "waits_for",
]
