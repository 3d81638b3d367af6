"""The content of an item version: composed from a draft, encrypted under the bank key, opened at the desk."""

import json
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from core import seal, vault
from questionbank import markup
from questionbank.models import ItemVersion
from questionbank.rules.checks import check, figures_of
from questionbank.rules.drafts import LETTERS, Draft, Problem

Content = dict[str, Any]


def compose(draft: Draft, scoring: str) -> tuple[Content, list[Problem]]:
    """The content to store and every problem of the draft; the content is whole only without problems."""
    problems = check(draft, scoring)
    used = figures_of(draft)
    try:
        figures = markup.clean_figures({name: svg for name, svg in draft.figures.items() if name in used})
    except markup.MarkupRefused as refused:
        return {}, [*problems, Problem("gambar", refused.code, {"what": refused.what})]
    stem = _html("pokok_soal", draft.stem, draft, figures, problems)
    options = [
        {"label": letter, "html": _html(f"opsi_{letter.lower()}", text, draft, figures, problems), "points": points}
        for letter, text, points in zip(LETTERS, draft.options, draft.points, strict=False)
    ]
    return {
        "stem": stem, "options": options, "rationale": draft.rationale.strip(), "source": draft.source.strip(),
        "figures": figures, "markup": draft.markup, "text": {"stem": draft.stem, "options": list(draft.options)},
    }, problems  # fmt: skip


def _html(field: str, text: str, draft: Draft, figures: dict[str, str], problems: list[Problem]) -> str:
    try:
        shown = markup.to_html(
            text, markup=draft.markup, figures=figures, inline=field != "pokok_soal"
        )
    except markup.MarkupRefused as refused:
        if refused.code != "figure_missing":  # the checks have already named a missing figure
            problems.append(Problem(field, refused.code, {"what": refused.what}))
        return ""
    if text.strip() and not shown:
        problems.append(Problem(field, "nothing_left"))
    return shown


def digest_of(content: Content) -> str:
    """SHA-256 (hex) of what a candidate sees: stem and options.

    Points stay out of it: whoever knows the words could otherwise try the five possible keys against the digest.
    """
    seen = {"stem": content["stem"], "options": [option["html"] for option in content["options"]]}
    return sha256(seal.canonical(seen)).hexdigest()


def close(content: Content, version_id: UUID) -> bytes:
    """The content under the bank key, bound to the version's id; :class:`core.vault.KeyNotHeld` outside the desk."""
    return vault.encrypt("bank", seal.canonical(content), row=str(version_id))


def open_version(version: ItemVersion) -> Content:
    """The plain content of a version; :class:`core.vault.KeyNotHeld` outside the desk."""
    return cast("Content", json.loads(vault.decrypt("bank", bytes(version.content), row=str(version.pk))))


def to_draft(version: ItemVersion, content: Content) -> Draft:
    """The version as a writer's draft again; ``version.item.topic.section`` must be loaded."""
    item = version.item
    return Draft(
        code=item.code, section=item.topic.section.code, topic=item.topic.name, language=version.language,
        stem=content["text"]["stem"], options=tuple(content["text"]["options"]),
        points=tuple(option["points"] for option in content["options"]), rationale=content["rationale"],
        source=content["source"], enemies=item.enemies, markup=content["markup"], figures=content["figures"],
    )  # fmt: skip
