"""The registry where upper rooms hang their menu entries and next steps, so that lower rooms never name them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from core.models import User


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One line of the staff menu; shown to holders of any of ``roles`` (empty: every staff member).

    A ``national`` page concerns everybody: who holds the role for one agency or centre only is not shown the way.
    """

    label: "str | StrPromise"
    url_name: str
    group: "str | StrPromise"
    roles: frozenset[str] = frozenset()
    order: int = 100
    national: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an applicant's road, as the home page draws it.

    ``state`` is one of ``done``, ``now``, ``later``, ``stopped``; ``url`` is set where there is something
    to do or to see; ``detail`` is one plain sentence, dates already in the reader's zone.
    """

    key: str
    label: str
    state: str
    detail: str = ""
    url: str = ""
    action: str = ""
    order: int = 100
    facts: tuple[tuple[str, str], ...] = field(default_factory=tuple)


StepMaker = Callable[["User", datetime], list[Step]]

_menu: list[MenuEntry] = []
_makers: list[StepMaker] = []
_public: list[MenuEntry] = []


def add_menu(*entries: MenuEntry) -> None:
    """Hang staff menu entries; called from ``AppConfig.ready`` of each room."""
    _menu.extend(entry for entry in entries if entry not in _menu)


def add_public(*entries: MenuEntry) -> None:
    """Hang entries of the public navigation (no sign-in needed)."""
    _public.extend(entry for entry in entries if entry not in _public)


def add_steps(maker: StepMaker) -> None:
    """Hang a function that gives an applicant's steps in this room."""
    if maker not in _makers:
        _makers.append(maker)


def menu_for(roles: frozenset[str], everywhere: frozenset[str]) -> list[MenuEntry]:
    """The staff menu for a holder of ``roles``, some of them held ``everywhere``, in drawing order."""
    seen = [entry for entry in _menu if not entry.roles or entry.roles & (everywhere if entry.national else roles)]
    return sorted(seen, key=lambda entry: (entry.order, entry.group, str(entry.label)))


def public_menu() -> list[MenuEntry]:
    """The public navigation, in drawing order."""
    return sorted(_public, key=lambda entry: entry.order)


def steps_for(user: "User", now: datetime) -> list[Step]:
    """All steps of an applicant's road, from every room that registered a maker."""
    steps = [step for maker in _makers for step in maker(user, now)]
    return sorted(steps, key=lambda step: step.order)
