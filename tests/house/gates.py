"""Every address is behind a named gate."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver


def views(resolver: URLResolver, prefix: str = "/") -> Iterator[tuple[str, Any]]:
    """Every address and its view."""
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from views(entry, where)
        elif isinstance(entry, URLPattern):
            yield where, entry.callback


def ungated(resolver: URLResolver) -> list[str]:
    """Addresses whose view names no gate."""
    return [
        f"{where} ({getattr(view, '__module__', '?')}.{getattr(view, '__name__', '?')}) has no gate"
        for where, view in views(resolver)
        if not getattr(view, "gate", None)
    ]
