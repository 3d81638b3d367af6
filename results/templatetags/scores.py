"""Reads one section's points out of a line."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def at(sections: Mapping[str, int], code: str) -> int | str:
    """The points of section ``code``, or a dash where it was not sat."""
    return sections.get(code, "–")
