"""JSON frames of dataclasses: a strict reader made of their annotated fields, and a writer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin, get_type_hints


class BadFrame(ValueError):
    """A frame that is not as described; ``too_big`` when it is only too long."""

    def __init__(self, why: str, *, too_big: bool = False) -> None:
        super().__init__(why)
        self.too_big = too_big


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds of an integer, or of the length of a text or list; ``pattern`` for texts."""

    low: int
    high: int
    pattern: str = ""


def tag(cls: type) -> str:
    """``FocusLost`` → ``focus_lost``: the value of ``"t"``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


Check = Callable[[Any], Any]


def _whole(bounds: Range) -> Check:
    low, high = bounds.low, bounds.high

    def check(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise BadFrame(f"not an integer from {low} to {high}")
        return value

    return check


def _text(bounds: Range) -> Check:
    pattern = re.compile(bounds.pattern) if bounds.pattern else None

    def check(value: Any) -> str:
        if type(value) is not str or not bounds.low <= len(value) <= bounds.high:
            raise BadFrame(f"not a text of {bounds.low} to {bounds.high} characters")
        if pattern and not pattern.fullmatch(value):
            raise BadFrame("a text of the wrong form")
        return value

    return check


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise BadFrame("not true or false")
    return value


def _list(inner: Check, bounds: Range) -> Check:
    def check(value: Any) -> list[Any]:
        if type(value) is not list or not bounds.low <= len(value) <= bounds.high:
            raise BadFrame(f"not a list of {bounds.low} to {bounds.high}")
        return [inner(part) for part in value]

    return check


def _word(words: type[StrEnum]) -> Check:
    def check(value: Any) -> StrEnum:
        if type(value) is not str or value not in words._value2member_map_:
            raise BadFrame(f"not one of the words of {words.__name__}")
        return words(value)

    return check


def _or_none(inner: Check) -> Check:
    return lambda value: None if value is None else inner(value)


_WIDE = Range(0, 5000)


def _checker(hint: Any) -> Check:
    bounds = _WIDE
    if get_origin(hint) is Annotated:
        hint, bounds = get_args(hint)[0], get_args(hint)[1]
    if get_origin(hint) in {Union, UnionType}:
        kinds = get_args(hint)
        if type(None) in kinds:
            return _or_none(_checker(next(kind for kind in kinds if kind is not type(None))))
        return one_of({tag(kind): kind for kind in kinds})
    if get_origin(hint) is list:
        return _list(_checker(get_args(hint)[0]), bounds)
    if is_dataclass(hint):
        return _object(cast("type", hint))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _word(hint)
    return {int: _whole(bounds), str: _text(bounds), bool: _truth}[hint]


def _object(cls: type) -> Check:
    hints = get_type_hints(cls, include_extras=True)
    checks = tuple((part.name, _checker(hints[part.name])) for part in fields(cls))
    size = len(checks)

    def check(value: Any) -> Any:
        if type(value) is not dict or len(value) != size:
            raise BadFrame(f"{cls.__name__} has fields {[name for name, _ in checks]}")
        try:
            return cls(*[inner(value[name]) for name, inner in checks])
        except KeyError as error:
            raise BadFrame(f"{cls.__name__} lacks {error}") from None

    return check


def one_of(kinds: dict[str, type]) -> Check:
    readers = {name: _object(kind) for name, kind in kinds.items()}

    def check(value: Any) -> Any:
        if type(value) is not dict:
            raise BadFrame("not an object")
        name = value.pop("t", None)
        if type(name) is not str or name not in readers:
            raise BadFrame("unknown type")
        return readers[name](value)

    return check


def writer(tags: Mapping[type, str]) -> Callable[[Any], str]:
    """A function that gives the compact JSON of a dataclass and of those within it; whose type has a tag says so."""
    names: dict[type, tuple[str, ...]] = {}

    def plain(value: Any) -> dict[str, Any]:
        cls = type(value)
        if cls not in names:
            names[cls] = tuple(part.name for part in fields(value))
        body = {name: getattr(value, name) for name in names[cls]}
        return {"t": tags[cls], **body} if cls in tags else body

    return json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=plain).encode


# What json.loads calls, without looking for white space around the value: a frame has none.
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]  # typeshed does not know it


def load(raw: str | bytes, most: int) -> Any:
    """The JSON value of a frame of at most ``most`` bytes."""
    if len(raw) > most or (isinstance(raw, str) and not raw.isascii() and len(raw.encode()) > most):
        raise BadFrame(f"more than {most} bytes", too_big=True)
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        value, end = _scan(text, 0)
    except (ValueError, StopIteration, RecursionError):
        raise BadFrame("not JSON") from None
    if end != len(text):
        raise BadFrame("more than one JSON value")
    return value
