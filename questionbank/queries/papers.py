"""Sealed papers: what the hall hands out, what only the scorer can read, what the custodian sees."""

import json
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.db.models import Count, QuerySet

from core import access, seal, vault
from core.models import User
from questionbank.models import Paper, PaperItem, PaperKey
from questionbank.rules.scoring import AnswerKey, ItemKey

#: What lists of papers need; never the bundle.
LIGHT = (
    "id", "blueprint_id", "code", "state", "document", "drawn_by_id", "drawn_at", "sealed_by_id", "sealed_at",
    "digest", "seal_kid", "seal_signature", "bundle_sha256",
)  # fmt: skip


class KeyBroken(RuntimeError):
    """A paper or its key is not what was sealed; nothing may be scored with it."""


def papers_visible_to(user: User) -> QuerySet[Paper]:
    """Papers a staff member may see: all for a custodian of the whole country, none for anybody else."""
    papers = Paper.objects.only(*LIGHT, "blueprint__code", "blueprint__name").select_related("blueprint")
    if not access.sees_everything(access.grants_of(user, "custodian")):
        return papers.none()
    return papers


def sealed_papers(blueprint_code: str) -> QuerySet[Paper]:
    """Sealed forms of a blueprint, without their bundles, in the order of their codes."""
    sealed = Paper.objects.filter(blueprint__code=blueprint_code, state=Paper.State.SEALED)
    return sealed.only(*LIGHT).order_by("code")


def bundle_of(paper_id: UUID) -> bytes:
    """The encrypted bundle of a form that was sealed, as every candidate of the form downloads it.

    A withdrawn one is served too: withdrawing keeps a form out of new exams and must not break a running one.
    """
    row = Paper.objects.exclude(state=Paper.State.DRAWN).values_list("bundle", flat=True)
    return bytes(row.get(pk=paper_id))


def bundle_key(paper_id: UUID) -> bytes:
    """The 32-byte data key of a form's bundle; :class:`core.vault.KeyNotHeld` outside the hall's processes."""
    row = Paper.objects.exclude(state=Paper.State.DRAWN).values_list("bundle_key", flat=True)
    return vault.unwrap("hall", bytes(row.get(pk=paper_id)))


def answer_key(paper_id: UUID) -> AnswerKey:
    """The answer key of a sealed form, checked against the seal of the paper.

    Only the process ``score`` holds the key to it (:class:`core.vault.KeyNotHeld` elsewhere) and only the database
    role ``cat_score`` may read it. Raises :class:`KeyBroken` when paper, seal and key disagree.
    """
    if not access.serves("score"):
        raise vault.KeyNotHeld("the answer key is for the process that scores")
    paper = Paper.objects.only("id", "document", "digest", "seal_kid", "seal_signature", "state").get(pk=paper_id)
    if paper.state == Paper.State.DRAWN or not paper.seal_holds():
        raise KeyBroken(f"paper {paper_id} is not sealed as it stands")
    wrapped = PaperKey.objects.filter(paper_id=paper_id).values_list("wrapped", flat=True).get()
    plain = vault.unwrap("paper", bytes(wrapped))
    if sha256(plain).hexdigest() != paper.document["key_sha256"]:
        raise KeyBroken(f"the key of paper {paper_id} is not the one that was sealed")
    return read_key(cast("dict[str, Any]", json.loads(plain)))


def read_key(record: dict[str, Any]) -> AnswerKey:
    """The key record of :class:`questionbank.models.PaperKey` as the scorer uses it."""
    items = {
        int(item): ItemKey(entry["section"], {option: entry["points"][str(option)] for option in entry["options"]})
        for item, entry in record["items"].items()
    }
    return AnswerKey(record["paper"], tuple(record["sections"]), items)


def topics_of_paper(paper: Paper) -> list[tuple[str, str, int]]:
    """What a drawn form covers: (section code, topic, items), in the bank's order."""
    rows = PaperItem.objects.filter(paper=paper).values_list(
        "version__item__topic__section__code", "version__item__topic__name"
    )
    counted = rows.annotate(count=Count("id")).order_by(
        "version__item__topic__section__order", "version__item__topic__order"
    )
    return [(section, topic, count) for section, topic, count in counted]


def versions_of_paper(paper_id: UUID) -> dict[int, UUID]:
    """Item ids of the form → versions of the bank; for item statistics, never for the hall."""
    return dict(PaperItem.objects.filter(paper_id=paper_id).values_list("form_item", "version_id"))


def document_digest(document: dict[str, Any]) -> bytes:
    """SHA-256 of a paper's canonical document."""
    return sha256(seal.canonical(document)).digest()
