"""What changes the world in this room: every function takes ``by`` and ``now`` and leaves a trail line."""

from registration.actions.rules_data import RulesReport, load_rules

__all__ = [
    "RulesReport",
    "load_rules",
]
