"""Checks of a draft item that need no database: options, points, texts, figures."""

import re
import unicodedata
from collections.abc import Iterator

from questionbank.rules.drafts import KEYED, LETTERS, Draft, Problem

LIMITS = {"pokok_soal": 8000, "opsi": 2000, "pembahasan": 8000, "sumber": 500, "kode": 40, "musuh": 40}
FIGURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]*)\)")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.svg")


def check(draft: Draft, scoring: str) -> list[Problem]:
    """Every problem of ``draft``; ``scoring`` is ``keyed`` (one option 5, others 0) or ``scaled`` (1–5 each once)."""
    found = [*_check_texts(draft), *_check_options(draft), *_check_points(draft, scoring)]
    for name, text in _texts(draft):
        found += _check_figures(name, text, draft)
    return found


def _texts(draft: Draft) -> list[tuple[str, str]]:
    options = [
        (f"opsi_{letter.lower()}", text) for letter, text in zip(LETTERS, draft.options, strict=False)
    ]
    return [("pokok_soal", draft.stem), *options]


def _check_texts(draft: Draft) -> Iterator[Problem]:
    if not _CODE.fullmatch(draft.code) or len(draft.code) > LIMITS["kode"]:
        yield Problem("kode", "code_form" if draft.code else "empty", {"limit": LIMITS["kode"]})
    if not draft.stem.strip():
        yield Problem("pokok_soal", "empty")
    sized = [("pembahasan", draft.rationale), ("sumber", draft.source), ("musuh", draft.enemies), *_texts(draft)]
    for name, text in sized:
        limit = LIMITS["opsi" if name.startswith("opsi_") else name]
        if len(text) > limit:
            yield Problem(name, "too_long", {"limit": limit, "count": len(text)})
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t\r" for sign in text):
            yield Problem(name, "control_sign")


def normalise(text: str) -> str:
    """The text as a reader compares it: compatibility forms, case, spaces and a final stop do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(" .…")


def _check_options(draft: Draft) -> Iterator[Problem]:
    if len(draft.options) != len(LETTERS):
        yield Problem("opsi_e", "option_count", {"count": len(draft.options)})
    seen: dict[str, str] = {}
    for letter, text in zip(LETTERS, draft.options, strict=False):
        name = f"opsi_{letter.lower()}"
        if not text.strip():
            yield Problem(name, "empty")
            continue
        twin = seen.setdefault(normalise(text), letter)
        if twin != letter:
            yield Problem(name, "same_option", {"other": twin})


def _check_points(draft: Draft, scoring: str) -> Iterator[Problem]:
    count = len(LETTERS)
    given = (draft.points + (None,) * count)[:count]
    unread = [letter for letter, value in zip(LETTERS, given, strict=True) if value is None]
    for letter in unread:
        yield Problem(f"poin_{letter.lower()}", "points_unread")
    if unread:
        return
    numbers = sorted(value for value in given if value is not None)
    if scoring == KEYED and numbers != [0, 0, 0, 0, 5]:
        yield Problem("poin_a", "points_keyed", {"points": " ".join(map(str, given))})
    if scoring != KEYED and numbers != [1, 2, 3, 4, 5]:
        yield Problem("poin_a", "points_scaled", {"points": " ".join(map(str, given))})


def _check_figures(name: str, text: str, draft: Draft) -> Iterator[Problem]:
    for alternative, file in FIGURE.findall(text):
        if len(alternative.strip()) < 3:
            yield Problem(name, "figure_alt", {"file": file})
        if not _NAME.fullmatch(file):
            yield Problem(name, "figure_name", {"file": file})
        elif file not in draft.figures:
            yield Problem(name, "figure_missing", {"file": file})


def figures_of(draft: Draft) -> set[str]:
    """File names of the figures the draft's texts show."""
    return {file for _, text in _texts(draft) for _, file in FIGURE.findall(text)}
