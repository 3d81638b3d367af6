"""What an import would do, row by row, before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from questionbank import content
from questionbank.models import Item, ItemVersion, Topic
from questionbank.rules.drafts import Draft, Problem

LANGUAGES = ("id", "en")
NEW, VERSION, SAME = "new", "version", "same"


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One row that can be stored: ``outcome`` new item, new version of an item, or the same content again."""

    draft: Draft
    outcome: str
    topic: Topic
    body: content.Content
    digest: str
    number: int
    item: Item | None


@dataclass(slots=True)
class Plan:
    """Everything an import would do; it is done only when ``problems`` is empty."""

    rows: list[PlannedItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Known:
    topics: dict[tuple[str, str], Topic]
    sections: dict[str, str]
    items: dict[str, Item]
    latest: dict[tuple[str, str], ItemVersion]
    open: set[tuple[str, str]]
    digests: dict[str, str]


def plan_import(drafts: Sequence[Draft], problems: Iterable[Problem] = ()) -> Plan:
    """Checks every draft against the bank and the other drafts; five queries however many rows there are."""
    plan = Plan(problems=list(problems))
    composed = [_composed(draft) for draft in _with_sections(drafts, plan)]
    known = _look_up([draft.code for draft, _, _, _ in composed], [digest for *_, digest in composed])
    codes: dict[tuple[str, str], str] = {}
    digests: dict[str, str] = {}
    for draft, body, found, digest in composed:
        found = [*found, *_clashes(draft, body, digest, known, codes, digests)]
        codes[draft.code, draft.language] = draft.place
        digests.setdefault(digest, draft.code)
        if found:
            plan.problems += [replace(problem, place=draft.place) for problem in found]
        else:
            plan.rows.append(_planned(draft, body, digest, known))
    return plan


def _sections() -> tuple[dict[str, str], dict[tuple[str, str], Topic]]:
    topics = {(topic.section.code, topic.name): topic for topic in Topic.objects.select_related("section")}
    return {topic.section.code: topic.section.scoring for topic in topics.values()}, topics


def _with_sections(drafts: Sequence[Draft], plan: Plan) -> list[tuple[Draft, str]]:
    scoring, topics = _sections()
    known = []
    for draft in drafts:
        if draft.section not in scoring:
            facts = {"what": draft.section, "known": ", ".join(scoring)}
            plan.problems.append(Problem("bagian", "section_unknown", facts, draft.place))
        elif (draft.section, draft.topic) not in topics:
            names = ", ".join(name for section, name in topics if section == draft.section)
            facts = {"what": draft.topic, "known": names}
            plan.problems.append(Problem("topik", "topic_unknown", facts, draft.place))
        elif draft.language not in LANGUAGES:
            plan.problems.append(Problem("bahasa", "language_unknown", {"what": draft.language}, draft.place))
        else:
            known.append((draft, scoring[draft.section]))
    return known


def _composed(known: tuple[Draft, str]) -> tuple[Draft, content.Content, list[Problem], str]:
    draft, scoring = known
    body, problems = content.compose(draft, scoring)
    return draft, body, problems, "" if problems else content.digest_of(body)


def _look_up(codes: list[str], digests: list[str]) -> _Known:
    scoring, topics = _sections()
    versions = ItemVersion.objects.filter(item__code__in=codes).select_related("item")
    latest: dict[tuple[str, str], ItemVersion] = {}
    unfinished = set()
    for version in versions.order_by("number"):
        latest[version.item.code, version.language] = version
        if version.state in (ItemVersion.State.DRAFT, ItemVersion.State.IN_REVIEW):
            unfinished.add((version.item.code, version.language))
    same = ItemVersion.objects.filter(digest__in=[digest for digest in digests if digest])
    items = {item.code: item for item in Item.objects.filter(code__in=codes).select_related("topic__section")}
    return _Known(
        topics, scoring, items, latest, unfinished, dict(same.values_list("digest", "item__code")),
    )  # fmt: skip


def _clashes(
    draft: Draft,
    body: content.Content,
    digest: str,
    known: _Known,
    codes: dict[tuple[str, str], str],
    digests: dict[str, str],
) -> list[Problem]:
    place = (draft.code, draft.language)
    if place in codes:
        return [Problem("kode", "code_twice", {"other": codes[place] or _("baris lain")})]
    item, latest = known.items.get(draft.code), known.latest.get(place)
    if item and (item.topic.section.code, item.topic.name) != (draft.section, draft.topic):
        return [Problem("topik", "topic_moved", {"what": f"{item.topic.section.code}: {item.topic.name}"})]
    if not digest or _is_same(latest, body, digest):
        return []
    if place in known.open:
        return [Problem("kode", "code_open")]
    twin = known.digests.get(digest) or digests.get(digest)
    return [Problem("pokok_soal", "same_content", {"other": twin})] if twin and twin != draft.code else []


def _is_same(latest: ItemVersion | None, body: content.Content, digest: str) -> bool:
    """True when nothing changed; the digest spares opening what differs for a candidate already."""
    return latest is not None and latest.digest == digest and content.open_version(latest) == body


def _planned(draft: Draft, body: content.Content, digest: str, known: _Known) -> PlannedItem:
    item, latest = known.items.get(draft.code), known.latest.get((draft.code, draft.language))
    outcome = NEW if item is None else SAME if _is_same(latest, body, digest) else VERSION
    number = latest.number + 1 if latest else 1
    return PlannedItem(draft, outcome, known.topics[draft.section, draft.topic], body, digest, number, item)
