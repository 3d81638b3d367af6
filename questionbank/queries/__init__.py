"""Reading the bank: items, blueprints, papers, and what an import would do."""

from questionbank.queries.blueprints import (
    Supply,
    blueprints_with_sums,
    parts_of,
    plain_parts,
    pool,
    sections,
    supply_of,
)
from questionbank.queries.imports import Plan, PlannedItem, plan_import
from questionbank.queries.items import (
    narrowed,
    newest_only,
    reads_content,
    statistics_of,
    timeline_of,
    versions_visible_to,
    waits_for,
)
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
    "blueprints_with_sums",
    "bundle_key",
    "bundle_of",
    "narrowed",
    "newest_only",
    "papers_visible_to",
    "parts_of",
    "plain_parts",
    "plan_import",
    "pool",
    "reads_content",
    "sealed_papers",
    "sections",
    "statistics_of",
    "supply_of",
    "timeline_of",
    "topics_of_paper",
    "versions_of_paper",
    "versions_visible_to",
    "waits_for",
]
