"""Sittings, seats and cards: who is to be seated, who sits where, what is still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from core.access import grants_of, sees_everything
from core.models import Station, User
from registration.models import Application, Document, ExamCard, Seat, Selection, Sitting, Stage
from registration.rules.seating import Candidate, Space, seat_labels

SITTING_ROLES = ("committee", "chair", "auditor", "coordinator", "proctor", "operator")

#: Applications that meet the requirements: confirmed MS, or an accepted objection, and not withdrawn.
MEETS = Q(state__in=["verified_ok", "scheduled", "carded"]) | Q(state="decided", objection__accepted=True)


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat of a sitting with its card, as the hall and the lists of the room need it."""

    seat_id: UUID
    label: str
    application_id: UUID
    stage_id: int
    card_number: str
    number: str
    full_name: str
    visually_impaired: bool


def sittings_for(user: User) -> QuerySet[Sitting]:
    """Sittings that ``user`` may see: all with a grant for the country, else those of the granted centres."""
    grants = grants_of(user, *SITTING_ROLES)
    rows = Sitting.objects.select_related("stage__selection", "room__centre")
    if sees_everything(grants):
        return rows
    return rows.filter(room__centre__in=[grant.centre_id for grant in grants if grant.centre_id is not None])


def sitting_list(
    user: User, *, selection: Selection | None = None, stage: str = "", centre: int | None = None, words: str = ""
) -> QuerySet[Sitting]:
    """Sittings for the list, with the number of seats given and cards issued."""
    rows = sittings_for(user).annotate(
        seat_count=Count("seats", distinct=True),
        card_count=Count("seats__cards", filter=Q(seats__cards__replaced_by__isnull=True), distinct=True),
    )
    if selection:
        rows = rows.filter(stage__selection=selection)
    if stage:
        rows = rows.filter(stage_code=stage)
    if centre:
        rows = rows.filter(room__centre=centre)
    for word in words.split():
        rows = rows.filter(Q(room__name__icontains=word) | Q(room__centre__name__icontains=word))
    return rows.order_by("starts_at", "room__centre__name", "room__code")


def of_stage(stage: Stage) -> QuerySet[Application]:
    """Applications that meet the requirements and whose position the stage is for."""
    rows = Application.objects.filter(MEETS, selection=stage.selection_id)
    if not stage.positions:
        return rows
    named = Q(pk__in=[])
    for pattern in stage.positions:
        named |= Q(formation__position__istartswith=pattern.rstrip("*% "))
    return rows.filter(named)


def to_seat(stage: Stage) -> QuerySet[Application]:
    """Applications of the stage that have no seat in it yet."""
    return of_stage(stage).filter(~Exists(Seat.objects.filter(application=OuterRef("pk"), stage=stage)))


def candidates(stage: Stage) -> list[Candidate]:
    """The people to seat, in pure form, with the times of their other sittings; two queries."""
    busy: dict[UUID, list[tuple[object, object]]] = {}
    others = Seat.objects.filter(stage__selection=stage.selection_id).exclude(stage=stage)
    for application, start, minutes in others.values_list(
        "application", "sitting__starts_at", "sitting__minutes_visual"
    ):
        busy.setdefault(application, []).append((start, start + timedelta(minutes=minutes)))
    rows = to_seat(stage).order_by("number", "formation__agency", "submitted_at", "pk")
    return [
        Candidate(str(pk), centre, agency, place, tuple(busy.get(pk, ())))  # type: ignore[arg-type]
        for place, (pk, centre, agency) in enumerate(rows.values_list("pk", "centre", "formation__agency"))
    ]


def room_labels(stations: Sequence[str], capacity: int) -> list[str]:
    """The seat labels of a sitting: its room's enrolled stations first, then rows of letters."""
    spare = (label for label in seat_labels(capacity + len(stations)) if label not in set(stations))
    own = sorted(stations)[:capacity]
    return own + [next(spare) for _seat in range(capacity - len(own))]


def spaces(stage: Stage, after: object) -> list[Space]:
    """Sittings of the stage that start after ``after``, in pure form with their free seats; three queries."""
    coming = Sitting.objects.filter(stage=stage, starts_at__gt=after, room__centre__is_open=True)
    rows = list(coming.select_related("room"))
    stations: dict[int, list[str]] = {}
    for room, label in Station.objects.filter(
        room__in={row.room_id for row in rows}, retired_at__isnull=True
    ).values_list("room", "label"):
        stations.setdefault(room, []).append(label)
    taken: dict[UUID, set[str]] = {}
    for sitting, label in Seat.objects.filter(sitting__in=rows).values_list("sitting", "label"):
        taken.setdefault(sitting, set()).add(label)
    found = []
    for row in rows:
        used = taken.get(row.pk, set())
        free = [label for label in room_labels(stations.get(row.room_id, []), row.capacity) if label not in used]
        ends = row.starts_at + timedelta(minutes=row.minutes_visual)
        open_seats = tuple(free[: row.capacity - len(used)])
        found.append(Space(str(row.pk), row.room.centre_id, row.starts_at, ends, open_seats))
    return found


def seats_to_examine(sitting: Sitting) -> list[SeatRow]:
    """The seats of a sitting whose card is issued and whose owner has not withdrawn, in the order of labels."""
    rows = (
        ExamCard.objects.filter(seat__sitting=sitting, replaced_by__isnull=True, application__state="carded")
        .order_by("seat__label")
        .values_list(
            "seat_id", "seat__label", "application_id", "stage_id", "number", "application__number",
            "application__applicant__full_name", "application__visually_impaired",
        )
    )  # fmt: skip
    return [
        SeatRow(seat, label, application, stage, card, number or "", name, blind)
        for seat, label, application, stage, card, number, name, blind in rows
    ]


def seats_of(sitting: Sitting) -> QuerySet[Seat]:
    """Every seat given in a sitting with its person and current card number."""
    return (
        Seat.objects.filter(sitting=sitting)
        .select_related("application__applicant", "application__formation__agency")
        .annotate(card_number=F("cards__number"))
        .filter(Q(cards__isnull=True) | Q(cards__replaced_by__isnull=True))
        .order_by("label")
    )


def seats_without_card(stage: Stage, sitting: Sitting | None = None) -> QuerySet[Seat]:
    """Seats of the stage for which a card is still to be issued."""
    rows = Seat.objects.filter(stage=stage, cards__isnull=True).exclude(application__state="withdrawn")
    return rows.filter(sitting=sitting) if sitting else rows


def cards_of(sitting: Sitting) -> QuerySet[ExamCard]:
    """Current cards of a sitting in the order of seats."""
    return ExamCard.objects.filter(
        seat__sitting=sitting, replaced_by__isnull=True, application__state="carded"
    ).order_by("seat__label")


@dataclass(frozen=True, slots=True)
class Dated:
    """When a seat or a card was given, and of which stage, time and place it is."""

    given_at: datetime
    stage: str
    starts_at: datetime
    centre: str
    zone: str


def made_at(key: UUID) -> datetime:
    """The moment a UUIDv7 was made (RFC 9562: its first 48 bits are Unix milliseconds)."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=key.int >> 80)


def dated_seats(application: Application) -> list[Dated]:
    """The seats of an application, each with the moment it was given; one query."""
    rows = Seat.objects.filter(application=application).select_related("stage", "sitting__room__centre")
    return [_dated(seat, made_at(seat.pk)) for seat in rows]


def dated_cards(application: Application) -> list[Dated]:
    """The current exam cards of an application, each with the moment it was sealed; one query."""
    rows = ExamCard.objects.filter(application=application, replaced_by__isnull=True)
    cards = rows.select_related("seat__stage", "seat__sitting__room__centre")
    return [_dated(card.seat, card.sealed_at) for card in cards]


def _dated(seat: Seat, given_at: datetime) -> Dated:
    centre = seat.sitting.room.centre
    return Dated(given_at, seat.stage.name, seat.sitting.starts_at, centre.name, centre.zone)


def cards_of_applicant(user: User) -> QuerySet[ExamCard]:
    """The applicant's own current cards, one a stage."""
    return (
        ExamCard.objects.filter(
            application__applicant__user=user, replaced_by__isnull=True, application__state="carded"
        )
        .select_related("stage__selection", "seat__sitting__room__centre")
        .order_by("seat__sitting__starts_at")
    )


def photos_of(applications: Iterable[UUID]) -> dict[UUID, Document]:
    """The current photo of each application that has one."""
    rows = Document.objects.filter(application__in=list(applications), kind="photo", replaced_at__isnull=True)
    return {row.application_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class CentreLoad:
    """What one centre has and needs for a stage."""

    centre_id: int
    name: str
    zone: str
    wanted: int
    seated: int
    sittings: int
    free: int

    @property
    def waiting(self) -> int:
        return self.wanted - self.seated

    @property
    def short(self) -> int:
        """Seats that are missing even if everybody waiting were placed now."""
        return max(self.waiting - self.free, 0)


def centre_loads(stage: Stage, now: object) -> list[CentreLoad]:
    """For every centre chosen for the stage: people, seats given, coming sittings, free seats; three queries."""
    seated = Exists(Seat.objects.filter(application=OuterRef("pk"), stage=stage))
    people = (
        of_stage(stage)
        .annotate(is_seated=seated)
        .values("centre", "centre__name", "centre__zone")
        .annotate(wanted=Count("pk"), seated=Count("pk", filter=Q(is_seated=True)))
        .order_by("centre__name")
    )
    coming = Sitting.objects.filter(stage=stage, starts_at__gt=now)
    room = dict(
        coming.order_by().values_list("room__centre").annotate(n=Count("pk")).values_list("room__centre", "n")
    )
    capacity = dict(coming.order_by().values_list("room__centre").annotate(n=Sum("capacity")))
    taken = dict(
        Seat.objects.filter(sitting__in=coming)
        .order_by()
        .values_list("sitting__room__centre")
        .annotate(n=Count("pk"))
    )
    return [
        CentreLoad(
            row["centre"], row["centre__name"], row["centre__zone"], row["wanted"], row["seated"],
            room.get(row["centre"], 0), capacity.get(row["centre"], 0) - taken.get(row["centre"], 0),
        )
        for row in people
    ]  # fmt: skip
