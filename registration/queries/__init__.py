"""What this room answers to its own pages and to the rooms above."""

from registration.queries.selections import (
    grades_of,
    need_kinds,
    next_phase,
    phase_has_begun,
    phase_is_open,
    phase_of,
    rulesets,
    selections_public,
    stages_of,
)

__all__ = [
    "grades_of",
    "need_kinds",
    "next_phase",
    "phase_has_begun",
    "phase_is_open",
    "phase_of",
    "rulesets",
    "selections_public",
    "stages_of",
]
