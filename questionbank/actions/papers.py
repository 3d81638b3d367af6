"""Papers: drawn by one custodian, sealed by another; the answer key leaves this process only encrypted."""

import gzip
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from core import seal, trail, vault
from core.errors import Refusal
from core.models import User
from core.models.base import uuid7
from questionbank import content
from questionbank.models import Blueprint, BlueprintPart, ItemVersion, Paper, PaperItem
from questionbank.queries import blueprints as reading
from questionbank.queries.papers import LIGHT, document_digest
from questionbank.rules import draw, lifecycle
from questionbank.rules.chance import Chance

State = Paper.State
_TOP = 2**31 - 1


@dataclass(frozen=True, slots=True)
class _Placed:
    """One drawn version with the ids it has in this form; ``options`` stand in the bank's order A–E."""

    version: ItemVersion
    body: content.Content
    item: int
    options: tuple[int, ...]

    @property
    def section(self) -> str:
        return self.version.item.topic.section.code


class PoolTooSmall(Refusal):
    """The bank cannot fill the blueprint; ``lacks`` says which part lacks how many items."""

    def __init__(self, lacks: list[draw.Lack]) -> None:
        line = _("%(part)s: perlu %(needed)s, tersedia %(found)s, kurang %(missing)s")
        parts = [
            line % {
                "part": f"{lack.section} – {lack.topic}" if lack.topic else lack.section,
                "needed": lack.needed, "found": lack.found, "missing": lack.missing,
            }
            for lack in lacks
        ]  # fmt: skip
        text = _("Soal yang disetujui belum cukup. %(parts)s. Setujui soal pada bagian itu, lalu susun lagi.")
        super().__init__("pool_too_small", text % {"parts": "; ".join(parts)})
        self.lacks = lacks


def draw_paper(
    *, blueprint: Blueprint, code: str, seed: str | None = None, by: User, now: datetime
) -> Paper:
    """A new form of ``blueprint`` named ``code``, drawn by ``by`` and not yet sealed.

    ``seed`` is drawn by the operating system unless it is given; it is kept only inside the encrypted key record.
    Needs the bank key (:class:`core.vault.KeyNotHeld` outside the desk). Raises :class:`PoolTooSmall`, Refusal
    ``code_empty``, ``code_taken``, ``no_parts``.
    """
    if not code.strip() or len(code.strip()) > 40:
        raise Refusal("code_empty", _("Tulis kode naskah, paling panjang 40 karakter."), field="code")
    seed = seed or os.urandom(16).hex()
    with transaction.atomic():
        blueprint = Blueprint.objects.select_for_update().get(pk=blueprint.pk)
        parts = reading.parts_of(blueprint)
        if not parts:
            raise Refusal("no_parts", _("Kisi-kisi ini belum punya bagian. Lengkapi kisi-kisi dahulu."))
        placed = _place(_drawn_versions(parts, seed), seed)
        paper, wrapped = _compose(Paper(blueprint=blueprint, code=code.strip()), parts, placed, seed, by=by, now=now)
        _store(paper, placed, wrapped)
        trail.record("questionbank.paper_drawn", paper, by=by, now=now, blueprint=blueprint.code, items=len(placed))
    return paper


def seal_paper(*, paper: Paper, by: User, now: datetime) -> Paper:
    """The form signed as it was drawn, by a custodian who did not draw it; its items are in use from now on.

    Raises Refusal ``four_eyes``, ``not_drawn``, ``paper_changed``.
    """
    with transaction.atomic():
        paper = Paper.objects.select_for_update().get(pk=paper.pk)
        if paper.drawn_by_id == by.pk:
            text = _("Anda menyusun naskah ini. Penjaga naskah lain yang harus menyegelnya.")
            raise Refusal("four_eyes", text)
        _move(paper, State.SEALED)
        if not _is_whole(paper):
            text = _("Isi naskah tidak sama dengan saat disusun. Tarik naskah ini dan susun yang baru.")
            raise Refusal("paper_changed", text)
        signed = seal.sign(Paper.PURPOSE, paper.document)
        paper.seal_kid, paper.seal_signature = signed.kid, signed.signature
        paper.sealed_by, paper.sealed_at = by, now
        paper.save(update_fields=["state", "seal_kid", "seal_signature", "sealed_by", "sealed_at"])
        used = ItemVersion.objects.filter(
            pk__in=PaperItem.objects.filter(paper=paper).values("version"), state=ItemVersion.State.APPROVED
        )
        count = used.update(state=lifecycle.move("approved", "in_use"), changed_at=now)
        trail.record("questionbank.paper_sealed", paper, by=by, now=now, kid=signed.kid, newly_used=count)
    return paper


def withdraw_paper(*, paper: Paper, reason: str, by: User, now: datetime) -> Paper:
    """The form may not be used any more; raises Refusal ``reason_empty``, ``wrong_state``."""
    if not reason.strip():
        raise Refusal("reason_empty", _("Tulis alasan naskah ini ditarik."), field="reason")
    with transaction.atomic():
        paper = Paper.objects.select_for_update().only(*LIGHT).get(pk=paper.pk)
        _move(paper, State.WITHDRAWN)
        paper.save(update_fields=["state"])
        trail.record("questionbank.paper_withdrawn", paper, by=by, now=now, reason=reason.strip()[:200])
    return paper


def _move(paper: Paper, to: str) -> None:
    try:
        paper.state = lifecycle.move(paper.state, to, table=lifecycle.PAPER)
    except lifecycle.WrongMove:
        text = _("Naskah ini sudah berstatus “%(state)s”. Muat ulang halaman.")
        raise Refusal("wrong_state", text % {"state": paper.get_state_display()}) from None


def _is_whole(paper: Paper) -> bool:
    found = sha256(bytes(paper.bundle)).hexdigest()
    whole = found == paper.bundle_sha256 == paper.document["bundle_sha256"]
    return whole and document_digest(paper.document) == bytes(paper.digest)


# --- drawing ----------------------------------------------------------------------------------------
def _drawn_versions(parts: list[BlueprintPart], seed: str) -> list[ItemVersion]:
    pool = reading.pool({part.section_id for part in parts})
    try:
        chosen = draw.draw(reading.plain_parts(parts), pool, seed)
    except draw.NotEnough as short:
        raise PoolTooSmall(short.lacks) from None
    rows = ItemVersion.objects.select_related("item__topic__section").in_bulk([UUID(one) for one in chosen])
    return [rows[UUID(one)] for one in chosen]


def _place(versions: Sequence[ItemVersion], seed: str) -> list[_Placed]:
    """Random ids for items and options of this form; the items of a section in an order of their own."""
    chance = Chance(f"{seed}/form")
    order = list(dict.fromkeys(version.item.topic.section.code for version in versions))
    mixed = sorted(chance.shuffled(versions), key=lambda version: order.index(version.item.topic.section.code))
    items, options = _ids(chance, len(mixed)), iter(_ids(chance, 5 * len(mixed)))
    return [
        _Placed(version, content.open_version(version), item, tuple(next(options) for _ in range(5)))
        for version, item in zip(mixed, items, strict=True)
    ]


def _ids(chance: Chance, count: int) -> list[int]:
    found: dict[int, None] = {}
    while len(found) < count:
        found[1 + chance.below(_TOP)] = None
    return list(found)


def _compose(
    paper: Paper, parts: list[BlueprintPart], placed: list[_Placed], seed: str, *, by: User, now: datetime
) -> tuple[Paper, bytes]:
    paper.pk = uuid7()
    sections = _sections(parts)
    record = seal.canonical(_key_record(paper, placed, seed, sections))
    data_key, nonce = os.urandom(32), os.urandom(12)
    plain = json.dumps(_bundle(paper, placed, sections), ensure_ascii=False, separators=(",", ":")).encode()
    paper.bundle = nonce + AESGCM(data_key).encrypt(nonce, gzip.compress(plain, mtime=0), None)
    paper.bundle_sha256 = sha256(paper.bundle).hexdigest()
    paper.bundle_key = vault.wrap_for("hall", data_key)
    paper.document = {
        "paper": str(paper.pk), "code": paper.code, "blueprint": paper.blueprint.code, "sections": sections,
        "items": len(placed), "max_total": sum(section["max"] for section in sections),
        "minutes": paper.blueprint.minutes, "minutes_visual": paper.blueprint.minutes_visual,
        "bundle_sha256": paper.bundle_sha256, "key_sha256": sha256(record).hexdigest(),
    }  # fmt: skip
    paper.digest = document_digest(paper.document)
    paper.seal_kid, paper.seal_signature, paper.sealed_at = "", b"", now
    paper.drawn_by, paper.drawn_at = by, now
    return paper, vault.wrap_for("paper", record)


def _sections(parts: list[BlueprintPart]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for part in parts:
        start = {"code": part.section.code, "name": part.section.name, "items": 0, "max": 0}
        section = found.setdefault(part.section.code, start)
        section["items"] += part.items
        section["max"] += part.items * part.points
    return list(found.values())


def _bundle(paper: Paper, placed: list[_Placed], sections: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "paper": str(paper.pk),
        "sections": [{"code": section["code"], "name": section["name"]} for section in sections],
        "items": [
            {
                "id": one.item, "section": one.section, "topic": one.version.item.topic.name,
                "lang": one.version.language, "stem": one.body["stem"],
                "options": [
                    {"id": option, "html": told["html"]}
                    for option, told in zip(one.options, one.body["options"], strict=True)
                ],
            }
            for one in placed
        ],
    }  # fmt: skip


def _key_record(
    paper: Paper, placed: list[_Placed], seed: str, sections: list[dict[str, Any]]
) -> dict[str, Any]:
    items = {
        str(one.item): {
            "section": one.section,
            "options": list(one.options),
            "points": {
                str(option): cast("int", told["points"])
                for option, told in zip(one.options, one.body["options"], strict=True)
            },
        }
        for one in placed
    }
    return {
        "paper": str(paper.pk), "seed": seed, "sections": [section["code"] for section in sections], "items": items,
    }  # fmt: skip


def _store(paper: Paper, placed: list[_Placed], wrapped: bytes) -> None:
    """Paper, its items, and the key; the key is not read back: this database role may insert one and see none."""
    try:
        with transaction.atomic():
            paper.save(force_insert=True)
    except IntegrityError:
        raise Refusal("code_taken", _("Kode naskah ini sudah dipakai. Pilih kode lain."), field="code") from None
    PaperItem.objects.bulk_create(
        PaperItem(paper=paper, version=one.version, form_item=one.item, order=order)
        for order, one in enumerate(placed, start=1)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO questionbank_paperkey (paper_id, wrapped) VALUES (%s, %s)", [paper.pk, wrapped]
        )
