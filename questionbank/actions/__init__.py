"""Everything that changes the bank; one transaction and one trail line each."""

from questionbank.actions.blueprints import (
    BlueprintFacts,
    PartRow,
    load_blueprints,
    load_sections,
    save_blueprint,
)
from questionbank.actions.imports import ImportRefused, import_items, note_export
from questionbank.actions.items import DraftRefused, create_item, retire_version, save_draft, start_version
from questionbank.actions.papers import PoolTooSmall, draw_paper, seal_paper, withdraw_paper
from questionbank.actions.reviews import approve_version, review_version, submit_for_review
from questionbank.actions.statistics import store_statistics

__all__ = [
    "BlueprintFacts",
    "DraftRefused",
    "ImportRefused",
    "PartRow",
    "PoolTooSmall",
    "approve_version",
    "create_item",
    "draw_paper",
    "import_items",
    "load_blueprints",
    "load_sections",
    "note_export",
    "retire_version",
    "review_version",
    "save_blueprint",
    "save_draft",
    "seal_paper",
    "start_version",
    "store_statistics",
    "submit_for_review",
    "withdraw_paper",
]
