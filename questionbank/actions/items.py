"""Writing items: new ones, new versions, drafts changed and withdrawn."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import trail
from core.errors import Refusal
from core.models import User
from core.models.base import uuid7
from questionbank import content, words
from questionbank.models import Item, ItemVersion, Topic
from questionbank.queries.imports import LANGUAGES
from questionbank.rules import lifecycle
from questionbank.rules.drafts import Draft, Problem

State = ItemVersion.State


class DraftRefused(Refusal):
    """A draft with problems; ``problems`` names each field."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("draft_problems", " ".join(words.say(problem) for problem in problems))
        self.problems = problems


def create_item(*, draft: Draft, by: User, now: datetime) -> ItemVersion:
    """A new item with its first draft, written by ``by``; raises :class:`DraftRefused` (also for a code in use)."""
    topic = _topic(draft)
    body = _checked(draft, topic)
    with transaction.atomic():
        try:
            with transaction.atomic():
                item = Item.objects.create(
                    code=draft.code, topic=topic, enemies=draft.enemies.strip(), created_at=now
                )
        except IntegrityError:
            raise DraftRefused([Problem("kode", "code_taken")]) from None
        version = _insert_version(item, 1, draft.language, body, by=by, now=now)
        trail.record("questionbank.item_created", version, by=by, now=now, item=item.pk, code=item.code)
    return version


def save_draft(*, version: ItemVersion, draft: Draft, by: User, now: datetime) -> ItemVersion:
    """The writer's own draft with new content; code, topic and language stay.

    Raises Refusal ``not_draft``, ``not_writer``, or :class:`DraftRefused`.
    """
    with transaction.atomic():
        version = lock_version(version.pk)
        require_own_draft(version, by)
        item = version.item
        body = _checked(draft, item.topic)
        version.content, version.digest = content.close(body, version.pk), content.digest_of(body)
        version.changed_at = now
        version.save(update_fields=["content", "digest", "changed_at"])
        if item.enemies != draft.enemies.strip():
            item.enemies = draft.enemies.strip()
            item.save(update_fields=["enemies"])
        trail.record("questionbank.draft_saved", version, by=by, now=now, digest=version.digest)
    return version


def start_version(*, version: ItemVersion, by: User, now: datetime) -> ItemVersion:
    """A new draft by ``by`` that begins as a copy of ``version``; raises Refusal ``version_open``."""
    body = content.open_version(version)
    with transaction.atomic():
        item = Item.objects.select_for_update(of=("self",)).select_related("topic__section").get(pk=version.item_id)
        others = ItemVersion.objects.filter(item=item, language=version.language)
        if others.filter(state__in=[State.DRAFT, State.IN_REVIEW]).exists():
            text = _("Soal ini masih punya versi yang belum selesai. Lanjutkan versi itu, atau tarik dahulu.")
            raise Refusal("version_open", text)
        number = max(others.values_list("number", flat=True)) + 1
        fresh = _insert_version(item, number, version.language, body, by=by, now=now)
        trail.record("questionbank.version_started", fresh, by=by, now=now, item=item.pk, number=number)
    return fresh


def retire_version(*, version: ItemVersion, reason: str, by: User, now: datetime) -> ItemVersion:
    """A draft withdrawn by its writer, or an approved version taken out of the pool; sealed papers keep it.

    Raises Refusal ``reason_empty``, ``not_writer``, ``in_review``.
    """
    if not reason.strip():
        raise Refusal("reason_empty", _("Tulis alasan soal ini ditarik."), field="reason")
    with transaction.atomic():
        version = lock_version(version.pk)
        if version.state == State.DRAFT:
            require_own_draft(version, by)
        if version.state == State.RETIRED:
            return version
        change_state(version, State.RETIRED, now=now)
        trail.record("questionbank.version_retired", version, by=by, now=now, reason=reason.strip()[:200])
    return version


# --- for the other actions of this room -------------------------------------------------------------
def lock_version(pk: UUID) -> ItemVersion:
    """The version with item, topic and section, its row held until the transaction ends."""
    rows = ItemVersion.objects.select_for_update(of=("self",)).select_related("item__topic__section")
    return rows.get(pk=pk)


def change_state(version: ItemVersion, to: str, *, now: datetime, also: tuple[str, ...] = ()) -> None:
    """Move the version; ``also`` names further fields to store. Raises Refusal ``wrong_state``."""
    try:
        version.state = lifecycle.move(version.state, to)
    except lifecycle.WrongMove:
        text = _("Versi ini sedang berstatus “%(state)s”; langkah itu tidak dapat dilakukan sekarang.")
        raise Refusal("wrong_state", text % {"state": version.get_state_display()}) from None
    version.changed_at = now
    version.save(update_fields=["state", "changed_at", *also])


def require_own_draft(version: ItemVersion, by: User) -> None:
    """Raises Refusal unless ``version`` is a draft that ``by`` writes."""
    if version.state != State.DRAFT:
        text = _("Versi ini bukan draf lagi. Mulailah versi baru untuk mengubah isinya.")
        raise Refusal("not_draft", text)
    if version.writer_id != by.pk:
        raise Refusal("not_writer", _("Hanya penulis draf ini yang dapat mengubah atau mengajukannya."))


def _topic(draft: Draft) -> Topic:
    topic = Topic.objects.select_related("section").filter(section__code=draft.section, name=draft.topic).first()
    if topic is None:
        raise DraftRefused([Problem("topik", "topic_unknown", {"what": draft.topic, "known": ""})])
    return topic


def _checked(draft: Draft, topic: Topic) -> content.Content:
    body, problems = content.compose(draft, topic.section.scoring)
    if draft.language not in LANGUAGES:
        problems.append(Problem("bahasa", "language_unknown", {"what": draft.language}))
    if not problems:
        twin = ItemVersion.objects.filter(digest=content.digest_of(body)).exclude(item__code=draft.code)
        code = twin.values_list("item__code", flat=True).first()
        problems += [Problem("pokok_soal", "same_content", {"other": code})] if code else []
    if problems:
        raise DraftRefused(problems)
    return body


def _insert_version(
    item: Item, number: int, language: str, body: content.Content, *, by: User, now: datetime
) -> ItemVersion:
    version = new_version(item, number, language, body, by=by, now=now)
    version.save(force_insert=True)
    return version


def new_version(
    item: Item, number: int, language: str, body: content.Content, *, by: User, now: datetime
) -> ItemVersion:
    """A draft not yet stored, its content closed under the id it will have."""
    pk = uuid7()
    return ItemVersion(
        pk=pk, item=item, number=number, language=language, content=content.close(body, pk),
        digest=content.digest_of(body), writer=by, created_at=now, changed_at=now,
    )  # fmt: skip
