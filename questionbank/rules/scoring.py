"""Points of a form: the answer key and what a candidate's responses are worth."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemKey:
    """Points of each option of one item; ``points`` maps option ids of the form, in the bank's order A–E."""

    section: str
    points: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """The key of one form: item ids of the form to their keys; ``sections`` in the blueprint's order."""

    paper: str
    sections: tuple[str, ...]
    items: Mapping[int, ItemKey]


def points(key: AnswerKey, responses: Mapping[int, int]) -> dict[str, int]:
    """Points by section, every section of the form present; ``responses`` maps item ids to option ids.

    A blank item is worth 0 and a wrong one costs nothing (TWK, TIU: 5 or 0; TKP: 1–5; KepmenPANRB 321/2024).
    Raises ValueError for an item or an option that is not of this form.
    """
    total = dict.fromkeys(key.sections, 0)
    for item, option in responses.items():
        entry = key.items.get(item)
        if entry is None or option not in entry.points:
            raise ValueError(f"item {item} with option {option} is not of paper {key.paper}")
        total[entry.section] += entry.points[option]
    return total


def highest(key: AnswerKey) -> dict[str, int]:
    """The most points each section of the form can give."""
    total = dict.fromkeys(key.sections, 0)
    for entry in key.items.values():
        total[entry.section] += max(entry.points.values())
    return total
