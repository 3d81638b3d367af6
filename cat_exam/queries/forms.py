"""What the hall must know of a sealed form: its key, which items and options it has; never points."""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from questionbank import queries as bank
from questionbank.rules.scoring import AnswerKey


@dataclass(frozen=True, slots=True)
class Form:
    """``key``: base64 of the bundle's key; ``sections``: positions by section; ``options``: option ids by item id."""

    key: str
    sections: tuple[tuple[int, ...], ...]
    counts: tuple[int, ...]
    options: dict[int, frozenset[int]]


def open_bundle(bundle: bytes, key: bytes) -> bytes:
    """The JSON inside a bundle; raises ``InvalidTag`` when the key is another's or a byte changed."""
    return gzip.decompress(AESGCM(key).decrypt(bundle[:12], bundle[12:], None))


@lru_cache(maxsize=64)
def sealed_bundle(paper_id: UUID) -> bytes:
    """The encrypted bundle of a form; its bytes never change, and a room asks for them four hundred times at once."""
    return bank.bundle_of(paper_id)


@lru_cache(maxsize=64)
def form_of(paper_id: UUID) -> Form:
    """The form of a sealed paper; raises ``core.vault.KeyNotHeld`` outside the hall."""
    key = bank.bundle_key(paper_id)
    content = json.loads(open_bundle(sealed_bundle(paper_id), key))
    items = content["items"]
    places = {section["code"]: [] for section in content["sections"]}  # type: dict[str, list[int]]
    for position, item in enumerate(items):
        places[item["section"]].append(position)
    return Form(
        key=b64encode(key).decode(),
        sections=tuple(tuple(found) for found in places.values()),
        counts=tuple(len(item["options"]) for item in items),
        options={item["id"]: frozenset(option["id"] for option in item["options"]) for item in items},
    )


@lru_cache(maxsize=64)
def answer_key(paper_id: UUID) -> AnswerKey:
    """The answer key of a form, opened once; raises ``core.vault.KeyNotHeld`` outside the scorer."""
    return bank.answer_key(paper_id)
